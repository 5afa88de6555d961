using System.Numerics;

namespace MiniNet.Benchmarks;

/// <summary>The loops that one would write oneself, in the order that the cache likes.</summary>
internal static class Naive
{
    /// <summary>destination = x·y, x [rows, inner], y [inner, columns].</summary>
    public static void Multiply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination, int rows, int inner, int columns) where T : INumber<T>
    {
        destination.Clear();
        for (int i = 0; i < rows; i++)
        {
            Span<T> row = destination.Slice(i * columns, columns);
            for (int k = 0; k < inner; k++)
                AddScaled(y.Slice(k * columns, columns), x[(i * inner) + k], row);
        }
    }

    /// <summary>destination = xᵀ·y, x [inner, rows], y [inner, columns].</summary>
    public static void TransposeMultiply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination, int rows, int inner, int columns) where T : INumber<T>
    {
        destination.Clear();
        for (int k = 0; k < inner; k++)
        {
            for (int i = 0; i < rows; i++)
                AddScaled(y.Slice(k * columns, columns), x[(k * rows) + i], destination.Slice(i * columns, columns));
        }
    }

    /// <summary>destination = x·yᵀ, x [rows, inner], y [columns, inner].</summary>
    public static void MultiplyTranspose<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination, int rows, int inner, int columns) where T : INumber<T>
    {
        for (int i = 0; i < rows; i++)
        {
            ReadOnlySpan<T> a = x.Slice(i * inner, inner);
            for (int j = 0; j < columns; j++)
            {
                ReadOnlySpan<T> b = y.Slice(j * inner, inner);
                T sum = T.Zero;
                for (int k = 0; k < a.Length && k < b.Length; k++)
                    sum += a[k] * b[k];
                destination[(i * columns) + j] = sum;
            }
        }
    }

    private static void AddScaled<T>(ReadOnlySpan<T> x, T scale, Span<T> destination) where T : INumber<T>
    {
        for (int j = 0; j < x.Length && j < destination.Length; j++)
            destination[j] += scale * x[j];
    }
}
