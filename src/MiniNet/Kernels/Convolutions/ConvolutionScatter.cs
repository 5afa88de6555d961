using System.Numerics;

namespace MiniNet;

/// <summary>
/// dx += dy · wᵀ for one tap after the other: each row of the output's gradient, times the weights of the tap, is added to the pixels that the tap saw.
/// </summary>
internal unsafe struct ConvolutionScatter<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public ConvolutionGeometry Geometry;
    public T* OutputGradient;  // [images, output height, output width, filters]
    public T* Turned;          // [kernel height, kernel width, filters / groups, channels], the last tap first
    public T* InputGradient;   // [images, height, width, channels], what is added to
    public int Images;

    public readonly void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
    {
        ConvolutionGeometry g = Geometry;
        int widest = g.IsDepthwise ? 1 : Tile<T>.Best<TSimd, TVector>(g.OutputWidth), blockChannels = g.Channels / g.Blocks;
        nint oneSegment = 0;
        Tile<T> tile = new()
        {
            ARow = g.Filters,
            AThird = 3 * g.Filters,
            AColumn = 1,
            BRow = g.Channels,
            CRow = g.StrideWidth * g.Channels,
            BeginRow = g.StrideWidth * g.Channels,
            Segments = &oneSegment,
            SegmentCount = 1,
            Depth = g.GroupFilters,
            // A tile is repeated down the rows of the output.
            AStep = g.OutputWidth * g.Filters,
            CStep = g.StrideHeight * g.Width * g.Channels,
            BeginStep = g.StrideHeight * g.Width * g.Channels,
        };
        for (int image = 0; image < Images; image++)
        {
            T* dy = OutputGradient + ((nint)image * g.OutputLength), dx = InputGradient + ((nint)image * g.Length);
            for (int block = 0; block < g.Blocks; block++)
            {
                for (int channel = 0; channel < blockChannels; channel += tile.Wide)
                {
                    int left = blockChannels - channel, column = (block * blockChannels) + channel;
                    tile.Wide = Tile<T>.Width<TSimd, TVector>(left, widest);
                    for (int tap = 0; tap < g.Taps; tap++)
                    {
                        int p = tap / g.KernelWidth, q = tap % g.KernelWidth;
                        ((int rowFrom, int rowTo), (int columnFrom, int columnTo)) = (g.OutputRows(p), g.OutputColumns(q));
                        tile.B = Turned + ((nint)(g.Taps - 1 - tap) * g.GroupFilters * g.Channels) + column;
                        T* a = dy + ((nint)columnFrom * g.Filters) + (g.IsDepthwise ? channel : block * g.GroupFilters);
                        T* c = dx + ((nint)((columnFrom * g.StrideWidth) + (q * g.DilationWidth) - g.Left) * g.Channels) + column;
                        if (rowFrom == rowTo)
                            continue;
                        tile.A = a + ((nint)rowFrom * g.OutputWidth * g.Filters);
                        tile.C = tile.Begin = c + ((nint)((rowFrom * g.StrideHeight) + (p * g.DilationHeight) - g.Top) * g.Width * g.Channels);
                        tile.Repeats = rowTo - rowFrom;
                        tile.Run<TSimd, TVector>(columnTo - columnFrom, hasOwnLanes: g.IsDepthwise);
                    }
                }
            }
        }
    }
}
