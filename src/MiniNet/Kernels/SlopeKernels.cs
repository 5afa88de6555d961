using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>A rectifier whose slope below 0 is each channel's own, and the way back: for <see cref="PReLU"/>.</summary>
internal static class SlopeKernels
{
    /// <summary>y[i, j] = z[i, j] where x[i, j] &gt; 0, else slope[j] · z[i, j]. With z = x it is the rectifier, with z = dy the gradient of its input.</summary>
    /// <param name="x">[rows, channels]</param>
    /// <param name="slope">[channels]</param>
    /// <param name="z">[rows, channels]</param>
    /// <param name="y">[rows, channels]</param>
    internal static void Bend<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> slope, ReadOnlySpan<T> z, Span<T> y) where T : unmanaged, IFloatingPointIeee754<T> =>
        Simd.Run<T, BendKernel<T>>(new() { X = x, Slope = slope, Z = z, Y = y });

    /// <summary>gradient[j] = Σᵢ dy[i, j] · min(x[i, j], 0), the rows in their order.</summary>
    /// <param name="x">[rows, channels]</param>
    /// <param name="dy">[rows, channels]</param>
    /// <param name="gradient">[channels], of which from … to are written</param>
    /// <param name="from">The first channel.</param>
    /// <param name="to">The channel after the last.</param>
    internal static void SlopeGradient<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> gradient, int from, int to) where T : unmanaged, IFloatingPointIeee754<T> =>
        Simd.Run<T, GradientKernel<T>>(new() { X = x, OutputGradient = dy, Gradient = gradient, From = from, To = to });

    private ref struct BendKernel<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public ReadOnlySpan<T> X, Slope, Z;
        public Span<T> Y;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly unsafe void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
        {
            int channels = Slope.Length, rows = X.Length / channels;
            TVector zero = TSimd.Create(T.Zero);
            fixed (T* x = X, slope = Slope, z = Z, y = Y)
            {
                nint row = 0;
                for (int i = 0; i < rows; i++, row += channels)
                {
                    for (int j = 0; j < channels; j += TSimd.Count)
                    {
                        int count = channels - j;
                        TVector value = Lanes<T, TSimd, TVector>.Load(z + row + j, count), bent = TSimd.Multiply(value, Lanes<T, TSimd, TVector>.Load(slope + j, count));
                        Lanes<T, TSimd, TVector>.Store(TSimd.IfGreater(Lanes<T, TSimd, TVector>.Load(x + row + j, count), zero, value, bent), y + row + j, count);
                    }
                }
            }
        }
    }

    private ref struct GradientKernel<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public ReadOnlySpan<T> X, OutputGradient;
        public Span<T> Gradient;
        public int From, To;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly unsafe void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
        {
            int channels = Gradient.Length, rows = X.Length / channels;
            TVector zero = TSimd.Create(T.Zero);
            fixed (T* x = X, dy = OutputGradient, gradient = Gradient)
            {
                for (int j = From; j < To; j += TSimd.Count)
                {
                    TVector sum = zero;
                    nint at = j;
                    for (int i = 0; i < rows; i++, at += channels)
                    {
                        TVector value = Lanes<T, TSimd, TVector>.Load(x + at, To - j);
                        sum = TSimd.MultiplyAdd(Lanes<T, TSimd, TVector>.Load(dy + at, To - j), TSimd.IfGreater(value, zero, zero, value), sum);
                    }
                    Lanes<T, TSimd, TVector>.Store(sum, gradient + j, To - j);
                }
            }
        }
    }
}
