using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>y = f(x) for one element, written once for every vector width.</summary>
internal interface IUnary<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    TVector Invoke<TSimd, TVector>(TVector x) where TSimd : struct, IArithmetic<TVector, T>;
}

/// <summary>y = f(a, b) for one element, written once for every vector width.</summary>
internal interface IBinary<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    TVector Invoke<TSimd, TVector>(TVector a, TVector b) where TSimd : struct, IArithmetic<TVector, T>;
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
                nint i = 0, n = X.Length;
                for (; i <= n - (2 * TSimd.Count); i += 2 * TSimd.Count)
                    SimdPair<TSimd, TVector, T>.Store(f.Invoke<SimdPair<TSimd, TVector, T>, Pair<TVector>>(SimdPair<TSimd, TVector, T>.Load(x + i)), y + i);
                if (i < n)
                    Rest<TSimd, TVector>(f, x + i, y + i, (int)(n - i));
            }
        }

        // By itself: so much is inlined into either loop that both together would be too much for the compiler, which would then call for every addition.
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static unsafe void Rest<TSimd, TVector>(TFunction f, T* x, T* y, int n) where TSimd : struct, ISimd<TVector, T>
        {
            for (; n > 0; n -= TSimd.Count, x += TSimd.Count, y += TSimd.Count)
                Lanes<T, TSimd, TVector>.Store(f.Invoke<TSimd, TVector>(Lanes<T, TSimd, TVector>.Load(x, n)), y, n);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
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
                nint i = 0, n = A.Length;
                for (; i <= n - (2 * TSimd.Count); i += 2 * TSimd.Count)
                    SimdPair<TSimd, TVector, T>.Store(f.Invoke<SimdPair<TSimd, TVector, T>, Pair<TVector>>(SimdPair<TSimd, TVector, T>.Load(a + i), SimdPair<TSimd, TVector, T>.Load(b + i)), y + i);
                if (i < n)
                    Rest<TSimd, TVector>(f, a + i, b + i, y + i, (int)(n - i));
            }
        }

        /// <inheritdoc cref="UnaryKernel{T,TFunction}.Rest"/>
        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        private static unsafe void Rest<TSimd, TVector>(TFunction f, T* a, T* b, T* y, int n) where TSimd : struct, ISimd<TVector, T>
        {
            for (; n > 0; n -= TSimd.Count, a += TSimd.Count, b += TSimd.Count, y += TSimd.Count)
                Lanes<T, TSimd, TVector>.Store(f.Invoke<TSimd, TVector>(Lanes<T, TSimd, TVector>.Load(a, n), Lanes<T, TSimd, TVector>.Load(b, n)), y, n);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void RunPlain()
        {
            for (int i = 0; i < A.Length; i++)
                Y[i] = Function.Invoke<SimdScalar<T>, T>(A[i], B[i]);
        }
    }
}
