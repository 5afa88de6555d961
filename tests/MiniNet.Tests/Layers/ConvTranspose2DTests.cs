namespace MiniNet.Tests.Layers;

public class ConvTranspose2DTests
{
    [Fact]
    public void Every_pixel_is_spread_by_the_kernel_and_overlaps_add_up_on_the_bias()
    {
        Sequential<double> model = new((1, 2, 1), new ConvTranspose2D(1, kernel: (1, 3), stride: 2, biasInitializer: new Constant(100)));
        ((double[])[1, 2, 3]).CopyTo(model["0.weight"]);
        Assert.Equal([110, 120, 130 + 20, 140, 160], model.Predict([10, 20]));
    }

    [Fact]
    public void It_is_the_transpose_of_the_convolution_with_the_same_weights()
    {
        // ⟨conv x, y⟩ = ⟨x, transpose y⟩ for all x and y.
        Conv2D there = new(6, kernel: (3, 2), stride: 2, padding: 1, groups: 2, bias: false);
        Sequential<double> conv = new((7, 5, 4), seed: 1, there), back = new(conv.OutputShape, seed: 2, new ConvTranspose2D(4, kernel: (3, 2), stride: 2, padding: 1, outputPadding: (0, 1), groups: 2, bias: false));
        Assert.Equal(conv.InputShape, back.OutputShape);
        conv.Parameters.CopyTo(back.Parameters);
        double[] x = Numbers.Normals<double>(conv.InputShape.Length, 1), y = Numbers.Normals<double>(conv.OutputShape.Length, 2);
        Assert.Equal(Dot(conv.Predict(x), y), Dot(x, back.Predict(y)), 1e-12);

        static double Dot(double[] a, double[] b) => a.Zip(b, (p, q) => p * q).Sum();
    }

    [Fact]
    public void Its_size_is_that_of_PyTorch_and_with_same_padding_the_stride_times_the_inputs()
    {
        Assert.Equal((9, 11, 3), Output(new ConvTranspose2D(3, kernel: 3, stride: 2)));
        Assert.Equal((8, 10, 3), Output(new ConvTranspose2D(3, kernel: 3, stride: 2, padding: 1, outputPadding: 1)));
        Assert.Equal((11, 9, 3), Output(new ConvTranspose2D(3, kernel: 3, stride: 2, dilation: 2, padding: (0, 0, 1, 3))));
        Assert.Equal((12, 10, 3), Output(new ConvTranspose2D(3, kernel: 3, stride: (3, 2), padding: Padding.Same)));

        static Shape Output(Layer layer) => new Sequential<float>((4, 5, 2), layer).OutputShape;
    }

    [Fact]
    public void Impossible_shapes_and_arguments_are_refused()
    {
        Assert.Equal("Layer 0, ConvTranspose2D(8, kernel: 3), needs [height, width, channels], but gets [10].\n[10] -> ConvTranspose2D(8, kernel: 3)", Refused(10, new ConvTranspose2D(8, 3)));
        Assert.StartsWith("Layer 0, ConvTranspose2D(3, kernel: 1, groups: 3), needs channels that part into 3 equal groups, but gets [4, 4, 4].", Refused((4, 4, 4), new ConvTranspose2D(3, 1, groups: 3)), StringComparison.Ordinal);
        Assert.StartsWith("Layer 0, ConvTranspose2D(8, kernel: 2, padding: 1), needs a larger image or less padding, for its output would be 0 × 2, but gets [1, 3, 1].", Refused((1, 3, 1), new ConvTranspose2D(8, 2, padding: 1)), StringComparison.Ordinal);
        Assert.StartsWith("outputPadding is one number or a pair (down, across), less than the stride [2, 1], got 1.", Assert.Throws<ArgumentException>(() => new ConvTranspose2D(8, 3, (2, 1), outputPadding: 1)).Message, StringComparison.Ordinal);
        Assert.StartsWith("outputPadding is one number or a pair", Assert.Throws<ArgumentException>(() => new ConvTranspose2D(8, 3, 2, outputPadding: (0, 1, 0, 1))).Message, StringComparison.Ordinal);
        Assert.StartsWith("outputPadding is one number or a pair", Assert.Throws<ArgumentException>(() => new ConvTranspose2D(8, 3, 2, outputPadding: Padding.Same)).Message, StringComparison.Ordinal);
        Assert.StartsWith("With Padding.Same the output's size is the input's times the stride: leave outputPadding away.", Assert.Throws<ArgumentException>(() => new ConvTranspose2D(8, 3, 2, Padding.Same, 1)).Message, StringComparison.Ordinal);

        static string Refused(Shape input, Layer layer) => Assert.Throws<ShapeException>(() => new Sequential<float>(input, layer)).Message;
    }
}
