using System.Text;

namespace MiniNet;

/// <summary>Adds to every value a normal random number of its own: y[i] = x[i] + deviation · zᵢ.</summary>
/// <remarks>Shape: any.</remarks>
public sealed record GaussianNoise : Augmentation
{
    /// <summary>A noise.</summary>
    /// <param name="deviation">Its standard deviation, in the units of the data.</param>
    /// <exception cref="ArgumentOutOfRangeException">deviation is negative or no finite number.</exception>
    public GaussianNoise(double deviation) => Deviation = Guard.NotNegative(deviation);

    /// <summary>The standard deviation of what is added.</summary>
    public double Deviation { get; }

    /// <inheritdoc/>
    public override void Apply<T>(Shape shape, ReadOnlySpan<T> x, Span<T> y, RandomStream random)
    {
        for (int i = 0; i < x.Length; i++)
            y[i] = x[i] + T.CreateTruncating(Deviation * random.Normal(i));
    }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Argument(Deviation);
        return true;
    }
}
