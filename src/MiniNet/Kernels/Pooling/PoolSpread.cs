using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>
/// The way back from <see cref="PoolGather"/>: one value of each window to all its pixels. Vectorised over the channels, which lie side by side: no shuffle, and no branch that depends on a value.
/// The windows come row by row, so every sum has one order.
/// </summary>
internal static class PoolSpread
{
    /// <summary>x[…, …, c] = Σ y[i, j, c] · scale over the windows that a pixel is in: the way back from a mean, or from a sum.</summary>
    /// <param name="scale">One over what the sum of a window was divided by.</param>
    /// <param name="windows">How the windows lie.</param>
    /// <param name="y">[images, output height, output width, channels]</param>
    /// <param name="x">[images, height, width, channels], to be written</param>
    internal static void Run<T>(T scale, PoolWindows windows, ReadOnlySpan<T> y, Span<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        // Image by image, so that a sum is still in the cache when it is added to.
        for (; x.Length > 0; x = x[windows.Length..], y = y[windows.OutputLength..])
        {
            if (!windows.Tile)
                x[..windows.Length].Clear();
            Simd.Run<T, Kernel<T>>(new() { Scale = scale, Windows = windows, Y = y[..windows.OutputLength], X = x[..windows.Length] });
        }
    }

    private ref struct Kernel<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public T Scale;
        public PoolWindows Windows;
        public ReadOnlySpan<T> Y;                          // [output height, output width, channels]
        public Span<T> X;                                  // [height, width, channels]

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly unsafe void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
        {
            int channels = Windows.Channels, whole = channels - (channels % TSimd.Count);
            bool adds = !Windows.AreApart;
            fixed (T* image = X, outputs = Y)
            {
                T* y = outputs;
                for (int i = 0; i < Windows.OutputHeight; i++)
                {
                    (int top, int bottom) = Windows.Rows(i);
                    for (int j = 0; j < Windows.OutputWidth; j++, y += channels)
                    {
                        (int left, int right) = Windows.Columns(j);
                        T* x = image + (((top * Windows.Width) + left) * channels);
                        for (int c = 0; c < whole; c += TSimd.Count)
                            Window<TSimd, TVector, WholeLanes<T, TSimd, TVector>>(default, y + c, x + c, bottom - top, right - left, adds);
                        if (whole < channels)
                            Window<TSimd, TVector, FirstLanes<T, TSimd, TVector>>(new(channels - whole), y + whole, x + whole, bottom - top, right - left, adds);
                    }
                }
            }
        }

        /// <summary>One window, so many rows and columns of it in the image, and so many channels as a vector has.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly unsafe void Window<TSimd, TVector, TLanes>(TLanes lanes, T* y, T* x, int rows, int columns, bool adds)
            where TSimd : struct, ISimd<TVector, T> where TLanes : struct, ILanes<TVector, T>
        {
            nint channels = Windows.Channels, row = Windows.Width * channels, end = columns * channels;
            TVector share = TSimd.Multiply(lanes.Load(y), TSimd.Create(Scale));
            for (int i = 0; i < rows; i++, x += row)
            {
                for (nint tap = 0; tap < end; tap += channels)
                    lanes.Store(adds ? TSimd.Add(lanes.Load(x + tap), share) : share, x + tap);
            }
        }
    }
}
