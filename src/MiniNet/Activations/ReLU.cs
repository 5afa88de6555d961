using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>y = max(x, 0): the rectified linear unit.</summary>
/// <remarks>y′ = 1 where x &gt; 0, else 0. NaN stays NaN. Shape: any in, the same out. Nair and Hinton, "Rectified linear units improve restricted Boltzmann machines", 2010.</remarks>
public sealed record ReLU : Activation
{
    internal override bool WorksInPlace => true;                // then y > 0 where x > 0

    internal override bool CommutesWithMaximum => true;

    /// <inheritdoc/>
    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => Elementwise.Map(new Function<T>(), x, y);

    /// <inheritdoc/>
    protected override void Differentiate<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> outputGradient, Span<T> inputGradient) =>
        Elementwise.Map(new Derivative<T>(), x, outputGradient, inputGradient);

    private struct Function<T> : IUnary<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector Invoke<TSimd, TVector>(TVector x) where TSimd : struct, IArithmetic<TVector, T>
        {
            TVector zero = TSimd.Create(T.Zero);
            return TSimd.IfGreater(zero, x, zero, x);
        }
    }

    private struct Derivative<T> : IBinary<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector Invoke<TSimd, TVector>(TVector x, TVector dy) where TSimd : struct, IArithmetic<TVector, T>
        {
            TVector zero = TSimd.Create(T.Zero);
            return TSimd.IfGreater(x, zero, dy, zero);
        }
    }
}
