using System.Text;

namespace MiniNet;

/// <summary>From the normal distribution of mean 0.</summary>
public sealed record Normal : Initializer
{
    /// <summary>From the normal distribution of mean 0.</summary>
    /// <param name="deviation">The standard deviation.</param>
    /// <exception cref="ArgumentOutOfRangeException">The deviation is not a finite number, 0 or more.</exception>
    public Normal(double deviation) => Deviation = Guard.NotNegative(deviation);

    /// <summary>The standard deviation.</summary>
    public double Deviation { get; }

    /// <inheritdoc/>
    public override double Draw(RandomStream random, long index, int fanIn, int fanOut) => Deviation * random.Normal(index);

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Argument(Deviation);
        return true;
    }
}
