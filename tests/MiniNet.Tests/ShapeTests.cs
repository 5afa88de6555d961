namespace MiniNet.Tests;

public class ShapeTests
{
    private static readonly Shape One = 7, Two = (5, 7), Three = (28, 27, 3), Four = (3, 4, 5, 6);

    [Fact]
    public void Numbers_and_tuples_become_shapes_with_their_sizes_in_order()
    {
        Assert.Equal([7], Sizes(One));
        Assert.Equal([5, 7], Sizes(Two));
        Assert.Equal([28, 27, 3], Sizes(Three));
        Assert.Equal([3, 4, 5, 6], Sizes(Four));
    }

    [Fact]
    public void Length_is_the_product_of_the_sizes_and_Last_the_last_of_them()
    {
        Assert.Equal((7, 35, 2268, 360), (One.Length, Two.Length, Three.Length, Four.Length));
        Assert.Equal((7, 7, 3, 6), (One.Last, Two.Last, Three.Last, Four.Last));
    }

    [Fact]
    public void WithLast_changes_the_last_size_only()
    {
        Assert.Equal([[2], [5, 2], [28, 27, 2], [3, 4, 5, 2]], new[] { One, Two, Three, Four }.Select(s => Sizes(s.WithLast(2))));
        Assert.Equal(3 * 4 * 5 * 2, Four.WithLast(2).Length);
        Assert.Throws<ArgumentOutOfRangeException>(() => Three.WithLast(0));
    }

    [Fact]
    public void Default_is_no_shape()
    {
        Shape none = default;
        Assert.Equal((0, 0, 0, "[]"), (none.Rank, none.Length, none.Last, none.ToString()));
        Assert.Equal("default(Shape) has no axes.", Assert.Throws<InvalidOperationException>(() => none.WithLast(1)).Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(int.MinValue)]
    public void Sizes_below_1_are_refused_on_every_axis(int size)
    {
        Func<Shape>[] shapes =
        [
            () => size,
            () => (size, 2), () => (2, size),
            () => (size, 2, 2), () => (2, size, 2), () => (2, 2, size),
            () => (size, 2, 2, 2), () => (2, size, 2, 2), () => (2, 2, size, 2), () => (2, 2, 2, size),
        ];
        int[] axes = [0, 0, 1, 0, 1, 2, 0, 1, 2, 3];
        for (int i = 0; i < shapes.Length; i++)
        {
            ArgumentOutOfRangeException e = Assert.Throws<ArgumentOutOfRangeException>(() => shapes[i]());
            Assert.StartsWith($"Axis {axes[i]} of a shape must be at least 1, got {size}.", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void A_length_beyond_an_int_is_refused_however_far_beyond()
    {
        Shape most = int.MaxValue;
        Assert.Equal(int.MaxValue, most.Length);
        Assert.Equal(int.MaxValue, ((Shape)(1, int.MaxValue, 1)).Length);
        Func<Shape>[] tooLong =
        [
            () => (int.MaxValue, 2), () => (1 << 16, 1 << 15), () => (65536, 65536), () => (1 << 11, 1 << 11, 1 << 9),
            () => (int.MaxValue, int.MaxValue, int.MaxValue, int.MaxValue), () => (65536, 65536, 65536, 65536),
        ];
        foreach (Func<Shape> shape in tooLong)
        {
            ArgumentOutOfRangeException e = Assert.Throws<ArgumentOutOfRangeException>(() => shape());
            Assert.StartsWith("A shape holds at most 2147483647 values; this one has more.", e.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void An_axis_that_is_not_there_is_named()
    {
        foreach (int axis in (int[])[-1, 2, 3, int.MaxValue, int.MinValue])
        {
            ArgumentOutOfRangeException e = Assert.Throws<ArgumentOutOfRangeException>(() => Two[axis]);
            Assert.StartsWith($"[5, 7] has 2 axes, so axis {axis} is not one of them.", e.Message, StringComparison.Ordinal);
        }
        Assert.Throws<ArgumentOutOfRangeException>(() => default(Shape)[0]);
    }

    [Fact]
    public void Shapes_print_in_brackets_and_as_code()
    {
        Assert.Equal(["[7]", "[5, 7]", "[28, 27, 3]", "[3, 4, 5, 6]"], new[] { One, Two, Three, Four }.Select(s => s.ToString()));
        Assert.Equal(["7", "(5, 7)", "(28, 27, 3)", "(3, 4, 5, 6)"], new[] { One, Two, Three, Four }.Select(s => s.ToCode()));
    }

    [Fact]
    public void Shapes_are_equal_where_rank_and_all_sizes_are()
    {
        Assert.Equal((28, 27, 3), Three);
        Assert.Equal(((Shape)(28, 27, 3)).GetHashCode(), Three.GetHashCode());
        Shape[] others = [(28, 27), (27, 28, 3), (28, 27, 4), (28, 3, 27), (28, 27, 3, 1), (1, 28, 27, 3), 2268, default];
        Assert.All(others, other => Assert.True(other != Three));
        Assert.True((Shape)7 != (7, 1));
        Assert.True((Shape)(7, 1) != (7, 1, 1));
    }

    private static int[] Sizes(Shape shape) => [.. Enumerable.Range(0, shape.Rank).Select(axis => shape[axis])];
}
