using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace MiniNet;

/// <summary>y = x where x &gt; 0, else slope·x.</summary>
/// <remarks>y′ = 1 or the slope. Shape: any in, the same out. Maas, Hannun and Ng, "Rectifier nonlinearities improve neural network acoustic models", 2013.</remarks>
public sealed record LeakyReLU : Activation
{
    private const double DefaultSlope = 0.01;

    /// <summary>A leaky rectifier.</summary>
    /// <param name="slope">The slope below 0.</param>
    /// <exception cref="ArgumentOutOfRangeException">The slope is not a finite number.</exception>
    public LeakyReLU(double slope = DefaultSlope) => Slope = Guard.Finite(slope);

    /// <summary>The slope below 0.</summary>
    public double Slope { get; }

    internal override bool WorksInPlace => Slope >= 0;                // then y > 0 where x > 0

    /// <inheritdoc/>
    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => Elementwise.Map(new Function<T> { Slope = T.CreateChecked(Slope) }, x, y);

    /// <inheritdoc/>
    protected override void Differentiate<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> outputGradient, Span<T> inputGradient) =>
        Elementwise.Map(new Derivative<T> { Slope = T.CreateChecked(Slope) }, x, outputGradient, inputGradient);

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        if (Slope != DefaultSlope)
            builder.Argument(Slope);
        return true;
    }

    private struct Function<T> : IUnary<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public T Slope;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector Invoke<TSimd, TVector>(TVector x) where TSimd : struct, IArithmetic<TVector, T>
        {
            return TSimd.IfGreater(TSimd.Create(T.Zero), x, TSimd.Multiply(x, TSimd.Create(Slope)), x);
        }
    }

    private struct Derivative<T> : IBinary<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public T Slope;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector Invoke<TSimd, TVector>(TVector x, TVector dy) where TSimd : struct, IArithmetic<TVector, T>
        {
            return TSimd.IfGreater(x, TSimd.Create(T.Zero), dy, TSimd.Multiply(dy, TSimd.Create(Slope)));
        }
    }
}
