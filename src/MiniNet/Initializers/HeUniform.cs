namespace MiniNet;

/// <summary>Evenly from ±√(6 / fan in): keeps the variance of signals through <see cref="ReLU"/>.</summary>
/// <remarks>He et al., "Delving deep into rectifiers: surpassing human-level performance on ImageNet classification", 2015.</remarks>
public sealed record HeUniform : Initializer
{
    /// <inheritdoc/>
    public override double Draw(RandomStream random, long index, int fanIn, int fanOut) => ((2 * random.Uniform(index)) - 1) * Math.Sqrt(6.0 / fanIn);
}
