using System.Numerics;

namespace MiniNet;

/// <summary>What is done in each place of a vector by itself: all that an activation or its derivative needs.</summary>
/// <typeparam name="TVector">The vector: so many numbers side by side.</typeparam>
/// <typeparam name="T">The number.</typeparam>
internal interface IArithmetic<TVector, T> where T : unmanaged, IFloatingPointIeee754<T>
{
    static abstract TVector Create(T value);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>a · b + c, fused where the processor can: the same bits at every width.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    static abstract TVector Sqrt(TVector a);

    static abstract TVector Abs(TVector a);

    /// <summary>|a| with the sign of the other, ±0 and NaN included.</summary>
    static abstract TVector CopySign(TVector a, TVector sign);

    /// <summary>The greater of both; NaN where one of them is.</summary>
    static abstract TVector Max(TVector a, TVector b);

    /// <summary>Where a &gt; b the one, elsewhere (NaN included) the other.</summary>
    static abstract TVector IfGreater(TVector a, TVector b, TVector one, TVector other);

    /// <summary>Where a = b the one, elsewhere (NaN included) the other.</summary>
    static abstract TVector IfEqual(TVector a, TVector b, TVector one, TVector other);

    /// <summary>x, but at least low; NaN stays NaN: where one is NaN, an x64 processor's maximum and minimum give their second argument, and so does the runtime where it has no instruction for them; ARM's give NaN.</summary>
    static abstract TVector AtLeast(TVector x, TVector low);

    /// <summary>x, but at most high; NaN stays NaN.</summary>
    static abstract TVector AtMost(TVector x, TVector high);

    /// <summary>2ⁿ for whole n from −126 to 127 (float) or −1022 to 1023 (double), given n + <see cref="VectorMath{TSimd,TVector,T}.Offset"/>.</summary>
    static abstract TVector PowerOfTwo(TVector sum);

    /// <summary>a · 2ⁿ, rounded once, for whole n of at most twice the range of <see cref="PowerOfTwo"/>.</summary>
    static abstract TVector Scale(TVector a, TVector n);
}
