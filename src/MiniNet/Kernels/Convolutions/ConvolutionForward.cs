using System.Numerics;

namespace MiniNet;

/// <summary>y = x ∗ w + bias: tiles of some pixels of an output row by up to four vectors of filters, which stay in registers while all taps are added.</summary>
/// <remarks>
/// Weights too many for the second-level cache are used for all images at once, a row of the kernel and up to four vectors of filters at a time; fewer image by image.
/// </remarks>
internal unsafe struct ConvolutionForward<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int LargeWeights = 1 << 20, PaddedImages = 4 << 20, LargestPanel = 4 << 20;                // bytes

    public ConvolutionGeometry Geometry;
    public T* X;               // [images, height, width, channels]
    public T* W;               // [kernel height, kernel width, channels / groups, filters]
    public T* Bias;            // [filters] or null
    public T* Y;               // [images, output height, output width, filters]
    public int Images;

    public readonly void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
    {
        if (!Geometry.IsDepthwise && (long)Geometry.WeightLength * sizeof(T) > LargeWeights && PanelLength<TSimd, TVector>() * sizeof(T) <= LargestPanel)
            RunByKernelRows<TSimd, TVector>();
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

    /// <summary>A panel of the weights under one row of the kernel is copied into one piece, and used for all images before the next is. Sums are the same: taps come in the same order.</summary>
    private readonly void RunByKernelRows<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
    {
        ConvolutionGeometry g = Geometry;
        int perRow = g.SegmentsPerRow, widest = Tile<T>.Best<TSimd, TVector>(g.OutputWidth), deep = g.KernelWidth * g.GroupChannels, line = ConvolutionMemory<T>.LineLength;
        int length = g.IsPadded ? ConvolutionMemory<T>.PaddedStep(g) : g.Length, atOnce = g.IsPadded ? Math.Clamp(PaddedImages / sizeof(T) / length, 1, Images) : Images;
        fixed (nint* segments = ConvolutionMemory<T>.Segments(perRow))
        fixed (T* memory = ConvolutionMemory<T>.Images(g, atOnce), panelMemory = Copies<T>.Take((int)PanelLength<TSimd, TVector>() + line))
        {
            T* panel = Copies<T>.Align(panelMemory);
            for (int i = 0; i < perRow; i++)
                segments[i] = g.Segment(0, i);
            Tile<T> tile = Tile();
            tile.B = panel;
            tile.Segments = segments;
            for (int firstImage = 0; firstImage < Images; firstImage += atOnce)
            {
                T* x = X + ((nint)firstImage * g.Length), y = Y + ((nint)firstImage * g.OutputLength);
                int images = Math.Min(atOnce, Images - firstImage);
                if (g.IsPadded)
                    x = ConvolutionMemory<T>.Pad(g, x, images, memory);
                for (int column = 0; column < g.Filters; column += tile.Wide)
                {
                    int block = column / g.BlockFilters;
                    tile.Wide = Tile<T>.Width<TSimd, TVector>(((block + 1) * g.BlockFilters) - column, widest);
                    tile.BRow = Math.Max(tile.Wide, TSimd.Count);
                    for (int kernelRow = 0; kernelRow < g.KernelHeight; kernelRow++)
                    {
                        Copies<T>.Panel<TSimd, TVector>(W + ((nint)kernelRow * deep * g.Filters) + column, g.Filters, panel, tile.BRow, deep, tile.Wide);
                        for (int image = 0; image < images; image++)
                        {
                            T* a = x + ((nint)image * length) + (block * g.GroupChannels) + g.Segment(kernelRow, 0);
                            for (int row = 0, down = 1; row < g.OutputHeight; row += down)
                            {
                                (int from, int to) = g.KernelRows(row);
                                down = RowsLike(row);
                                bool isFirst = kernelRow == (from < to ? from : 0), isSeen = kernelRow >= from && kernelRow < to;
                                if (!isFirst && !isSeen)
                                    continue;
                                tile.A = a + ((nint)row * g.StrideHeight * g.RowLength);
                                tile.C = y + ((nint)image * g.OutputLength) + ((nint)row * g.OutputWidth * g.Filters) + column;
                                tile.Begin = !isFirst ? tile.C : Bias == null ? null : Bias + column;
                                (tile.BeginRow, tile.BeginStep) = isFirst ? (0, 0) : (tile.CRow, tile.CStep);
                                tile.SegmentCount = isSeen ? perRow : 0;
                                tile.Repeats = down;
                                tile.Run<TSimd, TVector>(g.OutputWidth);
                            }
                        }
                    }
                }
            }
        }
    }

    /// <summary>How long a panel of the weights under one row of the kernel is at most.</summary>
    private readonly long PanelLength<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
    {
        int vectors = Math.Min(Tile<T>.Widest<TSimd, TVector>(), ((Geometry.BlockFilters - 1) / TSimd.Count) + 1);
        return (long)Geometry.KernelWidth * Geometry.GroupChannels * vectors * TSimd.Count;
    }

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
