using System.Numerics;

namespace MiniNet;

/// <summary>
/// The matrix product: C[i, j] = Σₖ A[i, k] · B[k, j], in blocks for the caches and tiles for the registers.
/// </summary>
/// <remarks>
/// <code>
///                    B, or a copy of one panel: 2 vectors wide,           what lies where
///                    up to 512 rows deep (64 KB of floats)                A block: 2nd-level cache, read once per panel
///                       ┌──┐                                              B panel: 1st-level cache, read once per tile
///                       │  │                                              C tile:  registers
///         depth         │  │
///       ┌─────────┐     └──┘
///   12  │ A tile  │     ┌──┐
///       └─────────┘     │C │  12 rows × 2 vectors
///                       └──┘
/// </code>
/// Why 12 × 2: of 32 vector registers a tile takes 24 for C, two for a row of the panel and one for an element of A, broadcast. For each k it makes 24
/// multiply-adds from 14 loads, so the multipliers, not the memory, set the pace; and 24 independent sums are three times what hides the latency of one.
/// Where the rows of A are 4 KB or more apart, 12 of them would fall on one set of the first-level cache: then the tile has 8 rows.
/// <para>
/// A may be read along its rows or along its columns: it is broadcast element by element, so only the two strides differ.
/// B must lie in rows. A panel of it is copied to the stack where it does not (a transposed B), or where its rows are so far apart that each would cost
/// an entry of the address cache.
/// </para>
/// <para>
/// Every element of C adds its products in the order of k, one after the other, in whichever tile, on whichever thread: the same bits for any split.
/// </para>
/// </remarks>
internal static unsafe class MatrixKernel
{
    private const int RowBlock = 480, DepthBlock = 512, CopiedRows = 240, CopiedDepth = 256, FarApart = 4096;

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
            if ((long)rows * inner * columns <= SmallProduct<T>.Limit)
            {
                Simd.Run<T, SmallProduct<T>>(new()
                {
                    A = pa,
                    ARow = aRow,
                    AColumn = aColumn,
                    B = pb,
                    BRow = bIsTransposed ? 1 : columns,
                    BColumn = bIsTransposed && inner > 1 ? inner : 1,
                    C = pc,
                    Rows = rows,
                    Inner = inner,
                    Columns = columns,
                    Accumulates = accumulates,
                });
                return;
            }
            Simd.Run<T, Product<T>>(new()
            {
                A = pa,
                ARow = aRow,
                AColumn = aColumn,
                B = pb,
                BIsTransposed = bIsTransposed,
                C = pc,
                Rows = rows,
                Inner = inner,
                Columns = columns,
                Accumulates = accumulates,
            });
        }
    }

    private struct Product<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public T* A, B, C;
        public nint ARow, AColumn;
        public int Rows, Inner, Columns;
        public bool BIsTransposed, Accumulates;

        public readonly void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
        {
            bool copies = BIsTransposed || (Rows > 16 && Columns * (long)sizeof(T) >= FarApart);
            if (copies)
                RunOnCopies<TSimd, TVector>();
            else
                RunInPlace<TSimd, TVector>();
        }

        private readonly void RunInPlace<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
        {
            int from = 0;
            do
            {
                int depth = Math.Min(DepthBlock, Inner - from);
                for (int row = 0; row < Rows; row += RowBlock)
                {
                    int high = Math.Min(RowBlock, Rows - row);
                    Product<T> part = this;
                    part.A += (row * ARow) + (from * AColumn);
                    int column = 0, strip = OneRow.Width * TSimd.Count;
                    for (; Rows == 1 && column + strip <= Columns; column += strip)
                        OneRow.Run<T, TSimd, TVector>(part.A, AColumn, B + ((nint)from * Columns) + column, Columns, C + column, depth, Accumulates || from > 0);
                    while (column < Columns)
                    {
                        int wide = Wide<TSimd, TVector>(Columns - column);
                        part.Block<TSimd, TVector>(B + ((nint)from * Columns) + column, Columns, row, high, column, wide, depth, Accumulates || from > 0);
                        column += wide;
                    }
                }
                from += depth;
            }
            while (from < Inner);
        }

        private readonly void RunOnCopies<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
        {
            int width = 2 * TSimd.Count, from = 0;
            bool copiesA = Math.Max(ARow, AColumn) * sizeof(T) >= FarApart && Columns > width;
            fixed (T* panel = Copies<T>.Take(CopiedDepth * (width + CopiedRows)))
            {
                T* block = panel + (CopiedDepth * width);
                do
                {
                    int depth = Math.Min(CopiedDepth, Inner - from);
                    for (int row = 0; row < Rows; row += CopiedRows)
                    {
                        int high = Math.Min(CopiedRows, Rows - row);
                        Product<T> part = this;
                        part.A += (row * ARow) + (from * AColumn);
                        if (copiesA)
                            part.CopyA(block, high, depth);
                        for (int column = 0; column < Columns;)
                        {
                            int wide = Wide<TSimd, TVector>(Columns - column);
                            if (BIsTransposed)
                                Copies<T>.Transposed(B + ((nint)column * Inner) + from, Inner, panel, width, depth, wide);
                            else if (wide == width)
                                Copies<T>.Panel<TSimd, TVector>(B + ((nint)from * Columns) + column, Columns, panel, depth);
                            else
                                Copies<T>.Rows(B + ((nint)from * Columns) + column, Columns, panel, width, depth, wide);
                            part.Block<TSimd, TVector>(panel, width, row, high, column, wide, depth, Accumulates || from > 0);
                            column += wide;
                        }
                    }
                    from += depth;
                }
                while (from < Inner);
            }
        }

        /// <summary>Reads a block of A from here on: its rows, or its columns, next to each other.</summary>
        private void CopyA(T* block, int high, int depth)
        {
            if (AColumn == 1)
            {
                Copies<T>.Rows(A, ARow, block, CopiedDepth, high, depth);
                ARow = CopiedDepth;
            }
            else
            {
                Copies<T>.Rows(A, AColumn, block, CopiedRows, depth, high);
                AColumn = CopiedRows;
            }
            A = block;
        }

        /// <summary>How many columns the next panel takes: two vectors, one, or what is left.</summary>
        private static int Wide<TSimd, TVector>(int left) where TSimd : struct, ISimd<TVector, T> =>
            left >= 2 * TSimd.Count ? 2 * TSimd.Count : Math.Min(left, TSimd.Count);

        /// <summary>A block of rows of C in one panel of columns, tile by tile; A begins at the block.</summary>
        private readonly void Block<TSimd, TVector>(T* b, nint bRow, int firstRow, int rows, int column, int wide, int depth, bool adds) where TSimd : struct, ISimd<TVector, T>
        {
            nint oneSegment = 0;
            T* c = C + ((nint)firstRow * Columns) + column;
            Tile<T> tile = new()
            {
                A = A,
                ARow = ARow,
                AThird = 3 * ARow,
                AColumn = AColumn,
                B = b,
                BRow = bRow,
                C = c,
                CRow = Columns,
                Begin = adds ? c : null,
                BeginRow = Columns,
                Segments = &oneSegment,
                SegmentCount = 1,
                Depth = depth,
                Wide = wide,
            };
            tile.Run<TSimd, TVector>(rows, AColumn == 1 && ARow * sizeof(T) >= FarApart ? 8 : Tile<T>.Highest);
        }
    }
}
