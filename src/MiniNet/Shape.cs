using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>
/// The shape of one sample, without the batch: <c>2</c>, <c>(steps, features)</c>, <c>(height, width, channels)</c>.
/// Rank 1 to 4, sizes at least 1, features last.
/// </summary>
/// <remarks>Write a number or a tuple where a shape is wanted: <c>new Sequential&lt;float&gt;((28, 28, 1), …)</c>.</remarks>
public readonly record struct Shape
{
    /// <summary>The parameter named by the exception for a shape of too many values, by which a plan knows it.</summary>
    internal const string TooLarge = "size";

    private readonly int a, b, c, d;

    private Shape(int rank, int a, int b, int c, int d)
    {
        long length = 1;
        for (int axis = 0; axis < rank; axis++)
        {
            int size = axis switch { 0 => a, 1 => b, 2 => c, _ => d };
            length *= size;
            if (size < 1 || length > int.MaxValue)
                throw Refused(axis, size);
        }
        (Rank, Length, this.a, this.b, this.c, this.d) = (rank, (int)length, a, b, c, d);
        Last = this[rank - 1];
    }

    /// <summary>How many axes: 1 to 4 (0 only for <c>default</c>, which is no shape).</summary>
    public int Rank { get; }

    /// <summary>How many values one sample has: the product of the sizes.</summary>
    public int Length { get; }

    /// <summary>The size of the last axis: the features or channels.</summary>
    public int Last { get; }

    /// <summary>The size of one axis, counted from 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such axis.</exception>
    public int this[int axis] => (uint)axis < (uint)Rank
        ? axis switch { 0 => a, 1 => b, 2 => c, _ => d }
        : throw NoAxis(axis);

    /// <summary>The same shape with another size of its last axis.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The size is less than 1.</exception>
    /// <exception cref="InvalidOperationException">The shape is the default one, without an axis.</exception>
    public Shape WithLast(int size) => Rank switch
    {
        1 => size,
        2 => (a, size),
        3 => (a, b, size),
        4 => (a, b, c, size),
        _ => throw new InvalidOperationException("default(Shape) has no axes."),
    };

    /// <summary>One axis: features.</summary>
    public static implicit operator Shape(int size) => new(1, size, 1, 1, 1);

    /// <summary>Two axes: (steps, features), or a weight matrix (inputs, outputs).</summary>
    public static implicit operator Shape((int, int) sizes) => new(2, sizes.Item1, sizes.Item2, 1, 1);

    /// <summary>Three axes: (height, width, channels).</summary>
    public static implicit operator Shape((int, int, int) sizes) => new(3, sizes.Item1, sizes.Item2, sizes.Item3, 1);

    /// <summary>Four axes: the weights of a convolution, (kernel height, kernel width, inputs, outputs).</summary>
    public static implicit operator Shape((int, int, int, int) sizes) => new(4, sizes.Item1, sizes.Item2, sizes.Item3, sizes.Item4);

    /// <summary>The sizes in brackets: <c>[28, 28, 1]</c>.</summary>
    public override string ToString()
    {
        DefaultInterpolatedStringHandler text = new(2, 4);
        text.AppendLiteral("[");
        for (int axis = 0; axis < Rank; axis++)
        {
            if (axis > 0)
                text.AppendLiteral(", ");
            text.AppendFormatted(this[axis]);
        }
        text.AppendLiteral("]");
        return text.ToStringAndClear();
    }

    /// <summary>The code that makes it: <c>28</c>, <c>(28, 28, 1)</c>.</summary>
    private static ArgumentOutOfRangeException Refused(int axis, int size) => size < 1
        ? new(nameof(size), size, $"Axis {axis} of a shape must be at least 1, got {size}.")
        : new(TooLarge, size, $"A shape holds at most {int.MaxValue} values; this one has more.");

    private ArgumentOutOfRangeException NoAxis(int axis) => new(nameof(axis), axis, $"{this} has {Rank} axes, so axis {axis} is not one of them.");

    internal string ToCode() => Rank == 1 ? a.ToString(System.Globalization.CultureInfo.InvariantCulture) : $"({ToString()[1..^1]})";
}
