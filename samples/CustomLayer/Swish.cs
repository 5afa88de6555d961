using MiniNet;

namespace CustomLayerSample;

/// <summary>An activation of one's own: y = x·σ(β·x), with σ(z) = 1 / (1 + e⁻ᶻ).</summary>
/// <remarks>
/// y′ = σ + β·x·σ·(1 − σ) = σ + β·y·(1 − σ). Any shape in, the same out. Ramachandran, Zoph and Le, "Searching for activation functions", 2017.
/// </remarks>
/// <param name="Beta">0 halves x, 1 is SiLU, and ∞ would be ReLU.</param>
internal sealed record Swish(double Beta = 1) : Activation
{
    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y)
    {
        T beta = T.CreateChecked(Beta);
        for (int i = 0; i < x.Length; i++)
            y[i] = x[i] / (T.One + T.Exp(-beta * x[i]));
    }

    protected override void Differentiate<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        T beta = T.CreateChecked(Beta);
        for (int i = 0; i < x.Length; i++)
        {
            T s = T.One / (T.One + T.Exp(-beta * x[i]));
            inputGradient[i] = outputGradient[i] * (s + (beta * y[i] * (T.One - s)));
        }
    }
}
