using System.Numerics;

namespace MiniNet.Tests.Kernels;

/// <summary>
/// Kernels load whole vectors where they may, more than they use, and must know where that ends. Lanes that are never stored show in no result;
/// here all memory ends, or begins, at a page that may not be touched. A read too many ends the test run, and the stack names the kernel.
/// </summary>
public class GuardPageTests
{
    private const int Most = 1 << 18;

    private static void OnlyOnLinux() => Assert.SkipUnless(OperatingSystem.IsLinux(), "The pages are asked for in the way of Linux.");

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Products_touch_nothing_beside_their_matrices(bool atEnd)
    {
        OnlyOnLinux();
        Check<float>();
        Check<double>();

        void Check<T>() where T : unmanaged, IFloatingPointIeee754<T>
        {
            using GuardedMemory a = new(Most), b = new(Most), c = new(Most);
            foreach (int rows in (int[])[1, 2, 3, 5, 8, 12, 13, 33])
            {
                foreach (int columns in (int[])[.. Enumerable.Range(1, 34), 47, 48, 49])
                {
                    foreach (int inner in (int[])[1, 2, 3, 4, 7, 16, 65, 130])
                    {
                        T[] x = Numbers.Normals<T>(rows * inner, 1), y = Numbers.Normals<T>(inner * columns, 2), expected = new T[rows * columns];
                        Span<T> gx = a.Span<T>(x, atEnd), gy = b.Span<T>(y, atEnd), to = c.Span<T>(expected.Length, atEnd);
                        MatrixPrimitives.Multiply<T>(x, y, expected, rows, inner, columns);
                        MatrixPrimitives.Multiply<T>(gx, gy, to, rows, inner, columns);
                        Assert.True(to.SequenceEqual(expected));

                        // The same numbers as matrices of other shapes: what lies where in memory is what matters here.
                        MatrixPrimitives.TransposeMultiply<T>(x, y, expected, rows, inner, columns);
                        MatrixPrimitives.TransposeMultiply<T>(gx, gy, to, rows, inner, columns);
                        Assert.True(to.SequenceEqual(expected));
                        MatrixPrimitives.MultiplyTranspose<T>(x, y, expected, rows, inner, columns);
                        MatrixPrimitives.MultiplyTranspose<T>(gx, gy, to, rows, inner, columns);
                        Assert.True(to.SequenceEqual(expected));
                        MatrixPrimitives.AddMultiply<T>(x, y, expected, rows, inner, columns);
                        MatrixPrimitives.AddMultiply<T>(gx, gy, to, rows, inner, columns);
                        Assert.True(to.SequenceEqual(expected));
                    }
                }
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Convolutions_touch_nothing_beside_their_images_and_weights(bool atEnd)
    {
        OnlyOnLinux();
        Check<float>();
        Check<double>();

        void Check<T>() where T : unmanaged, IFloatingPointIeee754<T>
        {
            using GuardedMemory images = new(Most), outputs = new(Most), weights = new(Most), others = new(Most), biases = new(Most);
            foreach ((Shape image, int filters, Shape kernel, Shape stride, Padding padding, int groups) in ((Shape, int, Shape, Shape, Padding, int)[])[
                ((5, 6, 1), 1, (3, 3), (1, 1), Padding.Valid, 1), ((5, 6, 1), 17, (3, 3), (1, 1), Padding.Same, 1), ((4, 7, 3), 5, (3, 3), (2, 2), 1, 1),
                ((6, 5, 8), 16, (3, 3), (1, 1), Padding.Same, 1), ((6, 5, 17), 33, (3, 3), (1, 1), Padding.Valid, 1), ((5, 5, 4), 31, (1, 1), (1, 1), Padding.Valid, 1),
                ((7, 3, 6), 9, (2, 3), (1, 2), 1, 3), ((6, 6, 5), 5, (3, 3), (1, 1), Padding.Same, 5), ((6, 6, 21), 21, (3, 3), (1, 1), Padding.Same, 21), ((9, 9, 16), 15, (5, 5), (2, 1), 2, 1),
                ((10, 11, 17), 19, (3, 3), (1, 1), Padding.Same, 1), ((13, 12, 16), 16, (3, 3), (1, 1), Padding.Valid, 1),
                ((11, 11, 16), 17, (3, 3), (1, 1), Padding.Valid, 1), ((6, 5, 16), 16, (3, 3), (1, 1), 4, 1),
                ((6, 5, 9), 1, (3, 3), (1, 1), Padding.Same, 1), ((6, 5, 9), 3, (3, 3), (1, 1), Padding.Valid, 1), ((8, 7, 3), 12, (4, 3), (2, 2), 1, 1), ((7, 6, 4), 16, (3, 3), (1, 1), Padding.Same, 1),
                ((6, 7, 24), 10, (3, 3), (1, 1), Padding.Same, 1), ((6, 9, 1), 16, (3, 3), (1, 1), (0, 0, 0, 4), 1),
            ])
            {
                ConvolutionGeometry geometry = new(image, filters, kernel, stride, (1, 1), padding, groups);
                const int Batch = 2;
                T[] x = Numbers.Normals<T>(Batch * image.Length, 1), w = Numbers.Normals<T>(kernel.Length * image[2] / groups * filters, 2), bias = Numbers.Normals<T>(filters, 3), y = new T[Batch * geometry.OutputLength];
                Span<T> gx = images.Span<T>(x, atEnd), gw = weights.Span<T>(w, atEnd), gb = biases.Span<T>(bias, atEnd), gy = outputs.Span<T>(y.Length, atEnd), other = others.Span<T>(w.Length, atEnd);
                Convolution.Forward(geometry, x, Convolution.Prepare<T>(geometry, w), bias, y);
                Convolution.Forward(geometry, gx, Convolution.Prepare<T>(geometry, gw), gb, gy);
                Assert.True(gy.SequenceEqual(y));

                T[] dw = new T[w.Length], turned = new T[w.Length], dx = new T[x.Length];
                Span<T> sums = Convolution.Sums<T>(geometry, Batch, dw);
                Convolution.Weights(geometry, x, y, sums, 0, Convolution.WeightParts<T>(geometry, Batch));
                Convolution.Finish(geometry, sums, dw);
                sums = Convolution.Sums(geometry, Batch, other);
                Convolution.Weights(geometry, gx, gy, sums, 0, Convolution.WeightParts<T>(geometry, Batch));
                Convolution.Finish(geometry, sums, other);
                Assert.True(other.SequenceEqual(dw));
                Convolution.Backward<T>(geometry, y, Convolution.Turn<T>(geometry, w, turned), [], dx);
                ReadOnlySpan<T> turnedBeside = Convolution.Turn<T>(geometry, gw, other);
                Assert.True(other.SequenceEqual(turned));
                Convolution.Backward<T>(geometry, gy, turnedBeside, [], gx);
                Assert.True(gx.SequenceEqual(dx));
            }
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Poolings_normalisations_and_masks_touch_nothing_beside_their_values(bool atEnd)
    {
        OnlyOnLinux();
        using GuardedMemory a = new(Most), b = new(Most), c = new(Most), d = new(Most), e = new(Most), f = new(Most), g = new(Most);
        for (int channels = 1; channels <= 35; channels++)
        {
            PoolWindows windows = new((5, 4, channels), (3, 3), (2, 2), 1);
            float[] numbers = Numbers.Normals<float>(windows.Length, 1), few = Numbers.Normals<float>(channels, 2);
            Span<float> x = a.Span<float>(numbers, atEnd), dx = b.Span<float>(windows.Length, atEnd), y = c.Span<float>(windows.OutputLength, atEnd), dy = d.Span<float>(numbers.AsSpan(0, windows.OutputLength), atEnd);
            PoolGather.Run(default(MaximumPooling<float>), windows, x, y, 0, windows.OutputHeight);
            PoolMaximum.Run<float>(windows, x, y, dy, dx);
            PoolSpread.Run<float>(1, windows, dy, dx);

            int rows = windows.Height * windows.Width;
            Span<float> weight = c.Span<float>(few, atEnd), sums = d.Span<float>(channels, atEnd), mean = e.Span<float>(rows, atEnd), inverse = f.Span<float>(rows, atEnd), products = g.Span<float>(channels, atEnd);
            RowNorm.Forward<float>(x, weight, weight, 1, dx, mean, inverse);
            RowNorm.Backward<float>(x, x, weight, mean, inverse, dx, products, sums);
            ColumnSums.Squares<float>(x, weight, sums, 0, channels);
            ColumnSums.Products<float>(x, x, weight, weight, products, sums, 0, channels);
            RowKernels.SumRows<float>(x, sums);
            ColumnNorm.Forward<float>(x, weight, weight, weight, weight, dx);
            ColumnNorm.Backward<float>(x, x, weight, weight, weight, weight, weight, dx);
            DropoutMask.Fill<float>(new(1), 0.5, dx, 0, dx.Length);
            Assert.DoesNotContain(dx.ToArray(), value => value is not (0 or 2));
        }
    }
}
