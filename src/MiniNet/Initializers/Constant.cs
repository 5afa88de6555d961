using System.Text;

namespace MiniNet;

/// <summary>All the same.</summary>
public sealed record Constant : Initializer
{
    /// <summary>Every element begins as this.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The value is not a finite number.</exception>
    public Constant(double value) => Value = Guard.Finite(value);

    /// <summary>What every element begins as.</summary>
    public double Value { get; }

    /// <inheritdoc/>
    public override double Draw(RandomStream random, long index, int fanIn, int fanOut) => Value;

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Argument(Value);
        return true;
    }
}
