using System.Numerics;

namespace MiniNet;

/// <summary>y = x ∗ w + bias: tiles of some pixels of an output row by up to four vectors of filters, which stay in registers while all taps are added.</summary>
/// <remarks>
/// Weights too many for the second-level cache are taken panel by panel of up to four vectors of filters, each copied into one piece, for all images; else image by image.
/// </remarks>
internal unsafe struct ConvolutionForward<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int LargeWeights = 1 << 20;                // bytes

    public ConvolutionGeometry Geometry;
    public T* X;               // [images, height, width, channels]
    public T* W;               // [kernel height, kernel width, channels / groups, filters]
    public T* Bias;            // [filters] or null
    public T* Y;               // [images, output height, output width, filters]
    public int Images;

    public readonly void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
    {
        ConvolutionGeometry g = Geometry;
        int perRow = g.SegmentsPerRow, widest = g.IsDepthwise ? 1 : Tile<T>.Widest<TSimd, TVector>(), blockFilters = g.BlockFilters, rowsOfB = g.Taps * g.GroupChannels;
        bool copies = Images > 1 && (long)g.WeightLength * sizeof(T) > LargeWeights && !g.IsDepthwise;
        fixed (nint* segments = ConvolutionMemory<T>.Segments(g.KernelHeight * perRow))
        fixed (T* memory = ConvolutionMemory<T>.Image(g), panelMemory = Copies<T>.Take(copies ? (rowsOfB * widest * TSimd.Count) + ConvolutionMemory<T>.LineLength : 0))
        {
            T* panel = ConvolutionMemory<T>.Align(panelMemory), x = null;
            for (int i = 0; i < g.KernelHeight * perRow; i++)
                segments[i] = g.Segment(i / perRow, i % perRow);
            Tile<T> tile = new()
            {
                ARow = g.StrideWidth * g.Channels,
                AThird = 3 * g.StrideWidth * g.Channels,
                AColumn = g.SegmentStep,
                BRow = g.Filters,
                CRow = g.Filters,
                Depth = g.SegmentDepth,
                // A tile is repeated, side by side over the channels where each is by itself, else down the image.
                AStep = g.IsDepthwise ? TSimd.Count : g.StrideHeight * g.RowLength,
                BStep = g.IsDepthwise ? TSimd.Count : 0,
                CStep = g.IsDepthwise ? TSimd.Count : g.OutputWidth * g.Filters,
                BeginStep = g.IsDepthwise ? TSimd.Count : 0,
            };
            int atOnce = copies ? Images : 1;
            for (int firstImage = 0; firstImage < Images; firstImage += atOnce)
            {
                for (int column = 0, across = 1; column < g.Filters; column += across * tile.Wide)
                {
                    int block = column / blockFilters, left = ((block + 1) * blockFilters) - column;
                    tile.Wide = Tile<T>.Width<TSimd, TVector>(left, widest);
                    tile.Begin = Bias == null ? null : Bias + column;
                    across = g.IsDepthwise ? left / tile.Wide : 1;
                    T* b = W + column;
                    if (copies)
                    {
                        tile.BRow = Math.Max(tile.Wide, TSimd.Count);
                        Copies<T>.Panel<TSimd, TVector>(b, g.Filters, panel, tile.BRow, rowsOfB, tile.Wide);
                        b = panel;
                    }
                    for (int image = firstImage; image < firstImage + atOnce; image++)
                    {
                        if (column == 0 || copies)
                            x = ConvolutionMemory<T>.Pad(g, X + ((nint)image * g.Length), memory);
                        T* a = x + (g.IsDepthwise ? column : block * g.GroupChannels), c = Y + ((nint)image * g.OutputLength) + column;
                        for (int row = 0, down = 1; row < g.OutputHeight; row += down)
                        {
                            (int from, int to) = g.KernelRows(row);
                            for (down = 1; !g.IsDepthwise && row + down < g.OutputHeight && g.KernelRows(row + down) == (from, to);)
                                down++;
                            tile.A = a + ((nint)row * g.StrideHeight * g.RowLength);
                            tile.B = b + (from * g.KernelWidth * g.GroupChannels * tile.BRow);
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
    }
}
