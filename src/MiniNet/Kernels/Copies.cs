using System.Numerics;

namespace MiniNet;

/// <summary>Copies of parts of a matrix, made where the original lies too far apart for the caches.</summary>
internal static unsafe class Copies<T> where T : unmanaged, IFloatingPointIeee754<T>
{
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

    /// <summary>The same for rows of two vectors: a panel.</summary>
    internal static void Panel<TSimd, TVector>(T* from, nint fromRow, T* to, int rows) where TSimd : struct, ISimd<TVector, T>
    {
        for (int i = 0; i < rows; i++, from += fromRow, to += 2 * TSimd.Count)
        {
            TSimd.Store(TSimd.Load(from), to);
            TSimd.Store(TSimd.Load(from + TSimd.Count), to + TSimd.Count);
        }
    }

    /// <summary>to[i, j] = from[j, i], for so many rows and columns of the copy.</summary>
    internal static void Transposed(T* from, nint fromRow, T* to, nint toRow, int rows, int columns)
    {
        int j = 0;
        for (; j + 4 <= columns; j += 4, from += 4 * fromRow)
        {
            // Four columns at a time: a cache line of the copy is touched a quarter as often.
            T* from1 = from + fromRow, from2 = from1 + fromRow, from3 = from2 + fromRow, row = to + j;
            for (int i = 0; i < rows; i++, row += toRow)
            {
                row[0] = from[i];
                row[1] = from1[i];
                row[2] = from2[i];
                row[3] = from3[i];
            }
        }
        for (; j < columns; j++, from += fromRow)
        {
            for (int i = 0; i < rows; i++)
                to[(i * toRow) + j] = from[i];
        }
    }
}
