using System.Numerics;
using System.Text;

namespace MiniNet;

/// <summary>Turns an image about its centre by up to so many degrees, either way, each angle as likely as the others. What comes in is 0.</summary>
/// <remarks>
/// Each pixel of the result is looked up where it came from, between four pixels of the image, which are mixed by their distance (bilinear interpolation);
/// pixels outside of the image count as 0. Shape: [height, width, channels].
/// </remarks>
public sealed record RandomRotation : Augmentation
{
    /// <summary>A rotation.</summary>
    /// <param name="degrees">How far at most, to the left (counter-clockwise) and to the right.</param>
    /// <exception cref="ArgumentOutOfRangeException">degrees is negative or no finite number.</exception>
    public RandomRotation(double degrees) => Degrees = Guard.NotNegative(degrees);

    /// <summary>How far at most.</summary>
    public double Degrees { get; }

    /// <inheritdoc/>
    public override string? Needs(Shape shape) => NeedsImage(shape);

    /// <inheritdoc/>
    public override void Apply<T>(Shape shape, ReadOnlySpan<T> x, Span<T> y, RandomStream random) => Rotate(shape, x, y, ((2 * random.Uniform(0)) - 1) * Degrees);

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Argument(Degrees);
        return true;
    }

    /// <summary>Turned to the left by so many degrees.</summary>
    internal static void Rotate<T>(Shape shape, ReadOnlySpan<T> x, Span<T> y, double degrees) where T : unmanaged, IFloatingPointIeee754<T>
    {
        (int height, int width, int channels) = (shape[0], shape[1], shape[2]);
        (double sine, double cosine) = Math.SinCos(degrees * Math.PI / 180);
        double middleRow = (height - 1) / 2.0, middleColumn = (width - 1) / 2.0;
        for (int i = 0; i < height; i++)
        {
            for (int j = 0; j < width; j++)
            {
                // Rows count downwards, so what is turned to the left came from (cos·down + sin·right, cos·right − sin·down).
                double down = i - middleRow, right = j - middleColumn;
                double row = middleRow + (cosine * down) + (sine * right), column = middleColumn + (cosine * right) - (sine * down);
                int top = (int)Math.Floor(row), left = (int)Math.Floor(column);
                T below = T.CreateTruncating(row - top), beside = T.CreateTruncating(column - left);
                Span<T> pixel = y.Slice(((i * width) + j) * channels, channels);
                pixel.Clear();
                Add(shape, x, top, left, (T.One - below) * (T.One - beside), pixel);
                Add(shape, x, top, left + 1, (T.One - below) * beside, pixel);
                Add(shape, x, top + 1, left, below * (T.One - beside), pixel);
                Add(shape, x, top + 1, left + 1, below * beside, pixel);
            }
        }
    }

    /// <summary>sum[c] += weight · x[row, column, c], where there is such a pixel.</summary>
    private static void Add<T>(Shape shape, ReadOnlySpan<T> x, int row, int column, T weight, Span<T> sum) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if ((uint)row >= (uint)shape[0] || (uint)column >= (uint)shape[1])
            return;
        ReadOnlySpan<T> pixel = x.Slice(((row * shape[1]) + column) * shape[2], shape[2]);
        for (int c = 0; c < sum.Length; c++)
            sum[c] += weight * pixel[c];
    }
}
