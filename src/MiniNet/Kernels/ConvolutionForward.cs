using System.Numerics;

namespace MiniNet;

/// <summary>y = x ∗ w + bias: tiles of up to 12 pixels of an output row by two vectors of filters, which stay in registers while all taps are added.</summary>
internal unsafe struct ConvolutionForward<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public ConvolutionGeometry Geometry;
    public T* X;               // [images, height, width, channels]
    public T* W;               // [kernel height, kernel width, channels / groups, filters]
    public T* Bias;            // [filters] or null
    public T* Y;               // [images, output height, output width, filters]
    public int Images;

    public readonly void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
    {
        ConvolutionGeometry g = Geometry;
        int perRow = g.SegmentsPerRow, widest = g.IsDepthwise ? TSimd.Count : 2 * TSimd.Count, blockFilters = g.BlockFilters;
        fixed (nint* segments = ConvolutionMemory<T>.Segments(g.KernelHeight * perRow))
        fixed (T* memory = ConvolutionMemory<T>.Image(g))
        {
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
            };
            for (int image = 0; image < Images; image++)
            {
                T* x = ConvolutionMemory<T>.Pad(g, X + ((nint)image * g.Length), memory), y = Y + ((nint)image * g.OutputLength);
                for (int block = 0; block < g.Blocks; block++)
                {
                    for (int filter = 0; filter < blockFilters; filter += tile.Wide)
                    {
                        int left = blockFilters - filter, column = (block * blockFilters) + filter;
                        tile.Wide = left >= widest ? widest : Math.Min(left, TSimd.Count);
                        tile.Begin = Bias == null ? null : Bias + column;
                        T* a = x + (g.IsDepthwise ? filter : block * g.GroupChannels);
                        for (int row = 0; row < g.OutputHeight; row++)
                        {
                            (int from, int to) = g.KernelRows(row);
                            tile.A = a + ((nint)row * g.StrideHeight * g.RowLength);
                            tile.B = W + ((nint)from * g.KernelWidth * g.GroupChannels * g.Filters) + column;
                            tile.C = y + ((nint)row * g.OutputWidth * g.Filters) + column;
                            tile.Segments = segments + (from * perRow);
                            tile.SegmentCount = (to - from) * perRow;
                            tile.Run<TSimd, TVector>(g.OutputWidth, hasOwnLanes: g.IsDepthwise);
                        }
                    }
                }
            }
        }
    }
}
