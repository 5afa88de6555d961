using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>
/// Matrix products so small that tiles do not pay: one short method, ready at the first call, where a fresh process would spend milliseconds on compiling tiles
/// that it runs for microseconds. The order of sums, and so the bits, are those of <see cref="MatrixKernel"/>.
/// </summary>
internal static unsafe class SmallProduct
{
    /// <summary>Up to so many multiplications.</summary>
    internal const int Limit = 128;

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Multiply<T>(T* a, nint aRow, nint aColumn, T* b, nint bRow, nint bColumn, T* c, int rows, int inner, int columns, bool accumulates)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int i = 0; i < rows; i++, a += aRow)
        {
            for (int j = 0; j < columns; j++, c++)
            {
                T sum = accumulates ? *c : T.Zero;
                T* x = a, y = b + (j * bColumn);
                for (int k = 0; k < inner; k++, x += aColumn, y += bRow)
                    sum = T.MultiplyAddEstimate(*x, *y, sum);
                *c = sum;
            }
        }
    }
}
