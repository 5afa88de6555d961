using System.Numerics;

namespace MiniNet;

/// <summary>∂w of a range of channels by <see cref="Winograd{T}"/>: images and gradients are transformed, multiplied in each place, added up over all tiles, and transformed back.</summary>
internal unsafe struct WinogradWeights<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int CacheBytes = 512 << 10, ChannelsPerPart = 16;

    public ConvolutionGeometry Geometry;
    public T* X;               // [images, height, width, channels]
    public T* OutputGradient;  // [images, output height, output width, filters]
    public T* Gradient;        // [3, 3, channels, filters]
    public int Images;
    public int From, To;       // channels

    /// <summary>How many parts there are to share out: of 16 channels or a few more.</summary>
    internal static int Parts(in ConvolutionGeometry g) => g.Channels / ChannelsPerPart;

    /// <summary>The first channel of a part.</summary>
    internal static int Channel(in ConvolutionGeometry g, int part) => (int)((long)g.Channels * part / Parts(g));

    public readonly void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
    {
        ConvolutionGeometry g = Geometry;
        int channels = To - From;
        WinogradBlocks<T> blocks = new(g, Images, channels, CacheBytes);
        fixed (T* memory = ConvolutionMemory<T>.Take(WinogradBlocks<T>.Length(blocks.InputPlane + blocks.OutputPlane + blocks.WeightPlane)))
        {
            T* sums = Copies<T>.Align(memory), inputs = sums + (Winograd<T>.Places * blocks.WeightPlane), outputs = inputs + (Winograd<T>.Places * blocks.InputPlane);
            for (int first = 0, rows; first < blocks.Rows; first += rows)
            {
                rows = Math.Min(blocks.RowsAtOnce, blocks.Rows - first);
                for (int i = 0; i < rows; i++)
                {
                    (int image, int tileRow) = Math.DivRem(first + i, blocks.Down);
                    T* x = X + ((nint)image * g.Length) + From, dy = OutputGradient + ((nint)image * g.OutputLength);
                    Winograd<T>.Input<TSimd, TVector>(g, x, tileRow, channels, inputs + ((nint)i * blocks.Across * channels), blocks.InputPlane);
                    Winograd<T>.OutputGradient<TSimd, TVector>(g, dy, tileRow, outputs + (i * blocks.Across * blocks.FilterRow), blocks.OutputPlane, blocks.FilterRow);
                }
                for (int place = 0; place < Winograd<T>.Places; place++)
                {
                    new MatrixProduct<T>
                    {
                        A = inputs + (place * blocks.InputPlane),
                        ARow = 1,
                        AColumn = channels,
                        B = outputs + (place * blocks.OutputPlane),
                        BRow = blocks.FilterRow,
                        BColumn = 1,
                        C = sums + (place * blocks.WeightPlane),
                        CRow = blocks.FilterRow,
                        Rows = channels,
                        Inner = rows * blocks.Across,
                        Columns = g.Filters,
                        Adds = first > 0,
                    }.Run<TSimd, TVector>();
                }
            }
            Winograd<T>.WeightGradient<TSimd, TVector>(g, sums, blocks.FilterRow, Gradient + ((nint)From * g.Filters), channels);
        }
    }
}
