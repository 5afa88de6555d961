namespace MiniNet.Tests.Data;

public class DatasetTests
{
    // Sample i has the input (i, i + 0.5), the target 10·i and the weight i + 1.
    private static Dataset<double> Numbered(int count, bool weighted = false) => new(
        Enumerable.Range(0, count).SelectMany(i => new[] { i, i + 0.5 }).ToArray(), 2,
        Enumerable.Range(0, count).Select(i => 10.0 * i).ToArray(), 1,
        weighted ? Enumerable.Range(1, count).Select(i => (double)i).ToArray() : default);

    [Fact]
    public void Samples_lie_one_after_the_other()
    {
        Dataset<float> dataset = new(new float[] { 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12 }, (2, 3), new float[] { 1, 2, 3, 4 }, 2, classNames: ["a", "b"]);
        Assert.Equal((2, false), (dataset.Count, dataset.HasSampleWeights));
        Assert.Equal(((Shape)(2, 3), (Shape)2), (dataset.InputShape, dataset.TargetShape));
        Assert.Equal([1, 2, 3, 4, 5, 6], dataset.Input(0));
        Assert.Equal([7, 8, 9, 10, 11, 12], dataset.Input(1));
        Assert.Equal([3, 4], dataset.Target(1));
        Assert.Equal(["a", "b"], dataset.ClassNames!);
        Assert.Null(Numbered(3).ClassNames);
        Assert.True(Numbered(3, weighted: true).HasSampleWeights);
    }

    [Fact]
    public void The_arrays_are_not_copied()
    {
        float[] x = [1, 2];
        Dataset<float> dataset = new(x, 1, new float[2], 1);
        x[1] = 5;
        Assert.Equal([5], dataset.Input(1));
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_refused_with_what_was_expected()
    {
        AssertRefused("inputs has 5 values, expected a multiple of 2: [2] for every sample, and at least one sample. (Parameter 'inputs')", () => new(new float[5], 2, new float[2], 1));
        AssertRefused("inputs has 0 values, expected a multiple of 2: [2] for every sample, and at least one sample. (Parameter 'inputs')", () => new(Array.Empty<float>(), 2, Array.Empty<float>(), 1));
        AssertRefused("inputs has 1 values, expected a multiple of 2: [2] for every sample, and at least one sample. (Parameter 'inputs')", () => new(new float[1], 2, Array.Empty<float>(), 1));
        AssertRefused("targets has 3 values, expected 4: [2] for each of 2 samples. (Parameter 'targets')", () => new(new float[4], 2, new float[3], 2));
        AssertRefused("targets has 5 values, expected 4: [2] for each of 2 samples. (Parameter 'targets')", () => new(new float[4], 2, new float[5], 2));
        AssertRefused("targets has 0 values, expected 2: [1] for each of 2 samples. (Parameter 'targets')", () => new(new float[4], 2, Array.Empty<float>(), 1));
        AssertRefused("sampleWeights has 3 values, expected 2: one for each sample. (Parameter 'sampleWeights')", () => new(new float[4], 2, new float[2], 1, new float[3]));
        AssertRefused("A dataset needs the shapes of a sample's input and target, got default(Shape). (Parameter 'inputShape')", () => new(new float[4], default, new float[2], 1));
        AssertRefused("A dataset needs the shapes of a sample's input and target, got default(Shape). (Parameter 'targetShape')", () => new(new float[4], 2, new float[2], default));
    }

    [Fact]
    public void A_value_that_is_not_finite_is_refused_with_its_place()
    {
        AssertRefused("inputs: value 1 of sample 2 is NaN. Clean the data: one such value would spoil every weight. (Parameter 'inputs')", () => new(new float[] { 1, 2, 3, 4, 5, float.NaN }, 2, new float[3], 1));
        AssertRefused("targets: value 0 of sample 1 is NaN. Clean the data: one such value would spoil every weight. (Parameter 'targets')", () => new(new float[6], 2, new float[] { 1, float.NaN, 3 }, 1));
        AssertRefused("sampleWeights: value 0 of sample 2 is NaN. Clean the data: one such value would spoil every weight. (Parameter 'sampleWeights')", () => new(new float[6], 2, new float[3], 1, new float[] { 1, 1, float.NaN }));
        foreach (float bad in (float[])[float.PositiveInfinity, float.NegativeInfinity])
            Assert.Equal("inputs", Assert.Throws<ArgumentException>(() => new Dataset<float>(new float[] { bad, 0 }, 2, new float[1], 1)).ParamName);
    }

    [Fact]
    public void A_range_cuts_out_its_samples_and_a_range_of_a_range_those_of_the_range()
    {
        Dataset<double> dataset = Numbered(10, weighted: true);
        Assert.Equal([2, 3, 4], Samples(dataset[2..5]));
        Assert.Equal([0, 1], Samples(dataset[..2]));
        Assert.Equal([8, 9], Samples(dataset[^2..]));
        Assert.Equal([3], Samples(dataset[2..8][1..^4]));
        Assert.Equal(Samples(dataset.Shuffle(1))[4..6], Samples(dataset.Shuffle(1)[4..6]));
        Assert.Equal([30.0], dataset[2..5].Target(1));
        Assert.Equal([3, 3.5], dataset[2..5].Input(1));
        Assert.True(dataset[2..5].HasSampleWeights);
    }

    [Fact]
    public void A_range_that_is_empty_or_reaches_out_is_refused()
    {
        Dataset<double> dataset = Numbered(10);
        Assert.StartsWith("A dataset has at least one sample.", Assert.Throws<ArgumentOutOfRangeException>(() => dataset[3..3]).Message, StringComparison.Ordinal);
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset[5..11]);
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset[5..3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset[..^11]);
    }

    [Fact]
    public void A_sample_that_is_not_there_is_named()
    {
        foreach (int sample in (int[])[-1, 3, int.MaxValue])
        {
            Assert.StartsWith($"The dataset has 3 samples, 0 to 2; {sample} is none of them.", Assert.Throws<ArgumentOutOfRangeException>(() => Numbered(3).Input(sample).Length).Message, StringComparison.Ordinal);
            Assert.Throws<ArgumentOutOfRangeException>(() => Numbered(3).Target(sample).Length);
            Assert.Throws<ArgumentOutOfRangeException>(() => Numbered(10)[2..5].Input(sample).Length);
        }
    }

    [Fact]
    public void Shuffling_keeps_every_sample_with_its_target_in_an_order_that_follows_from_the_seed()
    {
        Dataset<double> dataset = Numbered(100), shuffled = dataset.Shuffle(7);
        Assert.Equal(Enumerable.Range(0, 100), Samples(shuffled).Order());
        Assert.NotEqual(Enumerable.Range(0, 100), Samples(shuffled));
        Assert.Equal(Samples(shuffled), Samples(dataset.Shuffle(7)));
        Assert.NotEqual(Samples(shuffled), Samples(dataset.Shuffle(8)));
        Assert.NotEqual(Samples(shuffled), Samples(shuffled.Shuffle(7)));
        Assert.Equal(Enumerable.Range(0, 100), Samples(dataset));
        Assert.Equal(Enumerable.Range(20, 10), Samples(dataset[20..30].Shuffle(1)).Order());
    }

    [Theory]
    [InlineData(0.7, 7)]
    [InlineData(0.05, 0)]
    [InlineData(0.06, 1)]
    [InlineData(0.94, 9)]
    [InlineData(0.96, 10)]
    public void Split_takes_the_first_share_and_leaves_the_rest(double share, int first)
    {
        if (first is 0 or 10)
        {
            Assert.StartsWith(FormattableString.Invariant($"A share of {share} leaves one part of 10 samples empty."), Assert.Throws<ArgumentOutOfRangeException>(() => Numbered(10).Split(share)).Message, StringComparison.Ordinal);
            return;
        }
        (Dataset<double> one, Dataset<double> two) = Numbered(10).Split(share);
        Assert.Equal(Enumerable.Range(0, first), Samples(one));
        Assert.Equal(Enumerable.Range(first, 10 - first), Samples(two));
    }

    [Fact]
    public void A_share_that_is_none_is_refused()
    {
        foreach (double share in (double[])[0, 1, -0.5, 1.5, double.NaN])
        {
            Assert.Equal("share", Assert.Throws<ArgumentOutOfRangeException>(() => Numbered(10).Split(share)).ParamName);
            Assert.Equal("share", Assert.Throws<ArgumentOutOfRangeException>(() => Numbered(10).SplitStratified(share, 1)).ParamName);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => Numbered(1).Split(0.5));
        Assert.Throws<ArgumentOutOfRangeException>(() => Numbered(10).SplitStratified(0.5, 1));     // ten classes of one sample each: none could be parted
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void A_stratified_split_takes_the_share_of_each_class(bool oneHot)
    {
        int[] sizes = [100, 40, 10], labels = [.. new RandomStream(1).Permutation(150).Select(i => i < 100 ? 0 : i < 140 ? 1 : 2)];
        double[] x = [.. Enumerable.Range(0, 150).Select(i => (double)i)];
        Dataset<double> dataset = oneHot ? Dataset.FromClasses<double>(x, 1, labels, 3) : new(x, 1, labels.Select(l => (double)l).ToArray(), 1);
        foreach (double share in (double[])[0.2, 0.5, 0.8])
        {
            (Dataset<double> first, Dataset<double> second) = dataset.SplitStratified(share, seed: 4);
            int[] one = Samples(first), two = Samples(second);
            Assert.Equal(Enumerable.Range(0, 150), one.Concat(two).Order());                        // disjoint and complete
            Assert.Equal(sizes.Select(n => (int)Math.Round(share * n)), Enumerable.Range(0, 3).Select(label => one.Count(i => labels[i] == label)));
            for (int i = 0; i < first.Count; i++)
                Assert.Equal(dataset.Target(one[i]).ToArray(), first.Target(i).ToArray());
            Assert.Equal(one, Samples(dataset.SplitStratified(share, seed: 4).First));
            Assert.Equal(two, Samples(dataset.SplitStratified(share, seed: 4).Second));
            Assert.NotEqual(one.Order(), Samples(dataset.SplitStratified(share, seed: 5).First).Order());
            Assert.True(one.Zip(one.Skip(1), (a, b) => labels[a] != labels[b]).Count(differs => differs) > 5, "The classes lie one after the other.");
        }
    }

    [Fact]
    public void A_batch_is_copied_in_the_order_that_was_asked_for()
    {
        double[] x = [.. Enumerable.Repeat(-1.0, 9)], y = [-1, -1, -1, -1, -1], weights = [-1, -1, -1, -1];
        Numbered(10, weighted: true)[2..].CopyTo([5, 0, 5], x, y, weights);
        Assert.Equal([7, 7.5, 2, 2.5, 7, 7.5, -1, -1, -1], x);
        Assert.Equal([70, 20, 70, -1, -1], y);
        Assert.Equal([8, 3, 8, -1], weights);
        Numbered(10).CopyTo([4, 3], x, y, weights);
        Assert.Equal([1, 1, 8, -1], weights);                                                       // without weights every one is 1
        Numbered(10, weighted: true).CopyTo([1], x, y);
        Assert.Equal([1, 1.5], x[..2]);
    }

    [Fact]
    public void A_destination_that_is_too_short_or_a_sample_that_is_not_there_is_refused()
    {
        Dataset<double> dataset = Numbered(10, weighted: true);
        AssertRefused("x has 3 values, expected at least 4: [2] for each of 2 samples. (Parameter 'x')", new double[3], new double[2], new double[2]);
        AssertRefused("y has 1 values, expected at least 2: [1] for each of 2 samples. (Parameter 'y')", new double[4], new double[1], new double[2]);
        AssertRefused("weights has 1 values, expected at least 2: [1] for each of 2 samples. (Parameter 'weights')", new double[4], new double[2], new double[1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.CopyTo([10], new double[2], new double[1]));
        Assert.Throws<ArgumentOutOfRangeException>(() => dataset.CopyTo([-1], new double[2], new double[1]));

        void AssertRefused(string message, double[] x, double[] y, double[] weights)
        {
            Assert.Equal(message, Assert.Throws<ArgumentException>(() => dataset.CopyTo([1, 2], x, y, weights)).Message);
            Assert.All(x.Concat(y).Concat(weights), v => Assert.Equal(0, v));
        }
    }

    [Fact]
    public void Sample_weights_follow_their_samples_through_views()
    {
        Dataset<double> view = Numbered(20, weighted: true).Shuffle(3)[5..15];
        double[] x = new double[20], y = new double[10], weights = new double[10];
        view.CopyTo([.. Enumerable.Range(0, 10)], x, y, weights);
        Assert.Equal(y.Select(t => (t / 10) + 1), weights);
        Assert.Equal(y.Select(t => t / 10), Enumerable.Range(0, 10).Select(i => x[2 * i]));
    }

    [Fact]
    public void Sample_weights_multiply_the_loss_of_their_samples()
    {
        Sequential<double> model = new(2, new Identity());
        Dataset<double> dataset = new(new double[] { 1, 2, 3, 4 }, 2, new double[] { 0, 0, 0, 0 }, 2, new double[] { 3, 0.5 });
        Assert.Equal(((3 * (1 + 4)) + (0.5 * (9 + 16))) / 4, model.Evaluate(dataset, new MeanSquaredError()).Loss, 1e-15);
    }

    private static int[] Samples(Dataset<double> dataset) => [.. Enumerable.Range(0, dataset.Count).Select(i => (int)dataset.Input(i)[0])];

    private static void AssertRefused(string message, Func<Dataset<float>> make) => Assert.Equal(message, Assert.Throws<ArgumentException>(() => make()).Message);
}
