using System.Diagnostics;
using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics.X86;

namespace MiniNet;

// How wide a tile is: so many vectors, the size of one of these, of which the last may be part of one. The compiler makes a tile of each kind, without the branches of the others.

[StructLayout(LayoutKind.Sequential, Size = 4)]
internal struct FourVectors;

[StructLayout(LayoutKind.Sequential, Size = 3)]
internal struct ThreeVectors;

[StructLayout(LayoutKind.Sequential, Size = 2)]
internal struct TwoVectors;

[StructLayout(LayoutKind.Sequential, Size = 1)]
internal struct OneVector;

[StructLayout(LayoutKind.Sequential, Size = 1)]
internal struct PartOfVector;

// One vector, or part of one, where A is as wide as C: each lane of C has its own (a convolution of each channel by itself).

[StructLayout(LayoutKind.Sequential, Size = 1)]
internal struct OwnLanes;

[StructLayout(LayoutKind.Sequential, Size = 1)]
internal struct PartOfOwnLanes;

// How high a tile is: the size of one of these. The compiler makes a tile of each height, without the rows that are not there.

[StructLayout(LayoutKind.Sequential, Size = 1)]
internal struct High1;

[StructLayout(LayoutKind.Sequential, Size = 2)]
internal struct High2;

[StructLayout(LayoutKind.Sequential, Size = 3)]
internal struct High3;

[StructLayout(LayoutKind.Sequential, Size = 4)]
internal struct High4;

[StructLayout(LayoutKind.Sequential, Size = 5)]
internal struct High5;

[StructLayout(LayoutKind.Sequential, Size = 6)]
internal struct High6;

[StructLayout(LayoutKind.Sequential, Size = 7)]
internal struct High7;

[StructLayout(LayoutKind.Sequential, Size = 8)]
internal struct High8;

[StructLayout(LayoutKind.Sequential, Size = 9)]
internal struct High9;

[StructLayout(LayoutKind.Sequential, Size = 10)]
internal struct High10;

[StructLayout(LayoutKind.Sequential, Size = 11)]
internal struct High11;

[StructLayout(LayoutKind.Sequential, Size = 12)]
internal struct High12;

/// <summary>One tile of a matrix product: some rows of C, some vectors wide, kept in registers while k runs.</summary>
/// <remarks>
/// Three quarters of the registers hold C: of 32, tiles of 6 rows × 4 vectors, 8 × 3 or 12 × 2; of 16, 6 × 2, 4 × 3 or 12 × 1.
/// A row of A need not lie in one piece: k runs through segments of the same depth, each of which begins where <see cref="Segments"/> says, while B lies in one piece,
/// unless <see cref="BSegments"/> says where its segments begin.
/// A matrix has one segment. In a convolution the rows of A are the pixels under the kernel, where they lie in the image: a segment for each row of the kernel.
/// </remarks>
internal unsafe struct Tile<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>How many rows a tile has at most.</summary>
    internal const int Highest = 12;

    private const int WorthAFetch = 64, LeastHigh = 6;                // of the widest tiles

    public T* A;               // [high, segments, depth], element (i, s, k) at A[i·ARow + Segments[s] + k·AColumn]; row i + 3 lies AThird after row i
    public T* B;               // [segments, depth, wide], row (s, k) at B[(s·depth + k)·BRow], or at B[BSegments[s] + k·BRow]
    public T* C;               // [high, wide], row i at C[i·CRow]
    public T* Begin;           // what the sums of row i begin with, at Begin[i·BeginRow]: C itself, a bias, or null for zero
    public nint* Segments, BSegments;
    public T* Fetch;           // what the second-level cache may fetch during the first tile: an address for each k, FetchStep apart; or null
    public nint ARow, AThird, AColumn, BRow, CRow, BeginRow, FetchStep;
    public int SegmentCount, Depth, Wide;
    public int Below;          // how many more rows of C come right below, fetched meanwhile: none that another thread writes

    // The same again elsewhere, without the cost of a new call: so often, each time so much further on. Once if not given.
    public int Repeats;
    public nint AStep, BStep, CStep, BeginStep;

    /// <summary>How many vectors wide a tile is at most, if it is to be so many rows high.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Widest<TSimd, TVector>(int high = LeastHigh) where TSimd : struct, ISimd<TVector, T> => TSimd.Registers * 3 / 4 / Math.Max(high, LeastHigh);

    /// <summary>How many vectors wide any tile is at most.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int MostVectors<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T> => Math.Max(3, Widest<TSimd, TVector>());

    /// <summary>
    /// How many vectors wide tiles are best for so many rows. A tile of h × w loads h + w times for h · w multiply-adds, and needs eight sums at least that do not wait for each other. So
    /// seven rows are better one tile of 7 × 3 than two of 4 × 4 and 3 × 4, or where there are 16 registers two of 4 × 3 and 3 × 3 than of 4 × 2 and 3 × 2; eight, and there three and
    /// four, likewise; all others are best as wide as can be. With 16 registers it must then be just so many rows, not fewer: tiles three vectors wide are made of three and four rows only.
    /// </summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Best<TSimd, TVector>(int rows) where TSimd : struct, ISimd<TVector, T> =>
        rows is 7 or 8 || (TSimd.Registers < 32 && rows is 3 or 4) ? 3 : Widest<TSimd, TVector>();

    /// <summary>
    /// How wide the next tile is where so many columns are left: as many vectors as may be. Three where four would leave one or two, two where three would leave one. The last may be part of a vector if it is the
    /// only one, or if rows of B are whole vectors, as in a copy.
    /// </summary>
    internal static int Width<TSimd, TVector>(int columns, int widest, bool isWhole = false) where TSimd : struct, ISimd<TVector, T>
    {
        int vectors = isWhole ? Vectors<TSimd, TVector>(columns) : columns / TSimd.Count;
        return vectors == 0 ? columns : Math.Min(columns, TSimd.Count * Math.Min(vectors is 5 or 6 ? 3 : vectors == 4 && widest == 3 ? 2 : vectors, widest));
    }

    /// <summary>How many vectors hold so many columns.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static int Vectors<TSimd, TVector>(int columns) where TSimd : struct, ISimd<TVector, T> => (columns + TSimd.Count - 1) / TSimd.Count;

    /// <summary>Any number of rows, tile below tile, of heights as equal as can be: 32 rows = 11 + 11 + 10.</summary>
    /// <param name="rows">How many rows of C.</param>
    /// <param name="highest">How high a tile may be: 12 at most.</param>
    /// <param name="hasOwnLanes">Whether A is as wide as C, which is then at most one vector wide.</param>
    public readonly void Run<TSimd, TVector>(int rows, int highest = Highest, bool hasOwnLanes = false) where TSimd : struct, ISimd<TVector, T>
    {
        Tile<T> tile = this;
        int vectors = Vectors<TSimd, TVector>(Wide);
        highest = Math.Min(highest, TSimd.Registers * 3 / 4 / vectors);
        int tiles = (rows + highest - 1) / highest;
        while (tiles > 0)
        {
            int high = (rows + tiles - 1) / tiles, same = 1;
            if (Repeats <= 1)
            {
                // All tiles of this height, then those one row lower.
                same = rows - (tiles * (high - 1));
                (tile.Repeats, tile.AStep, tile.BStep, tile.CStep, tile.BeginStep) = (same, high * ARow, 0, high * CRow, high * BeginRow);
            }
            tiles -= same;
            rows -= same * high;
            tile.Below = Math.Min(high, rows + Below);
            if (hasOwnLanes && Wide == TSimd.Count)
                tile.Run<TSimd, TVector, OwnLanes>(high);
            else if (hasOwnLanes)
                tile.Run<TSimd, TVector, PartOfOwnLanes>(high);
            else if (Widest<TSimd, TVector>() >= 4 && vectors == 4)
                tile.Run<TSimd, TVector, FourVectors>(high);
            else if (vectors == 3)
                tile.Run<TSimd, TVector, ThreeVectors>(high);
            else if (vectors == 2)
                tile.Run<TSimd, TVector, TwoVectors>(high);
            else if (Wide == TSimd.Count)
                tile.Run<TSimd, TVector, OneVector>(high);
            else
                tile.Run<TSimd, TVector, PartOfVector>(high);
            Debug.Assert(vectors <= MostVectors<TSimd, TVector>(), "There is no tile of this width.");
            Debug.Assert(Wide < TSimd.Count || Wide % TSimd.Count == 0 || (BRow % TSimd.Count == 0 && BRow >= Wide), "Rows of B end where they have no more numbers.");
            tile.Fetch = null;
            tile.A += same * high * ARow;
            tile.C += same * high * CRow;
            tile.Begin += same * high * (Begin == null ? 0 : BeginRow);
        }
    }

    private readonly void Run<TSimd, TVector, TWide>(int high) where TSimd : struct, ISimd<TVector, T> where TWide : unmanaged
    {
        // Known to the compiler, which makes no others: see Best.
        int highest = TSimd.Registers * 3 / 4 / sizeof(TWide), lowest = sizeof(TWide) > Widest<TSimd, TVector>() ? 3 : 1;
        switch (high)
        {
            case 1 when lowest <= 1:
                Run<TSimd, TVector, TWide, High1>();
                break;
            case 2 when lowest <= 2:
                Run<TSimd, TVector, TWide, High2>();
                break;
            case 3:
                Run<TSimd, TVector, TWide, High3>();
                break;
            case 4:
                Run<TSimd, TVector, TWide, High4>();
                break;
            case 5 when highest >= 5:
                Run<TSimd, TVector, TWide, High5>();
                break;
            case 6 when highest >= 6:
                Run<TSimd, TVector, TWide, High6>();
                break;
            case 7 when highest >= 7:
                Run<TSimd, TVector, TWide, High7>();
                break;
            case 8 when highest >= 8:
                Run<TSimd, TVector, TWide, High8>();
                break;
            case 9 when highest >= 9:
                Run<TSimd, TVector, TWide, High9>();
                break;
            case 10 when highest >= 10:
                Run<TSimd, TVector, TWide, High10>();
                break;
            case 11 when highest >= 11:
                Run<TSimd, TVector, TWide, High11>();
                break;
            case 12 when highest >= 12:
                Run<TSimd, TVector, TWide, High12>();
                break;
            default:
                throw new UnreachableException("There is no tile of this height.");
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Run<TSimd, TVector, TWide, THigh>() where TSimd : struct, ISimd<TVector, T> where TWide : unmanaged where THigh : unmanaged
    {
        T* a = A, start = B, c = C, begin = Begin, fetch = Fetch;
        nint aRow = ARow, aRow2 = 2 * aRow, aBytes = AColumn * sizeof(T), bRow = BRow, cRow = CRow, beginRow = Begin == null ? 0 : BeginRow, beginStep = Begin == null ? 0 : BeginStep, fetchStep = FetchStep;
        int last = Wide - ((sizeof(TWide) - 1) * TSimd.Count), repeats = Repeats;                        // columns of the last vector
        // A whole vector loads faster than part of one, and what it reads too much is never stored. Only the last rows have nothing of B after them.
        int lastRows = IsPart<TWide>() ? (int)Math.Min(Depth, ((TSimd.Count - last - 1) / bRow) + 1) : 0;
        do
        {
            TVector zero = TSimd.Create(T.Zero);
            TVector none = zero, c00 = zero, c01 = zero, c02 = zero, c03 = zero;
            if (begin != null)
                Load<TSimd, TVector, TWide>(begin, last, ref c00, ref c01, ref c02, ref c03);
            TVector c10 = c00, c11 = c01, c12 = c02, c13 = c03;
            TVector c20 = c00, c21 = c01, c22 = c02, c23 = c03;
            TVector c30 = c00, c31 = c01, c32 = c02, c33 = c03;
            TVector c40 = c00, c41 = c01, c42 = c02, c43 = c03;
            TVector c50 = c00, c51 = c01, c52 = c02, c53 = c03;
            TVector c60 = c00, c61 = c01, c62 = c02;
            TVector c70 = c00, c71 = c01, c72 = c02;
            TVector c80 = c00, c81 = c01;
            TVector c90 = c00, c91 = c01;
            TVector c100 = c00, c101 = c01;
            TVector c110 = c00, c111 = c01;
            if (beginRow != 0)
            {
                if (sizeof(THigh) > 1)
                    Load<TSimd, TVector, TWide>(begin + (1 * beginRow), last, ref c10, ref c11, ref c12, ref c13);
                if (sizeof(THigh) > 2)
                    Load<TSimd, TVector, TWide>(begin + (2 * beginRow), last, ref c20, ref c21, ref c22, ref c23);
                if (sizeof(THigh) > 3)
                    Load<TSimd, TVector, TWide>(begin + (3 * beginRow), last, ref c30, ref c31, ref c32, ref c33);
                if (sizeof(THigh) > 4)
                    Load<TSimd, TVector, TWide>(begin + (4 * beginRow), last, ref c40, ref c41, ref c42, ref c43);
                if (sizeof(THigh) > 5)
                    Load<TSimd, TVector, TWide>(begin + (5 * beginRow), last, ref c50, ref c51, ref c52, ref c53);
                if (sizeof(THigh) > 6)
                    Load<TSimd, TVector, TWide>(begin + (6 * beginRow), last, ref c60, ref c61, ref c62, ref none);
                if (sizeof(THigh) > 7)
                    Load<TSimd, TVector, TWide>(begin + (7 * beginRow), last, ref c70, ref c71, ref c72, ref none);
                if (sizeof(THigh) > 8)
                    Load<TSimd, TVector, TWide>(begin + (8 * beginRow), last, ref c80, ref c81, ref none, ref none);
                if (sizeof(THigh) > 9)
                    Load<TSimd, TVector, TWide>(begin + (9 * beginRow), last, ref c90, ref c91, ref none, ref none);
                if (sizeof(THigh) > 10)
                    Load<TSimd, TVector, TWide>(begin + (10 * beginRow), last, ref c100, ref c101, ref none, ref none);
                if (sizeof(THigh) > 11)
                    Load<TSimd, TVector, TWide>(begin + (11 * beginRow), last, ref c110, ref c111, ref none, ref none);
            }
            if (Sse.IsSupported && Depth >= WorthAFetch)
            {
                // The tile below comes next, or the same elsewhere: its part of C is here by then.
                T* next = c + (repeats > 1 ? CStep : sizeof(THigh) * cRow);
                for (int i = repeats > 1 ? sizeof(THigh) : Below; i > 0; i--, next += cRow)
                {
                    Sse.Prefetch0(next);
                    if (sizeof(TWide) > 1)
                        Sse.Prefetch0(next + TSimd.Count);
                    if (sizeof(TWide) > 2)
                        Sse.Prefetch0(next + (2 * TSimd.Count));
                    if (sizeof(TWide) > 3)
                        Sse.Prefetch0(next + (3 * TSimd.Count));
                }
            }
            nint* segment = Segments, bSegment = BSegments;
            T* b = start;
            for (int s = SegmentCount; s > 0; s--, segment++)
            {
                if (bSegment != null)
                    b = start + *bSegment++;
                T* a0 = a + *segment, a3 = a0 + AThird, a6 = a3 + AThird, a9 = a6 + AThird;
                for (int k = Depth; k != 0; k--)
                {
                    if (Sse.IsSupported && fetch != null)
                    {
                        Sse.Prefetch1(fetch);
                        if (sizeof(TWide) > 1)
                            Sse.Prefetch1(fetch + TSimd.Count);
                        if (sizeof(TWide) > 2)
                            Sse.Prefetch1(fetch + (2 * TSimd.Count));
                        if (sizeof(TWide) > 3)
                            Sse.Prefetch1(fetch + (3 * TSimd.Count));
                        fetch += fetchStep;
                    }
                    TVector b0 = IsPart<TWide>() && k <= lastRows ? TSimd.LoadFirst(b, last) : TSimd.Load(b);
                    TVector b1 = sizeof(TWide) > 1 ? TSimd.Load(b + TSimd.Count) : zero;
                    TVector b2 = sizeof(TWide) > 2 ? TSimd.Load(b + (2 * TSimd.Count)) : zero;
                    TVector b3 = sizeof(TWide) > 3 ? TSimd.Load(b + (3 * TSimd.Count)) : zero;
                    Row<TSimd, TVector, TWide>(a0, last, b0, b1, b2, b3, ref c00, ref c01, ref c02, ref c03);
                    if (sizeof(THigh) > 1)
                        Row<TSimd, TVector, TWide>(a0 + aRow, last, b0, b1, b2, b3, ref c10, ref c11, ref c12, ref c13);
                    if (sizeof(THigh) > 2)
                        Row<TSimd, TVector, TWide>(a0 + aRow2, last, b0, b1, b2, b3, ref c20, ref c21, ref c22, ref c23);
                    if (sizeof(THigh) > 3)
                        Row<TSimd, TVector, TWide>(a3, last, b0, b1, b2, b3, ref c30, ref c31, ref c32, ref c33);
                    if (sizeof(THigh) > 4)
                        Row<TSimd, TVector, TWide>(a3 + aRow, last, b0, b1, b2, b3, ref c40, ref c41, ref c42, ref c43);
                    if (sizeof(THigh) > 5)
                        Row<TSimd, TVector, TWide>(a3 + aRow2, last, b0, b1, b2, b3, ref c50, ref c51, ref c52, ref c53);
                    if (sizeof(THigh) > 6)
                        Row<TSimd, TVector, TWide>(a6, last, b0, b1, b2, b3, ref c60, ref c61, ref c62, ref none);
                    if (sizeof(THigh) > 7)
                        Row<TSimd, TVector, TWide>(a6 + aRow, last, b0, b1, b2, b3, ref c70, ref c71, ref c72, ref none);
                    if (sizeof(THigh) > 8)
                        Row<TSimd, TVector, TWide>(a6 + aRow2, last, b0, b1, b2, b3, ref c80, ref c81, ref none, ref none);
                    if (sizeof(THigh) > 9)
                        Row<TSimd, TVector, TWide>(a9, last, b0, b1, b2, b3, ref c90, ref c91, ref none, ref none);
                    if (sizeof(THigh) > 10)
                        Row<TSimd, TVector, TWide>(a9 + aRow, last, b0, b1, b2, b3, ref c100, ref c101, ref none, ref none);
                    if (sizeof(THigh) > 11)
                        Row<TSimd, TVector, TWide>(a9 + aRow2, last, b0, b1, b2, b3, ref c110, ref c111, ref none, ref none);
                    b += bRow;
                    a0 = (T*)((byte*)a0 + aBytes);
                    if (sizeof(THigh) > 3)
                        a3 = (T*)((byte*)a3 + aBytes);
                    if (sizeof(THigh) > 6)
                        a6 = (T*)((byte*)a6 + aBytes);
                    if (sizeof(THigh) > 9)
                        a9 = (T*)((byte*)a9 + aBytes);
                }
            }
            Store<TSimd, TVector, TWide>(c, last, c00, c01, c02, c03);
            if (sizeof(THigh) > 1)
                Store<TSimd, TVector, TWide>(c + (1 * cRow), last, c10, c11, c12, c13);
            if (sizeof(THigh) > 2)
                Store<TSimd, TVector, TWide>(c + (2 * cRow), last, c20, c21, c22, c23);
            if (sizeof(THigh) > 3)
                Store<TSimd, TVector, TWide>(c + (3 * cRow), last, c30, c31, c32, c33);
            if (sizeof(THigh) > 4)
                Store<TSimd, TVector, TWide>(c + (4 * cRow), last, c40, c41, c42, c43);
            if (sizeof(THigh) > 5)
                Store<TSimd, TVector, TWide>(c + (5 * cRow), last, c50, c51, c52, c53);
            if (sizeof(THigh) > 6)
                Store<TSimd, TVector, TWide>(c + (6 * cRow), last, c60, c61, c62, none);
            if (sizeof(THigh) > 7)
                Store<TSimd, TVector, TWide>(c + (7 * cRow), last, c70, c71, c72, none);
            if (sizeof(THigh) > 8)
                Store<TSimd, TVector, TWide>(c + (8 * cRow), last, c80, c81, none, none);
            if (sizeof(THigh) > 9)
                Store<TSimd, TVector, TWide>(c + (9 * cRow), last, c90, c91, none, none);
            if (sizeof(THigh) > 10)
                Store<TSimd, TVector, TWide>(c + (10 * cRow), last, c100, c101, none, none);
            if (sizeof(THigh) > 11)
                Store<TSimd, TVector, TWide>(c + (11 * cRow), last, c110, c111, none, none);
            a += AStep;
            start += BStep;
            c += CStep;
            begin += beginStep;
            fetch = null;
        }
        while (--repeats > 0);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static bool IsPart<TWide>() => typeof(TWide) == typeof(PartOfVector) || typeof(TWide) == typeof(PartOfOwnLanes);

    /// <summary>One row of the tile: c += a · b.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Row<TSimd, TVector, TWide>(
        T* a, int last, TVector b0, TVector b1, TVector b2, TVector b3, ref TVector c0, ref TVector c1, ref TVector c2, ref TVector c3)
        where TSimd : struct, ISimd<TVector, T> where TWide : unmanaged
    {
        TVector x = typeof(TWide) == typeof(OwnLanes) ? TSimd.Load(a) : typeof(TWide) == typeof(PartOfOwnLanes) ? TSimd.LoadFirst(a, last) : TSimd.Create(*a);
        c0 = TSimd.MultiplyAdd(x, b0, c0);
        if (sizeof(TWide) > 1)
            c1 = TSimd.MultiplyAdd(x, b1, c1);
        if (sizeof(TWide) > 2)
            c2 = TSimd.MultiplyAdd(x, b2, c2);
        if (sizeof(TWide) > 3)
            c3 = TSimd.MultiplyAdd(x, b3, c3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Load<TSimd, TVector, TWide>(T* c, int last, ref TVector c0, ref TVector c1, ref TVector c2, ref TVector c3)
        where TSimd : struct, ISimd<TVector, T> where TWide : unmanaged
    {
        c0 = sizeof(TWide) > 1 ? TSimd.Load(c) : LoadLast<TSimd, TVector>(c, last);
        if (sizeof(TWide) > 1)
            c1 = sizeof(TWide) > 2 ? TSimd.Load(c + TSimd.Count) : LoadLast<TSimd, TVector>(c + TSimd.Count, last);
        if (sizeof(TWide) > 2)
            c2 = sizeof(TWide) > 3 ? TSimd.Load(c + (2 * TSimd.Count)) : LoadLast<TSimd, TVector>(c + (2 * TSimd.Count), last);
        if (sizeof(TWide) > 3)
            c3 = LoadLast<TSimd, TVector>(c + (3 * TSimd.Count), last);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector LoadLast<TSimd, TVector>(T* c, int last) where TSimd : struct, ISimd<TVector, T> => last < TSimd.Count ? TSimd.LoadFirst(c, last) : TSimd.Load(c);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Store<TSimd, TVector, TWide>(T* c, int last, TVector c0, TVector c1, TVector c2, TVector c3)
        where TSimd : struct, ISimd<TVector, T> where TWide : unmanaged
    {
        if (sizeof(TWide) > 1)
            TSimd.Store(c0, c);
        if (sizeof(TWide) > 2)
            TSimd.Store(c1, c + TSimd.Count);
        if (sizeof(TWide) > 3)
            TSimd.Store(c2, c + (2 * TSimd.Count));
        TVector end = sizeof(TWide) > 3 ? c3 : sizeof(TWide) > 2 ? c2 : sizeof(TWide) > 1 ? c1 : c0;
        c += (sizeof(TWide) - 1) * TSimd.Count;
        if (last < TSimd.Count)
            TSimd.StoreFirst(end, c, last);
        else
            TSimd.Store(end, c);
    }
}
