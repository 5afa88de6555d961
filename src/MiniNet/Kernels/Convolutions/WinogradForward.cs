using System.Numerics;

namespace MiniNet;

/// <summary>y = x ∗ w + bias by <see cref="Winograd{T}"/>: some rows of tiles are transformed, multiplied in each place, and transformed back.</summary>
internal unsafe struct WinogradForward<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int CacheBytes = 512 << 10;

    public ConvolutionGeometry Geometry;
    public T* X;               // [images, height, width, channels]
    public T* Weights;         // [place, channels, filters in whole cache lines], transformed
    public T* Bias;            // [filters] or null
    public T* Y;               // [images, output height, output width, filters]
    public int Images;

    public readonly void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
    {
        ConvolutionGeometry g = Geometry;
        WinogradBlocks<T> blocks = new(g, Images, g.Channels, inputPlanes: Winograd<T>.Side, outputPlanes: Winograd<T>.Places, CacheBytes);
        fixed (T* memory = ConvolutionMemory<T>.Tiles(blocks.Length))
        {
            T* inputs = Copies<T>.Align(memory), outputs = inputs + (Winograd<T>.Side * blocks.InputPlane);
            for (int first = 0, rows; first < blocks.Rows; first += rows)
            {
                rows = Math.Min(blocks.RowsAtOnce, blocks.Rows - first);
                for (int place = 0; place < Winograd<T>.Places; place++)
                {
                    if (place % Winograd<T>.Side == 0)
                    {
                        for (int i = 0; i < rows; i++)
                        {
                            (int image, int tileRow) = Math.DivRem(first + i, blocks.Down);
                            T* tiles = inputs + ((nint)i * blocks.Across * g.Channels);
                            Winograd<T>.Input<TSimd, TVector>(g, X + ((nint)image * g.Length), tileRow, place / Winograd<T>.Side, g.Channels, tiles, blocks.InputPlane);
                        }
                    }
                    new MatrixProduct<T>
                    {
                        A = inputs + (place % Winograd<T>.Side * blocks.InputPlane),
                        ARow = g.Channels,
                        AColumn = 1,
                        B = Weights + (place * blocks.WeightPlane),
                        BRow = blocks.FilterRow,
                        BColumn = 1,
                        C = outputs + (place * blocks.OutputPlane),
                        CRow = blocks.FilterRow,
                        Rows = rows * blocks.Across,
                        Inner = g.Channels,
                        Columns = g.Filters,
                    }.Run<TSimd, TVector>();
                }
                for (int i = 0; i < rows; i++)
                {
                    (int image, int tileRow) = Math.DivRem(first + i, blocks.Down);
                    T* tiles = outputs + (i * blocks.Across * blocks.FilterRow);
                    Winograd<T>.Output<TSimd, TVector>(g, tiles, blocks.OutputPlane, blocks.FilterRow, Bias, Y + ((nint)image * g.OutputLength), tileRow);
                }
            }
        }
    }
}
