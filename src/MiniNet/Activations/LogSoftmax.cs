using System.Numerics.Tensors;

namespace MiniNet;

/// <summary>yᵢ = xᵢ − ln Σⱼ e^xⱼ over the last axis: the logarithms of <see cref="Softmax"/>, where the probabilities themselves would round to 0.</summary>
/// <remarks>∂xᵢ = dyᵢ − e^yᵢ·Σⱼ dyⱼ. Shape: [classes], [steps, classes], … → the same.</remarks>
public sealed record LogSoftmax : Layer
{
    /// <inheritdoc/>
    public override Shape Declare(Plan plan) => plan.Input;

    /// <inheritdoc/>
    public override void Forward<T>(in Pass<T> pass)
    {
        int classes = pass.Plan.Input.Last;
        for (int i = 0; i < pass.Input.Length; i += classes)
        {
            ReadOnlySpan<T> x = pass.Input.Slice(i, classes);
            Span<T> y = pass.Output.Slice(i, classes);
            T logSum = Softmax.Row(x, y);
            TensorPrimitives.Subtract(x, logSum, y);
        }
    }

    /// <inheritdoc/>
    public override void Backward<T>(in Pass<T> pass)
    {
        int classes = pass.Plan.Input.Last;
        for (int i = 0; i < pass.InputGradient.Length; i += classes)
        {
            ReadOnlySpan<T> y = pass.Output.Slice(i, classes), dy = pass.OutputGradient.Slice(i, classes);
            Span<T> dx = pass.InputGradient.Slice(i, classes);
            T sum = T.Zero;
            foreach (T d in dy)
                sum += d;
            for (int j = 0; j < classes; j++)
                dx[j] = dy[j] - (T.Exp(y[j]) * sum);
        }
    }
}
