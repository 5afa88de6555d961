using System.Numerics;

namespace MiniNet;

/// <summary>
/// The sums of ∂w by <see cref="Winograd{T}"/>, for some rows of places and some channels: images and gradients are transformed, multiplied, and added up over all tiles.
/// What ∂w is of them all, <see cref="Winograd{T}.WeightGradient"/> says.
/// </summary>
internal unsafe struct WinogradWeightSums<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int CacheBytes = 128 << 10, ChannelsPerPart = 16;

    public ConvolutionGeometry Geometry;
    public T* X;               // [images, height, width, channels]
    public T* OutputGradient;  // [images, output height, output width, filters]
    public T* Sums;            // [place, channels, filters in whole cache lines]
    public int Images;
    public int FromRow, ToRow; // of places
    public int From, To;       // channels

    /// <summary>How many parts there are to share out: a row of places for 16 channels or a few more.</summary>
    internal static int Parts(in ConvolutionGeometry g) => Winograd<T>.Side * ChannelParts(g);

    /// <summary>The parts from one to another, or as many of the first as can be had at once: whole rows of places, or some channels of the first row.</summary>
    /// <returns>How many parts these are.</returns>
    internal int NextParts(int from, int to)
    {
        int perRow = ChannelParts(Geometry);
        (FromRow, int first) = Math.DivRem(from, perRow);
        int whole = first == 0 ? (to - from) / perRow : 0, end = whole > 0 ? perRow : Math.Min(perRow, first + to - from);
        (ToRow, From, To) = (FromRow + Math.Max(1, whole), Channel(Geometry, first), Channel(Geometry, end));
        return (ToRow - FromRow) * (end - first);
    }

    private static int ChannelParts(in ConvolutionGeometry g) => g.Channels / ChannelsPerPart;

    private static int Channel(in ConvolutionGeometry g, int part) => (int)((long)g.Channels * part / ChannelParts(g));

    public readonly void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
    {
        ConvolutionGeometry g = Geometry;
        int channels = To - From;
        WinogradBlocks<T> blocks = new(g, Images, channels, g.Filters, inputPlanes: Winograd<T>.Side, outputPlanes: Winograd<T>.Side, CacheBytes);
        nint weightPlane = WinogradBlocks<T>.WeightPlane(g.Channels, g.Filters);
        fixed (T* memory = ConvolutionMemory<T>.Tiles(blocks.Length))
        {
            T* inputs = Copies<T>.Align(memory), outputs = inputs + (Winograd<T>.Side * blocks.InputPlane);
            for (int first = 0, rows; first < blocks.Rows; first += rows)
            {
                rows = Math.Min(blocks.RowsAtOnce, blocks.Rows - first);
                for (int placeRow = FromRow; placeRow < ToRow; placeRow++)
                {
                    for (int i = 0; i < rows; i++)
                    {
                        (int image, int tileRow) = Math.DivRem(first + i, blocks.Down);
                        T* x = X + ((nint)image * g.Length) + From, dy = OutputGradient + ((nint)image * g.OutputLength);
                        Winograd<T>.Input<TSimd, TVector>(g, x, tileRow, placeRow, channels, inputs + ((nint)i * blocks.Across * channels), blocks.InputPlane);
                        Winograd<T>.OutputGradient<TSimd, TVector>(g, dy, tileRow, placeRow, outputs + (i * blocks.Across * blocks.OutputRow), blocks.OutputPlane, blocks.OutputRow);
                    }
                    for (int place = 0; place < Winograd<T>.Side; place++)
                    {
                        new MatrixProduct<T>
                        {
                            A = inputs + (place * blocks.InputPlane),
                            ARow = 1,
                            AColumn = channels,
                            B = outputs + (place * blocks.OutputPlane),
                            BRow = blocks.OutputRow,
                            BColumn = 1,
                            C = Sums + (((placeRow * Winograd<T>.Side) + place) * weightPlane) + (From * blocks.OutputRow),
                            CRow = blocks.OutputRow,
                            Rows = channels,
                            Inner = rows * blocks.Across,
                            Columns = g.Filters,
                            Adds = first > 0,
                        }.Run<TSimd, TVector>();
                    }
                }
            }
        }
    }
}
