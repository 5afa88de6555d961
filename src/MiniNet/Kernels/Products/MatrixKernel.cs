using System.Numerics;

namespace MiniNet;

/// <summary>
/// The matrix product: C[i, j] = Σₖ A[i, k] · B[k, j], in blocks for the caches and tiles for the registers.
/// </summary>
/// <remarks>
/// <code>
///                                  up to 512 columns of B, or of their copy,
///                                  in panels 4 vectors wide                      what lies where
///                                 ┌───┬───┬───┬───┐                              B copy:  third-level cache, read once per block of A
///                        up to    │   │   │   │   │                              A block: second level (up to 384 KB), read once per panel
///                        512 deep │   │   │   │   │                              B panel: second level (up to 128 KB), read once per tile,
///           up to 512 deep        │   │   │   │   │                                       its next rows in the first
///          ┌─────────────────┐    └───┴───┴───┴───┘                              C tile:  registers
///    6 rows│ A tile          │    ┌───┐
///          ├─────────────────┤    │ C │ 6 rows × 4 vectors
///          │ …  a block, up  │    ├───┤
///          │    to 256 rows  │    │   │
///          └─────────────────┘    └───┘
/// </code>
/// Why 6 × 4: of 32 vector registers a tile takes 24 for C, four for a row of the panel and one for an element of A, broadcast. For each k it makes 24
/// multiply-adds from ten loads; 12 × 2 would need 14, and loads are what holds up a processor that makes two multiply-adds a cycle. 24 independent sums are three
/// times what hides the latency of one. Panels that are narrower have higher tiles: 8 × 3, 12 × 2. What is left over at the right edge is part of a vector: of the last tile's, if rows of the
/// panel are whole vectors, as in a copy; else a tile of its own. Where there are 16 registers, tiles of 6 × 2 take 15 of them, and those of 4 × 3 all.
/// Why so deep: a tile of C comes from far away and goes back there once per block of k, and that costs as much as some hundred rows of the panel.
/// <para>
/// Copies cost time too, and are made where they save more. <b>B</b> must lie in rows: a transposed B is copied panel by panel. Else it is read in place,
/// unless its rows are 1 KB or longer and many tiles use a panel: in place each of its rows would lie in a page of its own, and processors remember the places of some
/// 64 pages without looking them up; unless its rows lie whole pages apart, when all of a panel
/// fall on a few sets of the first-level cache; and unless its vectors cross cache lines, when each is two loads. <b>A</b> may lie in rows or columns: it is broadcast element by element, so only the two strides differ. Columns that lie in many
/// pages are copied. Where rows lie 4 KB or more apart, 12 of them fall on one set of the first-level cache: then tiles have at most 8 rows. While a tile is computed,
/// the memory of what is copied next is fetched; a panel in place only while its first tile is, since a fetch costs as much as a load.
/// </para>
/// <para>
/// The same product can be had as Cᵀ = Bᵀ·Aᵀ. That is cheaper where C is narrow and high, since tiles several vectors wide then lie along its columns; and where B is
/// transposed, since then it is the broadcast one and need not be copied. Tiles of Cᵀ are transposed on their way to C.
/// </para>
/// <para>
/// Every element of C adds its products in the order of k, one after the other, in whichever tile, on whichever thread: the same bits for any split.
/// </para>
/// </remarks>
internal static unsafe class MatrixKernel
{
    /// <summary>
    /// C = A·B, or C += A·B. Row i of A begins at a[i · aRow] and its elements are aColumn apart; B is [inner, columns], or [columns, inner] if transposed.
    /// </summary>
    /// <param name="a">A.</param>
    /// <param name="aRow">How far apart the rows of A lie.</param>
    /// <param name="aColumn">How far apart the columns of A lie.</param>
    /// <param name="b">B.</param>
    /// <param name="bIsTransposed">Whether it is Bᵀ that lies in b.</param>
    /// <param name="c">[rows, columns]</param>
    /// <param name="rows">The rows of A and C.</param>
    /// <param name="inner">The columns of A and rows of B.</param>
    /// <param name="columns">The columns of B and C.</param>
    /// <param name="accumulates">Whether the sums begin at what is in C.</param>
    /// <param name="bias">[columns], what the sums of every row begin at instead; or empty</param>
    internal static void Multiply<T>(
        ReadOnlySpan<T> a, int aRow, int aColumn, ReadOnlySpan<T> b, bool bIsTransposed, Span<T> c, int rows, int inner, int columns, bool accumulates, ReadOnlySpan<T> bias = default)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (rows == 0 || columns == 0)
            return;
        if ((long)rows * inner * columns > SmallProduct<T>.Limit)
        {
            MultiplyInTiles(a, aRow, aColumn, b, bIsTransposed, c, rows, inner, columns, accumulates, bias);
            return;
        }
        fixed (T* pa = a, pb = b, pc = c, begin = bias)
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
                Begin = accumulates ? pc : begin,
                BeginRow = accumulates ? columns : 0,
            }, rows * inner * columns);
        }
    }

    private static void MultiplyInTiles<T>(
        ReadOnlySpan<T> a, int aRow, int aColumn, ReadOnlySpan<T> b, bool bIsTransposed, Span<T> c, int rows, int inner, int columns, bool accumulates, ReadOnlySpan<T> bias)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        fixed (T* pa = a, pb = b, pc = c, begin = bias)
        {
            Simd.Run<T, MatrixProduct<T>>(new()
            {
                A = pa,
                ARow = aRow,
                AColumn = aColumn,
                B = pb,
                BRow = bIsTransposed ? 1 : columns,
                BColumn = bIsTransposed ? inner : 1,
                C = pc,
                CRow = columns,
                Rows = rows,
                Inner = inner,
                Columns = columns,
                Bias = begin,
                Adds = accumulates,
            });
        }
    }
}
