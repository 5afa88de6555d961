namespace MiniNet.Tests.Layers;

public class PoolingTests
{
    [Fact]
    public void A_maximum_and_a_mean_of_one_channel_by_hand()
    {
        // 1 5 2      windows of 2, one pixel apart
        // 3 4 0
        // 7 7 6
        double[] image = [1, 5, 2, 3, 4, 0, 7, 7, 6];
        Assert.Equal([5, 5, 7, 7], new Sequential<double>((3, 3, 1), new MaxPool2D(2, stride: 1)).Predict(image));
        Assert.Equal([13 / 4.0, 11 / 4.0, 21 / 4.0, 17 / 4.0], new Sequential<double>((3, 3, 1), new AveragePool2D(2, stride: 1)).Predict(image));
        Assert.Equal([5], new Sequential<double>((3, 3, 1), new MaxPool2D(2)).Predict(image));                        // the rest is not seen
        Assert.Equal([1, 5, 7, 7], new Sequential<double>((3, 3, 1), new MaxPool2D(2, padding: 1)).Predict(image));
        Assert.Equal([1 / 4.0, 7 / 4.0, 10 / 4.0, 17 / 4.0], new Sequential<double>((3, 3, 1), new AveragePool2D(2, padding: 1)).Predict(image));
        Assert.Equal([35 / 9.0], new Sequential<double>((3, 3, 1), new GlobalAveragePool2D()).Predict(image));
    }

    [Fact]
    public void Windows_may_be_higher_than_wide_and_strides_differ()
    {
        double[] image = [1, 5, 2, 3, 4, 0, 7, 7, 6];
        Assert.Equal([3, 2, 7, 6], new Sequential<double>((3, 3, 1), new MaxPool2D((2, 1), stride: (1, 2))).Predict(image));
        Assert.Equal([3, 3.5, 3.5, 2, 7, 6.5], new Sequential<double>((3, 3, 1), new AveragePool2D((1, 2), stride: 1)).Predict(image));
    }

    [Fact]
    public void The_gradient_goes_to_the_first_of_equal_maxima_and_is_summed_where_windows_overlap()
    {
        double[] image = [1, 5, 2, 3, 4, 0, 7, 7, 6];
        Assert.Equal([0, 3, 0, 0, 0, 0, 4, 8, 0], InputGradient(new MaxPool2D(2, stride: 1), image, [1, 2, 4, 8]));
        Assert.Equal([1, 0, 0, 0, 0, 0, 0, 0, 0], InputGradient(new MaxPool2D(3), new double[9], [1]));
        Assert.Equal([1, 3, 2, 5, 15, 10, 4, 12, 8], InputGradient(new AveragePool2D(2, stride: 1), image, [4, 8, 16, 32]));
    }

    [Theory]
    [InlineData(2, 2, 0)]
    [InlineData(3, 2, 1)]
    public void Before_or_after_a_ReLU_a_maximum_gives_the_same_bits_forward_and_back(int kernel, int stride, int padding)
    {
        // What the guide to performance advises: then the ReLU has fewer values to pass over.
        MaxPool2D pool = new(kernel, stride, padding);
        Assert.Equal(Train(new ReLU(), pool), Train(pool, new ReLU()));

        float[] Train(Layer first, Layer second)
        {
            Sequential<float> model = new((9, 11, 3), seed: 1, new Conv2D(5, kernel: 3, padding: Padding.Same), first, second, new Flatten(), new Dense(4));
            float[] x = Numbers.Normals<float>(3 * model.InputShape.Length, 1), dy = Numbers.Normals<float>(3 * 4, 2), dx = new float[x.Length];
            Trainer<float> trainer = new(model, new Sgd(0), maxDegreeOfParallelism: 1);
            float[] y = trainer.Forward(x).ToArray();
            trainer.Backpropagate(dy, dx);
            return [.. y, .. trainer.Gradients, .. dx];
        }
    }

    [Fact]
    public void Padding_is_never_the_maximum()
    {
        Sequential<double> model = new((2, 2, 1), new MaxPool2D(2, padding: 1));
        Assert.Equal([-4, -3, -2, -1], model.Predict([-4, -3, -2, -1]));
        Assert.Equal([double.NegativeInfinity, -3, -2, -1], model.Predict([double.NegativeInfinity, -3, -2, -1]));
    }

    [Fact]
    public void A_value_that_is_no_number_is_not_swallowed_wherever_it_stands()
    {
        Sequential<float> model = new((2, 2, 3), new MaxPool2D(2));
        for (int at = 0; at < 12; at++)
        {
            float[] image = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], expected = [10, 11, 12];
            image[at] = float.NaN;
            expected[at % 3] = float.NaN;
            Assert.Equal(expected, model.Predict(image));
        }
    }

    [Fact]
    public void Upsampling_repeats_each_pixel_and_sums_its_gradients()
    {
        double[] image = [1, 10, 2, 20];                                                                              // [1, 2, 2]
        Assert.Equal([1, 10, 1, 10, 2, 20, 2, 20, 1, 10, 1, 10, 2, 20, 2, 20], new Sequential<double>((1, 2, 2), new Upsample2D(2)).Predict(image));
        double[] dx = new double[4];
        Trainer<double> trainer = new(new Sequential<double>((1, 2, 2), new Upsample2D(2)), new Sgd(0));
        trainer.Forward(image);
        trainer.Backpropagate([1, 0, 2, 0, 4, 1, 8, 2, 16, 0, 32, 0, 64, 4, 128, 8], dx);
        Assert.Equal([51, 0, 204, 15], dx);
    }

    [Fact]
    public void A_mean_of_equal_values_is_that_value()
    {
        float[] image = [.. Enumerable.Repeat(0.1f, 49)];
        Assert.All(new Sequential<float>((7, 7, 1), new AveragePool2D(2, stride: 1)).Predict(image), v => Assert.Equal(0.1f, v));
        Assert.All(new Sequential<float>((7, 7, 1), new Chain(new Upsample2D(3), new AveragePool2D(3))).Predict([.. Enumerable.Repeat(3f, 49)]), v => Assert.Equal(3f, v));
    }

    [Fact]
    public void What_is_no_image_or_too_small_a_one_is_refused()
    {
        Assert.Equal("Layer 0, MaxPool2D(2), needs [height, width, channels], but gets [4, 4].\n[4, 4] -> MaxPool2D(2)",
            Assert.Throws<ShapeException>(() => new Sequential<float>((4, 4), new MaxPool2D(2))).Message);
        Assert.Equal("Layer 1, AveragePool2D(4, stride: 1, padding: 1), needs [height, width, channels] with a height and width of at least 2 and 2 (or a smaller kernel, or more padding), but gets [5, 1, 3].\n[5, 1, 2] -> Dense(3) -> AveragePool2D(4, stride: 1, padding: 1)",
            Assert.Throws<ShapeException>(() => new Sequential<float>((5, 1, 2), new Dense(3), new AveragePool2D(4, 1, 1))).Message);
        Assert.Equal("Layer 0, GlobalAveragePool2D(), needs [height, width, channels], but gets [10].\n[10] -> GlobalAveragePool2D()",
            Assert.Throws<ShapeException>(() => new Sequential<float>(10, new GlobalAveragePool2D())).Message);
        Assert.Equal("Layer 0, Upsample2D(2), needs [height, width, channels], but gets [10].\n[10] -> Upsample2D(2)",
            Assert.Throws<ShapeException>(() => new Sequential<float>(10, new Upsample2D(2))).Message);
        Assert.Contains("needs an image of which 99999 × 99999 as many values are no more than 2147483647, but gets [2, 2, 1]",
            Assert.Throws<ShapeException>(() => new Sequential<float>((2, 2, 1), new Upsample2D(99_999))).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Impossible_windows_are_refused()
    {
        Assert.Throws<ArgumentOutOfRangeException>(() => new MaxPool2D(0));
        Assert.Throws<ArgumentOutOfRangeException>(() => new AveragePool2D(2, stride: 0));
        Assert.Equal("kernel", Assert.Throws<ArgumentException>(() => new MaxPool2D(default)).ParamName);
        Assert.Equal("stride", Assert.Throws<ArgumentException>(() => new AveragePool2D(2, stride: (1, 2, 3))).ParamName);
        Assert.Throws<ArgumentOutOfRangeException>(() => new MaxPool2D((4, 1), padding: 1));
        Assert.Equal("factor", Assert.Throws<ArgumentOutOfRangeException>(() => new Upsample2D(0)).ParamName);
        Assert.Equal("padding must be from 0 to half of the kernel, 1, so that every window sees the image, got 2. (Parameter 'padding')\nActual value was 2.",
            Assert.Throws<ArgumentOutOfRangeException>(() => new MaxPool2D(3, padding: 2)).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => new AveragePool2D(3, padding: -1));
    }

    private static double[] InputGradient(Layer layer, double[] image, double[] outputGradient)
    {
        double[] dx = new double[image.Length];
        Trainer<double> trainer = new(new Sequential<double>((3, 3, 1), layer), new Sgd(0));
        trainer.Forward(image);
        trainer.Backpropagate(outputGradient, dx);
        return dx;
    }
}
