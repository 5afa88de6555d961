namespace MiniNet;

/// <summary>Normal with the deviation √(1 / fan in): keeps the variance of signals through linear layers.</summary>
/// <remarks>LeCun, Bottou, Orr and Müller, "Efficient backprop", 1998.</remarks>
public sealed record LeCunNormal : Initializer
{
    /// <inheritdoc/>
    public override double Draw(RandomStream random, long index, int fanIn, int fanOut) => random.Normal(index) / Math.Sqrt(fanIn);
}
