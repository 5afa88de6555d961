using System.Numerics;

namespace MiniNet;

/// <summary>
/// y = x ∗ w + bias by <see cref="Winograd{T}"/>, or the way back, dx (+ bias): some rows of tiles are transformed, multiplied in each place, and transformed back.
/// </summary>
internal unsafe struct WinogradConvolution<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int CacheBytes = 512 << 10;

    public ConvolutionGeometry Geometry;
    public bool IsBack;
    public T* From;            // x [images, height, width, channels], or dy [images, output height, output width, filters]
    public T* Weights;         // [place, inputs, outputs in whole cache lines], transformed: channels and filters, or filters and channels
    public T* Bias;            // [outputs] or null
    public T* To;              // y, or dx
    public int Images;

    public readonly void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
    {
        ConvolutionGeometry g = Geometry;
        (int inputs, int outputs) = IsBack ? (g.Filters, g.Channels) : (g.Channels, g.Filters);
        (int fromLength, int toLength) = IsBack ? (g.OutputLength, g.Length) : (g.Length, g.OutputLength);
        WinogradBlocks<T> blocks = new(g, Images, inputs, outputs, inputPlanes: Winograd<T>.Side, outputPlanes: Winograd<T>.Places, CacheBytes);
        nint weightPlane = WinogradBlocks<T>.WeightPlane(inputs, outputs);
        fixed (T* memory = ConvolutionMemory<T>.Tiles(blocks.Length))
        {
            T* before = Copies<T>.Align(memory), after = before + (Winograd<T>.Side * blocks.InputPlane);
            for (int first = 0, rows; first < blocks.Rows; first += rows)
            {
                rows = Math.Min(blocks.RowsAtOnce, blocks.Rows - first);
                for (int place = 0; place < Winograd<T>.Places; place++)
                {
                    (int placeRow, int placeColumn) = Math.DivRem(place, Winograd<T>.Side);
                    for (int i = 0; i < rows && placeColumn == 0; i++)
                    {
                        (int image, int tileRow) = Math.DivRem(first + i, blocks.Down);
                        T* from = From + ((nint)image * fromLength), tiles = before + ((nint)i * blocks.Across * inputs);
                        if (IsBack)
                            Winograd<T>.OutputGradient<TSimd, TVector>(g, from, tileRow, placeRow, tiles, blocks.InputPlane, inputs);
                        else
                            Winograd<T>.Input<TSimd, TVector>(g, from, tileRow, placeRow, inputs, tiles, blocks.InputPlane);
                    }
                    new MatrixProduct<T>
                    {
                        A = before + (placeColumn * blocks.InputPlane),
                        ARow = inputs,
                        AColumn = 1,
                        B = Weights + (place * weightPlane),
                        BRow = blocks.OutputRow,
                        BColumn = 1,
                        C = after + (place * blocks.OutputPlane),
                        CRow = blocks.OutputRow,
                        Rows = rows * blocks.Across,
                        Inner = inputs,
                        Columns = outputs,
                    }.Run<TSimd, TVector>();
                }
                for (int i = 0; i < rows; i++)
                {
                    (int image, int tileRow) = Math.DivRem(first + i, blocks.Down);
                    T* to = To + ((nint)image * toLength), tiles = after + (i * blocks.Across * blocks.OutputRow);
                    if (IsBack)
                        Winograd<T>.InputGradient<TSimd, TVector>(g, tiles, blocks.OutputPlane, blocks.OutputRow, Bias, to, tileRow);
                    else
                        Winograd<T>.Output<TSimd, TVector>(g, tiles, blocks.OutputPlane, blocks.OutputRow, Bias, to, tileRow);
                }
            }
        }
    }
}
