using System.Numerics;
using System.Runtime.Intrinsics;

namespace MiniNet;

/// <summary>One product in blocks, as the figure at <see cref="MatrixKernel"/> shows: which parts are copied, how large the blocks are, and the loops over them.</summary>
internal unsafe struct MatrixProduct<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int HighestFarApart = 8;                                                 // rows of a tile; 12 if they are not far apart
    private const int Deep = 512, DeepApart = 256;                                         // of a block
    private const int HighBlock = 256, WideBlock = 512, Strip = 48;
    private const int FarApart = 4096, Apart = 1024, BlockOfA = 384 << 10;                 // bytes
    private const int ManyRows = 96, SomeRows = 24, PageRows = 32, SomeVectors = 4, ManyColumns = 64, RowsAhead = 16;

    public T* A;                      // [Rows, Inner], element (i, k) at A[i·ARow + k·AColumn]
    public T* B;                      // [Inner, Columns], element (k, j) at B[k·BRow + j·BColumn]
    public T* C;                      // [Rows, Columns], element (i, j) at C[i·CRow + j], or at C[j·CRow + i] if transposed
    public T* Bias;                   // [Columns], what the sums of every row begin at, or null
    public nint ARow, AColumn, BRow, BColumn, CRow;
    public int Rows, Inner, Columns;
    public bool Adds;                 // to what is in C, or overwrites it

    private bool cIsTransposed, copiesA, copiesB, keepsPanels;
    private int deep, high, wide;     // of a block: its part of Inner, of Rows, of Columns
    private T* blockOfA, panelsOfB, tileOfC;

    public void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
    {
        bool isTransposed = IsCheaperTransposed(TSimd.Count);
        if (Bias != null && (isTransposed || Rows == 1))
            BeginAtBias();
        if (isTransposed)
            Transpose();
        if (Rows > 1 && Simd.IsHalfEnough<T, TSimd>(Columns))
            RunBlocks<Simd256<T>, Vector256<T>>();
        else
            RunBlocks<TSimd, TVector>();
    }

    /// <summary>
    /// Whether Cᵀ = Bᵀ·Aᵀ costs less. It counts vectors multiplied, as much for each element that is copied because its columns do not lie in rows, and half of that for
    /// each of C if it is the transposed one that is computed.
    /// </summary>
    private readonly bool IsCheaperTransposed(int count)
    {
        long a = (long)Rows * Inner, b = (long)Columns * Inner, c = (long)Rows * Columns;
        long plain = (2 * a * Vectors(Columns)) + Copied(b, BColumn);
        long transposed = (2 * b * Vectors(Rows)) + Copied(a, ARow) + c;
        return transposed < plain;

        long Vectors(int columns) => ((long)columns + count - 1) / count;
        static long Copied(long elements, nint stride) => stride == 1 ? 0 : 2 * elements;
    }

    /// <summary>Puts the bias where the sums will be, for what cannot begin at it elsewhere: where C is transposed it lies along a column.</summary>
    private void BeginAtBias()
    {
        for (int i = 0; i < Rows; i++)
            new ReadOnlySpan<T>(Bias, Columns).CopyTo(new Span<T>(C + (i * CRow), Columns));
        Bias = null;
        Adds = true;
    }

    /// <summary>Turns C = A·B into Cᵀ = Bᵀ·Aᵀ.</summary>
    private void Transpose()
    {
        T* a = A;
        A = B;
        B = a;
        (ARow, AColumn, BRow, BColumn) = (BColumn, BRow, AColumn, ARow);
        (Rows, Columns) = (Columns, Rows);
        cIsTransposed = Rows > 1;                                        // a single column lies as a row does
    }

    private void RunBlocks<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
    {
        int width = Tile<T>.MostVectors<TSimd, TVector>() * TSimd.Count;
        copiesB = BColumn != 1 || (Rows >= ManyRows && BRow * sizeof(T) >= Apart) || (Rows >= PageRows && BRow * sizeof(T) % FarApart == 0) || (Rows >= SomeRows && Copies<T>.IsAskew<TSimd, TVector>(B, BRow));
        copiesA = ARow == 1 && AColumn * sizeof(T) >= Apart && Inner >= ManyColumns && Columns >= SomeVectors * TSimd.Count;
        deep = Math.Clamp(Inner, 1, !copiesB && BRow * sizeof(T) >= Apart ? DeepApart : Deep);
        high = Math.Min(Rows, Math.Min(HighBlock, BlockOfA / sizeof(T) / deep));
        wide = copiesB ? Math.Min(Columns, WideBlock) : Columns;
        keepsPanels = Rows > high;

        int lengthOfA = copiesA ? (high * deep) + TSimd.Count : 0;             // the last row of a copy may end in zeros
        int lengthOfB = copiesB ? (keepsPanels ? wide + TSimd.Count : width) * deep : 0;
        int lengthOfC = cIsTransposed ? Strip * width : 0;
        int length = lengthOfA + lengthOfB + lengthOfC;
        fixed (T* memory = length == 0 ? null : Copies<T>.Take(length + (AlignedArray.CacheLine / sizeof(T))))
        {
            tileOfC = Copies<T>.Align(memory);
            panelsOfB = tileOfC + lengthOfC;
            blockOfA = panelsOfB + lengthOfB;
            for (int k = 0; k == 0 || k < Inner; k += deep)              // once at least: a sum without terms is zero
            {
                for (int j = 0; j < Columns; j += wide)
                {
                    for (int i = 0; i < Rows; i += high)
                        Block<TSimd, TVector>(i, j, k);
                }
            }
        }
    }

    /// <summary>The block of C that begins at row i and column j, and of its sums the part that begins at k.</summary>
    private readonly void Block<TSimd, TVector>(int i, int j, int k) where TSimd : struct, ISimd<TVector, T>
    {
        int depth = Math.Min(deep, Inner - k), rows = Math.Min(high, Rows - i), end = Math.Min(j + wide, Columns), widest = Tile<T>.Best<TSimd, TVector>(Rows), width = widest * TSimd.Count;
        T* a = A + (i * ARow) + (k * AColumn), b = B + (k * BRow), panel = panelsOfB;
        bool adds = Adds || k > 0;
        if (copiesA)
            CopyA<TSimd, TVector>(a, rows, depth);
        for (int strip = OneRow.Width * TSimd.Count; Rows == 1 && !copiesB && j + strip <= end; j += strip)
            OneRow.Run<T, TSimd, TVector>(a, AColumn, b + j, BRow, C + j, depth, adds);

        nint oneSegment = 0, aRow = copiesA ? 1 : ARow, cRow = cIsTransposed ? width : CRow;
        Tile<T> tile = new()
        {
            A = copiesA ? blockOfA : a,
            ARow = aRow,
            AThird = 3 * aRow,
            AColumn = AColumn,
            BRow = BRow,
            CRow = cRow,
            BeginRow = adds ? cRow : 0,
            Segments = &oneSegment,
            SegmentCount = 1,
            FetchStep = BRow,
            Depth = depth,
        };
        for (int columns; j < end; j += columns)
        {
            columns = Tile<T>.Width<TSimd, TVector>(end - j, widest, isWhole: copiesB);
            T* source = b + (j * BColumn), c = cIsTransposed ? C + (j * CRow) + i : C + (i * CRow) + j;
            bool copies = copiesB && i == 0;
            tile.BRow = copiesB ? Tile<T>.Vectors<TSimd, TVector>(columns) * TSimd.Count : BRow;
            if (copies && BColumn == 1)
                Copies<T>.Panel<TSimd, TVector>(source, BRow, panel, tile.BRow, depth, columns);
            else if (copies)
                Copies<T>.Transposed(source, BColumn, panel, tile.BRow, depth, columns);
            tile.B = copiesB ? panel : source;
            tile.C = c;
            tile.Wide = columns;
            tile.Begin = adds ? c : Bias == null ? null : Bias + j;
            tile.Fetch = BColumn != 1 || (copiesB && !copies) ? null : source + (copies ? columns : RowsAhead * BRow);       // the panel that is copied next, or this one
            if (copiesA || cIsTransposed)
                Panel<TSimd, TVector>(tile, rows, adds);
            else
                tile.Run<TSimd, TVector>(rows, AColumn == 1 && IsFarApart(ARow) ? HighestFarApart : Tile<T>.Highest);
            panel += keepsPanels && copiesB ? depth * tile.BRow : 0;
        }
    }

    /// <summary>The tiles of a block in one panel where A is a copy or C is transposed: strip by strip.</summary>
    /// <param name="tile">The first tile.</param>
    /// <param name="rows">How many rows the block has.</param>
    /// <param name="adds">Whether the sums begin at what is in C.</param>
    private readonly void Panel<TSimd, TVector>(Tile<T> tile, int rows, bool adds) where TSimd : struct, ISimd<TVector, T>
    {
        T* c = tile.C;
        for (int strip; rows > 0; rows -= strip)
        {
            strip = Math.Min(rows, Strip);
            if (copiesA)
                tile.AColumn = strip;
            if (cIsTransposed)
            {
                tile.C = tileOfC;
                tile.Begin = adds ? tileOfC : null;
                if (adds)
                    Copies<T>.Transposed(c, CRow, tileOfC, tile.CRow, strip, tile.Wide);
                tile.Run<TSimd, TVector>(strip);
                Copies<T>.Transposed(tileOfC, tile.CRow, c, CRow, tile.Wide, strip);
                c += strip;
            }
            else
            {
                tile.Below = rows - strip;
                tile.Run<TSimd, TVector>(strip);
                tile.C += strip * CRow;
                tile.Begin += strip * tile.BeginRow;
            }
            tile.A += strip * (copiesA ? tile.Depth : ARow);
            tile.Fetch = null;
        }
    }

    /// <summary>Copies a block of A, whose columns lie far apart, strip by strip: where a strip is read, from k to k, is then one piece.</summary>
    private readonly void CopyA<TSimd, TVector>(T* a, int rows, int depth) where TSimd : struct, ISimd<TVector, T>
    {
        T* to = blockOfA;
        for (int strip; rows > 0; rows -= strip)
        {
            strip = Math.Min(rows, Strip);
            Copies<T>.Panel<TSimd, TVector>(a, AColumn, to, strip, depth, strip);
            a += strip;
            to += strip * depth;
        }
    }

    private static bool IsFarApart(nint stride) => stride * sizeof(T) >= FarApart;
}
