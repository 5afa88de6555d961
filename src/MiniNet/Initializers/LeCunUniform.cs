namespace MiniNet;

/// <summary>Evenly from ±√(3 / fan in): keeps the variance of signals through linear layers.</summary>
/// <remarks>LeCun, Bottou, Orr and Müller, "Efficient backprop", 1998.</remarks>
public sealed record LeCunUniform : Initializer
{
    /// <inheritdoc/>
    public override double Draw(RandomStream random, long index, int fanIn, int fanOut) => ((2 * random.Uniform(index)) - 1) * Math.Sqrt(3.0 / fanIn);
}
