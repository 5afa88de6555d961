using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>
/// Matrix products so small that tiles do not pay: one short method, ready at the first call, where a fresh process would spend milliseconds on compiling tiles
/// that it runs for microseconds. The order of sums, and so the bits, are those of <see cref="MatrixKernel"/>.
/// </summary>
internal unsafe struct SmallProduct<T> : IPlainKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>Up to so many multiplications.</summary>
    internal const int Limit = 256;

    public T* A, B, C;
    public T* Begin;                  // what the sums of row i begin with, at Begin[i·BeginRow]: C itself, a bias, or null for zero
    public nint ARow, AColumn, BRow, BColumn, BeginRow;
    public int Rows, Inner, Columns;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
    {
        T* a = A, c = C, begin = Begin;
        nint aRow = ARow, aColumn = AColumn, bRow = BRow, bColumn = BColumn, beginRow = BeginRow;
        int inner = Inner, columns = Columns;
        bool begins = begin != null, isInRows = bColumn == 1;
        for (int i = Rows; i > 0; i--, a += aRow, c += columns, begin += beginRow)
        {
            int j = 0;
            for (; isInRows && j < columns; j += TSimd.Count)
            {
                // A vector of columns at a time, or what is left of one.
                int n = Math.Min(TSimd.Count, columns - j);
                bool isWhole = n == TSimd.Count;
                TVector sum = !begins ? TSimd.Create(T.Zero) : isWhole ? TSimd.Load(begin + j) : TSimd.LoadFirst(begin + j, n);
                T* x = a, y = B + j;
                for (int k = inner; k > 0; k--, x += aColumn, y += bRow)
                    sum = TSimd.MultiplyAdd(TSimd.Create(*x), isWhole ? TSimd.Load(y) : TSimd.LoadFirst(y, n), sum);
                if (isWhole)
                    TSimd.Store(sum, c + j);
                else
                    TSimd.StoreFirst(sum, c + j, n);
            }
            for (; j < columns; j++)
            {
                T sum = begins ? begin[j] : T.Zero;
                T* x = a, y = B + (j * bColumn);
                for (int k = inner; k > 0; k--, x += aColumn, y += bRow)
                    sum = SimdScalar<T>.MultiplyAdd(*x, *y, sum);
                c[j] = sum;
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    public readonly void RunPlain()
    {
        T* a = A, c = C, begin = Begin;
        for (int i = 0; i < Rows; i++, a += ARow, c += Columns, begin += BeginRow)
        {
            for (int j = 0; j < Columns; j++)
            {
                T sum = Begin != null ? begin[j] : T.Zero;
                for (int k = 0; k < Inner; k++)
                    sum = SimdScalar<T>.MultiplyAdd(a[k * AColumn], B[(k * BRow) + (j * BColumn)], sum);
                c[j] = sum;
            }
        }
    }
}
