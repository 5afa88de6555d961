using System.Numerics;

namespace MiniNet;

/// <summary>y = x ∗ w + bias: tiles of some pixels of an output row by up to four vectors of filters, which stay in registers while all taps are added.</summary>
/// <remarks>
/// Image by image, with the weights as they lie; or panel by panel of the weights, copied into one piece, each for many images. So where the weights are too many for the
/// second-level cache; and, if there are pixels enough for a copy, where rows of the weights are longer than a tile is wide, so that a panel would lie apart, or cross cache lines.
/// </remarks>
internal unsafe struct ConvolutionForward<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int LargeWeights = 1 << 20, CachedPanel = 256 << 10;                // bytes

    public ConvolutionGeometry Geometry;
    public T* X;               // [images, height, width, channels]
    public T* W;               // [kernel height, kernel width, channels / groups, filters]
    public T* Bias;            // [filters] or null
    public T* Y;               // [images, output height, output width, filters]
    public int Images;

    public readonly void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
    {
        ConvolutionGeometry g = Geometry;
        bool isLarge = !g.IsDepthwise && (long)g.WeightLength * sizeof(T) > LargeWeights;
        if ((isLarge || ConvolutionMemory<T>.IsWorthPanels<TSimd, TVector>(g, W, g.Filters, Images)) && PanelLength<TSimd, TVector>(1) * sizeof(T) <= ConvolutionMemory<T>.LargestPanel)
            RunByPanels<TSimd, TVector>(PanelLength<TSimd, TVector>(g.KernelHeight) * sizeof(T) <= CachedPanel ? g.KernelHeight : 1);
        else
            RunByImages<TSimd, TVector>();
    }

    private readonly void RunByImages<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
    {
        ConvolutionGeometry g = Geometry;
        int perRow = g.SegmentsPerRow, widest = g.IsDepthwise ? 1 : Tile<T>.Best<TSimd, TVector>(g.OutputWidth);
        fixed (nint* segments = ConvolutionMemory<T>.Segments(g.KernelHeight * perRow))
        fixed (T* memory = ConvolutionMemory<T>.Images(g, 1))
        {
            for (int i = 0; i < g.KernelHeight * perRow; i++)
                segments[i] = g.Segment(i / perRow, i % perRow);
            Tile<T> tile = Tile();
            if (g.IsDepthwise)                                       // repeated side by side over the channels, where each is by itself; else down the image
                tile.AStep = tile.BStep = tile.CStep = tile.BeginStep = TSimd.Count;
            for (int image = 0; image < Images; image++)
            {
                T* x = ConvolutionMemory<T>.Pad(g, X + ((nint)image * g.Length), memory);
                for (int column = 0, across = 1; column < g.Filters; column += across * tile.Wide)
                {
                    int block = column / g.BlockFilters, left = ((block + 1) * g.BlockFilters) - column;
                    tile.Wide = Tile<T>.Width<TSimd, TVector>(left, widest);
                    tile.Begin = Bias == null ? null : Bias + column;
                    across = g.IsDepthwise ? left / tile.Wide : 1;
                    T* a = x + (g.IsDepthwise ? column : block * g.GroupChannels), c = Y + ((nint)image * g.OutputLength) + column;
                    for (int row = 0, down = 1; row < g.OutputHeight; row += down)
                    {
                        (int from, int to) = g.KernelRows(row);
                        down = g.IsDepthwise ? 1 : RowsLike(row);
                        tile.A = a + ((nint)row * g.StrideHeight * g.RowLength);
                        tile.B = W + column + (from * g.KernelWidth * g.GroupChannels * tile.BRow);
                        tile.C = c + ((nint)row * g.OutputWidth * g.Filters);
                        tile.Segments = segments + (from * perRow);
                        tile.SegmentCount = (to - from) * perRow;
                        tile.Repeats = across * down;
                        tile.Run<TSimd, TVector>(g.OutputWidth, hasOwnLanes: g.IsDepthwise);
                    }
                }
            }
        }
    }

    /// <summary>A panel of the weights, under so many rows of the kernel, is copied into one piece, and used for many images before the next is. Sums are the same: taps come in the same order.</summary>
    private readonly void RunByPanels<TSimd, TVector>(int kernelRows) where TSimd : struct, ISimd<TVector, T>
    {
        ConvolutionGeometry g = Geometry;
        int perRow = g.SegmentsPerRow, widest = Tile<T>.Best<TSimd, TVector>(g.OutputWidth), deep = g.KernelWidth * g.GroupChannels, line = ConvolutionMemory<T>.LineLength;
        int length = g.IsPadded ? ConvolutionMemory<T>.PaddedStep(g) : g.Length, atOnce = ConvolutionMemory<T>.ImagesAtOnce(g, length, Images);
        fixed (nint* segments = ConvolutionMemory<T>.Segments(kernelRows * perRow))
        fixed (T* memory = ConvolutionMemory<T>.Images(g, atOnce), panelMemory = Copies<T>.Take((int)PanelLength<TSimd, TVector>(kernelRows) + line))
        {
            T* panel = Copies<T>.Align(panelMemory);
            for (int i = 0; i < kernelRows * perRow; i++)
                segments[i] = g.Segment(i / perRow, i % perRow);
            Tile<T> tile = Tile();
            for (int firstImage = 0; firstImage < Images; firstImage += atOnce)
            {
                T* x = X + ((nint)firstImage * g.Length), y = Y + ((nint)firstImage * g.OutputLength);
                int images = Math.Min(atOnce, Images - firstImage);
                if (g.IsPadded)
                    x = ConvolutionMemory<T>.Pad(g, x, images, memory);
                for (int column = 0; column < g.Filters; column += tile.Wide)
                {
                    int block = column / g.BlockFilters;
                    tile.Wide = Tile<T>.Width<TSimd, TVector>(((block + 1) * g.BlockFilters) - column, widest, isWhole: true);
                    tile.BRow = Tile<T>.Vectors<TSimd, TVector>(tile.Wide) * TSimd.Count;
                    for (int kernelRow = 0; kernelRow < g.KernelHeight; kernelRow += kernelRows)
                    {
                        Copies<T>.Panel<TSimd, TVector>(W + ((nint)kernelRow * deep * g.Filters) + column, g.Filters, panel, tile.BRow, kernelRows * deep, tile.Wide);
                        for (int image = 0; image < images; image++)
                        {
                            T* a = x + ((nint)image * length) + (block * g.GroupChannels) + g.Segment(kernelRow, 0);
                            for (int row = 0, down = 1; row < g.OutputHeight; row += down)
                            {
                                (int from, int to) = g.KernelRows(row);
                                down = RowsLike(row);
                                int first = Math.Max(from - kernelRow, 0), seen = Math.Max(Math.Min(to - kernelRow, kernelRows) - first, 0);       // of the panel's rows
                                bool isFirst = from < to ? seen > 0 && from >= kernelRow : kernelRow == 0;
                                if (!isFirst && seen == 0)
                                    continue;
                                tile.A = a + ((nint)row * g.StrideHeight * g.RowLength);
                                tile.B = panel + ((nint)first * deep * tile.BRow);
                                tile.C = y + ((nint)image * g.OutputLength) + ((nint)row * g.OutputWidth * g.Filters) + column;
                                tile.Begin = !isFirst ? tile.C : Bias == null ? null : Bias + column;
                                (tile.BeginRow, tile.BeginStep) = isFirst ? (0, 0) : (tile.CRow, tile.CStep);
                                tile.Segments = segments + (first * perRow);
                                tile.SegmentCount = seen * perRow;
                                tile.Repeats = down;
                                tile.Run<TSimd, TVector>(g.OutputWidth);
                            }
                        }
                    }
                }
            }
        }
    }

    /// <summary>How long a panel of the weights under so many rows of the kernel is at most.</summary>
    private readonly long PanelLength<TSimd, TVector>(int kernelRows) where TSimd : struct, ISimd<TVector, T> =>
        ConvolutionMemory<T>.PanelLength<TSimd, TVector>(kernelRows * Geometry.KernelWidth * Geometry.GroupChannels, Geometry.BlockFilters);

    private readonly Tile<T> Tile() => new()
    {
        ARow = Geometry.StrideWidth * Geometry.Channels,
        AThird = 3 * Geometry.StrideWidth * Geometry.Channels,
        AColumn = Geometry.SegmentStep,
        BRow = Geometry.Filters,
        CRow = Geometry.Filters,
        Depth = Geometry.SegmentDepth,
        AStep = Geometry.StrideHeight * Geometry.RowLength,
        CStep = Geometry.OutputWidth * Geometry.Filters,
    };

    /// <summary>How many rows of the output from this one on see the same rows of the kernel.</summary>
    private readonly int RowsLike(int row)
    {
        int down = 1;
        while (row + down < Geometry.OutputHeight && Geometry.KernelRows(row + down) == Geometry.KernelRows(row))
            down++;
        return down;
    }
}
