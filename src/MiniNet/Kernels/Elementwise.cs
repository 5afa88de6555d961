using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>y = f(x) for one element, written once for every vector width.</summary>
internal interface IUnary<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    TVector Invoke<TSimd, TVector>(TVector x) where TSimd : struct, ISimd<TVector, T>;
}

/// <summary>y = f(a, b) for one element, written once for every vector width.</summary>
internal interface IBinary<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    TVector Invoke<TSimd, TVector>(TVector a, TVector b) where TSimd : struct, ISimd<TVector, T>;
}

/// <summary>
/// Applies a function to every element. What is left over at the end of a span is computed by the same vector code, in a vector that is filled up with
/// zeros: so an element's bits depend neither on the span's length nor on its place.
/// </summary>
internal static class Elementwise
{
    internal static void Map<T, TFunction>(TFunction function, ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T> where TFunction : struct, IUnary<T> =>
        Simd.Run<T, UnaryKernel<T, TFunction>>(new() { Function = function, X = x, Y = y[..x.Length] }, x.Length);

    internal static void Map<T, TFunction>(TFunction function, ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T> where TFunction : struct, IBinary<T> =>
        Simd.Run<T, BinaryKernel<T, TFunction>>(new() { Function = function, A = a, B = b[..a.Length], Y = y[..a.Length] }, a.Length);

    private ref struct UnaryKernel<T, TFunction> : IPlainKernel<T> where T : unmanaged, IFloatingPointIeee754<T> where TFunction : struct, IUnary<T>
    {
        public TFunction Function;
        public ReadOnlySpan<T> X;
        public Span<T> Y;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly unsafe void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
        {
            TFunction f = Function;
            fixed (T* x = X, y = Y)
            {
                // One place that calls the function, for whole vectors and the rest: so it is inlined, and compiled once.
                for (int i = 0, left = X.Length; left > 0; i += TSimd.Count, left -= TSimd.Count)
                {
                    TVector result = f.Invoke<TSimd, TVector>(left >= TSimd.Count ? TSimd.Load(x + i) : TSimd.LoadFirst(x + i, left));
                    if (left >= TSimd.Count)
                        TSimd.Store(result, y + i);
                    else
                        TSimd.StoreFirst(result, y + i, left);
                }
            }
        }

        public readonly void RunPlain()
        {
            for (int i = 0; i < X.Length; i++)
                Y[i] = Function.Invoke<SimdScalar<T>, T>(X[i]);
        }
    }

    private ref struct BinaryKernel<T, TFunction> : IPlainKernel<T> where T : unmanaged, IFloatingPointIeee754<T> where TFunction : struct, IBinary<T>
    {
        public TFunction Function;
        public ReadOnlySpan<T> A, B;
        public Span<T> Y;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly unsafe void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
        {
            TFunction f = Function;
            fixed (T* a = A, b = B, y = Y)
            {
                for (int i = 0, left = A.Length; left > 0; i += TSimd.Count, left -= TSimd.Count)
                {
                    bool isWhole = left >= TSimd.Count;
                    TVector va = isWhole ? TSimd.Load(a + i) : TSimd.LoadFirst(a + i, left);
                    TVector vb = isWhole ? TSimd.Load(b + i) : TSimd.LoadFirst(b + i, left);
                    TVector result = f.Invoke<TSimd, TVector>(va, vb);
                    if (isWhole)
                        TSimd.Store(result, y + i);
                    else
                        TSimd.StoreFirst(result, y + i, left);
                }
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void RunPlain()
        {
            for (int i = 0; i < A.Length; i++)
                Y[i] = Function.Invoke<SimdScalar<T>, T>(A[i], B[i]);
        }
    }
}
