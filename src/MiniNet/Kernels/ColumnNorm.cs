using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>Normalisation where every feature has its own mean and deviation (<see cref="BatchNorm"/>, <see cref="GroupNorm"/>), and the way back.</summary>
internal static class ColumnNorm
{
    private const int Block = 32;                            // rows that stay in the cache while one vector of columns after the other goes down them

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
            fixed (T* x = X, y = Y, means = Mean, inverses = Inverse, weights = Weight, biases = Bias)
            {
                for (int first = 0; first < rows; first += Block)
                {
                    for (int j = 0; j < features; j += TSimd.Count)
                    {
                        int count = features - j;
                        TVector mean = Lanes<T, TSimd, TVector>.Load(means + j, count), bias = Lanes<T, TSimd, TVector>.Load(biases + j, count);
                        TVector scale = TSimd.Multiply(Lanes<T, TSimd, TVector>.Load(inverses + j, count), Lanes<T, TSimd, TVector>.Load(weights + j, count));
                        nint at = ((nint)first * features) + j;
                        for (int i = first; i < Math.Min(first + Block, rows); i++, at += features)
                        {
                            TVector d = TSimd.Subtract(Lanes<T, TSimd, TVector>.Load(x + at, count), mean);
                            Lanes<T, TSimd, TVector>.Store(TSimd.MultiplyAdd(d, scale, bias), y + at, count);
                        }
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
            fixed (T* x = X, dy = OutputGradient, dx = InputGradient, means = Mean, inverses = Inverse, weights = Weight, a = A, b = B)
            {
                for (int first = 0; first < rows; first += Block)
                {
                    for (int j = 0; j < features; j += TSimd.Count)
                    {
                        // In this order a group of one value has exactly the gradient 0.
                        int count = features - j;
                        TVector mean = Lanes<T, TSimd, TVector>.Load(means + j, count), inverse = Lanes<T, TSimd, TVector>.Load(inverses + j, count), weight = Lanes<T, TSimd, TVector>.Load(weights + j, count);
                        TVector constant = Lanes<T, TSimd, TVector>.Load(a + j, count), slope = TSimd.Multiply(inverse, Lanes<T, TSimd, TVector>.Load(b + j, count));
                        nint at = ((nint)first * features) + j;
                        for (int i = first; i < Math.Min(first + Block, rows); i++, at += features)
                        {
                            TVector d = TSimd.Subtract(Lanes<T, TSimd, TVector>.Load(x + at, count), mean), through = TSimd.MultiplyAdd(d, slope, constant);
                            TVector weighted = TSimd.Multiply(weight, Lanes<T, TSimd, TVector>.Load(dy + at, count));
                            Lanes<T, TSimd, TVector>.Store(TSimd.Multiply(inverse, TSimd.Subtract(weighted, through)), dx + at, count);
                        }
                    }
                }
            }
        }
    }
}
