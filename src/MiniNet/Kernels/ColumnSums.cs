using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>
/// Sums down the columns of a matrix, a vector of columns at a time: what a normalisation of features needs.
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

    /// <summary>destination[j] = Σᵢ z[i, j] · (x[i, j] − mean[j]) · inverse[j].</summary>
    /// <param name="z">[rows, columns]</param>
    /// <param name="x">[rows, columns]</param>
    /// <param name="mean">[columns]</param>
    /// <param name="inverse">[columns]</param>
    /// <param name="destination">[columns], of which from … to are written</param>
    /// <param name="from">The first column.</param>
    /// <param name="to">The column after the last.</param>
    internal static void Products<T>(ReadOnlySpan<T> z, ReadOnlySpan<T> x, ReadOnlySpan<T> mean, ReadOnlySpan<T> inverse, Span<T> destination, int from, int to)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Simd.Run<T, ProductKernel<T>>(new() { Z = z, X = x, Mean = mean, Inverse = inverse, Destination = destination, From = from, To = to });

    /// <summary>destination[j] = Σᵢ z[i, j] · (x[i, j] − mean[i]) · inverse[i]: here each row has its own mean and inverse.</summary>
    /// <param name="z">[rows, columns]</param>
    /// <param name="x">[rows, columns]</param>
    /// <param name="mean">[rows]</param>
    /// <param name="inverse">[rows]</param>
    /// <param name="destination">[columns], of which from … to are written</param>
    /// <param name="from">The first column.</param>
    /// <param name="to">The column after the last.</param>
    internal static void RowProducts<T>(ReadOnlySpan<T> z, ReadOnlySpan<T> x, ReadOnlySpan<T> mean, ReadOnlySpan<T> inverse, Span<T> destination, int from, int to)
        where T : unmanaged, IFloatingPointIeee754<T> =>
        Simd.Run<T, RowProductKernel<T>>(new() { Z = z, X = x, Mean = mean, Inverse = inverse, Destination = destination, From = from, To = to });

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
                for (int j = From; j < To; j += TSimd.Count)
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
        public Span<T> Destination;
        public int From, To;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly unsafe void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
        {
            int columns = Destination.Length, rows = X.Length / columns;
            fixed (T* z = Z, x = X, means = Mean, inverses = Inverse, destination = Destination)
            {
                for (int j = From; j < To; j += TSimd.Count)
                {
                    TVector sum = TSimd.Create(T.Zero), mean = Lanes<T, TSimd, TVector>.Load(means + j, To - j);
                    nint at = j;
                    for (int i = 0; i < rows; i++, at += columns)
                    {
                        TVector d = TSimd.Subtract(Lanes<T, TSimd, TVector>.Load(x + at, To - j), mean);
                        sum = TSimd.MultiplyAdd(Lanes<T, TSimd, TVector>.Load(z + at, To - j), d, sum);
                    }
                    Lanes<T, TSimd, TVector>.Store(TSimd.Multiply(sum, Lanes<T, TSimd, TVector>.Load(inverses + j, To - j)), destination + j, To - j);
                }
            }
        }
    }

    private ref struct RowProductKernel<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public ReadOnlySpan<T> Z, X, Mean, Inverse;
        public Span<T> Destination;
        public int From, To;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly unsafe void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
        {
            int columns = Destination.Length, rows = X.Length / columns;
            fixed (T* z = Z, x = X, means = Mean, inverses = Inverse, destination = Destination)
            {
                for (int j = From; j < To; j += TSimd.Count)
                {
                    TVector sum = TSimd.Create(T.Zero);
                    nint at = j;
                    for (int i = 0; i < rows; i++, at += columns)
                    {
                        TVector normalized = TSimd.Multiply(TSimd.Subtract(Lanes<T, TSimd, TVector>.Load(x + at, To - j), TSimd.Create(means[i])), TSimd.Create(inverses[i]));
                        sum = TSimd.MultiplyAdd(Lanes<T, TSimd, TVector>.Load(z + at, To - j), normalized, sum);
                    }
                    Lanes<T, TSimd, TVector>.Store(sum, destination + j, To - j);
                }
            }
        }
    }
}
