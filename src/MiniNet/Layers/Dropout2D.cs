using System.Text;

namespace MiniNet;

/// <summary>
/// In training, drops each channel of an image, the whole of it, with the probability <see cref="Rate"/> and divides the others by 1 − rate, so that their
/// expectation stays. In prediction it does nothing.
/// </summary>
/// <remarks>
/// y[i, j, c] = x[i, j, c]·m[c] with m = 0 or 1 / (1 − rate), drawn for each sample; ∂x = dy·m. Neighbouring pixels tell much the same, so that dropping single
/// ones, as <see cref="Dropout"/> does, takes little away. What is dropped follows from the trainer's seed, the step and the layer.
/// Shape: [height, width, channels] → the same. Tompson et al., "Efficient object localization using convolutional networks", 2015.
/// </remarks>
public sealed record Dropout2D : Layer
{
    private const int Mask = 0;

    /// <summary>A dropout of channels.</summary>
    /// <param name="rate">The probability that a channel is dropped: at least 0, less than 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is no such number.</exception>
    public Dropout2D(double rate) => Rate = Guard.BelowOne(rate);

    /// <summary>The probability that a channel is dropped.</summary>
    public double Rate { get; }

    /// <inheritdoc/>
    public override Shape Declare(Plan plan)
    {
        if (plan.Input.Rank != 3)
            throw plan.Error("[height, width, channels]; for other shapes there is Dropout");
        plan.Scratch(plan.Input.Last);
        return plan.Input;
    }

    /// <inheritdoc/>
    public override void Forward<T>(in Pass<T> pass)
    {
        if (!pass.IsTraining)
        {
            pass.Input.CopyTo(pass.Output);
            return;
        }
        Span<T> mask = pass.Scratch(Mask);                          // [batch, channels]
        DropoutMask.Fill(pass.Random, Rate, mask, 0, mask.Length);
        RowKernels.Multiply(pass.Input, mask, pass.Output, pass.Batch);
    }

    /// <inheritdoc/>
    public override void Backward<T>(in Pass<T> pass)
    {
        if (pass.IsTraining)
            RowKernels.Multiply(pass.OutputGradient, pass.Scratch(Mask), pass.InputGradient, pass.Batch);
        else
            pass.OutputGradient.CopyTo(pass.InputGradient);
    }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Argument(Rate);
        return true;
    }
}
