using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.X86;

namespace MiniNet;

/// <summary>Copies of parts of a matrix, made where the original lies too far apart for the caches, across their lines, or in the other order.</summary>
internal static unsafe class Copies<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int RowsAhead = 16, WorthAFetch = 64;

    [ThreadStatic]
    private static T[]? memory;

    /// <summary>Memory of this thread's own: made at the first product or convolution that needs it.</summary>
    internal static T[] Take(int length) => memory?.Length >= length ? memory : memory = new T[length];

    /// <summary>Whether vectors that are loaded from these rows cross cache lines, each of which then costs two loads.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsAskew<TSimd, TVector>(T* rows, nint row) where TSimd : struct, ISimd<TVector, T> =>
        (((nint)rows | (row * sizeof(T))) & ((TSimd.Count * sizeof(T)) - 1)) != 0;

    /// <summary>The next place where a cache line begins.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T* Align(T* memory) => (T*)(((nint)memory + AlignedArray.CacheLine - 1) & -AlignedArray.CacheLine);

    /// <summary>to[i, j] = from[i, j], for so many rows and columns, a vector at a time: what is beyond the last column of a row of the copy, up to a whole vector, is 0.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Panel<TSimd, TVector>(T* from, nint fromRow, T* to, nint toRow, int rows, int columns) where TSimd : struct, ISimd<TVector, T>
    {
        nint ahead = RowsAhead * fromRow;
        for (int i = 0; i < rows; i++, from += fromRow, to += toRow)
        {
            int j = 0;
            for (; j <= columns - TSimd.Count; j += TSimd.Count)
            {
                if (Sse.IsSupported)
                    Sse.Prefetch0(from + ahead + j);
                TSimd.Store(TSimd.Load(from + j), to + j);
            }
            if (j < columns)
                TSimd.Store(TSimd.LoadFirst(from + j, columns - j), to + j);
        }
    }

    /// <summary>to[i, j] = from[j, i], for so many rows and columns of the copy.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Transposed(T* from, nint fromRow, T* to, nint toRow, int rows, int columns)
    {
        int side = Square<T>.Side;
        if (rows < side || columns < side)
        {
            for (int j = 0; j < columns; j++, from += fromRow)
            {
                for (int i = 0; i < rows; i++)
                    to[(i * toRow) + j] = from[i];
            }
            return;
        }
        for (int j = 0, wide; j < columns; j += wide)
        {
            wide = columns - j <= side || columns < 2 * side ? side : 2 * side;
            int column = Math.Min(j, columns - wide);                   // the last square overlaps the one before it, and writes the same there
            T* x = from + (column * fromRow), y = to + column;
            if (rows >= WorthAFetch)
                Fetch(x + (wide * fromRow), fromRow, wide, rows);
            for (int i = 0; i < rows; i += side)
            {
                int row = Math.Min(i, rows - side);
                if (wide == side)
                    Square<T>.Transpose(x + row, fromRow, y + (row * toRow), toRow);
                else
                    Square<T>.TransposeTwo(x + row, fromRow, y + (row * toRow), toRow);
            }
        }
    }

    /// <summary>So many rows and columns are read soon: the second-level cache may fetch them.</summary>
    private static void Fetch(T* from, nint fromRow, int rows, int columns)
    {
        for (int i = 0; Sse.IsSupported && i < rows; i++, from += fromRow)
        {
            for (int j = 0; j < columns; j += AlignedArray.CacheLine / sizeof(T))
                Sse.Prefetch1(from + j);
        }
    }
}
