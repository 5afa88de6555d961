using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>Simple operations on rows: what joins and parts values in a composite, biases, and their gradients.</summary>
internal static class RowKernels
{
    /// <summary>destination[j] = Σᵢ x[i, j], in the order of i.</summary>
    internal static void SumRows<T>(ReadOnlySpan<T> x, Span<T> destination) where T : unmanaged, IFloatingPointIeee754<T> =>
        SumRows(x, destination, 0, destination.Length);

    /// <summary>The same for some of the columns, from … to.</summary>
    internal static unsafe void SumRows<T>(ReadOnlySpan<T> x, Span<T> destination, int from, int to) where T : unmanaged, IFloatingPointIeee754<T>
    {
        fixed (T* px = x, pd = destination)
            Simd.Run<T, RowSum<T>>(new() { X = px, Destination = pd, Rows = destination.Length == 0 ? 0 : x.Length / destination.Length, Columns = destination.Length, From = from, To = to }, x.Length);
    }

    /// <summary>y = a + b. (Who names TensorPrimitives itself has it loaded when it is compiled, used or not: 2 ms that a first step need not wait for.)</summary>
    internal static void Add<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y) where T : unmanaged, IFloatingPointIeee754<T> => TensorPrimitives.Add(a, b, y);

    /// <summary>y[i, j] = x[i, j] + row[j].</summary>
    internal static void AddRow<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> row, Span<T> y) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int n = row.Length;
        for (int i = 0; i < x.Length; i += n)
            TensorPrimitives.Add(x.Slice(i, n), row, y.Slice(i, n));
    }

    /// <summary>y[j, i] = x[i, j].</summary>
    internal static unsafe void Transpose<T>(ReadOnlySpan<T> x, Span<T> y, int rows, int columns) where T : unmanaged, IFloatingPointIeee754<T>
    {
        fixed (T* from = x[..(rows * columns)], to = y[..(rows * columns)])
            Copies<T>.Transposed(from, columns, to, rows, columns, rows);
    }

    /// <summary>y = a · b; where b is shorter, it has one value for each of the last axis of a, for each sample.</summary>
    /// <param name="a">[batch, positions, channels]</param>
    /// <param name="b">[batch, positions, channels] or [batch, channels]</param>
    /// <param name="y">[batch, positions, channels]</param>
    /// <param name="batch">How many samples.</param>
    internal static void Multiply<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y, int batch) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int channels = b.Length / batch, length = a.Length / batch;
        for (int sample = 0; sample < batch; sample++)
        {
            ReadOnlySpan<T> gate = b.Slice(sample * channels, channels);
            for (int i = sample * length; i < (sample + 1) * length; i += channels)
                TensorPrimitives.Multiply(a.Slice(i, channels), gate, y.Slice(i, channels));
        }
    }

    /// <summary>The gradient of <see cref="Multiply"/> with respect to a, dy · b, or to b, the sum of dy · a over positions.</summary>
    internal static void MultiplyBackward<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, ReadOnlySpan<T> dy, Span<T> dx, int batch, bool isSecond)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (!isSecond)
        {
            Multiply(dy, b, dx, batch);
            return;
        }
        int channels = b.Length / batch, length = a.Length / batch;
        dx.Clear();
        for (int sample = 0; sample < batch; sample++)
        {
            Span<T> sum = dx.Slice(sample * channels, channels);
            for (int i = sample * length; i < (sample + 1) * length; i += channels)
                TensorPrimitives.MultiplyAdd(dy.Slice(i, channels), a.Slice(i, channels), sum, sum);
        }
    }

    /// <summary>y[i] = a[i] | b[i], row by row.</summary>
    /// <param name="a">[rows, aColumns]</param>
    /// <param name="b">[rows, bColumns]</param>
    /// <param name="y">[rows, aColumns + bColumns]</param>
    /// <param name="aColumns">The columns of a.</param>
    /// <param name="bColumns">The columns of b.</param>
    internal static void Concatenate<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b, Span<T> y, int aColumns, int bColumns)
    {
        int columns = aColumns + bColumns;
        for (int row = 0; row < y.Length / columns; row++)
        {
            a.Slice(row * aColumns, aColumns).CopyTo(y[(row * columns)..]);
            b.Slice(row * bColumns, bColumns).CopyTo(y[((row * columns) + aColumns)..]);
        }
    }

    /// <summary>part[i] = x[i, from .. from + count], row by row: the way back from <see cref="Concatenate"/>.</summary>
    internal static void Part<T>(ReadOnlySpan<T> x, Span<T> part, int from, int columns, int count)
    {
        for (int row = 0; row < x.Length / columns; row++)
            x.Slice((row * columns) + from, count).CopyTo(part[(row * count)..]);
    }

    private unsafe struct RowSum<T> : IPlainKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public T* X, Destination;
        public int Rows, Columns, From, To;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
        {
            int j = From;
            for (; j + (4 * TSimd.Count) <= To; j += 4 * TSimd.Count)
            {
                // Four sums side by side: none waits for its last addition, and a row is read in one piece.
                TVector sum0 = TSimd.Create(T.Zero), sum1 = sum0, sum2 = sum0, sum3 = sum0;
                T* x = X + j;
                for (int i = 0; i < Rows; i++, x += Columns)
                {
                    sum0 = TSimd.Add(sum0, TSimd.Load(x));
                    sum1 = TSimd.Add(sum1, TSimd.Load(x + TSimd.Count));
                    sum2 = TSimd.Add(sum2, TSimd.Load(x + (2 * TSimd.Count)));
                    sum3 = TSimd.Add(sum3, TSimd.Load(x + (3 * TSimd.Count)));
                }
                TSimd.Store(sum0, Destination + j);
                TSimd.Store(sum1, Destination + j + TSimd.Count);
                TSimd.Store(sum2, Destination + j + (2 * TSimd.Count));
                TSimd.Store(sum3, Destination + j + (3 * TSimd.Count));
            }
            for (; j + (2 * TSimd.Count) <= To; j += 2 * TSimd.Count)
            {
                TVector sum0 = TSimd.Create(T.Zero), sum1 = sum0;
                T* x = X + j;
                for (int i = 0; i < Rows; i++, x += Columns)
                {
                    sum0 = TSimd.Add(sum0, TSimd.Load(x));
                    sum1 = TSimd.Add(sum1, TSimd.Load(x + TSimd.Count));
                }
                TSimd.Store(sum0, Destination + j);
                TSimd.Store(sum1, Destination + j + TSimd.Count);
            }
            for (; j < To; j += TSimd.Count)
            {
                TVector sum = TSimd.Create(T.Zero);
                T* x = X + j;
                for (int i = 0; i < Rows; i++, x += Columns)
                    sum = TSimd.Add(sum, Lanes<T, TSimd, TVector>.Load(x, To - j));
                Lanes<T, TSimd, TVector>.Store(sum, Destination + j, To - j);
            }
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void RunPlain()
        {
            for (int j = From; j < To; j++)
            {
                T sum = T.Zero;
                for (int i = 0; i < Rows; i++)
                    sum += X[(i * Columns) + j];
                Destination[j] = sum;
            }
        }
    }
}
