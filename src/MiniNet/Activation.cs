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
    public sealed override void Forward<T>(in Pass<T> pass) => Apply(pass.Input, pass.Output);

    /// <inheritdoc/>
    public sealed override void Backward<T>(in Pass<T> pass) => Differentiate(pass.Input, pass.Output, pass.OutputGradient, pass.InputGradient);

    /// <summary>Forward, shared out over the threads.</summary>
    internal sealed override LayerPass<T> ForwardOf<T>() => new Function<T>(Apply).Forward;

    /// <summary>Backward, shared out over the threads.</summary>
    internal sealed override LayerPass<T> BackwardOf<T>() => new Derivative<T>(Differentiate).Backward;

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

    private sealed class Function<T>(Function<T>.Method apply) where T : unmanaged, IFloatingPointIeee754<T>
    {
        public delegate void Method(ReadOnlySpan<T> x, Span<T> y);

        public void Forward(in Pass<T> pass)
        {
            Work work = new() { Apply = apply, X = pass.Input, Y = pass.Output };
            pass.Share(pass.Input.Length, Grain, ref work);
        }

        private ref struct Work : IWork
        {
            public Method Apply;
            public ReadOnlySpan<T> X;
            public Span<T> Y;

            public readonly void Run(int from, int to) => Apply(X[from..to], Y[from..to]);
        }
    }

    private sealed class Derivative<T>(Derivative<T>.Method differentiate) where T : unmanaged, IFloatingPointIeee754<T>
    {
        public delegate void Method(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> outputGradient, Span<T> inputGradient);

        public void Backward(in Pass<T> pass)
        {
            Work work = new() { Differentiate = differentiate, X = pass.Input, Y = pass.Output, OutputGradient = pass.OutputGradient, InputGradient = pass.InputGradient };
            pass.Share(pass.Input.Length, Grain, ref work);
        }

        private ref struct Work : IWork
        {
            public Method Differentiate;
            public ReadOnlySpan<T> X, Y, OutputGradient;
            public Span<T> InputGradient;

            public readonly void Run(int from, int to) => Differentiate(X[from..to], Y[from..to], OutputGradient[from..to], InputGradient[from..to]);
        }
    }
}
