using System.Numerics;

namespace MiniNet.Tests.Kernels;

public class PoolTests
{
    public static TheoryData<int, int, int> Windows => new() { { 1, 1, 0 }, { 2, 2, 0 }, { 2, 1, 0 }, { 2, 1, 1 }, { 2, 3, 1 }, { 3, 1, 1 }, { 3, 2, 1 }, { 3, 3, 0 }, { 4, 3, 2 }, { 5, 2, 2 } };

    [Theory]
    [MemberData(nameof(Windows))]
    public void Float_kernels_agree_with_plain_loops_for_every_number_of_channels(int kernel, int stride, int padding) => Check<float>(kernel, stride, padding, tolerance: 2e-6);

    [Theory]
    [MemberData(nameof(Windows))]
    public void Double_kernels_agree_with_plain_loops_for_every_number_of_channels(int kernel, int stride, int padding) => Check<double>(kernel, stride, padding, tolerance: 1e-14);

    private static void Check<T>(int kernel, int stride, int padding, double tolerance) where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (int channels in (int[])[.. Enumerable.Range(1, 36), 63, 64, 65])
        {
            foreach ((int height, int width) in ((int, int)[])[(5, 5), (6, 4), (5, 9)])
            {
                PoolWindows windows = new((height, width, channels), (kernel, kernel), (stride, stride), padding);
                const int Images = 2;
                // Few different values, so that many windows hold their maximum more than once.
                T[] x = [.. Numbers.Normals<T>(Images * windows.Length, channels).Select(v => T.Round(v * T.CreateChecked(2)))];
                T[] dy = Numbers.Normals<T>(Images * windows.OutputLength, 100 + channels);
                T[] max = Nans<T>(dy.Length), mean = Nans<T>(dy.Length), dMax = Nans<T>(x.Length), dMean = Nans<T>(x.Length);
                int lines = Images * windows.OutputHeight;
                PoolGather.Run(default(MaximumPooling<T>), windows, x, max, 0, lines);
                PoolMaximum.Run<T>(windows, x, max, dy, dMax);
                T divisor = T.CreateChecked(kernel * kernel);
                PoolGather.Run(new MeanPooling<T>(divisor), windows, x, mean, 1, lines);
                PoolGather.Run(new MeanPooling<T>(divisor), windows, x, mean, 0, 1);
                PoolSpread.Run(T.One / divisor, windows, dy, dMean);

                (double[] plainMax, double[] plainMean, double[] plainDMax, double[] plainDMean) = Plain(windows, Doubles(x), Doubles(dy), Images);
                Golden.AssertClose(plainMax, Doubles(max), 0, "maximum");
                Golden.AssertClose(plainMean, Doubles(mean), tolerance, "mean");
                Golden.AssertClose(plainDMax, Doubles(dMax), tolerance, "gradient of the maximum");
                Golden.AssertClose(plainDMean, Doubles(dMean), tolerance, "gradient of the mean");
            }
        }
    }

    private static (double[] Max, double[] Mean, double[] DMax, double[] DMean) Plain(PoolWindows w, double[] x, double[] dy, int images)
    {
        double[] max = new double[dy.Length], mean = new double[dy.Length], dMax = new double[x.Length], dMean = new double[x.Length];
        double area = w.KernelHeight * w.KernelWidth;
        for (int at = 0; at < dy.Length; at++)
        {
            int c = at % w.Channels, j = at / w.Channels % w.OutputWidth, i = at / w.Channels / w.OutputWidth % w.OutputHeight, image = at / w.OutputLength;
            int best = -1;
            for (int a = 0; a < w.KernelHeight; a++)
            {
                for (int b = 0; b < w.KernelWidth; b++)
                {
                    int row = (i * w.Down) - w.Padding + a, column = (j * w.Across) - w.Padding + b;
                    if (row < 0 || row >= w.Height || column < 0 || column >= w.Width)
                        continue;
                    int tap = (image * w.Length) + (((row * w.Width) + column) * w.Channels) + c;
                    if (best < 0 || x[tap] > x[best])
                        best = tap;
                    mean[at] += x[tap] / area;
                    dMean[tap] += dy[at] / area;
                }
            }
            max[at] = x[best];
            dMax[best] += dy[at];
        }
        return (max, mean, dMax, dMean);
    }

    private static T[] Nans<T>(int count) where T : unmanaged, IFloatingPointIeee754<T> => [.. Enumerable.Repeat(T.NaN, count)];

    private static double[] Doubles<T>(T[] values) where T : unmanaged, IFloatingPointIeee754<T> => [.. values.Select(double.CreateChecked)];

    [Fact]
    public void The_work_of_a_row_is_counted_beyond_32_bits() => Assert.Equal(1, new PoolWindows((1024, 2047, 4), (1024, 1024), (1, 1), 0).RowGrain);
}
