using System.Globalization;

namespace MiniNet;

/// <summary>
/// How many rows and columns of zeros stand around an image while a kernel moves over it: <see cref="Valid"/>, <see cref="Same"/>, or so many.
/// </summary>
/// <remarks>
/// Write a number for all four sides, a pair (vertical, horizontal), or (top, bottom, left, right): <c>new Conv2D(8, kernel: 3, padding: 1)</c>.
/// </remarks>
public readonly record struct Padding
{
    private readonly bool isSame;
    private readonly int top, bottom, left, right;

    private Padding(bool isSame) => this.isSame = isSame;

    private Padding(int top, int bottom, int left, int right)
    {
        foreach (int side in (ReadOnlySpan<int>)[top, bottom, left, right])
        {
            if (side < 0)
                throw new ArgumentOutOfRangeException("padding", side, $"padding must be at least 0, got {side}.");
        }
        (this.top, this.bottom, this.left, this.right) = (top, bottom, left, right);
    }

    /// <summary>None: the kernel stays inside the image, and the output is smaller by kernel − 1.</summary>
    public static Padding Valid => default;

    /// <summary>So much that the output has ⌈size / stride⌉ rows and columns: with stride 1, the input's size. Where it is odd, the one more stands below and right.</summary>
    public static Padding Same => new(isSame: true);

    /// <summary>As much on all four sides.</summary>
    public static implicit operator Padding(int all) => new(all, all, all, all);

    /// <summary>As much above as below, as much left as right.</summary>
    public static implicit operator Padding((int Vertical, int Horizontal) sides) => new(sides.Vertical, sides.Vertical, sides.Horizontal, sides.Horizontal);

    /// <summary>Each side by itself.</summary>
    public static implicit operator Padding((int Top, int Bottom, int Left, int Right) sides) => new(sides.Top, sides.Bottom, sides.Left, sides.Right);

    /// <summary>The code that makes it: <c>Padding.Same</c>, <c>1</c>, <c>(0, 1)</c>.</summary>
    public override string ToString() =>
        isSame ? "Padding.Same"
        : this == Valid ? "Padding.Valid"
        : top != bottom || left != right ? string.Create(CultureInfo.InvariantCulture, $"({top}, {bottom}, {left}, {right})")
        : top != left ? string.Create(CultureInfo.InvariantCulture, $"({top}, {left})")
        : top.ToString(CultureInfo.InvariantCulture);

    /// <summary>Whether it is the same on all sides of one axis: one number, none, or <see cref="Same"/>.</summary>
    internal bool IsUniform => isSame || (IsPair && top == left);

    /// <summary>Whether it is given, as one number or a pair.</summary>
    internal bool IsPair => !isSame && top == bottom && left == right;

    /// <summary>The same left and right, and none above and below.</summary>
    internal Padding OfWidth => isSame ? this : new(0, 0, left, right);

    /// <summary>The rows above and below an image of some height, under a kernel that spans so many rows.</summary>
    internal (int Before, int After) Vertical(int height, int span, int stride) => isSame ? Halves(height, span, stride) : (top, bottom);

    /// <summary>The columns left and right of an image of some width, under a kernel that spans so many columns.</summary>
    internal (int Before, int After) Horizontal(int width, int span, int stride) => isSame ? Halves(width, span, stride) : (left, right);

    private static (int Before, int After) Halves(int size, int span, int stride)
    {
        int outputs = (size + stride - 1) / stride, all = Math.Max(0, ((outputs - 1) * stride) + span - size);
        return (all / 2, all - (all / 2));
    }
}
