using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>Normalisation where every row has its own mean and deviation (<see cref="LayerNorm"/>), or only its own size (<see cref="RmsNorm"/>), and the way back.</summary>
internal static class RowNorm
{
    /// <summary>
    /// y[i, j] = (x[i, j] − mean[i]) · inverse[i] · weight[j] + bias[j], with inverse[i] = 1 / √(Σⱼ (x[i, j] − mean[i])² / features + ε).
    /// Without a bias the mean is taken as 0.
    /// </summary>
    /// <param name="x">[rows, features]</param>
    /// <param name="weight">[features]</param>
    /// <param name="bias">[features], or empty</param>
    /// <param name="epsilon">What is added to the variance.</param>
    /// <param name="y">[rows, features], to be written</param>
    /// <param name="mean">[rows], to be written</param>
    /// <param name="inverse">[rows], to be written</param>
    internal static void Forward<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> weight, ReadOnlySpan<T> bias, T epsilon, Span<T> y, Span<T> mean, Span<T> inverse)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Simd.Run<T, ForwardKernel<T>>(new() { X = x, Weight = weight, Bias = bias, Epsilon = epsilon, Y = y, Mean = mean, Inverse = inverse });

    /// <summary>
    /// dx[i, j] = inverse[i] · (g[i, j] − meanⱼ(g[i, j]) − x̂[i, j] · meanⱼ(g[i, j] · x̂[i, j])) with g = weight · dy, x̂ = (x − mean) · inverse;
    /// without the middle term where the mean was taken as 0. In the same pass, while the row is in the cache, its share of the gradients of weight and bias:
    /// dweight[j] += dy[i, j] · x̂[i, j], dbias[j] += dy[i, j].
    /// </summary>
    /// <param name="x">[rows, features]</param>
    /// <param name="dy">[rows, features]</param>
    /// <param name="weight">[features]</param>
    /// <param name="mean">[rows]</param>
    /// <param name="inverse">[rows]</param>
    /// <param name="dx">[rows, features], to be written; or empty if not wanted</param>
    /// <param name="dweight">[features], added to</param>
    /// <param name="dbias">[features], added to; empty where the mean was taken as 0</param>
    internal static void Backward<T>(
        ReadOnlySpan<T> x, ReadOnlySpan<T> dy, ReadOnlySpan<T> weight, ReadOnlySpan<T> mean, ReadOnlySpan<T> inverse, Span<T> dx, Span<T> dweight, Span<T> dbias)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Simd.Run<T, BackwardKernel<T>>(new() { X = x, OutputGradient = dy, Weight = weight, Mean = mean, Inverse = inverse, InputGradient = dx, WeightGradient = dweight, BiasGradient = dbias });

    private ref struct ForwardKernel<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public ReadOnlySpan<T> X, Weight, Bias;
        public Span<T> Y, Mean, Inverse;
        public T Epsilon;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly unsafe void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
        {
            int features = Weight.Length, whole = features - (features % TSimd.Count);
            T n = T.CreateTruncating(features);
            fixed (T* xs = X, ys = Y, weight = Weight, bias = Bias)
            {
                for (int i = 0; i < Mean.Length; i++)
                {
                    T* x = xs + ((nint)i * features), y = ys + ((nint)i * features);
                    T mean = T.Zero;
                    if (bias != null)
                        mean = Sum<TSimd, TVector>(x, features) / n;
                    T inverse = T.One / T.Sqrt((Squares<TSimd, TVector>(x, features, mean) / n) + Epsilon);
                    (Mean[i], Inverse[i]) = (mean, inverse);
                    TVector center = TSimd.Create(mean), scale = TSimd.Create(inverse);
                    int j = 0;
                    for (; j < whole; j += TSimd.Count)
                        Normalize<TSimd, TVector, WholeLanes<T, TSimd, TVector>>(default, x + j, center, scale, weight + j, bias == null ? null : bias + j, y + j);
                    if (j < features)
                        Normalize<TSimd, TVector, FirstLanes<T, TSimd, TVector>>(new(features - j), x + j, center, scale, weight + j, bias == null ? null : bias + j, y + j);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static unsafe void Normalize<TSimd, TVector, TLanes>(TLanes lanes, T* x, TVector mean, TVector inverse, T* weight, T* bias, T* y)
            where TSimd : struct, ISimd<TVector, T> where TLanes : struct, ILanes<TVector, T>
        {
            TVector normalized = TSimd.Multiply(TSimd.Subtract(lanes.Load(x), mean), inverse), gain = lanes.Load(weight);
            lanes.Store(bias == null ? TSimd.Multiply(normalized, gain) : TSimd.MultiplyAdd(normalized, gain, lanes.Load(bias)), y);
        }

        // Two sums at a time, each of every other vector, so that an addition need not wait for the one before it.

        /// <summary>Σ x.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static unsafe T Sum<TSimd, TVector>(T* x, int features) where TSimd : struct, ISimd<TVector, T>
        {
            TVector even = TSimd.Create(T.Zero), odd = even;
            int j = 0;
            for (; j + (2 * TSimd.Count) <= features; j += 2 * TSimd.Count)
            {
                even = TSimd.Add(even, TSimd.Load(x + j));
                odd = TSimd.Add(odd, TSimd.Load(x + j + TSimd.Count));
            }
            for (; j < features; j += TSimd.Count)
                even = TSimd.Add(even, Lanes<T, TSimd, TVector>.Load(x + j, features - j));
            return TSimd.Sum(TSimd.Add(even, odd));
        }

        /// <summary>Σ (x − mean)².</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static unsafe T Squares<TSimd, TVector>(T* x, int features, T mean) where TSimd : struct, ISimd<TVector, T>
        {
            TVector even = TSimd.Create(T.Zero), odd = even, center = TSimd.Create(mean);
            int j = 0;
            for (; j + (2 * TSimd.Count) <= features; j += 2 * TSimd.Count)
            {
                TVector a = TSimd.Subtract(TSimd.Load(x + j), center), b = TSimd.Subtract(TSimd.Load(x + j + TSimd.Count), center);
                even = TSimd.MultiplyAdd(a, a, even);
                odd = TSimd.MultiplyAdd(b, b, odd);
            }
            for (; j < features; j += TSimd.Count)
            {
                // Beyond the row's end there are zeros, which would count as 0 − mean.
                TVector a = TSimd.Subtract(Lanes<T, TSimd, TVector>.Load(x + j, features - j), center);
                a = features - j >= TSimd.Count ? a : TSimd.KeepFirst(a, features - j);
                even = TSimd.MultiplyAdd(a, a, even);
            }
            return TSimd.Sum(TSimd.Add(even, odd));
        }
    }

    private ref struct BackwardKernel<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public ReadOnlySpan<T> X, OutputGradient, Weight, Mean, Inverse;
        public Span<T> InputGradient, WeightGradient, BiasGradient;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly unsafe void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
        {
            int features = Weight.Length, whole = features - (features % TSimd.Count);
            T n = T.CreateTruncating(features);
            fixed (T* xs = X, dys = OutputGradient, dxs = InputGradient, weight = Weight, dweight = WeightGradient, dbias = BiasGradient)
            {
                for (int i = 0; i < Mean.Length; i++)
                {
                    T* x = xs + ((nint)i * features), dy = dys + ((nint)i * features), dx = dxs + ((nint)i * features);
                    TVector mean = TSimd.Create(Mean[i]), inverse = TSimd.Create(Inverse[i]), sum = TSimd.Create(T.Zero), products = sum;
                    int j = 0;
                    for (; j < whole; j += TSimd.Count)
                        Add<TSimd, TVector, WholeLanes<T, TSimd, TVector>>(default, x + j, dy + j, weight + j, mean, inverse, ref sum, ref products, dweight + j, dbias == null ? null : dbias + j);
                    if (j < features)
                        Add<TSimd, TVector, FirstLanes<T, TSimd, TVector>>(new(features - j), x + j, dy + j, weight + j, mean, inverse, ref sum, ref products, dweight + j, dbias == null ? null : dbias + j);
                    if (dxs == null)
                        continue;
                    TVector a = TSimd.Create(dbias == null ? T.Zero : TSimd.Sum(sum) / n), b = TSimd.Create(TSimd.Sum(products) / n);
                    for (j = 0; j < whole; j += TSimd.Count)
                        Write<TSimd, TVector, WholeLanes<T, TSimd, TVector>>(default, x + j, dy + j, weight + j, mean, inverse, a, b, dx + j);
                    if (j < features)
                        Write<TSimd, TVector, FirstLanes<T, TSimd, TVector>>(new(features - j), x + j, dy + j, weight + j, mean, inverse, a, b, dx + j);
                }
            }
        }

        /// <summary>g and g · x̂, for the means of both; dy · x̂ and dy, for the gradients of weight and bias.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static unsafe void Add<TSimd, TVector, TLanes>(
            TLanes lanes, T* x, T* dy, T* weight, TVector mean, TVector inverse, ref TVector sum, ref TVector products, T* dweight, T* dbias)
            where TSimd : struct, ISimd<TVector, T> where TLanes : struct, ILanes<TVector, T>
        {
            TVector upstream = lanes.Load(dy), g = TSimd.Multiply(lanes.Load(weight), upstream), normalized = TSimd.Multiply(TSimd.Subtract(lanes.Load(x), mean), inverse);
            sum = TSimd.Add(sum, g);
            products = TSimd.MultiplyAdd(g, normalized, products);
            lanes.Store(TSimd.MultiplyAdd(upstream, normalized, lanes.Load(dweight)), dweight);
            if (dbias != null)
                lanes.Store(TSimd.Add(upstream, lanes.Load(dbias)), dbias);
        }

        /// <summary>dx = inverse · (g − a − x̂ · b).</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static unsafe void Write<TSimd, TVector, TLanes>(TLanes lanes, T* x, T* dy, T* weight, TVector mean, TVector inverse, TVector a, TVector b, T* dx)
            where TSimd : struct, ISimd<TVector, T> where TLanes : struct, ILanes<TVector, T>
        {
            TVector g = TSimd.Multiply(lanes.Load(weight), lanes.Load(dy)), normalized = TSimd.Multiply(TSimd.Subtract(lanes.Load(x), mean), inverse);
            lanes.Store(TSimd.Multiply(inverse, TSimd.Subtract(g, TSimd.MultiplyAdd(normalized, b, a))), dx);
        }
    }
}
