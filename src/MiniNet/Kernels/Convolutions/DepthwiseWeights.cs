using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>
/// ∂w of the convolutions of <see cref="DepthwiseRows{T}"/>: the nine sums of a vector of channels stay in registers through a row of pixels, and a row takes all its channels
/// before the next one comes, so an image is read as it lies in memory.
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
        int whole = To - ((To - From) % TSimd.Count);
        T* zeros = stackalloc T[TSimd.Count];
        TSimd.Store(TSimd.Create(T.Zero), zeros);
        for (int image = 0; image < Images; image++)
        {
            T* x = X + ((nint)image * Geometry.Length), dy = OutputGradient + ((nint)image * Geometry.OutputLength);
            for (int row = 0; row < Geometry.OutputHeight; row++, dy += (nint)Geometry.OutputWidth * Geometry.Channels)
            {
                bool adds = image > 0 || row > 0;
                for (int channel = From; channel < whole; channel += TSimd.Count)
                    Row<TSimd, TVector, WholeLanes<T, TSimd, TVector>>(default, x + channel, dy + channel, Gradient + channel, row - Geometry.Top, zeros, adds);
                if (whole < To)
                    Row<TSimd, TVector, FirstLanes<T, TSimd, TVector>>(new(To - whole), x + whole, dy + whole, Gradient + whole, row - Geometry.Top, zeros, adds);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Row<TSimd, TVector, TLanes>(TLanes lanes, T* x, T* dy, T* dw, int firstRow, T* zeros, bool adds) where TSimd : struct, ISimd<TVector, T> where TLanes : struct, ILanes<TVector, T>
    {
        int channels = Geometry.Channels, width = Geometry.Width, left = Geometry.Left, outputs = Geometry.OutputWidth;
        T* x0 = ConvolutionMemory<T>.RowOf(Geometry, x, firstRow, zeros, out nint step0);
        T* x1 = ConvolutionMemory<T>.RowOf(Geometry, x, firstRow + 1, zeros, out nint step1);
        T* x2 = ConvolutionMemory<T>.RowOf(Geometry, x, firstRow + 2, zeros, out nint step2);
        TVector zero = TSimd.Create(T.Zero), w00 = zero, w01 = zero, w02 = zero, w10 = zero, w11 = zero, w12 = zero, w20 = zero, w21 = zero, w22 = zero;
        T* dw1 = dw + (3 * channels), dw2 = dw1 + (3 * channels);
        if (adds)
        {
            (w00, w01, w02) = (lanes.Load(dw), lanes.Load(dw + channels), lanes.Load(dw + (2 * channels)));
            (w10, w11, w12) = (lanes.Load(dw1), lanes.Load(dw1 + channels), lanes.Load(dw1 + (2 * channels)));
            (w20, w21, w22) = (lanes.Load(dw2), lanes.Load(dw2 + channels), lanes.Load(dw2 + (2 * channels)));
        }
        TVector last = zero, middle = zero;
        for (int column = 0; column < outputs + 2; column++)
        {
            TVector first = zero;
            if (column < outputs)
            {
                first = lanes.Load(dy);
                dy += channels;
            }
            if ((uint)(column - left) < (uint)width)
            {
                TVector a = lanes.Load(x0), b = lanes.Load(x1), c = lanes.Load(x2);
                x0 += step0;
                x1 += step1;
                x2 += step2;
                (w00, w01, w02) = (TSimd.MultiplyAdd(a, first, w00), TSimd.MultiplyAdd(a, middle, w01), TSimd.MultiplyAdd(a, last, w02));
                (w10, w11, w12) = (TSimd.MultiplyAdd(b, first, w10), TSimd.MultiplyAdd(b, middle, w11), TSimd.MultiplyAdd(b, last, w12));
                (w20, w21, w22) = (TSimd.MultiplyAdd(c, first, w20), TSimd.MultiplyAdd(c, middle, w21), TSimd.MultiplyAdd(c, last, w22));
            }
            (last, middle) = (middle, first);
        }
        lanes.Store(w00, dw);
        lanes.Store(w01, dw + channels);
        lanes.Store(w02, dw + (2 * channels));
        lanes.Store(w10, dw1);
        lanes.Store(w11, dw1 + channels);
        lanes.Store(w12, dw1 + (2 * channels));
        lanes.Store(w20, dw2);
        lanes.Store(w21, dw2 + channels);
        lanes.Store(w22, dw2 + (2 * channels));
    }
}
