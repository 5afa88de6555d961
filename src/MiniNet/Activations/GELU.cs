using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace MiniNet;

/// <summary>y = x·Φ(x), with Φ the distribution function of the standard normal: the Gaussian error linear unit.</summary>
/// <remarks>
/// y′ = Φ(x) + x·φ(x) with φ(x) = e^(−x²/2) / √(2π). Shape: any in, the same out.
/// The approximation of the paper, which many published networks were trained with, is <c>new GELU(GeluApproximation.Tanh)</c>:
/// y = ½·x·(1 + tanh(√(2/π)·(x + 0.044715·x³))). Hendrycks and Gimpel, "Gaussian error linear units", 2016.
/// </remarks>
public sealed record GELU : Activation
{
    private const double Cubic = 0.044715, RootTwoOverPi = 0.79788456080286535588, OneOverRootTwoPi = 0.39894228040143267794;

    /// <summary>A Gaussian error linear unit.</summary>
    /// <param name="approximation">How Φ is computed.</param>
    /// <exception cref="ArgumentOutOfRangeException">There is no such approximation.</exception>
    public GELU(GeluApproximation approximation = GeluApproximation.None)
    {
        if (approximation is not (GeluApproximation.None or GeluApproximation.Tanh))
            throw new ArgumentOutOfRangeException(nameof(approximation), approximation, "GELU is computed exactly (None) or by a tanh (Tanh).");
        Approximation = approximation;
    }

    /// <summary>How Φ is computed.</summary>
    public GeluApproximation Approximation { get; }

    /// <inheritdoc/>
    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y)
    {
        if (Approximation == GeluApproximation.Tanh)
            Elementwise.Map(new TanhFunction<T>(), x, y);
        else
            Elementwise.Map(new Function<T>(), x, y);
    }

    /// <inheritdoc/>
    protected override void Differentiate<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        if (Approximation == GeluApproximation.Tanh)
            Elementwise.Map(new TanhDerivative<T>(), x, outputGradient, inputGradient);
        else
            Elementwise.Map(new Derivative<T>(), x, outputGradient, inputGradient);
    }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        if (Approximation != GeluApproximation.None)
            builder.Append("GeluApproximation.").Append(Approximation);
        return true;
    }

    /// <summary>tanh(√(2/π)·(x + 0.044715·x³)).</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector InnerTanh<TSimd, TVector, T>(TVector x, TVector x2) where T : unmanaged, IFloatingPointIeee754<T> where TSimd : struct, IArithmetic<TVector, T>
    {
        TVector u = TSimd.MultiplyAdd(TSimd.Multiply(x, x2), VectorMath<TSimd, TVector, T>.Constant(RootTwoOverPi * Cubic), TSimd.Multiply(x, VectorMath<TSimd, TVector, T>.Constant(RootTwoOverPi)));
        return VectorMath<TSimd, TVector, T>.Tanh(u);
    }

    private struct Function<T> : IUnary<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector Invoke<TSimd, TVector>(TVector x) where TSimd : struct, IArithmetic<TVector, T> =>
            TSimd.Multiply(x, VectorMath<TSimd, TVector, T>.NormalCdf(x, out _));
    }

    private struct Derivative<T> : IBinary<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector Invoke<TSimd, TVector>(TVector x, TVector dy) where TSimd : struct, IArithmetic<TVector, T>
        {
            TVector cdf = VectorMath<TSimd, TVector, T>.NormalCdf(x, out TVector exp);
            return TSimd.Multiply(dy, TSimd.MultiplyAdd(TSimd.Multiply(x, VectorMath<TSimd, TVector, T>.Constant(OneOverRootTwoPi)), exp, cdf));
        }
    }

    private struct TanhFunction<T> : IUnary<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector Invoke<TSimd, TVector>(TVector x) where TSimd : struct, IArithmetic<TVector, T>
        {
            TVector half = TSimd.Multiply(x, VectorMath<TSimd, TVector, T>.Constant(0.5));
            return TSimd.MultiplyAdd(half, InnerTanh<TSimd, TVector, T>(x, TSimd.Multiply(x, x)), half);
        }
    }

    private struct TanhDerivative<T> : IBinary<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        // y = ½·x·(1 + t): y′ = ½·(1 + t) + ½·x·(1 − t²)·√(2/π)·(1 + 3·0.044715·x²)
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector Invoke<TSimd, TVector>(TVector x, TVector dy) where TSimd : struct, IArithmetic<TVector, T>
        {
            TVector one = TSimd.Create(T.One), half = VectorMath<TSimd, TVector, T>.Constant(0.5), x2 = TSimd.Multiply(x, x);
            TVector t = InnerTanh<TSimd, TVector, T>(x, x2);
            TVector du = TSimd.MultiplyAdd(x2, VectorMath<TSimd, TVector, T>.Constant(3 * Cubic * RootTwoOverPi), VectorMath<TSimd, TVector, T>.Constant(RootTwoOverPi));
            TVector slope = TSimd.MultiplyAdd(TSimd.Multiply(x, TSimd.Subtract(one, TSimd.Multiply(t, t))), du, TSimd.Add(one, t));
            return TSimd.Multiply(dy, TSimd.Multiply(half, slope));
        }
    }
}
