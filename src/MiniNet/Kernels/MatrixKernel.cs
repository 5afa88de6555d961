using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>
/// The matrix product: C[i, j] = Σₖ A[i, k] · B[k, j], by register tiles.
/// </summary>
/// <remarks>
/// A tile of 4 rows × 2 vectors of C stays in registers while k runs: for each k, two vectors of B are loaded once and used for four rows, and each
/// element of A is broadcast once and used for two vectors. So 8 multiply-adds go with 6 loads.
/// <para>
/// A may be read along its rows or along its columns: it is broadcast element by element, so only the two strides differ.
/// B must lie in rows. Where it does not (a transposed B), a panel of it is turned into rows on the stack first, 2 vectors wide, 256 rows at a time.
/// </para>
/// <para>
/// Every element of C adds its products in the order of k, one after the other, in whichever tile, on whichever thread: the same bits for any split.
/// </para>
/// </remarks>
internal static unsafe class MatrixKernel
{
    private const int TileRows = 4;
    private const int PanelDepth = 256;

    /// <summary>
    /// C = A·B, or C += A·B. Row i of A begins at a[i · aRow] and its elements are aColumn apart; B is [inner, columns], or [columns, inner] if transposed.
    /// </summary>
    internal static void Multiply<T>(ReadOnlySpan<T> a, int aRow, int aColumn, ReadOnlySpan<T> b, bool bIsTransposed, Span<T> c, int rows, int inner, int columns, bool accumulates)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (rows == 0 || columns == 0)
            return;
        fixed (T* pa = a, pb = b, pc = c)
        {
            Simd.Run<T, Product<T>>(new()
            {
                A = pa, ARow = aRow, AColumn = aColumn, B = pb, BIsTransposed = bIsTransposed, C = pc,
                Rows = rows, Inner = inner, Columns = columns, Accumulates = accumulates,
            });
        }
    }

    private struct Product<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public T* A, B, C;
        public int ARow, AColumn, Rows, Inner, Columns;
        public bool BIsTransposed, Accumulates;

        [SkipLocalsInit]
        public readonly void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
        {
            int width = 2 * TSimd.Count;
            T* panel = stackalloc T[BIsTransposed ? PanelDepth * width : 1];
            for (int column = 0; column < Columns; column += width)
            {
                int wide = Math.Min(width, Columns - column);
                if (!BIsTransposed)
                {
                    Panel<TSimd, TVector>(B + column, Columns, column, wide, 0, Inner);
                    continue;
                }
                int from = 0;
                do
                {
                    int depth = Math.Min(PanelDepth, Inner - from);
                    for (int j = 0; j < wide; j++)
                    {
                        T* row = B + ((long)(column + j) * Inner) + from;
                        for (int k = 0; k < depth; k++)
                            panel[(k * width) + j] = row[k];
                    }
                    Panel<TSimd, TVector>(panel, width, column, wide, from, depth);
                    from += depth;
                }
                while (from < Inner);
            }
        }

        /// <summary>All rows of C, in a strip of columns, for the k from <paramref name="from"/> on.</summary>
        private readonly void Panel<TSimd, TVector>(T* b, int bRow, int column, int wide, int from, int depth) where TSimd : struct, ISimd<TVector, T>
        {
            bool adds = Accumulates || from > 0;
            T* a = A + ((long)from * AColumn);
            T* c = C + column;
            int row = 0;
            for (; row + TileRows <= Rows; row += TileRows)
                Four<T, TSimd, TVector>(a + ((long)row * ARow), ARow, AColumn, b, bRow, c + ((long)row * Columns), Columns, wide, depth, adds);
            for (; row < Rows; row++)
                One<T, TSimd, TVector>(a + ((long)row * ARow), AColumn, b, bRow, c + ((long)row * Columns), wide, depth, adds);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void Four<T, TSimd, TVector>(T* a, nint aRow, nint aColumn, T* b, nint bRow, T* c, nint cRow, int wide, int depth, bool adds)
        where T : unmanaged, IFloatingPointIeee754<T> where TSimd : struct, ISimd<TVector, T>
    {
        int first = Math.Min(wide, TSimd.Count), second = wide - first;
        TVector c00 = LoadPart<T, TSimd, TVector>(c, adds ? first : 0), c01 = LoadPart<T, TSimd, TVector>(c + TSimd.Count, adds ? second : 0);
        TVector c10 = LoadPart<T, TSimd, TVector>(c + cRow, adds ? first : 0), c11 = LoadPart<T, TSimd, TVector>(c + cRow + TSimd.Count, adds ? second : 0);
        TVector c20 = LoadPart<T, TSimd, TVector>(c + (2 * cRow), adds ? first : 0), c21 = LoadPart<T, TSimd, TVector>(c + (2 * cRow) + TSimd.Count, adds ? second : 0);
        TVector c30 = LoadPart<T, TSimd, TVector>(c + (3 * cRow), adds ? first : 0), c31 = LoadPart<T, TSimd, TVector>(c + (3 * cRow) + TSimd.Count, adds ? second : 0);
        for (int k = 0; k < depth; k++, a += aColumn, b += bRow)
        {
            TVector b0 = LoadPart<T, TSimd, TVector>(b, first), b1 = LoadPart<T, TSimd, TVector>(b + TSimd.Count, second);
            TVector x = TSimd.Create(a[0]);
            c00 = TSimd.MultiplyAdd(x, b0, c00);
            c01 = TSimd.MultiplyAdd(x, b1, c01);
            x = TSimd.Create(a[aRow]);
            c10 = TSimd.MultiplyAdd(x, b0, c10);
            c11 = TSimd.MultiplyAdd(x, b1, c11);
            x = TSimd.Create(a[2 * aRow]);
            c20 = TSimd.MultiplyAdd(x, b0, c20);
            c21 = TSimd.MultiplyAdd(x, b1, c21);
            x = TSimd.Create(a[3 * aRow]);
            c30 = TSimd.MultiplyAdd(x, b0, c30);
            c31 = TSimd.MultiplyAdd(x, b1, c31);
        }
        StorePart<T, TSimd, TVector>(c00, c, first);
        StorePart<T, TSimd, TVector>(c01, c + TSimd.Count, second);
        StorePart<T, TSimd, TVector>(c10, c + cRow, first);
        StorePart<T, TSimd, TVector>(c11, c + cRow + TSimd.Count, second);
        StorePart<T, TSimd, TVector>(c20, c + (2 * cRow), first);
        StorePart<T, TSimd, TVector>(c21, c + (2 * cRow) + TSimd.Count, second);
        StorePart<T, TSimd, TVector>(c30, c + (3 * cRow), first);
        StorePart<T, TSimd, TVector>(c31, c + (3 * cRow) + TSimd.Count, second);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void One<T, TSimd, TVector>(T* a, nint aColumn, T* b, nint bRow, T* c, int wide, int depth, bool adds)
        where T : unmanaged, IFloatingPointIeee754<T> where TSimd : struct, ISimd<TVector, T>
    {
        int first = Math.Min(wide, TSimd.Count), second = wide - first;
        TVector c0 = LoadPart<T, TSimd, TVector>(c, adds ? first : 0), c1 = LoadPart<T, TSimd, TVector>(c + TSimd.Count, adds ? second : 0);
        for (int k = 0; k < depth; k++, a += aColumn, b += bRow)
        {
            TVector x = TSimd.Create(a[0]);
            c0 = TSimd.MultiplyAdd(x, LoadPart<T, TSimd, TVector>(b, first), c0);
            c1 = TSimd.MultiplyAdd(x, LoadPart<T, TSimd, TVector>(b + TSimd.Count, second), c1);
        }
        StorePart<T, TSimd, TVector>(c0, c, first);
        StorePart<T, TSimd, TVector>(c1, c + TSimd.Count, second);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector LoadPart<T, TSimd, TVector>(T* address, int n) where T : unmanaged, IFloatingPointIeee754<T> where TSimd : struct, ISimd<TVector, T> =>
        n == TSimd.Count ? TSimd.Load(address) : n == 0 ? TSimd.Create(T.Zero) : TSimd.LoadFirst(address, n);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void StorePart<T, TSimd, TVector>(TVector vector, T* address, int n) where T : unmanaged, IFloatingPointIeee754<T> where TSimd : struct, ISimd<TVector, T>
    {
        if (n == TSimd.Count)
            TSimd.Store(vector, address);
        else if (n > 0)
            TSimd.StoreFirst(vector, address, n);
    }
}
