using System.Numerics;

namespace MiniNet.Tests.Kernels;

public class NormTests
{
    public static TheoryData<int> Rows => [0, 1, 2, 13];

    [Theory]
    [MemberData(nameof(Rows))]
    public void Float_kernels_agree_with_plain_loops_for_every_number_of_features(int rows) => Check<float>(rows, tolerance: 2e-5);

    [Theory]
    [MemberData(nameof(Rows))]
    public void Double_kernels_agree_with_plain_loops_for_every_number_of_features(int rows) => Check<double>(rows, tolerance: 1e-12);

    private static void Check<T>(int rows, double tolerance) where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (int n in (int[])[.. Enumerable.Range(1, 70), 127, 128, 129, 255, 256, 257])
        {
            T[] x = Numbers.Normals<T>(rows * n, n), dy = Numbers.Normals<T>(rows * n, n + 1000), columns = Numbers.Normals<T>(6 * n, n + 2000);
            ReadOnlySpan<T> mean = columns.AsSpan(0, n), inverse = columns.AsSpan(n, n), weight = columns.AsSpan(2 * n, n), bias = columns.AsSpan(3 * n, n), a = columns.AsSpan(4 * n, n), b = columns.AsSpan(5 * n, n);
            T[] sums = Nans<T>(n), squares = Nans<T>(n), products = Nans<T>(n), bothSums = Nans<T>(n), rowSums = Nans<T>(n), rowProducts = Nans<T>(n), y = Nans<T>(rows * n), dx = Nans<T>(rows * n);

            // In two parts, as two threads would.
            foreach ((int from, int to) in ((int, int)[])[(n / 3, n), (0, n / 3)])
            {
                RowKernels.SumRows<T>(x, sums, from, to);
                ColumnSums.Squares(x, mean, squares, from, to);
                ColumnSums.Products(dy, x, mean, inverse, products, bothSums, from, to);
            }
            ColumnNorm.Forward(x, mean, inverse, weight, bias, y);
            ColumnNorm.Backward(x, dy, mean, inverse, weight, a, b, dx);
            double D(T value) => double.CreateChecked(value);
            for (int j = 0; j < n; j++)
            {
                double sum = 0, square = 0, product = 0, gradientSum = 0;
                for (int i = 0; i < rows; i++)
                {
                    double value = D(x[(i * n) + j]), d = value - D(mean[j]), g = D(dy[(i * n) + j]), normalized = d * D(inverse[j]);
                    (sum, square, product, gradientSum) = (sum + value, square + (d * d), product + (g * normalized), gradientSum + g);
                    Close((normalized * D(weight[j])) + D(bias[j]), y[(i * n) + j]);
                    Close(D(inverse[j]) * ((D(weight[j]) * g) - D(a[j]) - (normalized * D(b[j]))), dx[(i * n) + j]);
                }
                Close(sum, sums[j]);
                Close(square, squares[j]);
                Close(product, products[j]);
                Close(gradientSum, bothSums[j]);
            }

            foreach (bool isCentered in (bool[])[true, false])
            {
                T[] means = Nans<T>(rows), inverses = Nans<T>(rows);
                RowNorm.Forward(x, weight, isCentered ? bias : default, T.CreateChecked(0.25), y, means, inverses);
                rowProducts.AsSpan().Fill(T.One);                   // it adds to what is there
                if (isCentered)
                    rowSums.AsSpan().Fill(T.One);
                RowNorm.Backward<T>(x, dy, weight, means, inverses, dx, rowProducts, isCentered ? rowSums : default);
                double[] gradient = new double[n];
                for (int i = 0; i < rows; i++)
                {
                    double[] row = [.. x.Skip(i * n).Take(n).Select(D)], g = new double[n], normalized = new double[n];
                    double center = isCentered ? row.Average() : 0, root = Math.Sqrt(row.Average(v => (v - center) * (v - center)) + 0.25), meanOfG = 0, meanOfProduct = 0;
                    for (int j = 0; j < n; j++)
                    {
                        normalized[j] = (row[j] - center) / root;
                        g[j] = D(weight[j]) * D(dy[(i * n) + j]);
                        gradient[j] += D(dy[(i * n) + j]) * normalized[j];
                        meanOfG += isCentered ? g[j] / n : 0;
                        meanOfProduct += g[j] * normalized[j] / n;
                    }
                    Close(center, means[i]);
                    Close(1 / root, inverses[i]);
                    for (int j = 0; j < n; j++)
                    {
                        Close((normalized[j] * D(weight[j])) + (isCentered ? D(bias[j]) : 0), y[(i * n) + j]);
                        Close((g[j] - meanOfG - (normalized[j] * meanOfProduct)) / root, dx[(i * n) + j]);
                    }
                }
                T[] again = Nans<T>(n);
                again.AsSpan().Fill(T.One);
                RowNorm.Backward<T>(x, dy, weight, means, inverses, default, again, isCentered ? Nans<T>(n) : default);
                Assert.Equal(rowProducts, again);                       // without an input gradient too
                for (int j = 0; j < n; j++)
                {
                    Close(1 + gradient[j], rowProducts[j]);
                    Close(1 + D(bothSums[j]), rowSums[j]);              // left as they were where there is no bias
                }
            }

            void Close(double expected, T actual) =>
                Assert.True(Math.Abs(expected - D(actual)) <= tolerance * Math.Max(1, Math.Abs(expected)), $"{n} features: expected {expected:R}, got {actual:R}.");
        }
    }

    private static T[] Nans<T>(int count) where T : unmanaged, IFloatingPointIeee754<T> => [.. Enumerable.Repeat(T.NaN, count)];
}
