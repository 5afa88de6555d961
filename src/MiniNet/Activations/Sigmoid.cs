using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>y = 1 / (1 + e⁻ˣ), between 0 and 1: the probability of yes.</summary>
/// <remarks>y′ = y·(1 − y). Shape: any in, the same out. Ends a model for <see cref="BinaryCrossEntropy"/>.</remarks>
public sealed record Sigmoid : Activation
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
            return VectorMath<TSimd, TVector, T>.Sigmoid(x);
        }
    }

    private struct Derivative<T> : IBinary<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector Invoke<TSimd, TVector>(TVector y, TVector dy) where TSimd : struct, IArithmetic<TVector, T>
        {
            return TSimd.Multiply(dy, TSimd.Multiply(y, TSimd.Subtract(TSimd.Create(T.One), y)));
        }
    }
}
