using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace MiniNet;

/// <summary>Copies of parts of a matrix, made where the original lies too far apart for the caches, or in the other order.</summary>
internal static unsafe class Copies<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int RowsAhead = 16;

    [ThreadStatic]
    private static T[]? memory;

    /// <summary>Memory of this thread's own: made at the first product that needs it.</summary>
    internal static T[] Take(int length) => memory?.Length >= length ? memory : memory = new T[length];

    /// <summary>to[i, j] = from[i, j], for so many rows and columns.</summary>
    internal static void Rows(T* from, nint fromRow, T* to, nint toRow, int rows, int columns)
    {
        for (int i = 0; i < rows; i++, from += fromRow, to += toRow)
            new ReadOnlySpan<T>(from, columns).CopyTo(new Span<T>(to, columns));
    }

    /// <summary>The same for a panel: rows of two vectors, of which the first so many columns are copied.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Panel<TSimd, TVector>(T* from, nint fromRow, T* to, int rows, int columns) where TSimd : struct, ISimd<TVector, T>
    {
        nint width = 2 * TSimd.Count, ahead = RowsAhead * fromRow;
        for (int i = 0; i < rows; i++, from += fromRow, to += width)
        {
            if (Sse.IsSupported)
            {
                Sse.Prefetch0(from + ahead);
                Sse.Prefetch0(from + ahead + TSimd.Count);
            }
            TSimd.Store(columns < TSimd.Count ? TSimd.LoadFirst(from, columns) : TSimd.Load(from), to);
            if (columns == width)
                TSimd.Store(TSimd.Load(from + TSimd.Count), to + TSimd.Count);
        }
    }

    /// <summary>to[i, j] = from[j, i], for so many rows and columns of the copy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Transposed(T* from, nint fromRow, T* to, nint toRow, int rows, int columns)
    {
        int side = Square<T>.Side, j = 0;
        nint ahead = 2 * side * fromRow;
        for (; j + side <= columns; j += side, from += side * fromRow)
        {
            T* x = from, y = to + j;
            int i = 0;
            for (; i + side <= rows; i += side, x += side, y += side * toRow)
            {
                if (Sse.IsSupported)
                {
                    for (int s = 0; s < side; s++)
                        Sse.Prefetch1(x + ahead + (s * fromRow));
                }
                Square<T>.Transpose(x, fromRow, y, toRow);
            }
            for (; i < rows; i++, x++, y += toRow)
            {
                for (int s = 0; s < side; s++)
                    y[s] = x[s * fromRow];
            }
        }
        for (; j < columns; j++, from += fromRow)
        {
            for (int i = 0; i < rows; i++)
                to[(i * toRow) + j] = from[i];
        }
    }
}
