namespace MiniNet.Tests.Layers;

public class Conv1DTests
{
    [Fact]
    public void A_difference_of_neighbours_is_worked_by_hand()
    {
        Sequential<double> model = new((4, 1), new Conv1D(1, kernel: 2, padding: 1));
        ((double[])[-1, 1]).CopyTo(model["0.weight"]);
        Assert.Equal([1, 2, 6, -5, -4], model.Predict([1, 3, 9, 4]));
    }

    [Fact]
    public void It_gives_the_bits_of_a_Conv2D_on_an_image_one_row_high()
    {
        Sequential<float> steps = new((37, 6), seed: 3, new Conv1D(21, kernel: 5, stride: 2, padding: 2, groups: 3));
        Sequential<float> image = new((1, 37, 6), seed: 3, new Conv2D(21, kernel: (1, 5), stride: 2, padding: (0, 2), groups: 3));
        Assert.Equal((19, 21), steps.OutputShape);
        steps.Parameters.CopyTo(image.Parameters);
        float[] x = Numbers.Normals<float>(2 * 37 * 6, 1);
        Assert.Equal(image.Predict(x), steps.Predict(x));
        Assert.Equal([2, 1, 0], steps.ParameterList[0].FileLayout);
    }

    [Fact]
    public void Impossible_shapes_and_arguments_are_refused()
    {
        Assert.Equal("Layer 0, Conv1D(8, kernel: 3), needs [steps, features], but gets [10].\n[10] -> Conv1D(8, kernel: 3)", Refused(10, new Conv1D(8, 3)));
        Assert.StartsWith("Layer 0, Conv1D(8, kernel: 3, padding: 1, dilation: 3), needs at least 5 steps (or a smaller kernel, or more padding), but gets [4, 2].", Refused((4, 2), new Conv1D(8, 3, padding: 1, dilation: 3)), StringComparison.Ordinal);
        Assert.StartsWith("Layer 0, Conv1D(9, kernel: 1, groups: 3), needs features that part into 3 equal groups, but gets [4, 4].", Refused((4, 4), new Conv1D(9, 1, groups: 3)), StringComparison.Ordinal);
        Assert.StartsWith("Conv1D pads one axis: give one number, Padding.Same or Padding.Valid, got (1, 2).", Assert.Throws<ArgumentException>(() => new Conv1D(8, 3, padding: (1, 2))).Message, StringComparison.Ordinal);
        Assert.StartsWith("8 filters do not part into 3 equal groups: choose a multiple of 3.", Assert.Throws<ArgumentException>(() => new Conv1D(8, 3, groups: 3)).Message, StringComparison.Ordinal);
        Assert.StartsWith("kernel must be at least 1, got 0.", Assert.Throws<ArgumentOutOfRangeException>(() => new Conv1D(8, 0)).Message, StringComparison.Ordinal);

        static string Refused(Shape input, Layer layer) => Assert.Throws<ShapeException>(() => new Sequential<float>(input, layer)).Message;
    }
}
