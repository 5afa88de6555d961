using System.Numerics;
using System.Numerics.Tensors;
using System.Text;

namespace MiniNet;

/// <summary>
/// In training, drops each value with the probability <see cref="Rate"/> and divides the others by 1 − rate, so that their expectation stays.
/// In prediction it does nothing.
/// </summary>
/// <remarks>
/// y = x·m with m = 0 or 1 / (1 − rate); ∂x = dy·m. What is dropped follows from the trainer's seed, the step and the layer.
/// Shape: any in, the same out. Srivastava et al., "Dropout: a simple way to prevent neural networks from overfitting", 2014.
/// </remarks>
public sealed record Dropout : Layer
{
    private const int Mask = 0;

    /// <summary>A dropout layer.</summary>
    /// <param name="rate">The probability that a value is dropped: at least 0, less than 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is no such number.</exception>
    public Dropout(double rate) => Rate = Guard.BelowOne(rate);

    /// <summary>The probability that a value is dropped.</summary>
    public double Rate { get; }

    /// <inheritdoc/>
    public override Shape Declare(Plan plan)
    {
        plan.Scratch(plan.Input.Length);
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
        Work<T> work = new() { X = pass.Input, Y = pass.Output, Mask = pass.Scratch(Mask), Random = pass.Random, Rate = Rate };
        pass.Share(pass.Input.Length, 4096, ref work);
    }

    /// <inheritdoc/>
    public override void Backward<T>(in Pass<T> pass)
    {
        if (pass.IsTraining)
            TensorPrimitives.Multiply(pass.OutputGradient, pass.Scratch(Mask), pass.InputGradient);
        else
            pass.OutputGradient.CopyTo(pass.InputGradient);
    }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Argument(Rate);
        return true;
    }

    private ref struct Work<T> : IWork where T : unmanaged, IFloatingPointIeee754<T>
    {
        public ReadOnlySpan<T> X;
        public Span<T> Y, Mask;
        public RandomStream Random;
        public double Rate;

        public readonly void Run(int from, int to)
        {
            DropoutMask.Fill(Random, Rate, Mask, from, to);
            TensorPrimitives.Multiply(X[from..to], Mask[from..to], Y[from..to]);
        }
    }
}
