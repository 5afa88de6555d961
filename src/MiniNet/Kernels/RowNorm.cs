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
    /// without the middle term where the mean was taken as 0.
    /// </summary>
    /// <param name="x">[rows, features]</param>
    /// <param name="dy">[rows, features]</param>
    /// <param name="weight">[features]</param>
    /// <param name="mean">[rows]</param>
    /// <param name="inverse">[rows]</param>
    /// <param name="isCentered">Whether the mean was subtracted.</param>
    /// <param name="dx">[rows, features], to be written</param>
    internal static void Backward<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> dy, ReadOnlySpan<T> weight, ReadOnlySpan<T> mean, ReadOnlySpan<T> inverse, bool isCentered, Span<T> dx)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Simd.Run<T, BackwardKernel<T>>(new() { X = x, OutputGradient = dy, Weight = weight, Mean = mean, Inverse = inverse, IsCentered = isCentered, InputGradient = dx });

    private ref struct ForwardKernel<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public ReadOnlySpan<T> X, Weight, Bias;
        public Span<T> Y, Mean, Inverse;
        public T Epsilon;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly unsafe void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
        {
            int features = Weight.Length;
            T n = T.CreateTruncating(features);
            fixed (T* xs = X, ys = Y, weight = Weight, bias = Bias)
            {
                for (int i = 0; i < Mean.Length; i++)
                {
                    T* x = xs + ((nint)i * features), y = ys + ((nint)i * features);
                    TVector sum = TSimd.Create(T.Zero), squares = sum;
                    for (int j = 0; bias != null && j < features; j += TSimd.Count)
                        sum = TSimd.Add(sum, Lanes<T, TSimd, TVector>.Load(x + j, features - j));
                    Mean[i] = TSimd.Sum(sum) / n;

                    // What is centred goes to y and is loaded from there: so the lanes beyond the row's end hold 0 and add nothing to the squares.
                    TVector mean = TSimd.Create(Mean[i]);
                    for (int j = 0; j < features; j += TSimd.Count)
                    {
                        Lanes<T, TSimd, TVector>.Store(TSimd.Subtract(Lanes<T, TSimd, TVector>.Load(x + j, features - j), mean), y + j, features - j);
                        TVector d = Lanes<T, TSimd, TVector>.Load(y + j, features - j);
                        squares = TSimd.MultiplyAdd(d, d, squares);
                    }
                    Inverse[i] = T.One / T.Sqrt((TSimd.Sum(squares) / n) + Epsilon);

                    TVector inverse = TSimd.Create(Inverse[i]);
                    for (int j = 0; j < features; j += TSimd.Count)
                    {
                        TVector scale = Lanes<T, TSimd, TVector>.Load(weight + j, features - j), normalized = TSimd.Multiply(Lanes<T, TSimd, TVector>.Load(y + j, features - j), inverse);
                        TVector result = bias == null ? TSimd.Multiply(normalized, scale) : TSimd.MultiplyAdd(normalized, scale, Lanes<T, TSimd, TVector>.Load(bias + j, features - j));
                        Lanes<T, TSimd, TVector>.Store(result, y + j, features - j);
                    }
                }
            }
        }
    }

    private ref struct BackwardKernel<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public ReadOnlySpan<T> X, OutputGradient, Weight, Mean, Inverse;
        public Span<T> InputGradient;
        public bool IsCentered;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly unsafe void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
        {
            int features = Weight.Length;
            T n = T.CreateTruncating(features);
            fixed (T* xs = X, dys = OutputGradient, dxs = InputGradient, weight = Weight)
            {
                for (int i = 0; i < Mean.Length; i++)
                {
                    T* x = xs + ((nint)i * features), dy = dys + ((nint)i * features), dx = dxs + ((nint)i * features);
                    TVector mean = TSimd.Create(Mean[i]), inverse = TSimd.Create(Inverse[i]), sum = TSimd.Create(T.Zero), products = sum;
                    for (int j = 0; j < features; j += TSimd.Count)
                    {
                        TVector g = TSimd.Multiply(Lanes<T, TSimd, TVector>.Load(weight + j, features - j), Lanes<T, TSimd, TVector>.Load(dy + j, features - j));
                        TVector normalized = TSimd.Multiply(TSimd.Subtract(Lanes<T, TSimd, TVector>.Load(x + j, features - j), mean), inverse);
                        sum = TSimd.Add(sum, g);
                        products = TSimd.MultiplyAdd(g, normalized, products);
                    }
                    TVector a = TSimd.Create(IsCentered ? TSimd.Sum(sum) / n : T.Zero), b = TSimd.Create(TSimd.Sum(products) / n);
                    for (int j = 0; j < features; j += TSimd.Count)
                    {
                        TVector g = TSimd.Multiply(Lanes<T, TSimd, TVector>.Load(weight + j, features - j), Lanes<T, TSimd, TVector>.Load(dy + j, features - j));
                        TVector normalized = TSimd.Multiply(TSimd.Subtract(Lanes<T, TSimd, TVector>.Load(x + j, features - j), mean), inverse);
                        TVector through = TSimd.MultiplyAdd(normalized, b, a);
                        Lanes<T, TSimd, TVector>.Store(TSimd.Multiply(inverse, TSimd.Subtract(g, through)), dx + j, features - j);
                    }
                }
            }
        }
    }
}
