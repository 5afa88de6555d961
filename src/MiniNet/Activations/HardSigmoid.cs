using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>y = x / 6 + ½, cut off at 0 and 1: a sigmoid without an exponential.</summary>
/// <remarks>y′ = 1/6 for −3 &lt; x &lt; 3, else 0. Shape: any in, the same out. The form of Howard et al., "Searching for MobileNetV3", 2019, and of PyTorch.</remarks>
public sealed record HardSigmoid : Activation
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
            TVector zero = TSimd.Create(T.Zero), one = TSimd.Create(T.One);
            TVector y = TSimd.Divide(TSimd.Add(x, VectorMath<TSimd, TVector, T>.Constant(3)), VectorMath<TSimd, TVector, T>.Constant(6));
            return TSimd.IfGreater(zero, y, zero, TSimd.IfGreater(y, one, one, y));
        }
    }

    private struct Derivative<T> : IBinary<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector Invoke<TSimd, TVector>(TVector x, TVector dy) where TSimd : struct, IArithmetic<TVector, T>
        {
            TVector zero = TSimd.Create(T.Zero), three = VectorMath<TSimd, TVector, T>.Constant(3);
            return TSimd.IfGreater(three, TSimd.Abs(x), TSimd.Divide(dy, VectorMath<TSimd, TVector, T>.Constant(6)), zero);
        }
    }
}
