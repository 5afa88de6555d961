using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>
/// One value for each window of an image. Vectorised over the channels, which lie side by side: no shuffle, and no branch that depends on a value.
/// The taps of a window are taken row by row, so every sum has one order.
/// </summary>
internal static class PoolGather
{
    /// <summary>y[i, j, c] = what the pooling makes of x[…, …, c] in the window of pixel i, j.</summary>
    /// <param name="pooling">Mean, sum or maximum.</param>
    /// <param name="windows">How the windows lie.</param>
    /// <param name="x">[batch, height, width, channels]</param>
    /// <param name="y">[batch, output height, output width, channels]</param>
    /// <param name="from">The first row of output, counted over the whole batch.</param>
    /// <param name="to">The row after the last.</param>
    internal static void Run<T, TPooling>(TPooling pooling, PoolWindows windows, ReadOnlySpan<T> x, Span<T> y, int from, int to)
        where T : unmanaged, IFloatingPointIeee754<T> where TPooling : struct, IPooling<T> =>
        Simd.Run<T, Kernel<T, TPooling>>(new() { Pooling = pooling, Windows = windows, X = x, Y = y, From = from, To = to });

    private ref struct Kernel<T, TPooling> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T> where TPooling : struct, IPooling<T>
    {
        public TPooling Pooling;
        public PoolWindows Windows;
        public ReadOnlySpan<T> X;
        public Span<T> Y;
        public int From, To;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly unsafe void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
        {
            TPooling pooling = Pooling;
            int channels = Windows.Channels, width = Windows.OutputWidth, whole = channels - (channels % TSimd.Count), row = Windows.Width * channels;
            fixed (T* images = X, outputs = Y)
            {
                T* y = outputs + ((nint)From * width * channels);
                for (int line = From; line < To; line++)
                {
                    T* image = images + ((nint)(line / Windows.OutputHeight) * Windows.Length);
                    (int top, int bottom) = Windows.Rows(line % Windows.OutputHeight);
                    for (int j = 0; j < width; j++, y += channels)
                    {
                        (int left, int right) = Windows.Columns(j);
                        T* x = image + (top * row) + (left * channels);
                        for (int c = 0; c < whole; c += TSimd.Count)
                            Window<TSimd, TVector, WholeLanes<T, TSimd, TVector>>(pooling, default, x + c, y + c, bottom - top, right - left, channels, row);
                        if (whole < channels)
                            Window<TSimd, TVector, FirstLanes<T, TSimd, TVector>>(pooling, new(channels - whole), x + whole, y + whole, bottom - top, right - left, channels, row);
                    }
                }
            }
        }

        /// <summary>One window, so many rows and columns of it in the image, and so many channels as a vector has.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static unsafe void Window<TSimd, TVector, TLanes>(TPooling pooling, TLanes lanes, T* x, T* y, int rows, int columns, nint channels, nint row)
            where TSimd : struct, ISimd<TVector, T> where TLanes : struct, ILanes<TVector, T>
        {
            TVector state = pooling.Start<TSimd, TVector>();
            if (rows == 2 && columns == 2)                           // the usual window, without loops
            {
                state = pooling.Take<TSimd, TVector>(state, lanes.Load(x));
                state = pooling.Take<TSimd, TVector>(state, lanes.Load(x + channels));
                state = pooling.Take<TSimd, TVector>(state, lanes.Load(x + row));
                state = pooling.Take<TSimd, TVector>(state, lanes.Load(x + row + channels));
            }
            else
            {
                for (nint end = columns * channels; rows > 0; rows--, x += row)
                {
                    for (nint tap = 0; tap < end; tap += channels)
                        state = pooling.Take<TSimd, TVector>(state, lanes.Load(x + tap));
                }
            }
            lanes.Store(pooling.Finish<TSimd, TVector>(state), y);
        }
    }
}
