namespace MiniNet.Tests.Kernels;

public class DropoutMaskTests
{
    private static readonly RandomStream Random = new(77);

    [Fact]
    public void Each_value_takes_its_own_half_of_its_own_draw_at_every_length_and_beginning()
    {
        Check<float>(1f / 0.7f);
        Check<double>(1 / 0.7);
        Check((Half)(1 / 0.7));

        static void Check<T>(T keep) where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
        {
            const uint limit = (uint)(0.3 * 4294967296.0);
            T untouched = T.CreateChecked(7);
            foreach (int from in (int[])[0, 1, 2, 3, 8, 31])
            {
                for (int length = 0; length <= 130; length++)
                {
                    T[] mask = new T[from + length + 3], expected = new T[mask.Length];
                    mask.AsSpan().Fill(untouched);
                    expected.AsSpan().Fill(untouched);
                    for (int i = from; i < from + length; i++)
                    {
                        ulong draw = Random.Bits(i / 2);
                        uint half = i % 2 == 0 ? (uint)draw : (uint)(draw >> 32);
                        expected[i] = half < limit ? T.Zero : keep;
                    }
                    DropoutMask.Fill(Random, 0.3, mask.AsSpan(), from, from + length);
                    Assert.Equal(expected, mask);
                }
            }
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(0.1)]
    [InlineData(0.5)]
    [InlineData(0.999)]
    public void So_many_are_dropped_as_the_rate_says(double rate)
    {
        float[] mask = new float[100_000];
        DropoutMask.Fill(Random, rate, mask.AsSpan(), 0, mask.Length);
        double dropped = mask.Count(m => m == 0) / (double)mask.Length, deviation = Math.Sqrt(rate * (1 - rate) / mask.Length);
        Assert.Equal(rate, dropped, tolerance: 4 * deviation);
    }
}
