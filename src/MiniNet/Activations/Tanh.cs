using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>y = tanh x = (eˣ − e⁻ˣ) / (eˣ + e⁻ˣ), between −1 and 1.</summary>
/// <remarks>y′ = 1 − y². Shape: any in, the same out.</remarks>
public sealed record Tanh : Activation
{
    internal override bool WorksInPlace => true;

    /// <inheritdoc/>
    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => Elementwise.Map(new Function<T>(), x, y);

    /// <inheritdoc/>
    protected override void Differentiate<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> outputGradient, Span<T> inputGradient) =>
        Elementwise.Map(new Derivative<T>(), y, outputGradient, inputGradient);

    private struct Function<T> : IUnary<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector Invoke<TSimd, TVector>(TVector x) where TSimd : struct, IArithmetic<TVector, T>
        {
            return VectorMath<TSimd, TVector, T>.Tanh(x);
        }
    }

    private struct Derivative<T> : IBinary<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector Invoke<TSimd, TVector>(TVector y, TVector dy) where TSimd : struct, IArithmetic<TVector, T>
        {
            return TSimd.Multiply(dy, TSimd.Subtract(TSimd.Create(T.One), TSimd.Multiply(y, y)));
        }
    }
}
