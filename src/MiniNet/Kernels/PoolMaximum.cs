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
    /// <param name="dx">[images, height, width, channels], to be written</param>
    internal static void Run<T>(PoolWindows windows, ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> dy, Span<T> dx)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!windows.Tile)
            dx.Clear();
        Simd.Run<T, Kernel<T>>(new() { Windows = windows, X = x, Y = y, OutputGradient = dy, InputGradient = dx });
    }

    private ref struct Kernel<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public PoolWindows Windows;
        public ReadOnlySpan<T> X, Y, OutputGradient;
        public Span<T> InputGradient;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly unsafe void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
        {
            int channels = Windows.Channels, lines = Y.Length / (Windows.OutputWidth * channels);
            nint row = (nint)Windows.Width * channels;
            bool adds = !Windows.Tile;
            TVector zero = TSimd.Create(T.Zero);
            fixed (T* images = X, outputs = Y, outputGradients = OutputGradient, gradients = InputGradient)
            {
                nint at = 0;
                for (int line = 0; line < lines; line++)
                {
                    nint image = (nint)(line / Windows.OutputHeight) * Windows.Length;
                    (int top, int bottom) = Windows.Rows(line % Windows.OutputHeight);
                    for (int j = 0; j < Windows.OutputWidth; j++, at += channels)
                    {
                        (int left, int right) = Windows.Columns(j);
                        for (int c = 0; c < channels; c += TSimd.Count)
                        {
                            int count = channels - c;
                            TVector maximum = Lanes<T, TSimd, TVector>.Load(outputs + at + c, count);

                            // What no tap has had yet: the first tap that is the maximum takes all of it.
                            TVector remaining = Lanes<T, TSimd, TVector>.Load(outputGradients + at + c, count);
                            for (int i = top; i < bottom; i++)
                            {
                                nint tap = image + (i * row) + (left * channels) + c;
                                for (int k = left; k < right; k++, tap += channels)
                                {
                                    TVector x = Lanes<T, TSimd, TVector>.Load(images + tap, count);
                                    Lanes<T, TSimd, TVector>.Put(TSimd.IfEqual(x, maximum, remaining, zero), gradients + tap, count, adds);
                                    remaining = TSimd.IfEqual(x, maximum, zero, remaining);
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
