using System.Numerics;

namespace MiniNet;

/// <summary>
/// ∂w = Σ over images and pixels of what a tap saw, times the pixel's gradient: tiles of neighbouring (tap, channel) rows by up to four vectors of filters,
/// which stay in registers while all pixels of some images are added: as many images as the second-level cache holds, or more where the gradient is so large that it does
/// not stay there itself.
/// </summary>
/// <remarks>
/// The (column of the kernel, channel) rows of one row of the kernel lie side by side in the image, unless dilation or groups part them.
/// Where many filters lie side by side, or vectors of them would cross cache lines, the gradient of 64 at a time is copied into one piece, which all tiles of these filters use.
/// With three such rows (a 3 × 3 kernel on one channel, or on each channel by itself) the rows of the kernel are stacked: nine rows in one tile.
/// </remarks>
internal unsafe struct ConvolutionWeights<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int BlockColumns = 64, CachedImages = 512 << 10, LargestImages = 16 << 20, ManyTiles = 4, LeastParts = 8;                // columns; bytes; tiles

    public ConvolutionGeometry Geometry;
    public T* X;               // [images, height, width, channels]
    public T* OutputGradient;  // [images, output height, output width, filters]
    public T* Gradient;        // [kernel height, kernel width, channels / groups, filters]
    public int Images, From, To;
    public int MostImages;     // that any group has: so much memory is made at once

    /// <summary>How many tiles there are to share out: of up to 12 rows and 64 columns.</summary>
    internal static int Tiles(in ConvolutionGeometry g) => Parts(g) * TilesPerPart(g) * g.Blocks * BlocksPerGroup(g);

    /// <summary>Into how many groups of images the sums are parted where there are few tiles: enough to share out. It follows from the batch, not from the threads, so the bits do too.</summary>
    internal static int Groups(in ConvolutionGeometry g, int images) => Math.Min(images, (LeastParts + Tiles(g) - 1) / Tiles(g));

    /// <summary>The channels of a range of tiles, where each channel is by itself and all its taps are in one tile.</summary>
    internal static (int From, int To) Channels(in ConvolutionGeometry g, int from, int to) => (from * BlockColumns, Math.Min(to * BlockColumns, g.Channels));

    public readonly void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
    {
        ConvolutionGeometry g = Geometry;
        bool isStacked = IsStacked(g);
        int partRows = PartRows(g), tilesPerPart = TilesPerPart(g), tiles = Parts(g) * tilesPerPart, blocks = BlocksPerGroup(g);
        int widest = g.IsDepthwise ? 1 : isStacked ? Tile<T>.Widest<TSimd, TVector>(partRows) : Tile<T>.Widest<TSimd, TVector>(), aRow = g.IsDepthwise ? g.SegmentStep : 1;
        int length = g.IsPadded ? ConvolutionMemory<T>.PaddedStep(g) : g.Length;
        int panelRow = Tile<T>.Vectors<TSimd, TVector>(Math.Min(g.BlockFilters, BlockColumns)) * TSimd.Count, pixels = g.OutputHeight * g.OutputWidth;
        long panelLength = (long)pixels * panelRow;
        bool isApart = g.BlockFilters >= BlockColumns && g.Filters > panelRow;
        bool isAskew = Math.Min(To - From, tiles) >= ManyTiles && panelRow <= 2 * g.BlockFilters && Copies<T>.IsAskew<TSimd, TVector>(OutputGradient, g.Filters);
        bool copies = !g.IsDepthwise && (isApart || isAskew) && panelLength * sizeof(T) <= LargestImages;
        int bRow = copies ? panelRow : g.Filters;
        long share = Math.Clamp((long)g.WeightLength / 2, CachedImages / sizeof(T), LargestImages / sizeof(T));
        int atOnce = (int)Math.Clamp(share / (length + (pixels * (long)Math.Max(g.Filters, bRow))), 1, MostImages);
        fixed (nint* segments = ConvolutionMemory<T>.Segments(2 * atOnce * g.OutputHeight))
        fixed (T* memory = ConvolutionMemory<T>.Images(g, atOnce), copy = copies ? Copies<T>.Take((int)(atOnce * panelLength) + ConvolutionMemory<T>.LineLength) : null)
        {
            nint* bSegments = segments + (atOnce * g.OutputHeight);
            Tile<T> tile = new()
            {
                ARow = aRow,
                AThird = isStacked ? g.Segment(1, 0) : 3 * aRow,
                AColumn = g.StrideWidth * g.Channels,
                BRow = bRow,
                CRow = g.Filters,
                BeginRow = g.Filters,
                Segments = segments,
                BSegments = bSegments,
                Depth = g.OutputWidth,
            };
            for (int firstImage = 0; firstImage < Images; firstImage += atOnce)
            {
                int images = Math.Min(atOnce, Images - firstImage), lastKernelRow = -1, lastBlock = -1;
                T* x = X + ((nint)firstImage * g.Length), dy = OutputGradient + ((nint)firstImage * g.OutputLength);
                if (g.IsPadded)
                    x = ConvolutionMemory<T>.Pad(g, x, images, memory);
                for (int item = From; item < To; item++)
                {
                    int part = item % tiles / tilesPerPart, n = item % tilesPerPart, group = item / tiles / blocks;
                    int firstFilter = item / tiles % blocks * BlockColumns, endFilter = Math.Min(firstFilter + BlockColumns, g.BlockFilters);
                    int firstRow = (int)((long)partRows * n / tilesPerPart), rows = (int)((long)partRows * (n + 1) / tilesPerPart) - firstRow;
                    int kernelRow = part / g.SegmentsPerRow;
                    if (kernelRow != lastKernelRow)
                    {
                        // A segment for each row of the output that sees this row of the kernel, image after image.
                        lastKernelRow = kernelRow;
                        (int from, int to) = isStacked ? (0, g.OutputHeight) : g.OutputRows(kernelRow);
                        tile.SegmentCount = 0;
                        for (int image = 0; image < images; image++)
                        {
                            for (int row = from; row < to; row++)
                            {
                                segments[tile.SegmentCount] = ((nint)image * length) + ((nint)row * g.StrideHeight * g.RowLength);
                                bSegments[tile.SegmentCount++] = (((nint)image * pixels) + (row * g.OutputWidth)) * bRow;
                            }
                        }
                    }
                    T* b = dy + (group * g.BlockFilters) + firstFilter;
                    if (copies)
                    {
                        T* panel = Copies<T>.Align(copy);
                        if (item / tiles != lastBlock)
                            Copies<T>.Panel<TSimd, TVector>(b, g.Filters, panel, bRow, images * pixels, endFilter - firstFilter);
                        lastBlock = item / tiles;
                        b = panel;
                    }
                    T* a = x + g.Segment(kernelRow, part % g.SegmentsPerRow) + (firstRow * aRow) + (g.IsDepthwise ? 0 : group * g.GroupChannels);
                    for (int filter = firstFilter; filter < endFilter; filter += tile.Wide)
                    {
                        int left = endFilter - filter, column = (group * g.BlockFilters) + filter;
                        tile.Wide = Tile<T>.Width<TSimd, TVector>(left, widest, isWhole: copies);
                        tile.A = a + (g.IsDepthwise ? filter : 0);
                        tile.B = b + filter - firstFilter;
                        tile.C = Gradient + (((nint)(part * partRows) + firstRow) * g.Filters) + column;
                        tile.Begin = firstImage > 0 ? tile.C : null;
                        tile.Run<TSimd, TVector>(rows, hasOwnLanes: g.IsDepthwise);
                    }
                }
            }
        }
    }

    private static bool IsStacked(in ConvolutionGeometry g) => g.SegmentsPerRow == 1 && g.SegmentDepth == 3 && 3 * g.KernelHeight <= Tile<T>.Highest;

    private static int Parts(in ConvolutionGeometry g) => IsStacked(g) ? 1 : g.KernelHeight * g.SegmentsPerRow;

    private static int PartRows(in ConvolutionGeometry g) => IsStacked(g) ? 3 * g.KernelHeight : g.SegmentDepth;

    private static int TilesPerPart(in ConvolutionGeometry g) => (PartRows(g) + Tile<T>.Highest - 1) / Tile<T>.Highest;

    private static int BlocksPerGroup(in ConvolutionGeometry g) => (g.BlockFilters + BlockColumns - 1) / BlockColumns;
}
