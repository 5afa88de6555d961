using System.Numerics;

namespace MiniNet.Tests;

public class MatrixPrimitivesTests
{
    private const int Guard = 40;                           // elements before and after each destination, more than two of the widest vectors
    private static readonly int[] Sizes = [0, 1, 2, 3, 4, 5, 7, 8, 12, 13, 16, 17, 31, 32, 33, 64, 65, 100, 257];

    private delegate void Product<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, Span<T> destination, int rows, int inner, int columns);

    [Fact]
    public void Products_of_all_widths_and_heights_equal_the_sequential_loop_bit_for_bit_in_float() => CheckEdges<float>(Sizes, Sizes, [0, 1, 2, 5, 17]);

    [Fact]
    public void Products_of_all_widths_and_heights_equal_the_sequential_loop_bit_for_bit_in_double() => CheckEdges<double>(Sizes, Sizes, [0, 1, 3, 4]);

    [Fact]
    public void Products_of_small_sizes_equal_the_sequential_loop_bit_for_bit_in_half() => CheckEdges<Half>([0, 1, 3, 4, 5, 8], [0, 1, 2, 3, 5, 17], [0, 1, 2, 7, 33]);

    [Fact]
    public void Products_with_a_deep_inner_axis_equal_the_sequential_loop_bit_for_bit_in_float() => CheckEdges<float>([1, 3, 4, 7, 13], [1, 5, 16, 17, 33, 65], [7, 8, 12, 31, 64, 100, 255, 256, 257, 300, 511, 512, 513, 1025]);

    [Fact]
    public void Products_with_a_deep_inner_axis_equal_the_sequential_loop_bit_for_bit_in_double() => CheckEdges<double>([1, 4, 5], [1, 8, 9, 17, 33], [13, 32, 65, 256, 257, 300, 513, 1025]);

    [Fact]
    public void Products_with_a_deep_inner_axis_equal_the_sequential_loop_bit_for_bit_in_half() => CheckEdges<Half>([1, 4], [1, 3], [256, 257, 300, 513]);

    [Theory]
    [InlineData(100, 65, 257)]
    [InlineData(257, 33, 100)]
    [InlineData(65, 257, 31)]
    [InlineData(64, 64, 64)]
    public void Large_products_equal_the_sequential_loop_bit_for_bit(int rows, int inner, int columns)
    {
        CheckEdges<float>([rows], [columns], [inner]);
        CheckEdges<double>([rows], [columns], [inner]);
    }

    [Theory]
    [InlineData(256, 1025, 513)]                            // B is copied in blocks, and A, row by row
    [InlineData(1025, 33, 257)]                             // A is copied column by column, in more than one block of rows
    [InlineData(33, 300, 1024)]                             // the rows of B lie a page apart, and are copied
    [InlineData(25, 300, 1030)]                             // the rows of B lie far apart, but are read in place
    [InlineData(30, 1030, 40)]                              // the rows of A lie far apart, but are read in place
    [InlineData(300, 1040, 20)]                             // narrow and high: computed transposed, in blocks of k
    [InlineData(20, 40, 300)]                               // low and wide: with a transposed B computed transposed
    public void Products_across_the_borders_of_blocks_equal_the_sequential_loop_bit_for_bit(int rows, int inner, int columns)
    {
        Check<float>(rows, inner, columns);
        Check<double>(rows, inner / 2, columns);
        Check<double>(rows / 2, inner, columns);
    }

    [Fact]
    public void Wrong_lengths_negative_sizes_and_overlap_are_refused_before_anything_is_written()
    {
        CheckRefusals<float>();
        CheckRefusals<double>();
        CheckRefusals<Half>();
    }

    [Fact]
    public void A_wrong_length_is_named_with_what_was_expected()
    {
        ArgumentException x = Assert.Throws<ArgumentException>(() => MatrixPrimitives.Multiply<float>(new float[5], new float[6], new float[4], 2, 3, 2));
        Assert.Equal("x has 5 values, expected 6: 2 × 3. (Parameter 'x')", x.Message);
        ArgumentException y = Assert.Throws<ArgumentException>(() => MatrixPrimitives.Multiply<float>(new float[6], new float[7], new float[4], 2, 3, 2));
        Assert.Equal("y has 7 values, expected 6: 3 × 2. (Parameter 'y')", y.Message);
        ArgumentException d = Assert.Throws<ArgumentException>(() => MatrixPrimitives.Multiply<float>(new float[6], new float[6], new float[3], 2, 3, 2));
        Assert.Equal("destination has 3 values, expected 4: 2 × 2. (Parameter 'destination')", d.Message);
        float[] shared = new float[8];
        ArgumentException o = Assert.Throws<ArgumentException>(() => MatrixPrimitives.Multiply<float>(shared.AsSpan(0, 4), new float[4], shared.AsSpan(3, 4), 2, 2, 2));
        Assert.Equal("x and destination overlap: hand over separate memory. (Parameter 'x')", o.Message);
    }

    [Fact]
    public void Sizes_whose_product_overflows_an_int_are_refused()
    {
        // 65,536² = 2³², which an int takes for 0.
        Assert.Throws<ArgumentException>(() => MatrixPrimitives.Multiply<float>([], [], [], 65536, 65536, 0));
        Assert.Throws<ArgumentException>(() => MatrixPrimitives.Multiply<float>([], [], [], 65536, 0, 65536));
        Assert.Throws<ArgumentException>(() => MatrixPrimitives.Transpose<float>([], [], 65536, 65536));
    }

    [Fact]
    public void NaN_and_infinity_reach_exactly_the_elements_that_depend_on_them()
    {
        CheckNotFinite<float>();
        CheckNotFinite<double>();
        CheckNotFinite<Half>();
    }

    [Fact]
    public void SumRows_adds_the_rows_in_their_order()
    {
        CheckSumRows<float>();
        CheckSumRows<double>();
        CheckSumRows<Half>();
    }

    [Fact]
    public void SumRows_refuses_a_broken_row_and_overlap_before_anything_is_written()
    {
        float[] memory = Filled<float>(20, 3);
        float[] before = [.. memory];
        ArgumentException e = Assert.Throws<ArgumentException>(() => MatrixPrimitives.SumRows<float>(memory.AsSpan(0, 7), memory.AsSpan(10, 3)));
        Assert.Equal("x has 7 values, expected a multiple of 3: rows as long as destination. (Parameter 'x')", e.Message);
        Assert.Throws<ArgumentException>(() => MatrixPrimitives.SumRows<float>(memory.AsSpan(0, 7), []));
        Assert.Throws<ArgumentException>(() => MatrixPrimitives.SumRows<float>(memory.AsSpan(0, 6), memory.AsSpan(5, 3)));
        Bits.AssertSame<float>(before, memory, "memory");
    }

    [Fact]
    public void AddRow_adds_the_row_to_each_row_in_place_too()
    {
        CheckAddRow<float>();
        CheckAddRow<double>();
        CheckAddRow<Half>();
    }

    [Fact]
    public void AddRow_refuses_wrong_lengths_and_partial_overlap_before_anything_is_written()
    {
        float[] memory = Filled<float>(30, 3);
        float[] before = [.. memory];
        Assert.Throws<ArgumentException>(() => MatrixPrimitives.AddRow<float>(memory.AsSpan(0, 7), memory.AsSpan(20, 3), memory.AsSpan(10, 7)));
        ArgumentException length = Assert.Throws<ArgumentException>(() => MatrixPrimitives.AddRow<float>(memory.AsSpan(0, 6), memory.AsSpan(20, 3), memory.AsSpan(10, 5)));
        Assert.Equal("destination has 5 values, expected 6: as many as x. (Parameter 'destination')", length.Message);
        Assert.Throws<ArgumentException>(() => MatrixPrimitives.AddRow<float>(memory.AsSpan(0, 6), [], memory.AsSpan(10, 6)));
        Assert.Throws<ArgumentException>(() => MatrixPrimitives.AddRow<float>(memory.AsSpan(0, 6), memory.AsSpan(20, 3), memory.AsSpan(1, 6)));
        Assert.Throws<ArgumentException>(() => MatrixPrimitives.AddRow<float>(memory.AsSpan(0, 6), memory.AsSpan(12, 3), memory.AsSpan(10, 6)));
        Bits.AssertSame<float>(before, memory, "memory");
    }

    [Fact]
    public void Transpose_moves_every_element_and_no_other()
    {
        foreach (int rows in Sizes)
        {
            foreach (int columns in (int[])[0, 1, 2, 3, 8, 17, 33])
            {
                double[] x = Filled<double>(rows * columns, 5), memory = Guarded<double>(rows * columns);
                MatrixPrimitives.Transpose(x, memory.AsSpan(Guard, x.Length), rows, columns);
                AssertGuards<double>(memory, $"Transpose {rows} × {columns}");
                for (int i = 0; i < rows; i++)
                {
                    for (int j = 0; j < columns; j++)
                        Assert.Equal(x[(i * columns) + j], memory[Guard + (j * rows) + i]);
                }
            }
        }
    }

    [Fact]
    public void Transpose_refuses_wrong_lengths_negative_sizes_and_overlap_before_anything_is_written()
    {
        float[] memory = Filled<float>(20, 3);
        float[] before = [.. memory];
        Assert.Throws<ArgumentException>(() => MatrixPrimitives.Transpose<float>(memory.AsSpan(0, 5), memory.AsSpan(10, 6), 2, 3));
        Assert.Throws<ArgumentException>(() => MatrixPrimitives.Transpose<float>(memory.AsSpan(0, 6), memory.AsSpan(10, 5), 2, 3));
        Assert.Throws<ArgumentOutOfRangeException>(() => MatrixPrimitives.Transpose<float>(memory.AsSpan(0, 6), memory.AsSpan(10, 6), -2, -3));
        Assert.Throws<ArgumentException>(() => MatrixPrimitives.Transpose<float>(memory.AsSpan(0, 6), memory.AsSpan(5, 6), 2, 3));
        Bits.AssertSame<float>(before, memory, "memory");
    }

    private static (string Name, Product<T> Run, bool XIsTransposed, bool YIsTransposed, bool Adds)[] Products<T>() where T : unmanaged, IFloatingPointIeee754<T> =>
    [
        ("Multiply", MatrixPrimitives.Multiply, false, false, false),
        ("AddMultiply", MatrixPrimitives.AddMultiply, false, false, true),
        ("TransposeMultiply", MatrixPrimitives.TransposeMultiply, true, false, false),
        ("AddTransposeMultiply", MatrixPrimitives.AddTransposeMultiply, true, false, true),
        ("MultiplyTranspose", MatrixPrimitives.MultiplyTranspose, false, true, false),
        ("AddMultiplyTranspose", MatrixPrimitives.AddMultiplyTranspose, false, true, true),
        ("TransposeMultiplyTranspose", MatrixPrimitives.TransposeMultiplyTranspose, true, true, false),
        ("AddTransposeMultiplyTranspose", MatrixPrimitives.AddTransposeMultiplyTranspose, true, true, true),
    ];

    /// <summary>Every product of these sizes: the bits of the sequential loop, near the sum in double, and nothing written beside the destination.</summary>
    private static void CheckEdges<T>(int[] rowSizes, int[] columnSizes, int[] innerSizes) where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (int inner in innerSizes)
        {
            foreach (int rows in rowSizes)
            {
                foreach (int columns in columnSizes)
                    Check<T>(rows, inner, columns);
            }
        }
    }

    private static void Check<T>(int rows, int inner, int columns) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] x = Filled<T>(rows * inner, 1), y = Filled<T>(inner * columns, 2), start = Filled<T>(rows * columns, 3);
        T[] xTransposed = Transposed(x, rows, inner), yTransposed = Transposed(y, inner, columns);
        T[] product = Sequential(x, y, new T[rows * columns], rows, inner, columns), sum = Sequential(x, y, start, rows, inner, columns);
        AssertNear(x, y, start, sum, rows, inner, columns);
        foreach ((string name, Product<T> run, bool xIsTransposed, bool yIsTransposed, bool adds) in Products<T>())
        {
            T[] memory = Guarded<T>(rows * columns);
            Span<T> destination = memory.AsSpan(Guard, rows * columns);
            if (adds)
                start.CopyTo(destination);
            else
                destination.Fill(T.NaN);                    // what is overwritten must not be read
            run(xIsTransposed ? xTransposed : x, yIsTransposed ? yTransposed : y, destination, rows, inner, columns);
            string what = $"{name} {typeof(T).Name} {rows}×{inner}×{columns}";
            Bits.AssertSame<T>(adds ? sum : product, destination, what);
            AssertGuards<T>(memory, what);
            if (adds || columns == 0)
                continue;

            // The sums of a dense layer begin at its biases.
            T[] bias = start[..Math.Min(columns, start.Length)];
            destination.Fill(T.NaN);
            MatrixKernel.Multiply(
                xIsTransposed ? xTransposed : x, xIsTransposed ? 1 : inner, xIsTransposed ? rows : 1, yIsTransposed ? yTransposed : y, yIsTransposed, destination, rows, inner, columns, accumulates: false, bias);
            Bits.AssertSame<T>(Sequential(x, y, [.. Enumerable.Repeat(bias, rows).SelectMany(b => b)], rows, inner, columns), destination, $"{what} + bias");
            AssertGuards<T>(memory, $"{what} + bias");
        }
    }

    /// <summary>The documented contract: c = a·b + c in the order of k.</summary>
    private static T[] Sequential<T>(T[] x, T[] y, T[] start, int rows, int inner, int columns) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] destination = new T[rows * columns];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                T c = start[(i * columns) + j];
                for (int k = 0; k < inner; k++)
                    c = T.MultiplyAddEstimate(x[(i * inner) + k], y[(k * columns) + j], c);
                destination[(i * columns) + j] = c;
            }
        }
        return destination;
    }

    /// <summary>|c − Σ a·b| ≤ (inner + 1)·ε·Σ |a·b|, the sums in double: the bound of a sum with one rounding a term.</summary>
    private static void AssertNear<T>(T[] x, T[] y, T[] start, T[] result, int rows, int inner, int columns) where T : unmanaged, IFloatingPointIeee754<T>
    {
        double epsilon = typeof(T) == typeof(double) ? 1.2e-16 : typeof(T) == typeof(float) ? 6e-8 : 4.9e-4;
        double[] a = [.. x.Select(double.CreateChecked)], b = [.. y.Select(double.CreateChecked)];
        for (int i = 0; i < rows; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                double sum = double.CreateChecked(start[(i * columns) + j]), sizes = Math.Abs(sum);
                for (int k = 0; k < inner; k++)
                {
                    double term = a[(i * inner) + k] * b[(k * columns) + j];
                    sum += term;
                    sizes += Math.Abs(term);
                }
                double error = Math.Abs(double.CreateChecked(result[(i * columns) + j]) - sum), bound = 2 * (inner + 1) * epsilon * sizes;
                Assert.True(error <= bound, $"[{i}, {j}] of {rows}×{inner}×{columns} is {error:G3} away from the sum in double, more than {bound:G3}.");
            }
        }
    }

    private static void CheckRefusals<T>() where T : unmanaged, IFloatingPointIeee754<T>
    {
        (int X, int Y, int D, int Rows, int Inner, int Columns)[] wrong =
        [
            (5, 12, 8, 2, 3, 4), (7, 12, 8, 2, 3, 4), (6, 11, 8, 2, 3, 4), (6, 13, 8, 2, 3, 4), (6, 12, 7, 2, 3, 4), (6, 12, 9, 2, 3, 4), (0, 12, 8, 2, 3, 4),
            (6, 12, 8, -2, -3, 4), (6, 12, 8, 2, -3, -4), (6, 12, 8, -2, 3, -4), (6, 12, 8, -2, -3, -4), (0, 0, 8, 2, -1, 4),
        ];
        foreach ((string name, Product<T> run, _, _, _) in Products<T>())
        {
            foreach ((int xLength, int yLength, int dLength, int rows, int inner, int columns) in wrong)
            {
                T[] destination = Filled<T>(dLength, 4), before = [.. destination];
                Assert.ThrowsAny<ArgumentException>(() => run(new T[xLength], new T[yLength], destination, rows, inner, columns));
                Bits.AssertSame<T>(before, destination, name);
            }
            T[] memory = Filled<T>(64, 4), start = [.. memory];
            Assert.Throws<ArgumentException>(() => run(memory.AsSpan(0, 6), memory.AsSpan(40, 12), memory.AsSpan(5, 8), 2, 3, 4));
            Assert.Throws<ArgumentException>(() => run(memory.AsSpan(12, 6), memory.AsSpan(40, 12), memory.AsSpan(5, 8), 2, 3, 4));
            Assert.Throws<ArgumentException>(() => run(memory.AsSpan(0, 6), memory.AsSpan(10, 12), memory.AsSpan(21, 8), 2, 3, 4));
            Assert.Throws<ArgumentException>(() => run(memory.AsSpan(0, 4), memory.AsSpan(10, 4), memory.AsSpan(0, 4), 2, 2, 2));
            Bits.AssertSame<T>(start, memory, name);
        }
    }

    private static void CheckNotFinite<T>() where T : unmanaged, IFloatingPointIeee754<T>
    {
        const int Rows = 9, Inner = 19, Columns = 37, Row = 5, Depth = 11, Column = 20;
        foreach ((string name, Product<T> run, bool xIsTransposed, bool yIsTransposed, bool adds) in Products<T>())
        {
            foreach (T bad in (T[])[T.NaN, T.PositiveInfinity, T.NegativeInfinity])
            {
                T[] x = [.. Enumerable.Repeat(T.One, Rows * Inner)], y = [.. Enumerable.Repeat(T.One, Inner * Columns)], destination = new T[Rows * Columns];
                x[(Row * Inner) + Depth] = bad;
                Run(x, y, destination);
                for (int i = 0; i < destination.Length; i++)
                    Assert.True(Bits.AreSame(i / Columns == Row ? T.CreateChecked(Inner) + bad : T.CreateChecked(Inner), destination[i]), $"{name}, {bad} in x: [{i / Columns}, {i % Columns}] is {destination[i]}.");

                x[(Row * Inner) + Depth] = T.Zero;
                y[(Depth * Columns) + Column] = bad;
                destination.AsSpan().Clear();
                Run(x, y, destination);
                for (int i = 0; i < destination.Length; i++)
                {
                    T rest = T.CreateChecked(i / Columns == Row ? Inner - 1 : Inner);
                    bool isFinite = i % Columns != Column, isNaN = T.IsNaN(bad) || i / Columns == Row;             // 0·∞ is NaN
                    Assert.True(isFinite ? destination[i] == rest : isNaN ? T.IsNaN(destination[i]) : destination[i] == bad, $"{name}, {bad} in y: [{i / Columns}, {i % Columns}] is {destination[i]}.");
                }

                if (adds)
                {
                    y[(Depth * Columns) + Column] = T.One;
                    destination.AsSpan().Clear();
                    destination[(Row * Columns) + Column] = bad;
                    Run(x, y, destination);
                    for (int i = 0; i < destination.Length; i++)
                        Assert.Equal(i == (Row * Columns) + Column, !T.IsFinite(destination[i]));
                }
            }

            void Run(T[] x, T[] y, T[] destination) =>
                run(xIsTransposed ? Transposed(x, Rows, Inner) : x, yIsTransposed ? Transposed(y, Inner, Columns) : y, destination, Rows, Inner, Columns);
        }
    }

    private static void CheckSumRows<T>() where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (int rows in (int[])[0, 1, 2, 3, 4, 5, 17, 33])
        {
            foreach (int columns in Sizes)
            {
                T[] x = Filled<T>(rows * columns, 1), memory = Guarded<T>(columns), expected = new T[columns];
                memory.AsSpan(Guard, columns).Fill(T.NaN);
                for (int i = 0; i < x.Length; i++)
                    expected[i % columns] += x[i];
                MatrixPrimitives.SumRows<T>(x, memory.AsSpan(Guard, columns));
                Bits.AssertSame<T>(expected, memory.AsSpan(Guard, columns), $"SumRows {rows} × {columns}");
                AssertGuards<T>(memory, "SumRows");
            }
        }
        T[] sum = new T[3];
        MatrixPrimitives.SumRows<T>([T.One, T.NaN, T.One, T.One, T.One, T.PositiveInfinity], sum);
        Bits.AssertSame<T>([T.One + T.One, T.NaN, T.PositiveInfinity], sum, "SumRows");
    }

    private static void CheckAddRow<T>() where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (int rows in (int[])[0, 1, 2, 3, 5, 17])
        {
            foreach (int columns in Sizes)
            {
                T[] x = Filled<T>(rows * columns, 1), row = Filled<T>(columns, 2), memory = Guarded<T>(x.Length), expected = new T[x.Length];
                for (int i = 0; i < x.Length; i++)
                    expected[i] = x[i] + row[i % columns];
                Span<T> destination = memory.AsSpan(Guard, x.Length);
                destination.Fill(T.NaN);
                MatrixPrimitives.AddRow<T>(x, row, destination);
                Bits.AssertSame<T>(expected, destination, $"AddRow {rows} × {columns}");
                x.CopyTo(destination);
                MatrixPrimitives.AddRow<T>(destination, row, destination);
                Bits.AssertSame<T>(expected, destination, $"AddRow {rows} × {columns} in place");
                AssertGuards<T>(memory, "AddRow");
            }
        }
        T[] y = new T[4];
        MatrixPrimitives.AddRow<T>([T.One, T.NaN, T.One, T.One], [T.PositiveInfinity, T.One], y);
        Bits.AssertSame<T>([T.PositiveInfinity, T.NaN, T.PositiveInfinity, T.One + T.One], y, "AddRow");
    }

    private static T[] Filled<T>(int length, long seed) where T : unmanaged, IFloatingPointIeee754<T>
    {
        RandomStream random = new(seed);
        T[] values = new T[length];
        for (int i = 0; i < length; i++)
            values[i] = T.CreateTruncating((2 * random.Uniform(i)) - 1);
        return values;
    }

    private static T[] Transposed<T>(T[] x, int rows, int columns)
    {
        T[] y = new T[x.Length];
        for (int i = 0; i < x.Length; i++)
            y[(i % columns * rows) + (i / columns)] = x[i];
        return y;
    }

    private static T[] Guarded<T>(int length) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] memory = new T[length + (2 * Guard)];
        memory.AsSpan().Fill(T.CreateChecked(-77));
        return memory;
    }

    private static void AssertGuards<T>(ReadOnlySpan<T> memory, string what) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T guard = T.CreateChecked(-77);
        Assert.True(!memory[..Guard].ContainsAnyExcept(guard) && !memory[^Guard..].ContainsAnyExcept(guard), $"{what} wrote beside its destination.");
    }
}
