using System.Text;

namespace MiniNet;

/// <summary>Moves an image by up to so many whole pixels, down or up and right or left, each distance as likely as the others. What comes in is 0.</summary>
/// <remarks>y[i, j, c] = x[i − down, j − right, c], or 0 outside of the image. Shape: [height, width, channels].</remarks>
public sealed record RandomShift : Augmentation
{
    /// <summary>A shift.</summary>
    /// <param name="pixels">How far at most.</param>
    /// <exception cref="ArgumentOutOfRangeException">pixels is negative.</exception>
    public RandomShift(int pixels)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(pixels);
        Pixels = pixels;
    }

    /// <summary>How far at most.</summary>
    public int Pixels { get; }

    /// <inheritdoc/>
    public override string? Needs(Shape shape) => NeedsImage(shape);

    /// <inheritdoc/>
    public override void Apply<T>(Shape shape, ReadOnlySpan<T> x, Span<T> y, RandomStream random) => Move(shape, x, y, Distance(random.Uniform(0)), Distance(random.Uniform(1)));

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Argument(Pixels);
        return true;
    }

    internal static void Move<T>(Shape shape, ReadOnlySpan<T> x, Span<T> y, int down, int right)
    {
        int height = shape[0], row = shape[1] * shape[2], from = Math.Min(Math.Abs(right) * shape[2], row);      // values of a row that fall out at one end
        for (int i = 0; i < height; i++)
        {
            Span<T> to = y.Slice(i * row, row);
            if (i - down < 0 || i - down >= height)
            {
                to.Clear();
                continue;
            }
            ReadOnlySpan<T> source = x.Slice((i - down) * row, row);
            (right >= 0 ? source[..^from] : source[from..]).CopyTo(right >= 0 ? to[from..] : to);
            (right >= 0 ? to[..from] : to[^from..]).Clear();
        }
    }

    private int Distance(double uniform) => (int)(uniform * ((2.0 * Pixels) + 1)) - Pixels;
}
