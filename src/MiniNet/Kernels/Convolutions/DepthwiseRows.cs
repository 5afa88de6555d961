using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>
/// y = x ∗ w + bias for each channel by itself, by a kernel of 3 × 3 with stride 1: a vector of channels at a time, the nine weights in registers.
/// A column of three pixels is loaded once, and added to the three output pixels that see it. A row of zeros around the image is one vector of them, so nothing is copied.
/// </summary>
internal unsafe struct DepthwiseRows<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public ConvolutionGeometry Geometry;
    public T* X;               // [images, height, width, channels]
    public T* W;               // [3, 3, 1, channels]
    public T* Bias;            // [channels] or null
    public T* Y;               // [images, output height, output width, channels]
    public int Images;

    /// <summary>Whether a convolution is one of these.</summary>
    internal static bool Fits(in ConvolutionGeometry g) =>
        g.IsDepthwise && g.KernelHeight == 3 && g.KernelWidth == 3 && g.StrideHeight == 1 && g.StrideWidth == 1 && g.DilationHeight == 1 && g.DilationWidth == 1;

    public readonly void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
    {
        int channels = Geometry.Channels, whole = channels - (channels % TSimd.Count);
        T* zeros = stackalloc T[TSimd.Count];
        TSimd.Store(TSimd.Create(T.Zero), zeros);
        for (int image = 0; image < Images; image++)
        {
            T* x = X + ((nint)image * Geometry.Length), y = Y + ((nint)image * Geometry.OutputLength);
            for (int row = 0; row < Geometry.OutputHeight; row++, y += (nint)Geometry.OutputWidth * channels)
            {
                for (int channel = 0; channel < whole; channel += TSimd.Count)
                    Row<TSimd, TVector, WholeLanes<T, TSimd, TVector>>(default, x + channel, y + channel, row - Geometry.Top, channel, zeros);
                if (whole < channels)
                    Row<TSimd, TVector, FirstLanes<T, TSimd, TVector>>(new(channels - whole), x + whole, y + whole, row - Geometry.Top, whole, zeros);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Row<TSimd, TVector, TLanes>(TLanes lanes, T* x, T* y, int firstRow, int channel, T* zeros) where TSimd : struct, ISimd<TVector, T> where TLanes : struct, ILanes<TVector, T>
    {
        int channels = Geometry.Channels, width = Geometry.Width, left = Geometry.Left, columns = Geometry.OutputWidth + 2;
        T* x0 = ConvolutionMemory<T>.RowOf(Geometry, x, firstRow, zeros, out nint step0);
        T* x1 = ConvolutionMemory<T>.RowOf(Geometry, x, firstRow + 1, zeros, out nint step1);
        T* x2 = ConvolutionMemory<T>.RowOf(Geometry, x, firstRow + 2, zeros, out nint step2);
        T* w = W + channel, w1 = w + (3 * channels), w2 = w1 + (3 * channels);
        TVector w00 = lanes.Load(w), w01 = lanes.Load(w + channels), w02 = lanes.Load(w + (2 * channels));
        TVector w10 = lanes.Load(w1), w11 = lanes.Load(w1 + channels), w12 = lanes.Load(w1 + (2 * channels));
        TVector w20 = lanes.Load(w2), w21 = lanes.Load(w2 + channels), w22 = lanes.Load(w2 + (2 * channels));
        TVector bias = Bias == null ? TSimd.Create(T.Zero) : lanes.Load(Bias + channel);
        // A column is the last of three that one output pixel sees, the middle one of the next pixel, and the first of the one after that.
        TVector last = bias, middle = bias;
        for (int column = 0; column < columns; column++)
        {
            TVector first = bias;
            if ((uint)(column - left) < (uint)width)
            {
                TVector a = lanes.Load(x0), b = lanes.Load(x1), c = lanes.Load(x2);
                x0 += step0;
                x1 += step1;
                x2 += step2;
                last = TSimd.MultiplyAdd(c, w22, TSimd.MultiplyAdd(b, w12, TSimd.MultiplyAdd(a, w02, last)));
                middle = TSimd.MultiplyAdd(c, w21, TSimd.MultiplyAdd(b, w11, TSimd.MultiplyAdd(a, w01, middle)));
                first = TSimd.MultiplyAdd(c, w20, TSimd.MultiplyAdd(b, w10, TSimd.MultiplyAdd(a, w00, first)));
            }
            if (column >= 2)
            {
                lanes.Store(last, y);
                y += channels;
            }
            (last, middle) = (middle, first);
        }
    }
}
