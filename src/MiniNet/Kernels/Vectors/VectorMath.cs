using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>Exp and what follows from it, on vectors of any width. In the open: no table, and no constant that cannot be computed again from what is said here.</summary>
/// <remarks>
/// exp(x) = 2ⁿ·eʳ with n = round(x / ln 2) and r = x − n·ln 2, so |r| ≤ ln 2 / 2 = 0.347. There eʳ − 1 is r + r²·s(r), and s the polynomial of five terms (float) or
/// ten (double) that gives eʳ with the least greatest relative error, 3·10⁻⁹ and 4·10⁻¹⁸: Taylor's 1/2! + r/3! + … but for the last digits, and one or two terms
/// shorter. ln 2 is taken in two pieces, the first with zeros at its end so that n times it is exact (Cody and Waite, 1980). Polynomials are summed in groups of four
/// terms, not term by term: as many operations, but fewer that wait for one another (Estrin, 1960). 2ⁿ is taken in two factors where one would not do, so that
/// results beyond the normal range round once, to denormals and ∞. Coefficients of least greatest error come from least squares at several hundred points, each
/// weighted anew by its error until the greatest ones are equal (Lawson, 1961).
/// </remarks>
internal static class VectorMath<TSimd, TVector, T> where T : unmanaged, IFloatingPointIeee754<T> where TSimd : struct, IArithmetic<TVector, T>
{
    /// <summary>e^x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Exp(TVector x)
    {
        TVector high = Constant(IsDouble ? 710 : 89);
        TVector r = Remainder(TSimd.AtMost(TSimd.AtLeast(x, Lowest), high), out TVector sum);
        return TSimd.Scale(TSimd.Add(TSimd.Create(T.One), ExpM1Near0(r)), TSimd.Subtract(sum, TSimd.Create(Offset)));
    }

    /// <summary>e^−|x|: the bits of <see cref="Exp"/> in fewer steps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector ExpOfMinusAbs(TVector x) => ExpOfNegative(TSimd.CopySign(x, Constant(-1)));

    /// <summary>e^x for x ≤ 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector ExpOfNegative(TVector x)
    {
        TVector r = Remainder(TSimd.AtLeast(x, Lowest), out TVector sum);
        return TSimd.Scale(TSimd.Add(TSimd.Create(T.One), ExpM1Near0(r)), TSimd.Subtract(sum, TSimd.Create(Offset)));
    }

    /// <summary>1 / (1 + e^−x), computed from e^−|x|, which cannot overflow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Sigmoid(TVector x)
    {
        TVector one = TSimd.Create(T.One), zero = TSimd.Create(T.Zero);
        TVector e = ExpOfMinusAbs(x);
        return TSimd.Divide(TSimd.IfGreater(zero, x, e, one), TSimd.Add(one, e));
    }

    /// <summary>tanh x = (e^2x − 1) / (e^2x + 1), computed from e^2|x| − 1, which is exact near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Tanh(TVector x)
    {
        // Beyond, tanh rounds to 1 in double too, or in Half, whose e^2x would overflow.
        TVector a = TSimd.AtMost(TSimd.Abs(x), Constant(typeof(T) == typeof(float) || IsDouble ? 22 : 5));
        TVector e = ExpM1(TSimd.Add(a, a));
        return TSimd.CopySign(TSimd.Divide(e, TSimd.Add(e, Constant(2))), x);
    }

    /// <summary>e^x − 1 for |x| &lt; 88 (float) or 708 (double), without the cancellation near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector ExpM1(TVector x)
    {
        // 2ⁿ·eʳ − 1 = 2ⁿ·(eʳ − 1) + (2ⁿ − 1)
        TVector r = Remainder(x, out TVector sum);
        TVector scale = TSimd.PowerOfTwo(sum);
        return TSimd.MultiplyAdd(ExpM1Near0(r), scale, TSimd.Subtract(scale, TSimd.Create(T.One)));
    }

    /// <summary>ln(1 + u) for u from 0 to 1: 2·artanh(s) = 2·(s + s³/3 + s⁵/5 + …) with s = u / (2 + u) ≤ 1/3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Log1PUnit(TVector u)
    {
        TVector s = TSimd.Divide(u, TSimd.Add(u, Constant(2)));
        TVector s2 = TSimd.Multiply(s, s), s4 = TSimd.Multiply(s2, s2), s8 = TSimd.Multiply(s4, s4);
        TVector twice = TSimd.Add(s, s), rest = Cubic(s2, s4, 1.0 / 11, 1.0 / 13, 1.0 / 15, 1.0 / 17);        // the next term is 3⁻¹⁹ = 9·10⁻¹⁰
        if (IsDouble)
        {
            TVector high = Cubic(s2, s4, 1.0 / 27, 1.0 / 29, 1.0 / 31, 1.0 / 33);                        // the next term is 3⁻³⁵ = 2·10⁻¹⁷
            high = TSimd.MultiplyAdd(high, s8, Cubic(s2, s4, 1.0 / 19, 1.0 / 21, 1.0 / 23, 1.0 / 25));
            rest = TSimd.MultiplyAdd(high, s8, rest);
        }
        rest = TSimd.MultiplyAdd(rest, s8, Cubic(s2, s4, 1.0 / 3, 1.0 / 5, 1.0 / 7, 1.0 / 9));
        return TSimd.MultiplyAdd(twice, TSimd.Multiply(rest, s2), twice);
    }

    /// <summary>
    /// Φ(x), the distribution function of the standard normal, and e^(−x²/2), of which its density is made. The tail Φ(−|x|) is t·Q(t − u)·e^(−x²/2) with
    /// u = |x| / (|x| + 4.75), which runs from 0 to 1, t = 1 − u, and Q the polynomial of least greatest relative error: 2·10⁻⁸ with nine terms for |x| &lt; 14.6 (float),
    /// 2·10⁻¹⁸ with 24 for |x| &lt; 39 (double); beyond, the tail is 0.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector NormalCdf(TVector x, out TVector exp)
    {
        TVector one = TSimd.Create(T.One), a = TSimd.AtMost(TSimd.Abs(x), Constant(40));
        TVector u = TSimd.Divide(a, TSimd.Add(a, Constant(4.75))), t = TSimd.Subtract(one, u);
        TVector s = TSimd.Subtract(t, u), s2 = TSimd.Multiply(s, s), s4 = TSimd.Multiply(s2, s2), q;
        if (IsDouble)
        {
            q = TSimd.Create(T.Zero);
            for (int i = NormalTail.Length - 4; i >= 0; i -= 4)
                q = TSimd.MultiplyAdd(q, s4, Cubic(s, s2, NormalTail[i], NormalTail[i + 1], NormalTail[i + 2], NormalTail[i + 3]));
        }
        else
        {
            q = TSimd.MultiplyAdd(Constant(-0.000272924461133), s4, Cubic(s, s2, 0.0290746146901, 0.0106601283736, 0.00243106079342, -0.000051477818698));
            q = TSimd.MultiplyAdd(q, s4, Cubic(s, s2, 0.161350795737, 0.13759776338, 0.0993820336998, 0.0598280107119));
        }
        exp = ExpOfNegative(TSimd.Multiply(TSimd.Multiply(x, Constant(-0.5)), x));
        TVector tail = TSimd.Multiply(TSimd.Multiply(t, q), exp);
        return TSimd.IfGreater(x, TSimd.Create(T.Zero), TSimd.Subtract(one, tail), tail);
    }

    /// <summary>
    /// 1.5·2²³ + 127 (float) or 1.5·2⁵² + 1023 (double). A sum with it has no bits for a fraction, so adding rounds, and ends in those of the exponent of 2ⁿ.
    /// (1.5·2¹⁰ for Half and 1.5·2⁵² for NFloat: it rounds likewise, and 2ⁿ is made otherwise.)
    /// </summary>
    internal static T Offset
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) == typeof(float) ? (T)(object)12583039f : typeof(T) == typeof(double) ? (T)(object)6755399441056767.0 : T.CreateTruncating(IsDouble ? 6755399441055744 : 1536);
    }

    /// <summary>Whether numbers have the range and digits of double: double itself, or NFloat where it is as long.</summary>
    private static bool IsDouble
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => typeof(T) != typeof(float) && Unsafe.SizeOf<T>() == sizeof(double);
    }

    /// <summary>A constant in every place of a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Constant(double value) =>
        TSimd.Create(typeof(T) == typeof(float) ? (T)(object)(float)value : typeof(T) == typeof(double) ? (T)(object)value : T.CreateTruncating(value));

    private static ReadOnlySpan<double> NormalTail =>
    [
        0.16135079834509872348, 0.13759775395954226039, 0.099381757684934636811, 0.05982831998477227602, 0.029079026743372797275, 0.010655543393393467908,
        0.0024085562548793698292, -0.000022377945777677451887, -0.00023952061053635403875, -0.000062069226824648305912, 0.000013700449024937672775,
        0.000010170244774714426695, -3.5103181911743743376e-7, -1.4541083366059496694e-6, -5.3808210482759775602e-8, 2.2056655577738478978e-7,
        1.0748092916333405439e-8, -3.6381373980476233662e-8, -1.4644320935492408517e-10, 5.9730256735056630948e-9, -5.0342725357673283102e-10,
        -7.3897913983549402018e-10, 1.2839267410364993396e-10, 2.586824475550461639e-11,
    ];

    /// <summary>Below it e^x is 0.</summary>
    private static TVector Lowest
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => Constant(IsDouble ? -746 : -104);
    }

    /// <summary>r of x = n·ln 2 + r, for x of which e^x is near the range of the number type, and n + <see cref="Offset"/>; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Remainder(TVector x, out TVector sum)
    {
        bool isDouble = IsDouble;
        TVector perLn2 = Constant(1.4426950408889634), offset = TSimd.Create(Offset);
        sum = TSimd.MultiplyAdd(x, perLn2, offset);
        TVector n = TSimd.Subtract(sum, offset);
        TVector r = TSimd.MultiplyAdd(n, Constant(isDouble ? -0.693147180369123816490 : -0.693145751953125), x);
        return TSimd.MultiplyAdd(n, Constant(isDouble ? -1.90821492927058770002e-10 : -1.428606820309417e-6), r);
    }

    /// <summary>eʳ − 1 for |r| ≤ 0.347.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ExpM1Near0(TVector r)
    {
        TVector r2 = TSimd.Multiply(r, r), sum;
        if (IsDouble)
        {
            TVector r4 = TSimd.Multiply(r2, r2);
            sum = TSimd.MultiplyAdd(Constant(2.5000020789555685659e-8), r, Constant(2.7630306802981199788e-7));
            sum = TSimd.MultiplyAdd(sum, r4, Cubic(r, r2, 0.0013888888943761657549, 0.00019841269505773519746, 0.000024801492947987370177, 2.7557586800370730301e-6));
            sum = TSimd.MultiplyAdd(sum, r4, Cubic(r, r2, 0.50000000000000106696, 0.16666666666666411496, 0.041666666666529721379, 0.0083333333334949802825));
        }
        else
        {
            sum = TSimd.MultiplyAdd(Constant(0.00138145378937), r2, TSimd.MultiplyAdd(Constant(0.00836874532005), r, Constant(0.0416683908313)));
            sum = TSimd.MultiplyAdd(sum, r2, TSimd.MultiplyAdd(Constant(0.166665203968), r, Constant(0.499999934319)));
        }
        return TSimd.MultiplyAdd(sum, r2, r);
    }

    /// <summary>c0 + c1·x + c2·x² + c3·x³, in two steps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Cubic(TVector x, TVector x2, double c0, double c1, double c2, double c3)
    {
        TVector low = TSimd.MultiplyAdd(Constant(c1), x, Constant(c0));
        return TSimd.MultiplyAdd(TSimd.MultiplyAdd(Constant(c3), x, Constant(c2)), x2, low);
    }
}
