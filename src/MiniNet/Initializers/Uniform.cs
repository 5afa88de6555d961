using System.Text;

namespace MiniNet;

/// <summary>Evenly from [low, high).</summary>
public sealed record Uniform : Initializer
{
    /// <summary>Evenly from [low, high).</summary>
    /// <exception cref="ArgumentOutOfRangeException">A bound is not a finite number, or high is below low.</exception>
    public Uniform(double low, double high)
    {
        (Low, High) = (Guard.Finite(low), Guard.Finite(high));
        if (high < low)
            throw new ArgumentOutOfRangeException(nameof(high), high, $"high must be at least low, {low}, got {high}.");
    }

    /// <summary>The lower bound.</summary>
    public double Low { get; }

    /// <summary>The upper bound.</summary>
    public double High { get; }

    /// <inheritdoc/>
    public override double Draw(RandomStream random, long index, int fanIn, int fanOut) => Low + ((High - Low) * random.Uniform(index));

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Argument(Low).Argument(High);
        return true;
    }
}
