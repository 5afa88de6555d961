using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>
/// What <see cref="System.Numerics.Tensors.TensorPrimitives"/> lacks: products and sums over matrices that lie row by row in spans.
/// The same conventions: inputs, then destination; exact lengths; the destination overlaps no input.
/// </summary>
/// <remarks>
/// Each element of a product adds its terms in the order of the inner index, with one rounding a term where the processor fuses (FMA): the same bits whatever
/// the size of the matrices around it.
/// </remarks>
public static class MatrixPrimitives
{
    /// <summary>destination = x·y.</summary>
    /// <param name="x">[rows, inner]</param>
    /// <param name="y">[inner, columns]</param>
    /// <param name="destination">[rows, columns], overwritten</param>
    /// <param name="rows">The rows of x and of the destination.</param>
    /// <param name="inner">The columns of x and rows of y.</param>
    /// <param name="columns">The columns of y and of the destination.</param>
    /// <exception cref="ArgumentException">A length does not fit, or the destination overlaps an input. Nothing has been written then.</exception>
    public static void Multiply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination, int rows, int inner, int columns)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Check(x, y, destination, rows, inner, columns);
        MatrixKernel.Multiply(x, inner, 1, y, false, destination, rows, inner, columns, accumulates: false);
    }

    /// <summary>destination += x·y.</summary>
    /// <inheritdoc cref="Multiply"/>
    public static void AddMultiply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination, int rows, int inner, int columns)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Check(x, y, destination, rows, inner, columns);
        MatrixKernel.Multiply(x, inner, 1, y, false, destination, rows, inner, columns, accumulates: true);
    }

    /// <summary>destination = xᵀ·y: the gradient of a weight matrix.</summary>
    /// <param name="x">[inner, rows]</param>
    /// <param name="y">[inner, columns]</param>
    /// <param name="destination">[rows, columns], overwritten</param>
    /// <param name="rows">The columns of x and rows of the destination.</param>
    /// <param name="inner">The rows of x and of y.</param>
    /// <param name="columns">The columns of y and of the destination.</param>
    /// <exception cref="ArgumentException">A length does not fit, or the destination overlaps an input. Nothing has been written then.</exception>
    public static void TransposeMultiply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination, int rows, int inner, int columns)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Check(x, y, destination, rows, inner, columns);
        MatrixKernel.Multiply(x, 1, rows, y, false, destination, rows, inner, columns, accumulates: false);
    }

    /// <summary>destination += xᵀ·y.</summary>
    /// <inheritdoc cref="TransposeMultiply"/>
    public static void AddTransposeMultiply<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination, int rows, int inner, int columns)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Check(x, y, destination, rows, inner, columns);
        MatrixKernel.Multiply(x, 1, rows, y, false, destination, rows, inner, columns, accumulates: true);
    }

    /// <summary>destination = x·yᵀ: the gradient of a layer's input.</summary>
    /// <param name="x">[rows, inner]</param>
    /// <param name="y">[columns, inner]</param>
    /// <param name="destination">[rows, columns], overwritten</param>
    /// <param name="rows">The rows of x and of the destination.</param>
    /// <param name="inner">The columns of x and of y.</param>
    /// <param name="columns">The rows of y and columns of the destination.</param>
    /// <exception cref="ArgumentException">A length does not fit, or the destination overlaps an input. Nothing has been written then.</exception>
    public static void MultiplyTranspose<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination, int rows, int inner, int columns)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Check(x, y, destination, rows, inner, columns);
        MatrixKernel.Multiply(x, inner, 1, y, true, destination, rows, inner, columns, accumulates: false);
    }

    /// <summary>destination += x·yᵀ.</summary>
    /// <inheritdoc cref="MultiplyTranspose"/>
    public static void AddMultiplyTranspose<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination, int rows, int inner, int columns)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Check(x, y, destination, rows, inner, columns);
        MatrixKernel.Multiply(x, inner, 1, y, true, destination, rows, inner, columns, accumulates: true);
    }

    /// <summary>destination = xᵀ·yᵀ.</summary>
    /// <param name="x">[inner, rows]</param>
    /// <param name="y">[columns, inner]</param>
    /// <param name="destination">[rows, columns], overwritten</param>
    /// <param name="rows">The columns of x and rows of the destination.</param>
    /// <param name="inner">The rows of x and columns of y.</param>
    /// <param name="columns">The rows of y and columns of the destination.</param>
    /// <exception cref="ArgumentException">A length does not fit, or the destination overlaps an input. Nothing has been written then.</exception>
    public static void TransposeMultiplyTranspose<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination, int rows, int inner, int columns)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Check(x, y, destination, rows, inner, columns);
        MatrixKernel.Multiply(x, 1, rows, y, true, destination, rows, inner, columns, accumulates: false);
    }

    /// <summary>destination += xᵀ·yᵀ.</summary>
    /// <inheritdoc cref="TransposeMultiplyTranspose"/>
    public static void AddTransposeMultiplyTranspose<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination, int rows, int inner, int columns)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Check(x, y, destination, rows, inner, columns);
        MatrixKernel.Multiply(x, 1, rows, y, true, destination, rows, inner, columns, accumulates: true);
    }

    /// <summary>destination[j] = Σᵢ x[i, j]: the sum of the rows, the gradient of a bias.</summary>
    /// <param name="x">[rows, columns], rows = x.Length / destination.Length</param>
    /// <param name="destination">[columns], overwritten</param>
    /// <exception cref="ArgumentException">x is no whole number of rows, or overlaps the destination. Nothing has been written then.</exception>
    public static void SumRows<T>(ReadOnlySpan<T> x, Span<T> destination) where T : unmanaged, IFloatingPointIeee754<T>
    {
        CheckRows(x, destination, nameof(destination));
        CheckOverlap(x, destination, nameof(x));
        RowKernels.SumRows(x, destination);
    }

    /// <summary>destination[i, j] = x[i, j] + row[j].</summary>
    /// <param name="x">[rows, columns]</param>
    /// <param name="row">[columns]</param>
    /// <param name="destination">[rows, columns], overwritten; may be x itself</param>
    /// <exception cref="ArgumentException">A length does not fit, or the destination overlaps an input without being it. Nothing has been written then.</exception>
    public static void AddRow<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> row, Span<T> destination) where T : unmanaged, IFloatingPointIeee754<T>
    {
        CheckRows(x, row, nameof(row));
        CheckLength(destination.Length, x.Length, nameof(destination), "as many as x");
        CheckOverlap(row, destination, nameof(row));
        if (x.Length > 0 && !Unsafe.AreSame(in x[0], in destination[0]))
            CheckOverlap(x, destination, nameof(x));
        RowKernels.AddRow(x, row, destination);
    }

    /// <summary>destination = xᵀ.</summary>
    /// <param name="x">[rows, columns]</param>
    /// <param name="destination">[columns, rows], overwritten</param>
    /// <param name="rows">The rows of x.</param>
    /// <param name="columns">The columns of x.</param>
    /// <exception cref="ArgumentException">A length does not fit, or the destination overlaps x. Nothing has been written then.</exception>
    public static void Transpose<T>(ReadOnlySpan<T> x, Span<T> destination, int rows, int columns) where T : unmanaged, IFloatingPointIeee754<T>
    {
        CheckMatrix(x.Length, rows, columns, nameof(x));
        CheckMatrix(destination.Length, columns, rows, nameof(destination));
        CheckOverlap(x, destination, nameof(x));
        RowKernels.Transpose(x, destination, rows, columns);
    }

    private static void Check<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> destination, int rows, int inner, int columns)
    {
        CheckMatrix(x.Length, rows, inner, nameof(x));
        CheckMatrix(y.Length, inner, columns, nameof(y));
        CheckMatrix(destination.Length, rows, columns, nameof(destination));
        CheckOverlap(x, destination, nameof(x));
        CheckOverlap(y, destination, nameof(y));
    }

    private static void CheckMatrix(int length, int rows, int columns, string name)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(rows);
        ArgumentOutOfRangeException.ThrowIfNegative(columns);
        if (length != (long)rows * columns)
            throw new ArgumentException($"{name} has {length} values, expected {(long)rows * columns}: {rows} × {columns}.", name);
    }

    private static void CheckLength(int length, int expected, string name, string why)
    {
        if (length != expected)
            throw new ArgumentException($"{name} has {length} values, expected {expected}: {why}.", name);
    }

    private static void CheckRows<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> row, string name)
    {
        if (row.Length == 0 ? x.Length > 0 : x.Length % row.Length != 0)
            throw new ArgumentException($"x has {x.Length} values, expected a multiple of {row.Length}: rows as long as {name}.", nameof(x));
    }

    private static void CheckOverlap<T>(ReadOnlySpan<T> input, ReadOnlySpan<T> destination, string name)
    {
        if (input.Overlaps(destination))
            throw new ArgumentException($"{name} and destination overlap: hand over separate memory.", name);
    }
}
