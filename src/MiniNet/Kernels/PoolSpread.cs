using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>
/// The way back from <see cref="PoolGather"/>: one value of each window to all its pixels. Vectorised over the channels, which lie side by side: no shuffle, and no branch that depends on a value.
/// The windows come row by row, so every sum has one order.
/// </summary>
internal static class PoolSpread
{
    /// <summary>x[…, …, c] = Σ y[i, j, c] / divisor over the windows that a pixel is in: the way back from a mean, or from a sum.</summary>
    /// <param name="divisor">What the sum of a window was divided by.</param>
    /// <param name="windows">How the windows lie.</param>
    /// <param name="y">[images, output height, output width, channels]</param>
    /// <param name="x">[images, height, width, channels], to be written</param>
    internal static void Run<T>(T divisor, PoolWindows windows, ReadOnlySpan<T> y, Span<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!windows.Tile)
            x.Clear();
        Simd.Run<T, Kernel<T>>(new() { Divisor = divisor, Windows = windows, Y = y, X = x });
    }

    private ref struct Kernel<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public T Divisor;
        public PoolWindows Windows;
        public ReadOnlySpan<T> Y;
        public Span<T> X;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly unsafe void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
        {
            int channels = Windows.Channels, lines = Y.Length / (Windows.OutputWidth * channels);
            nint row = (nint)Windows.Width * channels;
            bool adds = !Windows.Tile;
            TVector divisor = TSimd.Create(Divisor);
            fixed (T* images = X, outputs = Y)
            {
                T* y = outputs;
                for (int line = 0; line < lines; line++)
                {
                    T* image = images + ((nint)(line / Windows.OutputHeight) * Windows.Length);
                    (int top, int bottom) = Windows.Rows(line % Windows.OutputHeight);
                    for (int j = 0; j < Windows.OutputWidth; j++, y += channels)
                    {
                        (int left, int right) = Windows.Columns(j);
                        for (int c = 0; c < channels; c += TSimd.Count)
                        {
                            int count = channels - c;
                            TVector share = TSimd.Divide(Lanes<T, TSimd, TVector>.Load(y + c, count), divisor);
                            for (int i = top; i < bottom; i++)
                            {
                                T* tap = image + (i * row) + (left * channels) + c;
                                for (int k = left; k < right; k++, tap += channels)
                                    Lanes<T, TSimd, TVector>.Put(share, tap, count, adds);
                            }
                        }
                    }
                }
            }
        }
    }
}
