namespace MiniNet.Tests.Initializers;

public class InitializersTests
{
    // inputs 60, outputs 90; a kernel of 3 × 5 multiplies both fans; a bias has its length for both.
    private static readonly (Shape Shape, double FanIn, double FanOut)[] Fans = [((60, 90), 60, 90), ((3, 5, 60, 90), 900, 1350), (5000, 5000, 5000), ((4, 60, 90), 240, 360)];

    [Fact]
    public void Uniform_families_keep_to_their_bounds_and_have_their_variance()
    {
        foreach ((Shape shape, double fanIn, double fanOut) in Fans)
        {
            CheckUniform(new GlorotUniform(), shape, Math.Sqrt(6 / (fanIn + fanOut)));
            CheckUniform(new HeUniform(), shape, Math.Sqrt(6 / fanIn));
            CheckUniform(new LeCunUniform(), shape, Math.Sqrt(3 / fanIn));
        }
    }

    [Fact]
    public void Normal_families_have_their_variance()
    {
        foreach ((Shape shape, double fanIn, double fanOut) in Fans)
        {
            CheckNormal(new GlorotNormal(), shape, Math.Sqrt(2 / (fanIn + fanOut)));
            CheckNormal(new HeNormal(), shape, Math.Sqrt(2 / fanIn));
            CheckNormal(new LeCunNormal(), shape, Math.Sqrt(1 / fanIn));
            CheckNormal(new Normal(0.3), shape, 0.3);
        }
    }

    [Fact]
    public void Uniform_lies_between_its_bounds()
    {
        double[] values = Fill(new Uniform(-1, 3), (100, 100));
        Assert.All(values, v => Assert.InRange(v, -1, 3));
        Assert.Equal(1, values.Average(), 0.05);
        Assert.Equal(16.0 / 12, Variance(values), 0.05);
        Assert.InRange(values.Min(), -1, -0.99);
        Assert.InRange(values.Max(), 2.99, 3);
        Assert.All(Fill(new Uniform(2, 2), 10), v => Assert.Equal(2, v));
    }

    [Fact]
    public void Zeros_and_constants_are_what_they_say()
    {
        Assert.All(Fill(new Zeros(), 100), v => Assert.Equal(0, v));
        Assert.All(Fill(new Constant(-0.5), 100), v => Assert.Equal(-0.5, v));
        Assert.All(Fill(new Normal(0), 100), v => Assert.Equal(0, v));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1.5)]
    public void Orthogonal_columns_of_a_tall_matrix_stand_at_right_angles(double gain)
    {
        CheckColumns(Fill(new Orthogonal(gain), (40, 13)), 40, 13, gain);
        CheckColumns(Fill(new Orthogonal(gain), (3, 3, 5, 7)), 45, 7, gain);
        CheckColumns(Fill(new Orthogonal(gain), (17, 1)), 17, 1, gain);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(1.5)]
    public void Orthogonal_rows_of_a_wide_matrix_stand_at_right_angles(double gain)
    {
        CheckColumns(Transposed(Fill(new Orthogonal(gain), (13, 40)), 13, 40), 40, 13, gain);
        CheckColumns(Transposed(Fill(new Orthogonal(gain), 17), 1, 17), 17, 1, gain);
    }

    [Theory]
    [InlineData(1)]
    [InlineData(0.5)]
    public void An_orthogonal_square_has_both(double gain)
    {
        double[] q = Fill(new Orthogonal(gain), (30, 30));
        CheckColumns(q, 30, 30, gain);
        CheckColumns(Transposed(q, 30, 30), 30, 30, gain);
    }

    [Fact]
    public void The_same_stream_gives_the_same_values_and_another_stream_others()
    {
        foreach (Initializer initializer in (Initializer[])[new GlorotUniform(), new GlorotNormal(), new HeNormal(), new Orthogonal(), new Normal(1), new Uniform(0, 1)])
        {
            Assert.Equal(Fill(initializer, (7, 9), seed: 3), Fill(initializer, (7, 9), seed: 3));
            Assert.Empty(Fill(initializer, (7, 9), seed: 3).Intersect(Fill(initializer, (7, 9), seed: 4)));
        }
    }

    [Fact]
    public void Arguments_out_of_their_range_are_refused_by_name()
    {
        foreach (double bad in (double[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity])
        {
            AssertRefused("value", () => new Constant(bad));
            AssertRefused("low", () => new Uniform(bad, 1));
            AssertRefused("high", () => new Uniform(1, bad));
            AssertRefused("deviation", () => new Normal(bad));
            AssertRefused("gain", () => new Orthogonal(bad));
        }
        AssertRefused("deviation", () => new Normal(-0.1));
        AssertRefused("gain", () => new Orthogonal(0));
        AssertRefused("gain", () => new Orthogonal(-1));
        AssertRefused("high", () => new Uniform(1, 0.5));
    }

    private static void AssertRefused(string name, Func<Initializer> make) => Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => make()).ParamName);

    private static void CheckUniform(Initializer initializer, Shape shape, double bound)
    {
        double[] values = Fill(initializer, shape);
        Assert.All(values, v => Assert.InRange(v, -bound, bound));
        Assert.InRange(values.Max(), 0.995 * bound, bound);
        Assert.InRange(values.Min(), -bound, -0.995 * bound);
        CheckMoments(initializer, values, bound / Math.Sqrt(3));
    }

    private static void CheckNormal(Initializer initializer, Shape shape, double deviation)
    {
        double[] values = Fill(initializer, shape);
        CheckMoments(initializer, values, deviation);
        Assert.Equal(0.0455, values.Count(v => Math.Abs(v) > 2 * deviation) / (double)values.Length, 0.015);
    }

    /// <summary>Mean and deviation to within five standard errors.</summary>
    private static void CheckMoments(Initializer initializer, double[] values, double deviation)
    {
        double error = 5 * deviation / Math.Sqrt(values.Length);
        Assert.True(Math.Abs(values.Average()) < error, $"{initializer}: mean {values.Average()}, more than {error} from 0.");
        Assert.True(Math.Abs(Math.Sqrt(Variance(values)) - deviation) < error, $"{initializer}: deviation {Math.Sqrt(Variance(values))}, expected {deviation}.");
    }

    private static void CheckColumns(double[] q, int rows, int columns, double gain)
    {
        for (int i = 0; i < columns; i++)
        {
            for (int j = 0; j < columns; j++)
            {
                double dot = 0;
                for (int k = 0; k < rows; k++)
                    dot += q[(k * columns) + i] * q[(k * columns) + j];
                Assert.Equal(i == j ? gain * gain : 0, dot, 1e-13);
            }
        }
    }

    private static double[] Transposed(double[] x, int rows, int columns)
    {
        double[] y = new double[x.Length];
        MatrixPrimitives.Transpose(x, y, rows, columns);
        return y;
    }

    private static double Variance(double[] values)
    {
        double mean = values.Average();
        return values.Average(v => (v - mean) * (v - mean));
    }

    private static double[] Fill(Initializer initializer, Shape shape, long seed = 1)
    {
        double[] values = new double[shape.Length];
        initializer.Fill(new RandomStream(seed), shape, 1, values);
        return values;
    }
}
