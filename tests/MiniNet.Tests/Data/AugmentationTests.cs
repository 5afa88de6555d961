namespace MiniNet.Tests.Data;

public class AugmentationTests
{
    private static readonly Shape Image = (3, 4, 2);
    private static readonly double[] X = [.. Enumerable.Range(1, 24).Select(i => (double)i)];

    public static TheoryData<string> Nothing => [.. NoChange.Keys];

    private static Dictionary<string, Augmentation> NoChange { get; } = ((Augmentation[])[new RandomShift(0), new RandomFlip(0), new RandomRotation(0), new GaussianNoise(0)]).ToDictionary(a => a.ToString());

    [Theory]
    [MemberData(nameof(Nothing))]
    public void A_change_by_nothing_is_none(string name)
    {
        for (int seed = 0; seed < 5; seed++)
            Assert.Equal(X, Changed(NoChange[name], Image, X, seed));
    }

    [Fact]
    public void A_shift_by_hand()
    {
        double[] x = [1, 2, 3, 4, 5, 6], y = new double[6];                      // 1 2 3
        RandomShift.Move<double>((2, 3, 1), x, y, down: 1, right: 1);           // 4 5 6
        Assert.Equal([0, 0, 0, 0, 1, 2], y);
        RandomShift.Move<double>((2, 3, 1), x, y, down: -1, right: -2);
        Assert.Equal([6, 0, 0, 0, 0, 0], y);
        RandomShift.Move<double>((2, 3, 1), x, y, down: 0, right: 3);
        Assert.Equal(new double[6], y);
        RandomShift.Move<double>((3, 1, 2), x, y, down: 2, right: 0);
        Assert.Equal([0, 0, 0, 0, 1, 2], y);
        RandomShift.Move<double>((3, 1, 2), x, y, down: -7, right: 9);
        Assert.Equal(new double[6], y);
    }

    [Fact]
    public void All_distances_up_to_the_most_come_equally_often()
    {
        Dictionary<int, int> places = [];
        for (int seed = 0; seed < 5_000; seed++)
        {
            double[] image = new double[49];
            image[24] = 1;                                                       // the middle of 7 × 7
            int at = Array.IndexOf(Changed(new RandomShift(2), (7, 7, 1), image, seed), 1);
            places[at] = places.GetValueOrDefault(at) + 1;
        }
        Assert.Equal(from row in Enumerable.Range(1, 5) from column in Enumerable.Range(1, 5) select (row * 7) + column, places.Keys.Order());
        Assert.All(places.Values, count => Assert.InRange(count, 200 - 70, 200 + 70));      // five standard deviations
    }

    [Fact]
    public void A_flip_mirrors_each_row_and_twice_is_none()
    {
        double[] once = Changed(new RandomFlip(1), (2, 3, 2), [.. X.Take(12)], seed: 1);
        Assert.Equal([5, 6, 3, 4, 1, 2, 11, 12, 9, 10, 7, 8], once);
        Assert.Equal(X.Take(12), Changed(new RandomFlip(1), (2, 3, 2), once, seed: 2));
        int flipped = Enumerable.Range(0, 2_000).Count(seed => Changed(new RandomFlip(0.25), Image, X, seed)[0] != 1);
        Assert.InRange(flipped, 500 - 100, 500 + 100);
    }

    [Fact]
    public void A_rotation_by_a_quarter_a_half_and_a_whole_turn_by_hand()
    {
        // 1 2 3      to the left:  3 6 9
        // 4 5 6                    2 5 8
        // 7 8 9                    1 4 7
        double[] x = [1, 2, 3, 4, 5, 6, 7, 8, 9];
        Golden.AssertClose([3, 6, 9, 2, 5, 8, 1, 4, 7], Rotated((3, 3, 1), x, 90), 1e-14, "a quarter to the left");
        Golden.AssertClose([7, 4, 1, 8, 5, 2, 9, 6, 3], Rotated((3, 3, 1), x, -90), 1e-14, "a quarter to the right");
        Golden.AssertClose([9, 8, 7, 6, 5, 4, 3, 2, 1], Rotated((3, 3, 1), x, 180), 1e-14, "a half");
        Golden.AssertClose(x, Rotated((3, 3, 1), x, 360), 1e-13, "a whole");
        Golden.AssertClose([3, 4, 7, 8, 1, 2, 5, 6], Rotated((2, 2, 2), [1, 2, 3, 4, 5, 6, 7, 8], 90), 1e-14, "two channels");
    }

    [Fact]
    public void Between_four_pixels_a_rotation_mixes_them_by_their_distance()
    {
        // Turned to the left by 45 degrees, the pixel right of the middle came from ½√2 down and ½√2 right of it; to the right, from up there, where all is 0.
        double share = Math.Sqrt(0.5), other = 1 - share;
        double[] x = [0, 0, 0, 0, 1, 2, 0, 4, 8];
        Assert.Equal((other * other * 1) + (other * share * 2) + (share * other * 4) + (share * share * 8), Rotated((3, 3, 1), x, 45)[5], 1e-14);
        Assert.Equal((other * other * 1) + (other * share * 2), Rotated((3, 3, 1), x, -45)[5], 1e-14);
        Assert.Equal(1, Rotated((3, 3, 1), x, 45)[4], 1e-15);
    }

    [Fact]
    public void Angles_lie_within_the_most_and_on_both_sides()
    {
        // How far a bright pixel right of the middle of 101 × 101 goes up tells the sine of the angle.
        double[] image = new double[101 * 101];
        image[(50 * 101) + 90] = 1;
        double[] angles = [.. Enumerable.Range(0, 60).Select(seed =>
        {
            double[] y = Changed(new RandomRotation(30), (101, 101, 1), image, seed);
            double row = y.Select((v, i) => v * (i / 101)).Sum() / y.Sum();
            return Math.Asin((50 - row) / 40) * 180 / Math.PI;
        })];
        Assert.All(angles, a => Assert.InRange(a, -31, 31));
        Assert.InRange(angles.Min(), -31, -20);
        Assert.InRange(angles.Max(), 20, 31);
    }

    [Fact]
    public void Noise_has_the_deviation_that_was_asked_for()
    {
        double[] x = new double[20_000], y = Changed(new GaussianNoise(0.3), x.Length, x, seed: 4);
        Assert.Equal(0, y.Average(), 0.3 * 4 / Math.Sqrt(y.Length));
        Assert.Equal(0.09, y.Average(v => v * v), 0.09 * 4 * Math.Sqrt(2.0 / y.Length));
    }

    [Fact]
    public void A_batch_is_changed_as_it_is_copied_one_augmentation_after_the_other()
    {
        Dataset<double> plain = Images(6), augmented = plain.Augment(new RandomShift(1), new RandomFlip(), new GaussianNoise(0.1));
        RandomStream epoch = new(9);
        double[] x = new double[3 * 24], y = new double[3];
        augmented.CopyTo([4, 0, 5], epoch, x, y);
        Assert.Equal([4, 0, 5], y);
        for (int i = 0; i < 3; i++)
        {
            int sample = (int)y[i];
            RandomStream own = epoch.Split(sample);
            double[] shifted = Change(new RandomShift(1), plain.Input(sample), own.Split(0)), flipped = Change(new RandomFlip(), shifted, own.Split(1));
            Assert.Equal(Change(new GaussianNoise(0.1), flipped, own.Split(2)), x[(i * 24)..((i + 1) * 24)]);
        }

        static double[] Change(Augmentation augmentation, ReadOnlySpan<double> x, RandomStream random)
        {
            double[] y = new double[24];
            augmentation.Apply(Image, x, y, random);
            return y;
        }
    }

    [Fact]
    public void Samples_themselves_stay_as_they_are_and_views_keep_the_augmentations()
    {
        Dataset<double> plain = Images(6), augmented = plain.Augment(new GaussianNoise(1));
        double[] x = new double[24], changed = new double[24], y = new double[1];
        Assert.Equal(plain.Input(2), augmented.Input(2));
        augmented.CopyTo([2], x, y);
        Assert.Equal(plain.Input(2), x);
        augmented[2..4].CopyTo([0], new RandomStream(1), changed, y);
        Assert.NotEqual(x, changed);
        Assert.Equal([2], y);
        augmented.Augment(new RandomShift(0)).Shuffle(3).CopyTo([0], new RandomStream(1), changed, y);
        Assert.NotEqual(plain.Input((int)y[0]).ToArray(), changed);
        plain.CopyTo([2], new RandomStream(1), changed, y);
        Assert.Equal(x, changed);
    }

    [Fact]
    public void Training_sees_other_images_in_every_epoch_and_the_same_bits_on_any_number_of_threads()
    {
        float[] one = Train(threads: 1, seed: 1), plain = Train(threads: 1, seed: 1, isAugmented: false);
        foreach (int threads in (int[])[2, 3, 4])
            Assert.Equal(one, Train(threads, seed: 1));
        Assert.NotEqual(one, Train(threads: 1, seed: 2));
        Assert.NotEqual(one, plain);

        static float[] Train(int threads, long seed, bool isAugmented = true)
        {
            Dataset<float> data = new(Numbers.Normals<float>(50 * 128, 1), (8, 8, 2), Numbers.Normals<float>(50, 2), 1);
            Sequential<float> model = new((8, 8, 2), seed: 5, new Flatten(), new Dense(1));
            Trainer<float> trainer = new(model, new MeanSquaredError(), new Sgd(0.01), seed, threads);
            foreach (Epoch _ in trainer.Epochs(isAugmented ? data.Augment(new RandomShift(2), new RandomFlip(), new RandomRotation(20), new GaussianNoise(0.1)) : data, count: 3, batchSize: 16))
            {
            }
            return model.State();
        }
    }

    [Fact]
    public void What_the_samples_look_like_does_not_depend_on_the_size_of_the_batches()
    {
        Assert.Equal(Seen(batchSize: 1), Seen(batchSize: 5));
        Assert.Equal(2, Seen(batchSize: 3).Distinct().Count());                  // another shift in another epoch

        static string[] Seen(int batchSize)
        {
            List<string> seen = [];
            Recording recording = new(seen);
            Sequential<double> model = new(Image, seed: 5, new Flatten(), new Dense(1));
            foreach (Epoch _ in new Trainer<double>(model, new MeanSquaredError(), new Sgd(0), seed: 8, maxDegreeOfParallelism: 1).Epochs(Images(7).Augment(new RandomShift(2), recording), count: 2, batchSize))
                seen.Add("|");
            string[] epochs = string.Join(' ', seen).Split('|')[..2];
            return [.. epochs.Select(e => string.Join(' ', e.Split(' ').Order()))];
        }
    }

    [Fact]
    public void A_step_on_augmented_samples_allocates_nothing()
    {
        Dataset<float> data = new Dataset<float>(Numbers.Normals<float>(50 * 128, 1), (8, 8, 2), Numbers.Normals<float>(50, 2), 1)
            .Augment(new RandomShift(2), new RandomFlip(), new RandomRotation(20), new GaussianNoise(0.1));
        float[] x = new float[16 * 128], y = new float[16];
        int[] samples = [.. Enumerable.Range(20, 16)];
        long least = long.MaxValue;
        for (int round = 0; round < 5 && least > 0; round++)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 10; i++)
                data.CopyTo(samples, new RandomStream(i), x, y);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);
    }

    [Fact]
    public void Moved_pictures_are_recognised_after_training_with_moved_pictures_only()
    {
        // A cross and a ring of 3 × 3 in the middle of 9 × 9; the test moves them by up to 2.
        float[] cross = Picture("010111010"), ring = Picture("111101111");
        Dataset<float> train = Dataset.FromClasses<float>((float[])[.. cross, .. ring], (9, 9, 1), [0, 1], classes: 2);
        Assert.InRange(Accuracy(train), 0.2, 0.9);
        Assert.Equal(1, Accuracy(train.Augment(new RandomShift(2))));

        static double Accuracy(Dataset<float> train)
        {
            Sequential<float> model = new((9, 9, 1), seed: 3, new Flatten(), new Dense(24), new ReLU(), new Dense(2), new Softmax());
            model.Fit(train, new CrossEntropy(), new Adam(0.01), epochs: 800, batchSize: 2);
            List<float> moved = [];
            for (int down = -2; down <= 2; down++)
            {
                for (int right = -2; right <= 2; right++)
                {
                    for (int sample = 0; sample < 2; sample++)
                    {
                        float[] y = new float[81];
                        RandomShift.Move((9, 9, 1), train.Input(sample), y, down, right);
                        moved.AddRange(y);
                    }
                }
            }
            return model.Evaluate(Dataset.FromClasses<float>(moved.ToArray(), (9, 9, 1), [.. Enumerable.Range(0, 50).Select(i => i % 2)], classes: 2), new CrossEntropy()).Accuracy;
        }

        static float[] Picture(string pixels)
        {
            float[] picture = new float[81];
            for (int i = 0; i < 9; i++)
                picture[((3 + (i / 3)) * 9) + 3 + (i % 3)] = pixels[i] - '0';
            return picture;
        }
    }

    [Fact]
    public void What_is_no_image_and_impossible_arguments_are_refused()
    {
        Dataset<double> rows = new(new double[8], 4, new double[2], 1);
        foreach (Augmentation augmentation in (Augmentation[])[new RandomShift(1), new RandomFlip(), new RandomRotation(10)])
        {
            Assert.Equal($"{augmentation} needs images, [height, width, channels], but the samples of the dataset are [4]. (Parameter 'augmentations')",
                Assert.Throws<ArgumentException>(() => rows.Augment(new GaussianNoise(1), augmentation)).Message);
        }
        Assert.Equal("augmentations", Assert.Throws<ArgumentException>(() => rows.Augment(null!, new GaussianNoise(1))).ParamName);
        Assert.Equal("pixels", Assert.Throws<ArgumentOutOfRangeException>(() => new RandomShift(-1)).ParamName);
        Assert.Equal("probability", Assert.Throws<ArgumentOutOfRangeException>(() => new RandomFlip(1.5)).ParamName);
        Assert.Equal("degrees", Assert.Throws<ArgumentOutOfRangeException>(() => new RandomRotation(-1)).ParamName);
        Assert.Equal("deviation", Assert.Throws<ArgumentOutOfRangeException>(() => new GaussianNoise(double.NaN)).ParamName);
    }

    private static Dataset<double> Images(int count) =>
        new(Numbers.Normals<double>(count * 24, 1), Image, Enumerable.Range(0, count).Select(i => (double)i).ToArray(), 1);

    private static double[] Changed(Augmentation augmentation, Shape shape, double[] x, long seed)
    {
        double[] y = [.. Enumerable.Repeat(double.NaN, x.Length)];
        augmentation.Apply<double>(shape, x, y, new RandomStream(seed));
        return y;
    }

    private static double[] Rotated(Shape shape, double[] x, double degrees)
    {
        double[] y = [.. Enumerable.Repeat(double.NaN, x.Length)];
        RandomRotation.Rotate<double>(shape, x, y, degrees);
        return y;
    }

    /// <summary>Changes nothing, and notes what it sees.</summary>
    private sealed record Recording(List<string> Seen) : Augmentation
    {
        public override void Apply<T>(Shape shape, ReadOnlySpan<T> x, Span<T> y, RandomStream random)
        {
            x.CopyTo(y);
            Seen.Add(string.Join(';', x.ToArray()));
        }
    }
}
