namespace MiniNet.Tests;

public class RandomStreamTests
{
    private const int Draws = 1 << 18;

    [Fact]
    public void The_values_of_seed_1_never_change()
    {
        // Computed apart from the library. Whoever changes these changes every result that was ever made from a seed.
        RandomStream random = new(1);
        Assert.Equal([0xdce423fc82c0d5b8, 0xfbe7a763b053d14c, 0x7740eb31ebd3039a, 0x769dd690108842d6], Enumerable.Range(0, 4).Select(i => random.Bits(i)));
        Assert.Equal(0x5bfcaf4001dbae1du, random.Bits(1_000_000));
        Assert.Equal(0x9c2943e88f3723cau, random.Bits(-2));
        Assert.Equal([0.8628561488610587, 0.9840035074597175, 0.46583433121470463], Enumerable.Range(0, 3).Select(i => random.Uniform(i)));
        double[] normal = [1.9832914078828672, -1.0902975370467005, 1.1124421796600419];
        for (int i = 0; i < 3; i++)
            Assert.Equal(normal[i], random.Normal(i), 1e-15);
        Assert.Equal([0x8cea1ed022ad1791, 0xdcfd36a652ce26c3, 0xa778f352e01a4d62], Enumerable.Range(0, 3).Select(i => random.Split(i).Bits(0)));
        Assert.Equal([8, 0, 6, 9, 2, 7, 3, 1, 5, 4], random.Permutation(10));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(-1)]
    [InlineData(long.MaxValue)]
    [InlineData(long.MinValue)]
    public void Uniform_is_even_over_0_to_1(long seed)
    {
        RandomStream random = new(seed);
        double[] values = [.. Enumerable.Range(0, Draws).Select(i => random.Uniform(i))];
        Assert.All(values, v => Assert.True(v is >= 0 and < 1));
        Assert.Equal(0.5, values.Average(), 5 * Math.Sqrt(1.0 / 12 / Draws));
        Assert.Equal(1.0 / 12, values.Average(v => (v - 0.5) * (v - 0.5)), 5 * Math.Sqrt(1.0 / 180 / Draws));
        AssertEven(values.Select(v => (int)(v * 256)), 256);
        AssertEven(values.Select(v => (int)(v * 256 * 65536) % 256), 256);                // lower bits too
        AssertEven(Enumerable.Range(0, Draws / 2).Select(i => ((int)(values[2 * i] * 16) * 16) + (int)(values[(2 * i) + 1] * 16)), 256);       // pairs of neighbours
    }

    [Fact]
    public void Every_bit_is_set_half_of_the_time()
    {
        RandomStream random = new(3);
        int[] set = new int[64];
        for (int i = 0; i < Draws; i++)
        {
            ulong bits = random.Bits(i);
            for (int bit = 0; bit < 64; bit++)
                set[bit] += (int)(bits >> bit) & 1;
        }
        Assert.All(set, n => Assert.Equal(0.5, n / (double)Draws, 5 * 0.5 / Math.Sqrt(Draws)));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(12345)]
    public void Normal_has_the_moments_and_the_shares_of_the_normal_distribution(long seed)
    {
        RandomStream random = new(seed);
        double[] values = [.. Enumerable.Range(0, Draws).Select(i => random.Normal(i))];
        double error = 5 / Math.Sqrt(Draws);
        Assert.Equal(0, values.Average(), error);
        Assert.Equal(1, values.Average(v => v * v), error * Math.Sqrt(2));
        Assert.Equal(0, values.Average(v => v * v * v), error * Math.Sqrt(15));
        Assert.Equal(3, values.Average(v => v * v * v * v), error * Math.Sqrt(96));
        double[] edges = [-2, -1, 0, 1, 2], shares = [0.022750132, 0.135905122, 0.341344746, 0.341344746, 0.135905122, 0.022750132];
        double chi = 0;
        for (int bin = 0; bin < shares.Length; bin++)
        {
            int count = values.Count(v => (bin == 0 || v >= edges[bin - 1]) && (bin == edges.Length || v < edges[bin]));
            chi += Math.Pow(count - (shares[bin] * Draws), 2) / (shares[bin] * Draws);
        }
        Assert.InRange(chi, 0, 25);                             // 5 degrees of freedom: beyond 25 once in 7,000
        Assert.True(values.Zip(values.Skip(1), (a, b) => a * b).Average() is var neighbours && Math.Abs(neighbours) < error);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(-7)]
    public void Splits_are_independent_of_the_stream_and_of_each_other(long seed)
    {
        const int n = 20_000;
        RandomStream random = new(seed);
        RandomStream[] streams = [random, .. Enumerable.Range(0, 8).Select(i => random.Split(i)), random.Split(-1), random.Split(-2), random.Split(0).Split(0), random.Split(1).Split(0), random.Split(0).Split(1), new(seed + 1)];
        double[][] values = [.. streams.Select(s => Enumerable.Range(0, n).Select(i => s.Normal(i)).ToArray())];
        for (int a = 0; a < streams.Length; a++)
        {
            for (int b = 0; b < a; b++)
            {
                for (int lag = 0; lag < 3; lag++)
                {
                    double correlation = values[a].Skip(lag).Zip(values[b], (x, y) => x * y).Average();
                    Assert.True(Math.Abs(correlation) < 5 / Math.Sqrt(n), $"Streams {a} and {b} of seed {seed} at lag {lag} correlate by {correlation:F3}.");
                }
            }
        }
    }

    [Fact]
    public void Splits_of_one_stream_all_differ()
    {
        RandomStream random = new(1);
        Assert.Equal(20_001, Enumerable.Range(-10_000, 20_001).Select(i => random.Split(i).Bits(0)).Distinct().Count());
    }

    [Fact]
    public void A_permutation_has_every_number_once_and_every_order_equally_often()
    {
        foreach (int count in (int[])[0, 1, 2, 17, 1000])
            Assert.Equal(Enumerable.Range(0, count), new RandomStream(5).Permutation(count).Order());
        AssertEven(Enumerable.Range(0, 24_000).Select(seed => Rank(new RandomStream(seed).Permutation(4))), 24);
        for (int place = 0; place < 10; place++)
            AssertEven(Enumerable.Range(0, 5_000).Select(seed => new RandomStream(seed).Permutation(10)[place]), 10);

        // The place of an order of four among all 24.
        static int Rank(int[] order)
        {
            int rank = 0;
            for (int i = 0; i < 4; i++)
                rank = (rank * (4 - i)) + order[(i + 1)..].Count(later => later < order[i]);
            return rank;
        }
    }

    [Fact]
    public void A_value_depends_on_key_and_index_alone()
    {
        RandomStream random = new(9);
        ulong[] forth = [.. Enumerable.Range(0, 100).Select(i => random.Bits(i))], back = [.. Enumerable.Range(0, 100).Reverse().Select(i => new RandomStream(9).Bits(i)).Reverse()];
        Assert.Equal(forth, back);
        Assert.Empty(forth.Intersect(Enumerable.Range(0, 100).Select(i => new RandomStream(10).Bits(i))));
    }

    /// <summary>Chi-square of even bins, to within five deviations of its distribution.</summary>
    private static void AssertEven(IEnumerable<int> bins, int count)
    {
        int[] seen = new int[count];
        foreach (int bin in bins)
            seen[bin]++;
        double expected = seen.Sum() / (double)count, chi = seen.Sum(n => (n - expected) * (n - expected) / expected), freedom = count - 1;
        Assert.InRange(chi, freedom - (5 * Math.Sqrt(2 * freedom)), freedom + (5 * Math.Sqrt(2 * freedom)));
    }
}
