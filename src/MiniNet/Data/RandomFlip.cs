using System.Text;

namespace MiniNet;

/// <summary>Mirrors an image, left to right, with a probability. Not for writing: a mirrored 2 is no 2.</summary>
/// <remarks>y[i, j, c] = x[i, width − 1 − j, c]. Shape: [height, width, channels].</remarks>
public sealed record RandomFlip : Augmentation
{
    private const double DefaultProbability = 0.5;

    /// <summary>A horizontal flip.</summary>
    /// <param name="probability">How likely: 0 to 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">probability is not from 0 to 1.</exception>
    public RandomFlip(double probability = DefaultProbability)
    {
        if (!(probability is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(probability), probability, string.Create(System.Globalization.CultureInfo.InvariantCulture, $"probability must be from 0 to 1, got {probability}."));
        Probability = probability;
    }

    /// <summary>How likely a flip is.</summary>
    public double Probability { get; }

    /// <inheritdoc/>
    public override string? Needs(Shape shape) => NeedsImage(shape);

    /// <inheritdoc/>
    public override void Apply<T>(Shape shape, ReadOnlySpan<T> x, Span<T> y, RandomStream random)
    {
        if (random.Uniform(0) >= Probability)
        {
            x.CopyTo(y);
            return;
        }
        int width = shape[1], channels = shape[2];
        for (int pixel = 0; pixel < shape[0] * width; pixel++)
        {
            int column = pixel % width;
            x.Slice(pixel * channels, channels).CopyTo(y[((pixel - column + width - 1 - column) * channels)..]);
        }
    }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        if (Probability != DefaultProbability)
            builder.Argument(Probability);
        return true;
    }
}
