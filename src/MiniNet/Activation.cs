using System.Numerics;

namespace MiniNet;

/// <summary>A layer that works element by element: y = f(x), any shape in, the same shape out.</summary>
/// <remarks>
/// The result for an element must depend on nothing but that element: the library splits the work over threads, and predictions over batches,
/// and the bits must not show where.
/// </remarks>
public abstract record Activation : Layer
{
    private const int Grain = 8192;                       // elements below which a second thread costs more than it brings

    /// <inheritdoc/>
    public sealed override Shape Declare(Plan plan) => plan.Input;

    /// <inheritdoc/>
    public sealed override void Forward<T>(in Pass<T> pass)
    {
        ForwardWork<T> work = new() { Activation = this, X = pass.Input, Y = pass.Output };
        pass.Share(pass.Input.Length, Grain, ref work);
    }

    /// <inheritdoc/>
    public sealed override void Backward<T>(in Pass<T> pass)
    {
        BackwardWork<T> work = new() { Activation = this, X = pass.Input, Y = pass.Output, OutputGradient = pass.OutputGradient, InputGradient = pass.InputGradient };
        pass.Share(pass.Input.Length, Grain, ref work);
    }

    /// <summary>y[i] = f(x[i]).</summary>
    /// <param name="x">[n]</param>
    /// <param name="y">[n], to be written</param>
    protected abstract void Apply<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>inputGradient[i] = outputGradient[i] · f′(x[i]).</summary>
    /// <param name="x">[n]</param>
    /// <param name="y">[n], what <see cref="Apply"/> made of x: often the derivative is cheaper from here</param>
    /// <param name="outputGradient">[n], ∂loss/∂y</param>
    /// <param name="inputGradient">[n], ∂loss/∂x, to be written</param>
    protected abstract void Differentiate<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
        where T : unmanaged, IFloatingPointIeee754<T>;

    private ref struct ForwardWork<T> : IWork where T : unmanaged, IFloatingPointIeee754<T>
    {
        public Activation Activation;
        public ReadOnlySpan<T> X;
        public Span<T> Y;

        public readonly void Run(int from, int to) => Activation.Apply(X[from..to], Y[from..to]);
    }

    private ref struct BackwardWork<T> : IWork where T : unmanaged, IFloatingPointIeee754<T>
    {
        public Activation Activation;
        public ReadOnlySpan<T> X, Y, OutputGradient;
        public Span<T> InputGradient;

        public readonly void Run(int from, int to) =>
            Activation.Differentiate(X[from..to], Y[from..to], OutputGradient[from..to], InputGradient[from..to]);
    }
}
