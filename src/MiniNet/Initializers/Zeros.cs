namespace MiniNet;

/// <summary>All zero: the default of biases.</summary>
public sealed record Zeros : Initializer
{
    /// <inheritdoc/>
    public override double Draw(RandomStream random, long index, int fanIn, int fanOut) => 0;
}
