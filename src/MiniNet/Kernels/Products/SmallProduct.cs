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
        if (BColumn != 1 || Columns == 1)
        {
            OneByOne();
            return;
        }
        int j = 0;
        for (; j <= Columns - TSimd.Count; j += TSimd.Count)
            AVectorOfColumns<TSimd, TVector, WholeLanes<T, TSimd, TVector>>(default, j);
        if (j < Columns)
            AVectorOfColumns<TSimd, TVector, FirstLanes<T, TSimd, TVector>>(new(Columns - j), j);
    }

    /// <summary>Two rows at a time, which share what is read of B.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private readonly void AVectorOfColumns<TSimd, TVector, TLanes>(TLanes lanes, int j) where TSimd : struct, ISimd<TVector, T> where TLanes : struct, ILanes<TVector, T>
    {
        T* a = A, b = B + j, c = C + j, begin = Begin + j;
        nint aRow = ARow, aColumn = AColumn, bRow = BRow, beginRow = BeginRow, columns = Columns;
        bool begins = Begin != null;
        int i = Rows, inner = Inner;
        for (; i >= 2; i -= 2, a += 2 * aRow, c += 2 * columns, begin += 2 * beginRow)
        {
            TVector sum0 = begins ? lanes.Load(begin) : TSimd.Create(T.Zero), sum1 = begins ? lanes.Load(begin + beginRow) : TSimd.Create(T.Zero);
            T* x = a, y = b;
            for (int k = inner; k > 0; k--, x += aColumn, y += bRow)
            {
                TVector row = lanes.Load(y);
                sum0 = TSimd.MultiplyAdd(TSimd.Create(*x), row, sum0);
                sum1 = TSimd.MultiplyAdd(TSimd.Create(x[aRow]), row, sum1);
            }
            lanes.Store(sum0, c);
            lanes.Store(sum1, c + columns);
        }
        if (i == 0)
            return;
        TVector sum = begins ? lanes.Load(begin) : TSimd.Create(T.Zero);
        for (int k = inner; k > 0; k--, a += aColumn, b += bRow)
            sum = TSimd.MultiplyAdd(TSimd.Create(*a), lanes.Load(b), sum);
        lanes.Store(sum, c);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private readonly void OneByOne()
    {
        T* a = A, c = C, begin = Begin;
        nint aRow = ARow, aColumn = AColumn, bRow = BRow, bColumn = BColumn, beginRow = BeginRow;
        int inner = Inner, columns = Columns;
        bool begins = begin != null;
        for (int i = Rows; i > 0; i--, a += aRow, c += columns, begin += beginRow)
        {
            for (int j = 0; j < columns; j++)
            {
                T sum = begins ? begin[j] : T.Zero;
                T* x = a, y = B + (j * bColumn);
                for (int k = inner; k > 0; k--, x += aColumn, y += bRow)
                    sum = SimdScalar<T>.MultiplyAdd(*x, *y, sum);
                c[j] = sum;
            }
        }
    }

    /// <inheritdoc/>
    public readonly void RunPlain() => OneByOne();
}
