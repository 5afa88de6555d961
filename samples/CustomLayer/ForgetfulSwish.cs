using MiniNet;

namespace CustomLayerSample;

/// <summary>Swish with the mistake that everybody makes once: the product rule stops halfway, y′ = σ. It even trains, only worse.</summary>
internal sealed record ForgetfulSwish : Activation
{
    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y)
    {
        for (int i = 0; i < x.Length; i++)
            y[i] = x[i] / (T.One + T.Exp(-x[i]));
    }

    protected override void Differentiate<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        for (int i = 0; i < x.Length; i++)
            inputGradient[i] = outputGradient[i] / (T.One + T.Exp(-x[i]));         // + y·(1 − σ) is missing
    }
}
