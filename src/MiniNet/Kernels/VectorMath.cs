using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>
/// Exp and what follows from it, on vectors of any width. Derived from the series, in the open: no table and no constant that cannot be recomputed.
/// </summary>
/// <remarks>
/// exp(x) = 2ⁿ·eʳ with n = round(x / ln 2) and r = x − n·ln 2, so |r| ≤ ln 2 / 2 = 0.347. There the Taylor series of eʳ − 1 to r⁷ (float: the first term
/// left out is below 0.347⁸/8! = 5·10⁻⁹) or r¹³ (double: 0.347¹⁴/14! = 4·10⁻¹⁸) is exact to the rounding. ln 2 is taken in two pieces, the first with zeros at
/// its end so that n times it is exact (Cody and Waite, 1980). Polynomials are summed in groups of four terms, not term by term: as many operations, but fewer that
/// wait for one another (Estrin, 1960). 2ⁿ is taken in two factors where one would not do, so that results beyond the normal range round once, to denormals and ∞.
/// </remarks>
internal static class VectorMath
{
    /// <summary>e^x.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Exp<TSimd, TVector, T>(TVector x) where T : unmanaged, IFloatingPointIeee754<T> where TSimd : struct, ISimd<TVector, T>
    {
        TVector r = Reduce<TSimd, TVector, T>(x, out TVector n);
        return TSimd.Scale(TSimd.Add(TSimd.Create(T.One), ExpM1Near0<TSimd, TVector, T>(r)), n);
    }

    /// <summary>e^−|x|: the bits of <see cref="Exp"/> in fewer steps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector ExpOfMinusAbs<TSimd, TVector, T>(TVector x) where T : unmanaged, IFloatingPointIeee754<T> where TSimd : struct, ISimd<TVector, T>
    {
        TVector a = TSimd.CopySign(x, Constant<TSimd, TVector, T>(-1)), low = Lowest<TSimd, TVector, T>();
        TVector r = Remainder<TSimd, TVector, T>(TSimd.IfGreater(low, a, low, a), out TVector n);
        return TSimd.Scale(TSimd.Add(TSimd.Create(T.One), ExpM1Near0<TSimd, TVector, T>(r)), n);
    }

    /// <summary>1 / (1 + e^−x), computed from e^−|x|, which cannot overflow.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Sigmoid<TSimd, TVector, T>(TVector x) where T : unmanaged, IFloatingPointIeee754<T> where TSimd : struct, ISimd<TVector, T>
    {
        TVector one = TSimd.Create(T.One), zero = TSimd.Create(T.Zero);
        TVector e = ExpOfMinusAbs<TSimd, TVector, T>(x);
        return TSimd.Divide(TSimd.IfGreater(zero, x, e, one), TSimd.Add(one, e));
    }

    /// <summary>tanh x = (e^2x − 1) / (e^2x + 1), computed from e^2|x| − 1, which is exact near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Tanh<TSimd, TVector, T>(TVector x) where T : unmanaged, IFloatingPointIeee754<T> where TSimd : struct, ISimd<TVector, T>
    {
        // Beyond, tanh rounds to 1 in double too, or in Half, whose e^2x would overflow.
        TVector a = TSimd.Abs(x), limit = Constant<TSimd, TVector, T>(typeof(T) == typeof(float) || typeof(T) == typeof(double) ? 22 : 5);
        a = TSimd.IfGreater(a, limit, limit, a);
        TVector e = ExpM1<TSimd, TVector, T>(TSimd.Add(a, a));
        return TSimd.CopySign(TSimd.Divide(e, TSimd.Add(e, Constant<TSimd, TVector, T>(2))), x);
    }

    /// <summary>e^x − 1 for |x| &lt; 88 (float) or 708 (double), without the cancellation near 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector ExpM1<TSimd, TVector, T>(TVector x) where T : unmanaged, IFloatingPointIeee754<T> where TSimd : struct, ISimd<TVector, T>
    {
        // 2ⁿ·eʳ − 1 = 2ⁿ·(eʳ − 1) + (2ⁿ − 1)
        TVector r = Remainder<TSimd, TVector, T>(x, out TVector n);
        TVector scale = TSimd.PowerOfTwo(n);
        return TSimd.MultiplyAdd(ExpM1Near0<TSimd, TVector, T>(r), scale, TSimd.Subtract(scale, TSimd.Create(T.One)));
    }

    /// <summary>ln(1 + u) for u from 0 to 1: 2·artanh(s) = 2·(s + s³/3 + s⁵/5 + …) with s = u / (2 + u) ≤ 1/3.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Log1PUnit<TSimd, TVector, T>(TVector u) where T : unmanaged, IFloatingPointIeee754<T> where TSimd : struct, ISimd<TVector, T>
    {
        TVector s = TSimd.Divide(u, TSimd.Add(u, Constant<TSimd, TVector, T>(2)));
        TVector s2 = TSimd.Multiply(s, s), s4 = TSimd.Multiply(s2, s2), s8 = TSimd.Multiply(s4, s4);
        TVector twice = TSimd.Add(s, s), rest = Cubic<TSimd, TVector, T>(s2, s4, 1.0 / 11, 1.0 / 13, 1.0 / 15, 1.0 / 17);        // the next term is 3⁻¹⁹ = 9·10⁻¹⁰
        if (typeof(T) == typeof(double))
        {
            TVector high = Cubic<TSimd, TVector, T>(s2, s4, 1.0 / 27, 1.0 / 29, 1.0 / 31, 1.0 / 33);                        // the next term is 3⁻³⁵ = 2·10⁻¹⁷
            high = TSimd.MultiplyAdd(high, s8, Cubic<TSimd, TVector, T>(s2, s4, 1.0 / 19, 1.0 / 21, 1.0 / 23, 1.0 / 25));
            rest = TSimd.MultiplyAdd(high, s8, rest);
        }
        rest = TSimd.MultiplyAdd(rest, s8, Cubic<TSimd, TVector, T>(s2, s4, 1.0 / 3, 1.0 / 5, 1.0 / 7, 1.0 / 9));
        return TSimd.MultiplyAdd(twice, TSimd.Multiply(rest, s2), twice);
    }

    /// <summary>
    /// Φ(x), the distribution function of the standard normal. With z = |x| / √2 and t = 2 / (2 + z), erfc(z) = t·exp(−z² + P(2t − 1)), where P is the Chebyshev
    /// expansion of ln(erfc(z)·exp(z²) / t) in 2t − 1 from −1 to 1, summed as a polynomial: the absolute error is below 5·10⁻¹⁶ (double).
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector NormalCdf<TSimd, TVector, T>(TVector x) where T : unmanaged, IFloatingPointIeee754<T> where TSimd : struct, ISimd<TVector, T>
    {
        TVector one = TSimd.Create(T.One), zero = TSimd.Create(T.Zero), two = Constant<TSimd, TVector, T>(2);
        TVector z = TSimd.Multiply(TSimd.Abs(x), Constant<TSimd, TVector, T>(0.70710678118654752440));
        TVector t = TSimd.Divide(two, TSimd.Add(two, z));
        TVector s = TSimd.Subtract(TSimd.Add(t, t), one);
        TVector s2 = TSimd.Multiply(s, s), s4 = TSimd.Multiply(s2, s2), p = zero;
        if (typeof(T) == typeof(double))
        {
            for (int k = LogErfc.Length - 4; k >= 0; k -= 4)
                p = TSimd.MultiplyAdd(p, s4, Cubic<TSimd, TVector, T>(s, s2, LogErfc[k], LogErfc[k + 1], LogErfc[k + 2], LogErfc[k + 3]));
        }
        else
        {
            // The expansion of lower degree that float needs, written out: its constants are made by the compiler, not in the loop.
            p = TSimd.MultiplyAdd(Constant<TSimd, TVector, T>(0.000020723070957778816786), s, Constant<TSimd, TVector, T>(0.000013371503491274447865));
            p = TSimd.MultiplyAdd(p, s4, Cubic<TSimd, TVector, T>(s, s2, -0.00018278214171601266745, 0.00065795384777102352661, -0.000032113772312125478287, -0.0001546337908296659341));
            p = TSimd.MultiplyAdd(p, s4, Cubic<TSimd, TVector, T>(s, s2, -0.0098745349182913754735, 0.0088235581776450398644, 0.0017706661186296710207, -0.0023392777240525919358));
            p = TSimd.MultiplyAdd(p, s4, Cubic<TSimd, TVector, T>(s, s2, -0.67179408515172142804, 0.67264322054600843326, 0.04734341752106750045, -0.04689548216099500058));
        }
        TVector tail = TSimd.Multiply(TSimd.Multiply(t, Constant<TSimd, TVector, T>(0.5)), Exp<TSimd, TVector, T>(TSimd.Subtract(p, TSimd.Multiply(z, z))));
        return TSimd.IfGreater(x, zero, TSimd.Subtract(one, tail), tail);
    }

    /// <summary>A constant in every place of a vector.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Constant<TSimd, TVector, T>(double value) where T : unmanaged, IFloatingPointIeee754<T> where TSimd : struct, ISimd<TVector, T> =>
        TSimd.Create(typeof(T) == typeof(float) ? (T)(object)(float)value : typeof(T) == typeof(double) ? (T)(object)value : T.CreateTruncating(value));

    private static ReadOnlySpan<double> LogErfc =>
    [
        -0.671794084056692266, 0.67264322397765596714, 0.047343306841904428319, -0.046895610231083022596, -0.0098726893663899585729, 0.0088249385537387633919,
        0.0017589335577990160867, -0.0023458124448021560996, -0.00014624686337800336423, 0.00067367826970698314625, -0.000093735031170981704879,
        -0.00017429984933155644963, 0.0000714010141275703064, 0.000031733105993770606605, -0.000030187884551394244299, 1.6992332312277021952e-7,
        8.562623420121285649e-6, -3.0076454344106692577e-6, -1.27231190486886998e-6, 1.3267813608518888117e-6, -1.6849800720653297471e-7,
        -3.168341367694146854e-7, 1.5334345920908176839e-7, 3.9722035472737954118e-8, -3.9171820510271858252e-8, -1.5867042924138043173e-9,
        4.0608821469697202197e-9, 0,
    ];

    /// <summary>x = n·ln 2 + r. Beyond the range of the number type x is drawn in, just so far that e^x still gives 0 or ∞; NaN stays NaN.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Reduce<TSimd, TVector, T>(TVector x, out TVector n) where T : unmanaged, IFloatingPointIeee754<T> where TSimd : struct, ISimd<TVector, T>
    {
        TVector high = Constant<TSimd, TVector, T>(typeof(T) == typeof(double) ? 710 : 89);
        return Remainder<TSimd, TVector, T>(TSimd.Clamp(x, Lowest<TSimd, TVector, T>(), high), out n);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Lowest<TSimd, TVector, T>() where T : unmanaged, IFloatingPointIeee754<T> where TSimd : struct, ISimd<TVector, T> =>
        Constant<TSimd, TVector, T>(typeof(T) == typeof(double) ? -746 : -104);

    /// <summary>The same for x within the range.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Remainder<TSimd, TVector, T>(TVector x, out TVector n) where T : unmanaged, IFloatingPointIeee754<T> where TSimd : struct, ISimd<TVector, T>
    {
        bool isDouble = typeof(T) == typeof(double);
        TVector perLn2 = Constant<TSimd, TVector, T>(1.4426950408889634);
        if (isDouble || typeof(T) == typeof(float))
        {
            // 1.5 · 2^23 (or 2^52) leaves no bits for a fraction: adding it rounds.
            TVector whole = Constant<TSimd, TVector, T>(isDouble ? 6755399441055744 : 12582912);
            n = TSimd.Subtract(TSimd.MultiplyAdd(x, perLn2, whole), whole);
        }
        else
        {
            n = TSimd.Round(TSimd.Multiply(x, perLn2));
        }
        TVector r = TSimd.MultiplyAdd(n, Constant<TSimd, TVector, T>(isDouble ? -0.693147180369123816490 : -0.693145751953125), x);
        return TSimd.MultiplyAdd(n, Constant<TSimd, TVector, T>(isDouble ? -1.90821492927058770002e-10 : -1.428606820309417e-6), r);
    }

    /// <summary>eʳ − 1 = r + r²/2! + r³/3! + …, for |r| ≤ 0.347.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector ExpM1Near0<TSimd, TVector, T>(TVector r) where T : unmanaged, IFloatingPointIeee754<T> where TSimd : struct, ISimd<TVector, T>
    {
        TVector r2 = TSimd.Multiply(r, r), sum;
        if (typeof(T) == typeof(double))
        {
            TVector r4 = TSimd.Multiply(r2, r2);
            sum = TSimd.MultiplyAdd(
                Cubic<TSimd, TVector, T>(r, r2, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800), r4, Cubic<TSimd, TVector, T>(r, r2, 1.0 / 720, 1.0 / 5040, 1.0 / 40320, 1.0 / 362880));
            sum = TSimd.MultiplyAdd(sum, r4, Cubic<TSimd, TVector, T>(r, r2, 1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120));
        }
        else
        {
            sum = Cubic<TSimd, TVector, T>(r, r2, 1.0 / 24, 1.0 / 120, 1.0 / 720, 1.0 / 5040);
            sum = TSimd.MultiplyAdd(sum, r2, TSimd.MultiplyAdd(Constant<TSimd, TVector, T>(1.0 / 6), r, Constant<TSimd, TVector, T>(1.0 / 2)));
        }
        return TSimd.MultiplyAdd(sum, r2, r);
    }

    /// <summary>c0 + c1·x + c2·x² + c3·x³, in two steps.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Cubic<TSimd, TVector, T>(TVector x, TVector x2, double c0, double c1, double c2, double c3)
        where T : unmanaged, IFloatingPointIeee754<T> where TSimd : struct, ISimd<TVector, T>
    {
        TVector low = TSimd.MultiplyAdd(Constant<TSimd, TVector, T>(c1), x, Constant<TSimd, TVector, T>(c0));
        return TSimd.MultiplyAdd(TSimd.MultiplyAdd(Constant<TSimd, TVector, T>(c3), x, Constant<TSimd, TVector, T>(c2)), x2, low);
    }
}
