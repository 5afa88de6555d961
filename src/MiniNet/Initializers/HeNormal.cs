namespace MiniNet;

/// <summary>Normal with the deviation √(2 / fan in): keeps the variance of signals through <see cref="ReLU"/>.</summary>
/// <remarks>He et al., "Delving deep into rectifiers: surpassing human-level performance on ImageNet classification", 2015.</remarks>
public sealed record HeNormal : Initializer
{
    /// <inheritdoc/>
    public override double Draw(RandomStream random, long index, int fanIn, int fanOut) => random.Normal(index) * Math.Sqrt(2.0 / fanIn);
}
