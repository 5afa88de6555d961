using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace MiniNet;

/// <summary>y = x where x &gt; 0, else α·(eˣ − 1).</summary>
/// <remarks>y′ = 1, or α·eˣ = y + α. Shape: any in, the same out. Clevert, Unterthiner and Hochreiter, "Fast and accurate deep network learning by exponential linear units", 2015.</remarks>
public sealed record ELU : Activation
{
    /// <summary>An exponential linear unit.</summary>
    /// <param name="alpha">What −y tends to for very negative x.</param>
    /// <exception cref="ArgumentOutOfRangeException">Alpha is not a finite number.</exception>
    public ELU(double alpha = 1) => Alpha = Guard.Finite(alpha);

    /// <summary>What −y tends to for very negative x.</summary>
    public double Alpha { get; }

    /// <inheritdoc/>
    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => Elementwise.Map(new Function<T> { Alpha = T.CreateChecked(Alpha) }, x, y);

    /// <inheritdoc/>
    protected override void Differentiate<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> outputGradient, Span<T> inputGradient) =>
        Elementwise.Map(new Derivative<T> { Alpha = T.CreateChecked(Alpha) }, x, outputGradient, inputGradient);

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        if (Alpha != 1)
            builder.Argument(Alpha);
        return true;
    }

    private struct Function<T> : IUnary<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public T Alpha;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector Invoke<TSimd, TVector>(TVector x) where TSimd : struct, IArithmetic<TVector, T>
        {
            TVector zero = TSimd.Create(T.Zero), floor = VectorMath<TSimd, TVector, T>.Constant(-40);       // e⁻⁴⁰ − 1 rounds to −1
            TVector negative = TSimd.IfGreater(zero, x, TSimd.IfGreater(floor, x, floor, x), zero);
            return TSimd.IfGreater(zero, x, TSimd.Multiply(TSimd.Create(Alpha), VectorMath<TSimd, TVector, T>.ExpM1(negative)), x);
        }
    }

    private struct Derivative<T> : IBinary<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public T Alpha;

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly TVector Invoke<TSimd, TVector>(TVector x, TVector dy) where TSimd : struct, IArithmetic<TVector, T>
        {
            TVector zero = TSimd.Create(T.Zero);
            TVector slope = TSimd.Multiply(TSimd.Create(Alpha), VectorMath<TSimd, TVector, T>.Exp(TSimd.IfGreater(x, zero, zero, x)));
            return TSimd.IfGreater(x, zero, dy, TSimd.Multiply(dy, slope));
        }
    }
}
