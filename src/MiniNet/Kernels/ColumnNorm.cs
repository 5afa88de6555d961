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
            int features = Mean.Length, rows = X.Length / features, whole = features - (features % TSimd.Count);
            fixed (T* x = X, y = Y, means = Mean, inverses = Inverse, weights = Weight, biases = Bias)
            {
                for (int first = 0; first < rows; first += Block)
                {
                    int count = Math.Min(Block, rows - first), j = 0;
                    T* from = x + ((nint)first * features), to = y + ((nint)first * features);
                    for (; j < whole; j += TSimd.Count)
                        Columns<TSimd, TVector, WholeLanes<T, TSimd, TVector>>(default, from + j, means + j, inverses + j, weights + j, biases + j, to + j, count, features);
                    if (j < features)
                        Columns<TSimd, TVector, FirstLanes<T, TSimd, TVector>>(new(features - j), from + j, means + j, inverses + j, weights + j, biases + j, to + j, count, features);
                }
            }
        }

        /// <summary>Down one vector of columns.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static unsafe void Columns<TSimd, TVector, TLanes>(TLanes lanes, T* x, T* means, T* inverses, T* weights, T* biases, T* y, int rows, nint features)
            where TSimd : struct, ISimd<TVector, T> where TLanes : struct, ILanes<TVector, T>
        {
            TVector mean = lanes.Load(means), bias = lanes.Load(biases), scale = TSimd.Multiply(lanes.Load(inverses), lanes.Load(weights));
            for (nint at = 0; at < rows * features; at += features)
                lanes.Store(TSimd.MultiplyAdd(TSimd.Subtract(lanes.Load(x + at), mean), scale, bias), y + at);
        }
    }

    private ref struct BackwardKernel<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public ReadOnlySpan<T> X, OutputGradient, Mean, Inverse, Weight, A, B;
        public Span<T> InputGradient;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly unsafe void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
        {
            int features = Mean.Length, rows = X.Length / features, whole = features - (features % TSimd.Count);
            fixed (T* x = X, dy = OutputGradient, dx = InputGradient, means = Mean, inverses = Inverse, weights = Weight, a = A, b = B)
            {
                for (int first = 0; first < rows; first += Block)
                {
                    int count = Math.Min(Block, rows - first), j = 0;
                    nint at = (nint)first * features;
                    for (; j < whole; j += TSimd.Count)
                        Columns<TSimd, TVector, WholeLanes<T, TSimd, TVector>>(default, x + at + j, dy + at + j, means + j, inverses + j, weights + j, a + j, b + j, dx + at + j, count, features);
                    if (j < features)
                        Columns<TSimd, TVector, FirstLanes<T, TSimd, TVector>>(new(features - j), x + at + j, dy + at + j, means + j, inverses + j, weights + j, a + j, b + j, dx + at + j, count, features);
                }
            }
        }

        /// <summary>Down one vector of columns. In this order a group of one value has exactly the gradient 0.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static unsafe void Columns<TSimd, TVector, TLanes>(TLanes lanes, T* x, T* dy, T* means, T* inverses, T* weights, T* a, T* b, T* dx, int rows, nint features)
            where TSimd : struct, ISimd<TVector, T> where TLanes : struct, ILanes<TVector, T>
        {
            TVector mean = lanes.Load(means), inverse = lanes.Load(inverses), weight = lanes.Load(weights), constant = lanes.Load(a), slope = TSimd.Multiply(inverse, lanes.Load(b));
            for (nint at = 0; at < rows * features; at += features)
            {
                TVector through = TSimd.MultiplyAdd(TSimd.Subtract(lanes.Load(x + at), mean), slope, constant);
                lanes.Store(TSimd.Multiply(inverse, TSimd.Subtract(TSimd.Multiply(weight, lanes.Load(dy + at)), through)), dx + at);
            }
        }
    }
}
