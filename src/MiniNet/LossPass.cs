using System.Numerics;

namespace MiniNet;

/// <summary>What a loss works on: the outputs and targets of one batch.</summary>
public readonly ref struct LossPass<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>How many samples.</summary>
    public readonly int Batch;

    /// <summary>The shape of one sample of the output.</summary>
    public readonly Shape Shape;

    /// <summary>[batch, shape], what the model put out; for a loss that fuses with the last layer, that layer's input.</summary>
    public readonly ReadOnlySpan<T> Output;

    /// <summary>[batch, shape]; or class indices, [batch, shape without its last axis], for a loss that takes them.</summary>
    public readonly ReadOnlySpan<T> Target;

    /// <summary>[batch], by which the terms of each sample are multiplied before the mean; or empty: all 1.</summary>
    public readonly ReadOnlySpan<T> SampleWeights;

    /// <summary>[batch, shape], ∂loss/∂<see cref="Output"/>, to be overwritten; or empty when only the value is asked for.</summary>
    public readonly Span<T> Gradient;

    internal LossPass(int batch, Plan model, ReadOnlySpan<T> output, ReadOnlySpan<T> target, ReadOnlySpan<T> sampleWeights, Span<T> gradient)
    {
        Batch = batch;
        Shape = model.Output;
        Output = output;
        Target = target;
        SampleWeights = sampleWeights;
        Gradient = gradient;
    }

    /// <summary>The weight of one sample: 1 where none were given.</summary>
    public T Weight(int sample) => SampleWeights.IsEmpty ? T.One : SampleWeights[sample];
}
