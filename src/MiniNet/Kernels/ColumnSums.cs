using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>
/// Sums down the columns of a matrix, a few vectors of columns at a time, since columns side by side share cache lines: what a normalisation of features needs.
/// Each sum takes the rows in their order, whatever columns are summed beside it.
/// </summary>
internal static class ColumnSums
{
    /// <summary>destination[j] = Σᵢ (x[i, j] − mean[j])².</summary>
    /// <param name="x">[rows, columns]</param>
    /// <param name="mean">[columns]</param>
    /// <param name="destination">[columns], of which from … to are written</param>
    /// <param name="from">The first column.</param>
    /// <param name="to">The column after the last.</param>
    internal static void Squares<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> mean, Span<T> destination, int from, int to) where T : unmanaged, IFloatingPointIeee754<T> =>
        Simd.Run<T, SquareKernel<T>>(new() { X = x, Mean = mean, Destination = destination, From = from, To = to });

    /// <summary>products[j] = Σᵢ z[i, j] · (x[i, j] − mean[j]) · inverse[j] and sums[j] = Σᵢ z[i, j]: the gradients of weight and bias.</summary>
    /// <param name="z">[rows, columns]</param>
    /// <param name="x">[rows, columns]</param>
    /// <param name="mean">[columns]</param>
    /// <param name="inverse">[columns]</param>
    /// <param name="products">[columns], of which from … to are written</param>
    /// <param name="sums">[columns], of which from … to are written</param>
    /// <param name="from">The first column.</param>
    /// <param name="to">The column after the last.</param>
    internal static void Products<T>(ReadOnlySpan<T> z, ReadOnlySpan<T> x, ReadOnlySpan<T> mean, ReadOnlySpan<T> inverse, Span<T> products, Span<T> sums, int from, int to)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Simd.Run<T, ProductKernel<T>>(new() { Z = z, X = x, Mean = mean, Inverse = inverse, Products = products, Sums = sums, From = from, To = to });

    /// <summary>products[j] = Σᵢ z[i, j] · (x[i, j] − mean[i]) · inverse[i] and sums[j] = Σᵢ z[i, j]: here each row has its own mean and inverse.</summary>
    /// <param name="z">[rows, columns]</param>
    /// <param name="x">[rows, columns]</param>
    /// <param name="mean">[rows]</param>
    /// <param name="inverse">[rows]</param>
    /// <param name="products">[columns], of which from … to are written</param>
    /// <param name="sums">[columns], of which from … to are written; or empty if not wanted</param>
    /// <param name="from">The first column.</param>
    /// <param name="to">The column after the last.</param>
    internal static void RowProducts<T>(ReadOnlySpan<T> z, ReadOnlySpan<T> x, ReadOnlySpan<T> mean, ReadOnlySpan<T> inverse, Span<T> products, Span<T> sums, int from, int to)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Simd.Run<T, RowProductKernel<T>>(new() { Z = z, X = x, Mean = mean, Inverse = inverse, Products = products, Sums = sums, From = from, To = to });

    private ref struct SquareKernel<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public ReadOnlySpan<T> X, Mean;
        public Span<T> Destination;
        public int From, To;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly unsafe void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
        {
            int columns = Destination.Length, rows = X.Length / columns;
            fixed (T* x = X, means = Mean, destination = Destination)
            {
                int j = From;
                for (; j + (2 * TSimd.Count) <= To; j += 2 * TSimd.Count)
                {
                    TVector sum0 = TSimd.Create(T.Zero), sum1 = sum0, mean0 = TSimd.Load(means + j), mean1 = TSimd.Load(means + j + TSimd.Count);
                    T* at = x + j;
                    for (int i = 0; i < rows; i++, at += columns)
                    {
                        TVector d0 = TSimd.Subtract(TSimd.Load(at), mean0), d1 = TSimd.Subtract(TSimd.Load(at + TSimd.Count), mean1);
                        sum0 = TSimd.MultiplyAdd(d0, d0, sum0);
                        sum1 = TSimd.MultiplyAdd(d1, d1, sum1);
                    }
                    TSimd.Store(sum0, destination + j);
                    TSimd.Store(sum1, destination + j + TSimd.Count);
                }
                for (; j < To; j += TSimd.Count)
                {
                    TVector sum = TSimd.Create(T.Zero), mean = Lanes<T, TSimd, TVector>.Load(means + j, To - j);
                    T* at = x + j;
                    for (int i = 0; i < rows; i++, at += columns)
                    {
                        TVector d = TSimd.Subtract(Lanes<T, TSimd, TVector>.Load(at, To - j), mean);
                        sum = TSimd.MultiplyAdd(d, d, sum);
                    }
                    Lanes<T, TSimd, TVector>.Store(sum, destination + j, To - j);
                }
            }
        }
    }

    private ref struct ProductKernel<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public ReadOnlySpan<T> Z, X, Mean, Inverse;
        public Span<T> Products, Sums;
        public int From, To;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly unsafe void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
        {
            int columns = Products.Length, rows = X.Length / columns;
            fixed (T* z = Z, x = X, means = Mean, inverses = Inverse, products = Products, sums = Sums)
            {
                int j = From;
                for (; j + (2 * TSimd.Count) <= To; j += 2 * TSimd.Count)
                {
                    TVector product0 = TSimd.Create(T.Zero), product1 = product0, sum0 = product0, sum1 = product0, mean0 = TSimd.Load(means + j), mean1 = TSimd.Load(means + j + TSimd.Count);
                    nint at = j;
                    for (int i = 0; i < rows; i++, at += columns)
                    {
                        TVector z0 = TSimd.Load(z + at), z1 = TSimd.Load(z + at + TSimd.Count);
                        (sum0, sum1) = (TSimd.Add(sum0, z0), TSimd.Add(sum1, z1));
                        product0 = TSimd.MultiplyAdd(z0, TSimd.Subtract(TSimd.Load(x + at), mean0), product0);
                        product1 = TSimd.MultiplyAdd(z1, TSimd.Subtract(TSimd.Load(x + at + TSimd.Count), mean1), product1);
                    }
                    TSimd.Store(TSimd.Multiply(product0, TSimd.Load(inverses + j)), products + j);
                    TSimd.Store(TSimd.Multiply(product1, TSimd.Load(inverses + j + TSimd.Count)), products + j + TSimd.Count);
                    TSimd.Store(sum0, sums + j);
                    TSimd.Store(sum1, sums + j + TSimd.Count);
                }
                for (; j < To; j += TSimd.Count)
                {
                    TVector product = TSimd.Create(T.Zero), sum = product, mean = Lanes<T, TSimd, TVector>.Load(means + j, To - j);
                    nint at = j;
                    for (int i = 0; i < rows; i++, at += columns)
                    {
                        TVector d = TSimd.Subtract(Lanes<T, TSimd, TVector>.Load(x + at, To - j), mean);
                        TVector value = Lanes<T, TSimd, TVector>.Load(z + at, To - j);
                        sum = TSimd.Add(sum, value);
                        product = TSimd.MultiplyAdd(value, d, product);
                    }
                    Lanes<T, TSimd, TVector>.Store(TSimd.Multiply(product, Lanes<T, TSimd, TVector>.Load(inverses + j, To - j)), products + j, To - j);
                    Lanes<T, TSimd, TVector>.Store(sum, sums + j, To - j);
                }
            }
        }
    }

    private ref struct RowProductKernel<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public ReadOnlySpan<T> Z, X, Mean, Inverse;
        public Span<T> Products, Sums;
        public int From, To;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly unsafe void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
        {
            int columns = Products.Length, rows = X.Length / columns;
            fixed (T* z = Z, x = X, means = Mean, inverses = Inverse, products = Products, sums = Sums)
            {
                int j = From;
                for (; j + (2 * TSimd.Count) <= To; j += 2 * TSimd.Count)
                {
                    TVector product0 = TSimd.Create(T.Zero), product1 = product0, sum0 = product0, sum1 = product0;
                    nint at = j;
                    for (int i = 0; i < rows; i++, at += columns)
                    {
                        TVector mean = TSimd.Create(means[i]), inverse = TSimd.Create(inverses[i]), z0 = TSimd.Load(z + at), z1 = TSimd.Load(z + at + TSimd.Count);
                        (sum0, sum1) = (TSimd.Add(sum0, z0), TSimd.Add(sum1, z1));
                        product0 = TSimd.MultiplyAdd(z0, TSimd.Multiply(TSimd.Subtract(TSimd.Load(x + at), mean), inverse), product0);
                        product1 = TSimd.MultiplyAdd(z1, TSimd.Multiply(TSimd.Subtract(TSimd.Load(x + at + TSimd.Count), mean), inverse), product1);
                    }
                    TSimd.Store(product0, products + j);
                    TSimd.Store(product1, products + j + TSimd.Count);
                    if (sums == null)
                        continue;
                    TSimd.Store(sum0, sums + j);
                    TSimd.Store(sum1, sums + j + TSimd.Count);
                }
                for (; j < To; j += TSimd.Count)
                {
                    TVector product = TSimd.Create(T.Zero), sum = product;
                    nint at = j;
                    for (int i = 0; i < rows; i++, at += columns)
                    {
                        TVector normalized = TSimd.Multiply(TSimd.Subtract(Lanes<T, TSimd, TVector>.Load(x + at, To - j), TSimd.Create(means[i])), TSimd.Create(inverses[i]));
                        TVector value = Lanes<T, TSimd, TVector>.Load(z + at, To - j);
                        sum = TSimd.Add(sum, value);
                        product = TSimd.MultiplyAdd(value, normalized, product);
                    }
                    Lanes<T, TSimd, TVector>.Store(product, products + j, To - j);
                    if (sums != null)
                        Lanes<T, TSimd, TVector>.Store(sum, sums + j, To - j);
                }
            }
        }
    }
}
