using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>
/// Sums down the columns of a matrix: what a normalisation needs. Each sum takes the rows in their order, whatever columns are summed beside it.
/// </summary>
internal static unsafe class ColumnSums
{
    private const int Cached = 8_192;                        // numbers that stay in the cache while one vector of columns after the other goes down them

    /// <summary>destination[j] = Σᵢ (x[i, j] − mean[j])².</summary>
    /// <param name="x">[rows, columns]</param>
    /// <param name="mean">[columns]</param>
    /// <param name="destination">[columns], of which from … to are written</param>
    /// <param name="from">The first column.</param>
    /// <param name="to">The column after the last.</param>
    internal static void Squares<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> mean, Span<T> destination, int from, int to) where T : unmanaged, IFloatingPointIeee754<T> =>
        Run<T, SquareTerm<T>>(x, x, mean, destination, default, from, to);

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
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Run<T, ProductTerm<T>>(z, x, mean, products, sums, from, to);
        TensorPrimitives.Multiply(products[from..to], inverse[from..to], products[from..to]);
    }

    private static void Run<T, TTerm>(ReadOnlySpan<T> z, ReadOnlySpan<T> x, ReadOnlySpan<T> mean, Span<T> first, Span<T> second, int from, int to)
        where T : unmanaged, IFloatingPointIeee754<T> where TTerm : struct, ITerm<T>
    {
        first[from..to].Clear();
        if (!second.IsEmpty)
            second[from..to].Clear();
        fixed (T* pz = z, px = x, pm = mean, pf = first, ps = second)
            Simd.Run<T, Kernel<T, TTerm>>(new() { Z = pz, X = px, Mean = pm, First = pf, Second = ps, Rows = x.Length / mean.Length, Columns = mean.Length, From = from, To = to });
    }

    /// <summary>What an element adds to the two sums of its column.</summary>
    private interface ITerm<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        static abstract TVector First<TSimd, TVector>(TVector sum, TVector z, TVector x, TVector mean) where TSimd : struct, ISimd<TVector, T>;

        static abstract TVector Second<TSimd, TVector>(TVector sum, TVector z) where TSimd : struct, ISimd<TVector, T>;
    }

    /// <summary>(x − mean)², and nothing.</summary>
    private readonly struct SquareTerm<T> : ITerm<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector First<TSimd, TVector>(TVector sum, TVector z, TVector x, TVector mean) where TSimd : struct, ISimd<TVector, T>
        {
            TVector d = TSimd.Subtract(x, mean);
            return TSimd.MultiplyAdd(d, d, sum);
        }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Second<TSimd, TVector>(TVector sum, TVector z) where TSimd : struct, ISimd<TVector, T> => sum;
    }

    /// <summary>z · (x − mean), and z.</summary>
    private readonly struct ProductTerm<T> : ITerm<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector First<TSimd, TVector>(TVector sum, TVector z, TVector x, TVector mean) where TSimd : struct, ISimd<TVector, T> =>
            TSimd.MultiplyAdd(z, TSimd.Subtract(x, mean), sum);

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static TVector Second<TSimd, TVector>(TVector sum, TVector z) where TSimd : struct, ISimd<TVector, T> => TSimd.Add(sum, z);
    }

    private struct Kernel<T, TTerm> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T> where TTerm : struct, ITerm<T>
    {
        public T* Z, X;                                      // [rows, columns]
        public T* Mean, First, Second;                       // [columns]; Second is null where there is nothing to sum
        public int Rows, Columns, From, To;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
        {
            int block = Math.Max(1, Cached / Columns);
            for (int top = 0; top < Rows; top += block)
            {
                int rows = Math.Min(block, Rows - top), j = From;
                nint at = (nint)top * Columns;
                for (; j + (2 * TSimd.Count) <= To; j += 2 * TSimd.Count)
                    Two<TSimd, TVector>(at, rows, j);
                for (; j + TSimd.Count <= To; j += TSimd.Count)
                    One<TSimd, TVector, WholeLanes<T, TSimd, TVector>>(default, at, rows, j);
                if (j < To)
                    One<TSimd, TVector, FirstLanes<T, TSimd, TVector>>(new(To - j), at, rows, j);
            }
        }

        /// <summary>Two vectors of columns side by side: they share cache lines, and neither waits for the other's addition.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void Two<TSimd, TVector>(nint at, int rows, int j) where TSimd : struct, ISimd<TVector, T>
        {
            T* z = Z + at + j, x = X + at + j;
            nint columns = Columns;
            int other = j + TSimd.Count;
            TVector mean0 = TSimd.Load(Mean + j), mean1 = TSimd.Load(Mean + other), first0 = TSimd.Load(First + j), first1 = TSimd.Load(First + other), second0 = TSimd.Create(T.Zero), second1 = second0;
            if (Second != null)
                (second0, second1) = (TSimd.Load(Second + j), TSimd.Load(Second + other));
            for (int i = 0; i < rows; i++, z += columns, x += columns)
            {
                TVector z0 = TSimd.Load(z), z1 = TSimd.Load(z + TSimd.Count);
                first0 = TTerm.First<TSimd, TVector>(first0, z0, TSimd.Load(x), mean0);
                first1 = TTerm.First<TSimd, TVector>(first1, z1, TSimd.Load(x + TSimd.Count), mean1);
                second0 = TTerm.Second<TSimd, TVector>(second0, z0);
                second1 = TTerm.Second<TSimd, TVector>(second1, z1);
            }
            TSimd.Store(first0, First + j);
            TSimd.Store(first1, First + other);
            if (Second == null)
                return;
            TSimd.Store(second0, Second + j);
            TSimd.Store(second1, Second + other);
        }

        /// <summary>One vector of columns, or what there is left of one.</summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private readonly void One<TSimd, TVector, TLanes>(TLanes lanes, nint at, int rows, int j) where TSimd : struct, ISimd<TVector, T> where TLanes : struct, ILanes<TVector, T>
        {
            T* z = Z + at + j, x = X + at + j;
            nint columns = Columns;
            TVector mean = lanes.Load(Mean + j), first = lanes.Load(First + j), second = Second == null ? TSimd.Create(T.Zero) : lanes.Load(Second + j);
            for (int i = 0; i < rows; i++, z += columns, x += columns)
            {
                TVector value = lanes.Load(z);
                first = TTerm.First<TSimd, TVector>(first, value, lanes.Load(x), mean);
                second = TTerm.Second<TSimd, TVector>(second, value);
            }
            lanes.Store(first, First + j);
            if (Second != null)
                lanes.Store(second, Second + j);
        }
    }
}
