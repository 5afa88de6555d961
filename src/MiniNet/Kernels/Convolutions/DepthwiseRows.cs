using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>
/// y = x ∗ w + bias for each channel by itself, by a kernel of 3 × 3 with stride 1: a vector of channels at a time, the nine weights in registers.
/// A column of three pixels is loaded once, and added to the three output pixels that see it. Zeros around the image are not loaded at all, so nothing is copied.
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
        for (int image = 0; image < Images; image++)
        {
            T* x = X + ((nint)image * Geometry.Length), y = Y + ((nint)image * Geometry.OutputLength);
            for (int row = 0; row < Geometry.OutputHeight; row++)
            {
                for (int channel = 0; channel < Geometry.Channels; channel += TSimd.Count)
                    Row<TSimd, TVector>(x + channel, y + ((nint)row * Geometry.OutputWidth * Geometry.Channels) + channel, row - Geometry.Top, channel);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void Row<TSimd, TVector>(T* x, T* y, int firstRow, int channel) where TSimd : struct, ISimd<TVector, T>
    {
        int channels = Geometry.Channels, wide = channels - channel, width = Geometry.Width, left = Geometry.Left, outputs = Geometry.OutputWidth;
        TVector zero = TSimd.Create(T.Zero), bias = Bias == null ? zero : Lanes<T, TSimd, TVector>.Load(Bias + channel, wide);
        T* w = W + channel;
        (TVector w00, TVector w01, TVector w02) = Three<TSimd, TVector>(w, channels, wide);
        (TVector w10, TVector w11, TVector w12) = Three<TSimd, TVector>(w + (3 * channels), channels, wide);
        (TVector w20, TVector w21, TVector w22) = Three<TSimd, TVector>(w + (6 * channels), channels, wide);
        T* x0 = ConvolutionMemory<T>.RowOf(Geometry, x, firstRow), x1 = ConvolutionMemory<T>.RowOf(Geometry, x, firstRow + 1), x2 = ConvolutionMemory<T>.RowOf(Geometry, x, firstRow + 2);
        // A column is the last of three that one output pixel sees, the middle one of the next pixel, and the first of the one after that.
        TVector last = bias, middle = bias;
        for (int column = -left; column < outputs + 2 - left; column++)
        {
            TVector first = bias;
            if ((uint)column < (uint)width)
            {
                nint at = (nint)column * channels;
                TVector a = x0 == null ? zero : Lanes<T, TSimd, TVector>.Load(x0 + at, wide);
                TVector b = x1 == null ? zero : Lanes<T, TSimd, TVector>.Load(x1 + at, wide);
                TVector c = x2 == null ? zero : Lanes<T, TSimd, TVector>.Load(x2 + at, wide);
                last = TSimd.MultiplyAdd(c, w22, TSimd.MultiplyAdd(b, w12, TSimd.MultiplyAdd(a, w02, last)));
                middle = TSimd.MultiplyAdd(c, w21, TSimd.MultiplyAdd(b, w11, TSimd.MultiplyAdd(a, w01, middle)));
                first = TSimd.MultiplyAdd(c, w20, TSimd.MultiplyAdd(b, w10, TSimd.MultiplyAdd(a, w00, first)));
            }
            int output = column + left - 2;
            if (output >= 0)
                Lanes<T, TSimd, TVector>.Store(last, y + ((nint)output * channels), wide);
            (last, middle) = (middle, first);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static (TVector, TVector, TVector) Three<TSimd, TVector>(T* w, int channels, int wide) where TSimd : struct, ISimd<TVector, T> =>
        (Lanes<T, TSimd, TVector>.Load(w, wide), Lanes<T, TSimd, TVector>.Load(w + channels, wide), Lanes<T, TSimd, TVector>.Load(w + (2 * channels), wide));
}
