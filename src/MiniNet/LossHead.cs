using System.Numerics;

namespace MiniNet;

/// <summary>Where a loss meets a model: at its output, or, where the loss fuses with the last layer, at that layer's input.</summary>
internal readonly struct LossHead<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Plan root;
    private readonly bool fuses;

    /// <exception cref="ArgumentException">The loss needs another last layer.</exception>
    internal LossHead(Sequential<T> model, Loss loss)
    {
        ArgumentNullException.ThrowIfNull(loss);
        Layer last = model.Layers[^1];
        (root, fuses) = (model.Plan, loss.Fuses(last));
        if (!fuses && loss.Needs() is { } need)
            throw Unfit(model, loss, need);
    }

    private static ArgumentException Unfit(Sequential<T> model, Loss loss, string need)
    {
        Layer last = model.Layers[^1];
        string mend = last switch
        {
            Sigmoid => $"put new {need} in its place, or take BinaryCrossEntropy",
            Softmax => $"put new {need} in its place, or take CrossEntropy",
            LogSoftmax => $"put new {need} in its place",
            _ => $"append new {need}",
        };
        return new($"{loss} needs a model that ends with {need}, but this one ends with {last}: {mend}.\n{model}", nameof(loss));
    }

    /// <summary>How many of the model's layers are differentiated one by one, after the loss.</summary>
    internal int LayerCount => root.Circuit!.StepCount - (fuses ? 1 : 0);

    /// <summary>What the loss is computed from.</summary>
    internal ReadOnlySpan<T> Output(in Pass<T> pass)
    {
        if (!fuses)
            return pass.Output;
        int wire = root.Circuit!.StepCount - 1;
        return wire == 0 ? pass.Input : root.Circuit.Inner(pass, wire);
    }

    /// <summary>Where the gradient of that goes: a buffer given for the model's output, unless the loss fuses and a layer stands before the last.</summary>
    internal Span<T> Gradient(in Pass<T> pass, Span<T> outputGradient)
    {
        int wire = root.Circuit!.StepCount - 1;
        if (!fuses || wire == 0)
            return outputGradient;
        Span<T> inner = root.Circuit.Gradient(pass, wire);
        return inner.IsEmpty ? outputGradient : inner;                 // nothing is trained and nobody asks: the value is still wanted
    }

    /// <summary>Whether the last layer is the only one, and fused: then the loss's gradient is the input's.</summary>
    internal bool IsAllOfTheModel => fuses && root.Circuit!.StepCount == 1;
}
