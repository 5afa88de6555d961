using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>
/// ∂w of the convolutions of <see cref="DepthwiseRows{T}"/>: the nine sums of a vector of channels stay in registers through an image.
/// A column of three pixels is loaded once, and multiplied by the gradients of the three output pixels that saw it.
/// </summary>
internal unsafe struct DepthwiseWeights<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public ConvolutionGeometry Geometry;
    public T* X;               // [images, height, width, channels]
    public T* OutputGradient;  // [images, output height, output width, channels]
    public T* Gradient;        // [3, 3, 1, channels]
    public int Images, From, To;      // the channels

    /// <summary>The same as another kernel makes, tile by tile.</summary>
    internal DepthwiseWeights(in ConvolutionWeights<T> tiles)
    {
        (Geometry, Images) = (tiles.Geometry, tiles.Images);
        X = tiles.X;
        OutputGradient = tiles.OutputGradient;
        Gradient = tiles.Gradient;
        (From, To) = ConvolutionWeights<T>.Channels(tiles.Geometry, tiles.From, tiles.To);
    }

    public readonly void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
    {
        for (int image = 0; image < Images; image++)
        {
            for (int channel = From; channel < To; channel += TSimd.Count)
                Image<TSimd, TVector>(X + ((nint)image * Geometry.Length) + channel, OutputGradient + ((nint)image * Geometry.OutputLength) + channel, Gradient + channel, To - channel, adds: image > 0);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Image<TSimd, TVector>(T* x, T* dy, T* dw, int wide, bool adds) where TSimd : struct, ISimd<TVector, T>
    {
        int channels = Geometry.Channels, width = Geometry.Width, left = Geometry.Left, outputs = Geometry.OutputWidth;
        TVector zero = TSimd.Create(T.Zero), w00 = zero, w01 = zero, w02 = zero, w10 = zero, w11 = zero, w12 = zero, w20 = zero, w21 = zero, w22 = zero;
        for (int row = 0; row < Geometry.OutputHeight; row++, dy += (nint)outputs * channels)
        {
            int firstRow = row - Geometry.Top;
            T* x0 = ConvolutionMemory<T>.RowOf(Geometry, x, firstRow), x1 = ConvolutionMemory<T>.RowOf(Geometry, x, firstRow + 1), x2 = ConvolutionMemory<T>.RowOf(Geometry, x, firstRow + 2);
            TVector last = zero, middle = zero;
            for (int column = -left; column < outputs + 2 - left; column++)
            {
                TVector first = column + left < outputs ? Lanes<T, TSimd, TVector>.Load(dy + ((nint)(column + left) * channels), wide) : zero;
                if ((uint)column < (uint)width)
                {
                    nint at = (nint)column * channels;
                    TVector a = x0 == null ? zero : Lanes<T, TSimd, TVector>.Load(x0 + at, wide);
                    TVector b = x1 == null ? zero : Lanes<T, TSimd, TVector>.Load(x1 + at, wide);
                    TVector c = x2 == null ? zero : Lanes<T, TSimd, TVector>.Load(x2 + at, wide);
                    (w00, w01, w02) = (TSimd.MultiplyAdd(a, first, w00), TSimd.MultiplyAdd(a, middle, w01), TSimd.MultiplyAdd(a, last, w02));
                    (w10, w11, w12) = (TSimd.MultiplyAdd(b, first, w10), TSimd.MultiplyAdd(b, middle, w11), TSimd.MultiplyAdd(b, last, w12));
                    (w20, w21, w22) = (TSimd.MultiplyAdd(c, first, w20), TSimd.MultiplyAdd(c, middle, w21), TSimd.MultiplyAdd(c, last, w22));
                }
                (last, middle) = (middle, first);
            }
        }
        Put<TSimd, TVector>(dw, wide, adds, w00, w01, w02);
        Put<TSimd, TVector>(dw + (3 * channels), wide, adds, w10, w11, w12);
        Put<TSimd, TVector>(dw + (6 * channels), wide, adds, w20, w21, w22);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void Put<TSimd, TVector>(T* dw, int wide, bool adds, TVector first, TVector middle, TVector last) where TSimd : struct, ISimd<TVector, T>
    {
        Lanes<T, TSimd, TVector>.Put(first, dw, wide, adds);
        Lanes<T, TSimd, TVector>.Put(middle, dw + Geometry.Channels, wide, adds);
        Lanes<T, TSimd, TVector>.Put(last, dw + (2 * Geometry.Channels), wide, adds);
    }
}
