using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>
/// A row times a matrix: the prediction of one sample. A tile one row high would have two sums at a time, each waiting for its last addition; here it is eight
/// vectors wide, so that eight sums hide that wait. Rows of B are read two at a time: two streams come from the second-level cache faster than one, or four.
/// </summary>
internal static unsafe class OneRow
{
    /// <summary>How many vectors of C stay in registers.</summary>
    internal const int Width = 8;

    /// <summary>c = a·B or c += a·B, for eight vectors of columns.</summary>
    /// <param name="a">[depth], elements aColumn apart</param>
    /// <param name="aColumn">How far apart the elements of a lie.</param>
    /// <param name="b">[depth, 8 vectors], rows bRow apart</param>
    /// <param name="bRow">How far apart the rows of b lie.</param>
    /// <param name="c">[8 vectors]</param>
    /// <param name="depth">How many terms each sum has, added in their order.</param>
    /// <param name="adds">Whether the sums begin at what is in c.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Run<T, TSimd, TVector>(T* a, nint aColumn, T* b, nint bRow, T* c, int depth, bool adds)
        where T : unmanaged, IFloatingPointIeee754<T> where TSimd : struct, ISimd<TVector, T>
    {
        nint n = TSimd.Count;
        TVector c0 = TSimd.Create(T.Zero), c1 = c0, c2 = c0, c3 = c0, c4 = c0, c5 = c0, c6 = c0, c7 = c0;
        if (adds)
        {
            (c0, c1, c2, c3) = (TSimd.Load(c), TSimd.Load(c + n), TSimd.Load(c + (2 * n)), TSimd.Load(c + (3 * n)));
            (c4, c5, c6, c7) = (TSimd.Load(c + (4 * n)), TSimd.Load(c + (5 * n)), TSimd.Load(c + (6 * n)), TSimd.Load(c + (7 * n)));
        }
        for (; depth >= 2; depth -= 2, a += 2 * aColumn, b += 2 * bRow)
        {
            TVector x0 = TSimd.Create(*a), x1 = TSimd.Create(a[aColumn]);
            c0 = Two<T, TSimd, TVector>(x0, x1, b, bRow, c0);
            c1 = Two<T, TSimd, TVector>(x0, x1, b + n, bRow, c1);
            c2 = Two<T, TSimd, TVector>(x0, x1, b + (2 * n), bRow, c2);
            c3 = Two<T, TSimd, TVector>(x0, x1, b + (3 * n), bRow, c3);
            c4 = Two<T, TSimd, TVector>(x0, x1, b + (4 * n), bRow, c4);
            c5 = Two<T, TSimd, TVector>(x0, x1, b + (5 * n), bRow, c5);
            c6 = Two<T, TSimd, TVector>(x0, x1, b + (6 * n), bRow, c6);
            c7 = Two<T, TSimd, TVector>(x0, x1, b + (7 * n), bRow, c7);
        }
        if (depth > 0)
        {
            TVector x = TSimd.Create(*a);
            c0 = TSimd.MultiplyAdd(x, TSimd.Load(b), c0);
            c1 = TSimd.MultiplyAdd(x, TSimd.Load(b + n), c1);
            c2 = TSimd.MultiplyAdd(x, TSimd.Load(b + (2 * n)), c2);
            c3 = TSimd.MultiplyAdd(x, TSimd.Load(b + (3 * n)), c3);
            c4 = TSimd.MultiplyAdd(x, TSimd.Load(b + (4 * n)), c4);
            c5 = TSimd.MultiplyAdd(x, TSimd.Load(b + (5 * n)), c5);
            c6 = TSimd.MultiplyAdd(x, TSimd.Load(b + (6 * n)), c6);
            c7 = TSimd.MultiplyAdd(x, TSimd.Load(b + (7 * n)), c7);
        }
        TSimd.Store(c0, c);
        TSimd.Store(c1, c + n);
        TSimd.Store(c2, c + (2 * n));
        TSimd.Store(c3, c + (3 * n));
        TSimd.Store(c4, c + (4 * n));
        TSimd.Store(c5, c + (5 * n));
        TSimd.Store(c6, c + (6 * n));
        TSimd.Store(c7, c + (7 * n));
    }

    /// <summary>c + x0·b[0] + x1·b[1], in this order.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Two<T, TSimd, TVector>(TVector x0, TVector x1, T* b, nint bRow, TVector c)
        where T : unmanaged, IFloatingPointIeee754<T> where TSimd : struct, ISimd<TVector, T> =>
        TSimd.MultiplyAdd(x1, TSimd.Load(b + bRow), TSimd.MultiplyAdd(x0, TSimd.Load(b), c));
}
