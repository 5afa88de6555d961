using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>y = ln(1 + eˣ), computed as max(x, 0) + ln(1 + e^−|x|), which cannot overflow.</summary>
/// <remarks>y′ = σ(x), the sigmoid. Shape: any in, the same out. Dugas et al., "Incorporating second-order functional knowledge for better option pricing", 2000.</remarks>
public sealed record Softplus : Activation
{
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
            TVector e = VectorMath<TSimd, TVector, T>.ExpOfMinusAbs(x);
            return TSimd.Add(TSimd.IfGreater(zero, x, zero, x), VectorMath<TSimd, TVector, T>.Log1PUnit(e));
        }
    }

    private struct Derivative<T> : IBinary<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector Invoke<TSimd, TVector>(TVector x, TVector dy) where TSimd : struct, IArithmetic<TVector, T>
        {
            return TSimd.Multiply(dy, VectorMath<TSimd, TVector, T>.Sigmoid(x));
        }
    }
}
