namespace MiniNet;

/// <summary>Normal with the deviation √(2 / (fan in + fan out)).</summary>
/// <remarks>Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010.</remarks>
public sealed record GlorotNormal : Initializer
{
    /// <inheritdoc/>
    public override double Draw(RandomStream random, long index, int fanIn, int fanOut) => random.Normal(index) * Math.Sqrt(2.0 / ((double)fanIn + fanOut));
}
