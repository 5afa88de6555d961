using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>
/// The way back from a maximum. Vectorised over the channels, which lie side by side: no shuffle, and no branch that depends on a value.
/// Which pixel held the maximum is not kept: comparing once more is cheaper than reading indices.
/// </summary>
internal static class PoolMaximum
{
    /// <summary>
    /// dx[…, …, c] = Σ dy[i, j, c] over the windows of which a pixel holds the maximum; of equal ones the first has it, as in PyTorch.
    /// </summary>
    /// <param name="windows">How the windows lie.</param>
    /// <param name="x">[images, height, width, channels]</param>
    /// <param name="y">[images, output height, output width, channels], the maxima</param>
    /// <param name="dy">[images, output height, output width, channels]</param>
    /// <param name="dx">[images, height, width, channels], to be written; may be x, where windows are apart</param>
    internal static void Run<T>(PoolWindows windows, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> dy, Span<T> dx)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        // Image by image, so that a gradient is still in the cache when it is added to; the last one first, so that the first is there for the layer that goes back next.
        for (int image = (x.Length / windows.Length) - 1; image >= 0; image--)
        {
            Range inputs = (image * windows.Length)..((image + 1) * windows.Length), outputs = (image * windows.OutputLength)..((image + 1) * windows.OutputLength);
            if (!windows.AreApart)
                dx[inputs].Clear();
            else if (!windows.Tile)
                ClearUnseen(windows, dx[inputs]);
            Simd.Run<T, Kernel<T>>(new() { Windows = windows, X = x[inputs], Y = y[outputs], OutputGradient = dy[outputs], InputGradient = dx[inputs] });
        }
    }

    /// <summary>The gradient of what lies between the windows and beyond them is zero.</summary>
    private static void ClearUnseen<T>(PoolWindows windows, Span<T> dx)
    {
        int channels = windows.Channels, row = windows.Width * channels, seenRows = 0;
        for (int i = 0; i < windows.OutputHeight; i++)
        {
            (int top, int bottom) = windows.Rows(i);
            dx[(seenRows * row)..(top * row)].Clear();
            for (int y = top; y < bottom; y++)
            {
                Span<T> line = dx.Slice(y * row, row);
                int seen = 0;
                for (int j = 0; j < windows.OutputWidth; j++)
                {
                    (int left, int right) = windows.Columns(j);
                    line[(seen * channels)..(left * channels)].Clear();
                    seen = right;
                }
                line[(seen * channels)..].Clear();
            }
            seenRows = bottom;
        }
        dx[(seenRows * row)..].Clear();
    }

    private ref struct Kernel<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public PoolWindows Windows;
        public ReadOnlySpan<T> X;                          // [height, width, channels]
        public ReadOnlySpan<T> Y, OutputGradient;          // [output height, output width, channels]
        public Span<T> InputGradient;                      // [height, width, channels]

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly unsafe void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
        {
            int channels = Windows.Channels, width = Windows.OutputWidth, whole = channels - (channels % TSimd.Count), row = Windows.Width * channels;
            bool adds = !Windows.AreApart;
            fixed (T* x = X, y = Y, dy = OutputGradient, dx = InputGradient)
            {
                int output = 0;
                for (int i = 0; i < Windows.OutputHeight; i++)
                {
                    (int top, int bottom) = Windows.Rows(i);
                    for (int j = 0; j < width; j++, output += channels)
                    {
                        (int left, int right) = Windows.Columns(j);
                        int pixel = (top * row) + (left * channels), c = 0;
                        for (; c < whole; c += TSimd.Count)
                            Window<TSimd, TVector, WholeLanes<T, TSimd, TVector>>(default, x + pixel + c, y + output + c, dy + output + c, dx + pixel + c, bottom - top, right - left, channels, row, adds);
                        if (c < channels)
                            Window<TSimd, TVector, FirstLanes<T, TSimd, TVector>>(new(channels - c), x + pixel + c, y + output + c, dy + output + c, dx + pixel + c, bottom - top, right - left, channels, row, adds);
                    }
                }
            }
        }

        /// <summary>One window, so many rows and columns of it in the image, and so many channels as a vector has.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static unsafe void Window<TSimd, TVector, TLanes>(TLanes lanes, T* x, T* y, T* dy, T* dx, int rows, int columns, nint channels, nint row, bool adds)
            where TSimd : struct, ISimd<TVector, T> where TLanes : struct, ILanes<TVector, T>
        {
            TVector maximum = lanes.Load(y);

            // What no tap has had yet: the first tap that is the maximum takes all of it.
            TVector remaining = lanes.Load(dy);
            if (rows == 2 && columns == 2 && !adds)                  // the usual window, without loops
            {
                lanes.Store(Take<TSimd, TVector>(lanes.Load(x), maximum, ref remaining), dx);
                lanes.Store(Take<TSimd, TVector>(lanes.Load(x + channels), maximum, ref remaining), dx + channels);
                lanes.Store(Take<TSimd, TVector>(lanes.Load(x + row), maximum, ref remaining), dx + row);
                lanes.Store(Take<TSimd, TVector>(lanes.Load(x + row + channels), maximum, ref remaining), dx + row + channels);
                return;
            }
            for (nint end = columns * channels; rows > 0; rows--, x += row, dx += row)
            {
                for (nint tap = 0; tap < end; tap += channels)
                {
                    TVector taken = Take<TSimd, TVector>(lanes.Load(x + tap), maximum, ref remaining);
                    lanes.Store(adds ? TSimd.Add(lanes.Load(dx + tap), taken) : taken, dx + tap);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TVector Take<TSimd, TVector>(TVector value, TVector maximum, ref TVector remaining) where TSimd : struct, ISimd<TVector, T>
        {
            TVector zero = TSimd.Create(T.Zero), taken = TSimd.IfEqual(value, maximum, remaining, zero);
            remaining = TSimd.IfEqual(value, maximum, zero, remaining);
            return taken;
        }
    }
}
