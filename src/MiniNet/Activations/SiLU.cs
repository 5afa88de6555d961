using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>y = x·σ(x) with σ the sigmoid; also called swish.</summary>
/// <remarks>y′ = σ + x·σ·(1 − σ). Shape: any in, the same out. Elfwing, Uchibe and Doya, "Sigmoid-weighted linear units for neural network function approximation in reinforcement learning", 2017.</remarks>
public sealed record SiLU : Activation
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
            return TSimd.Multiply(x, VectorMath<TSimd, TVector, T>.Sigmoid(x));
        }
    }

    private struct Derivative<T> : IBinary<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector Invoke<TSimd, TVector>(TVector x, TVector dy) where TSimd : struct, IArithmetic<TVector, T>
        {
            TVector s = VectorMath<TSimd, TVector, T>.Sigmoid(x);
            TVector slope = TSimd.MultiplyAdd(TSimd.Multiply(x, s), TSimd.Subtract(TSimd.Create(T.One), s), s);
            return TSimd.Multiply(dy, slope);
        }
    }
}
