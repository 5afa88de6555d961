namespace MiniNet;

/// <summary>Evenly from ±√(6 / (fan in + fan out)): the default of <see cref="Dense"/>; keeps the variance of signals and gradients through layers like tanh.</summary>
/// <remarks>Glorot and Bengio, "Understanding the difficulty of training deep feedforward neural networks", 2010.</remarks>
public sealed record GlorotUniform : Initializer
{
    /// <inheritdoc/>
    public override double Draw(RandomStream random, long index, int fanIn, int fanOut) => ((2 * random.Uniform(index)) - 1) * Math.Sqrt(6.0 / ((double)fanIn + fanOut));
}
