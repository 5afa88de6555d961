namespace MiniNet;

/// <summary>Puts all values of a sample in one row, channel after channel, as PyTorch's does after its convolutions, so that the weights after it are the same.</summary>
/// <remarks>
/// Shape: [height, width, channels] → [channels · height · width], y[c, i, j] = x[i, j, c]; [steps, features] → [features · steps], y[f, i] = x[i, f].
/// To keep memory order, use <see cref="Reshape"/>.
/// </remarks>
public sealed record Flatten : Layer
{
    /// <inheritdoc/>
    public override Shape Declare(Plan plan) => plan.Input.Length;

    /// <inheritdoc/>
    public override void Forward<T>(in Pass<T> pass)
    {
        Shape shape = pass.Plan.Input;
        if (!MovesChannels(shape))
        {
            pass.Input.CopyTo(pass.Output);
            return;
        }
        for (int from = 0; from < pass.Input.Length; from += shape.Length)
            RowKernels.Transpose(pass.Input.Slice(from, shape.Length), pass.Output.Slice(from, shape.Length), shape.Length / shape.Last, shape.Last);
    }

    /// <inheritdoc/>
    public override void Backward<T>(in Pass<T> pass)
    {
        Shape shape = pass.Plan.Input;
        if (!MovesChannels(shape))
        {
            pass.OutputGradient.CopyTo(pass.InputGradient);
            return;
        }
        for (int from = 0; from < pass.InputGradient.Length; from += shape.Length)
            RowKernels.Transpose(pass.OutputGradient.Slice(from, shape.Length), pass.InputGradient.Slice(from, shape.Length), shape.Last, shape.Length / shape.Last);
    }

    private static bool MovesChannels(Shape shape) => shape.Rank > 1 && shape.Last > 1;
}
