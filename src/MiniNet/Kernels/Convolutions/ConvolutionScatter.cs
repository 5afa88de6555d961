using System.Numerics;

namespace MiniNet;

/// <summary>
/// dx = Σ over taps of dy · wᵀ (+ bias), one tap after the other: each row of the output's gradient, times the weights of the tap, is added to the pixels that the tap saw. Image by image, or panel by
/// panel of the weights, as <see cref="ConvolutionForward{T}"/>.
/// </summary>
internal unsafe struct ConvolutionScatter<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public ConvolutionGeometry Geometry;
    public T* OutputGradient;  // [images, output height, output width, filters]
    public T* Turned;          // [kernel height, kernel width, filters / groups, channels], the last tap first
    public T* Bias;            // [channels] or null
    public T* InputGradient;   // [images, height, width, channels], overwritten
    public int Images;

    public readonly void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
    {
        ConvolutionGeometry g = Geometry;
        int widest = g.IsDepthwise ? 1 : Tile<T>.Widest<TSimd, TVector>(), blockChannels = g.Channels / g.Blocks, rows = g.Taps * g.GroupFilters;
        long panelLength = ConvolutionMemory<T>.PanelLength<TSimd, TVector>(rows, blockChannels);
        bool copies = ConvolutionMemory<T>.IsWorthPanels<TSimd, TVector>(g, Turned, g.Channels, Images) && panelLength * sizeof(T) <= ConvolutionMemory<T>.LargestPanel;
        int atOnce = copies ? ConvolutionMemory<T>.ImagesAtOnce(g, g.Length, Images) : 1;
        fixed (T* copy = copies ? Copies<T>.Take((int)panelLength + ConvolutionMemory<T>.LineLength) : null)
        {
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
            for (int firstImage = 0; firstImage < Images; firstImage += atOnce)
            {
                int endImage = Math.Min(firstImage + atOnce, Images);
                Begin(InputGradient + ((nint)firstImage * g.Length), (endImage - firstImage) * g.Length);
                for (int column = 0; column < g.Channels; column += tile.Wide)
                {
                    int block = column / blockChannels;
                    tile.Wide = Tile<T>.Width<TSimd, TVector>(((block + 1) * blockChannels) - column, widest, isWhole: copies);
                    T* b = Turned + column;
                    if (copies)
                    {
                        tile.BRow = Tile<T>.Vectors<TSimd, TVector>(tile.Wide) * TSimd.Count;
                        b = Copies<T>.Align(copy);
                        Copies<T>.Panel<TSimd, TVector>(Turned + column, g.Channels, b, tile.BRow, rows, tile.Wide);
                    }
                    for (int image = firstImage; image < endImage; image++)
                    {
                        T* dy = OutputGradient + ((nint)image * g.OutputLength) + (g.IsDepthwise ? column : block * g.GroupFilters), dx = InputGradient + ((nint)image * g.Length) + column;
                        for (int tap = 0; tap < g.Taps; tap++)
                        {
                            int p = tap / g.KernelWidth, q = tap % g.KernelWidth;
                            ((int rowFrom, int rowTo), (int columnFrom, int columnTo)) = (g.OutputRows(p), g.OutputColumns(q));
                            if (rowFrom == rowTo)
                                continue;
                            tile.A = dy + ((((nint)rowFrom * g.OutputWidth) + columnFrom) * g.Filters);
                            tile.B = b + ((nint)(g.Taps - 1 - tap) * g.GroupFilters * tile.BRow);
                            tile.C = tile.Begin = dx + ((((nint)(rowFrom * g.StrideHeight) + (p * g.DilationHeight) - g.Top) * g.Width) + (columnFrom * g.StrideWidth) + (q * g.DilationWidth) - g.Left) * g.Channels;
                            tile.Repeats = rowTo - rowFrom;
                            tile.Run<TSimd, TVector>(columnTo - columnFrom, hasOwnLanes: g.IsDepthwise);
                        }
                    }
                }
            }
        }
    }

    /// <summary>What the taps of some images are added to, while it is in the cache.</summary>
    private readonly void Begin(T* dx, int length)
    {
        if (Bias == null)
        {
            new Span<T>(dx, length).Clear();
            return;
        }
        ReadOnlySpan<T> bias = new(Bias, Geometry.Channels);
        for (int i = 0; i < length; i += Geometry.Channels)
            bias.CopyTo(new Span<T>(dx + i, Geometry.Channels));
    }
}
