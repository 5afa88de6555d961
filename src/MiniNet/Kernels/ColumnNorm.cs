using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>Normalisation where every feature has its own mean and deviation (<see cref="BatchNorm"/>, <see cref="GroupNorm"/>), and the way back.</summary>
internal static class ColumnNorm
{
    /// <summary>y[i, j] = (x[i, j] − mean[j]) · inverse[j] · weight[j] + bias[j].</summary>
    /// <param name="x">[rows, features]</param>
    /// <param name="mean">[features]</param>
    /// <param name="inverse">[features], 1 / deviation</param>
    /// <param name="weight">[features]</param>
    /// <param name="bias">[features]</param>
    /// <param name="y">[rows, features]</param>
    internal static void Forward<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> mean, ReadOnlySpan<T> inverse, ReadOnlySpan<T> weight, ReadOnlySpan<T> bias, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Simd.Run<T, ForwardKernel<T>>(new() { X = x, Mean = mean, Inverse = inverse, Weight = weight, Bias = bias, Y = y });

    /// <summary>
    /// dx[i, j] = inverse[j] · (weight[j] · dy[i, j] − a[j] − x̂[i, j] · b[j]) with x̂ = (x − mean) · inverse: a and b are the means of weight · dy and of
    /// weight · dy · x̂ over what was normalised together.
    /// </summary>
    /// <param name="x">[rows, features]</param>
    /// <param name="dy">[rows, features]</param>
    /// <param name="mean">[features]</param>
    /// <param name="inverse">[features]</param>
    /// <param name="weight">[features]</param>
    /// <param name="a">[features]</param>
    /// <param name="b">[features]</param>
    /// <param name="dx">[rows, features]</param>
    internal static void Backward<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> dy, ReadOnlySpan<T> mean, ReadOnlySpan<T> inverse, ReadOnlySpan<T> weight, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> dx)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Simd.Run<T, BackwardKernel<T>>(new() { X = x, OutputGradient = dy, Mean = mean, Inverse = inverse, Weight = weight, A = a, B = b, InputGradient = dx });

    private ref struct ForwardKernel<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public ReadOnlySpan<T> X, Mean, Inverse, Weight, Bias;
        public Span<T> Y;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly unsafe void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
        {
            int features = Mean.Length, rows = X.Length / features;
            fixed (T* x = X, y = Y, mean = Mean, inverse = Inverse, weight = Weight, bias = Bias)
            {
                nint row = 0;
                for (int i = 0; i < rows; i++, row += features)
                {
                    for (int j = 0; j < features; j += TSimd.Count)
                    {
                        int count = features - j;
                        TVector d = TSimd.Subtract(Lanes<T, TSimd, TVector>.Load(x + row + j, count), Lanes<T, TSimd, TVector>.Load(mean + j, count));
                        TVector normalized = TSimd.Multiply(d, Lanes<T, TSimd, TVector>.Load(inverse + j, count));
                        TVector result = TSimd.MultiplyAdd(normalized, Lanes<T, TSimd, TVector>.Load(weight + j, count), Lanes<T, TSimd, TVector>.Load(bias + j, count));
                        Lanes<T, TSimd, TVector>.Store(result, y + row + j, count);
                    }
                }
            }
        }
    }

    private ref struct BackwardKernel<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public ReadOnlySpan<T> X, OutputGradient, Mean, Inverse, Weight, A, B;
        public Span<T> InputGradient;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly unsafe void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
        {
            int features = Mean.Length, rows = X.Length / features;
            fixed (T* x = X, dy = OutputGradient, dx = InputGradient, mean = Mean, inverse = Inverse, weight = Weight, a = A, b = B)
            {
                nint row = 0;
                for (int i = 0; i < rows; i++, row += features)
                {
                    for (int j = 0; j < features; j += TSimd.Count)
                    {
                        int count = features - j;
                        TVector scale = Lanes<T, TSimd, TVector>.Load(inverse + j, count);
                        TVector normalized = TSimd.Multiply(TSimd.Subtract(Lanes<T, TSimd, TVector>.Load(x + row + j, count), Lanes<T, TSimd, TVector>.Load(mean + j, count)), scale);
                        TVector through = TSimd.MultiplyAdd(normalized, Lanes<T, TSimd, TVector>.Load(b + j, count), Lanes<T, TSimd, TVector>.Load(a + j, count));
                        TVector weighted = TSimd.Multiply(Lanes<T, TSimd, TVector>.Load(weight + j, count), Lanes<T, TSimd, TVector>.Load(dy + row + j, count));
                        Lanes<T, TSimd, TVector>.Store(TSimd.Multiply(scale, TSimd.Subtract(weighted, through)), dx + row + j, count);
                    }
                }
            }
        }
    }
}
