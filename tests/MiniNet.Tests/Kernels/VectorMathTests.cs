using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MiniNet.Tests.Kernels;

public class VectorMathTests
{
    // In units of the last place, measured and rounded up: what a change may not make worse. Far out in its tail the normal distribution function takes over
    // the error of the exponent, −x² / 2, in full: its absolute error has a test of its own.
    [Theory]
    [InlineData("Exp", 0.8)]
    [InlineData("Sigmoid", 1.5)]
    [InlineData("Tanh", 1.3)]
    [InlineData("ExpM1", 1.4)]
    [InlineData("Log1PUnit", 1.5)]
    [InlineData("NormalCdf", 400)]
    public void Doubles_lie_within_a_few_ulp_of_the_exact_values(string function, double ulps)
    {
        double[][] table = [.. Golden.Read("vectormath").GetProperty(function).EnumerateArray().Select(e => e.Numbers())];
        double[] x = [.. table.Select(e => e[0])], y = Map(function, x);
        double worst = 0, at = 0;
        for (int i = 0; i < x.Length; i++)
        {
            double error = Math.Abs(((y[i] - table[i][1]) / Ulp(table[i][1], -1022, 52)) - table[i][2]);
            if (!(error <= worst))
                (worst, at) = (error, x[i]);
        }
        Assert.True(worst <= ulps, $"{function}({at:R}) is {worst:F3} ulp away.");
    }

    [Theory]
    [InlineData("Exp", 1)]
    [InlineData("Sigmoid", 2)]
    [InlineData("Tanh", 2.4)]
    [InlineData("ExpM1", 1.5)]
    [InlineData("Log1PUnit", 1.8)]
    [InlineData("NormalCdf", 70)]
    public void Floats_lie_within_a_few_ulp_of_the_values_in_double_over_the_whole_range(string function, double ulps)
    {
        // Every 1999th of all floats, of both signs, denormals included.
        List<float> values = [];
        for (uint bits = 0; bits < 0x7F800000; bits += 1999)
            values.AddRange([BitConverter.UInt32BitsToSingle(bits), -BitConverter.UInt32BitsToSingle(bits)]);
        float[] x = function switch
        {
            "Log1PUnit" => [.. values.Where(v => v is >= 0 and <= 1)],
            "ExpM1" => [.. values.Where(v => Math.Abs(v) < 88)],
            _ => [.. values],
        };
        float[] y = Map(function, x);
        double[] exact = InDouble(function, x);
        double worst = 0, at = 0;
        for (int i = 0; i < x.Length; i++)
        {
            if ((float)exact[i] == y[i])
                continue;                                       // infinities, and what is rounded rightly
            double error = Math.Abs(y[i] - exact[i]) / Ulp(exact[i], -126, 23);
            if (!(error <= worst))
                (worst, at) = (error, x[i]);
        }
        Assert.True(worst <= ulps, $"{function}({(float)at:R}) is {worst:F3} ulp away.");
    }

    [Fact]
    public void NormalCdf_is_exact_to_4e_minus_16_in_double_and_to_1e_minus_7_in_float()
    {
        double[][] table = [.. Golden.Read("vectormath").GetProperty("NormalCdf").EnumerateArray().Select(e => e.Numbers())];
        double[] x = [.. table.Select(e => e[0])], y = Map("NormalCdf", x);
        float[] z = Map("NormalCdf", x.Select(v => (float)v).ToArray()), wide = [.. Map("NormalCdf", x.Select(v => (double)(float)v).ToArray()).Select(v => (float)v)];
        for (int i = 0; i < x.Length; i++)
        {
            Assert.True(Math.Abs(y[i] - table[i][1]) <= 4e-16, $"NormalCdf({x[i]:R}) = {y[i]:R}, expected {table[i][1]:R}.");
            Assert.True(Math.Abs(z[i] - wide[i]) <= 1.2e-7, $"NormalCdf({(float)x[i]:R}) = {z[i]:R}, expected {wide[i]:R}.");
        }
    }

    [Theory]
    [InlineData("Exp", new[] { 0.0, -0.0, double.PositiveInfinity, double.NegativeInfinity, double.NaN }, new[] { 1, 1, double.PositiveInfinity, 0, double.NaN })]
    [InlineData("Sigmoid", new[] { 0.0, -0.0, double.PositiveInfinity, double.NegativeInfinity, double.NaN }, new[] { 0.5, 0.5, 1, 0, double.NaN })]
    [InlineData("Tanh", new[] { 0.0, -0.0, double.PositiveInfinity, double.NegativeInfinity, double.NaN }, new[] { 0.0, -0.0, 1, -1, double.NaN })]
    [InlineData("ExpM1", new[] { 0.0, double.NaN }, new[] { 0.0, double.NaN })]
    [InlineData("Log1PUnit", new[] { 0.0, double.NaN }, new[] { 0.0, double.NaN })]
    [InlineData("NormalCdf", new[] { 0.0, -0.0, double.PositiveInfinity, double.NegativeInfinity, double.NaN }, new[] { 0.5, 0.5, 1, 0, double.NaN })]
    public void Special_values_are_what_the_limit_says(string function, double[] x, double[] expected)
    {
        double[] y = Map(function, x);
        float[] single = Map(function, x.Select(v => (float)v).ToArray());
        for (int i = 0; i < x.Length; i++)
        {
            AssertSame(expected[i], y[i]);
            AssertSame((float)expected[i], single[i]);
        }

        void AssertSame<T>(T expected, T actual) where T : unmanaged, IFloatingPointIeee754<T> =>
            Assert.True(T.IsNaN(expected) ? T.IsNaN(actual) : Bits.AreSame(expected, actual), $"{function}: expected {expected}, got {actual} as {typeof(T).Name}.");
    }

    [Fact]
    public void Exp_overflows_and_underflows_where_the_number_type_ends()
    {
        float[] single = Map("Exp", [88.72283f, 88.72284f, 1e30f, float.MaxValue, -87.5f, -103.27f, -103.972f, -103.98f, -1e30f, float.MinValue]);
        Assert.Equal([float.PositiveInfinity, float.PositiveInfinity, float.PositiveInfinity], single[1..4]);
        Assert.True(single[0] is < float.MaxValue and > 3.4e38f);
        Assert.True(float.IsSubnormal(single[4]));
        Assert.Equal([float.Epsilon, float.Epsilon, 0, 0, 0], single[5..]);

        double[] wide = Map("Exp", [709.782712893384, 709.7827128933841, 1e300, double.MaxValue, -708.5, -745.1332191019411, -745.1332191019412, -1e300, double.MinValue]);
        Assert.Equal([double.PositiveInfinity, double.PositiveInfinity, double.PositiveInfinity], wide[1..4]);
        Assert.True(wide[0] is < double.MaxValue and > 1.79e308);
        Assert.True(double.IsSubnormal(wide[4]));
        Assert.Equal([double.Epsilon, 0, 0, 0], wide[5..]);
    }

    [Fact]
    public void Tanh_of_a_large_Half_is_1() =>
        Assert.Equal([(Half)1, (Half)(-1), Half.Tanh((Half)3)], new Sequential<Half>(3, new Tanh()).Predict([(Half)20, (Half)(-60_000), (Half)3]));

    [Fact]
    public void Tiny_numbers_pass_Tanh_ExpM1_and_Log1PUnit_as_they_are()
    {
        double[] x = [double.Epsilon, 1e-310, 1e-300, 1e-20];
        float[] single = [float.Epsilon, 1e-40f, 1e-30f, 1e-12f];
        foreach (string function in (string[])["Tanh", "ExpM1"])
        {
            Assert.Equal(x, Map(function, x));
            Assert.Equal(single, Map(function, single));
        }
        Assert.Equal(x.Select(v => -v), Map("Tanh", x.Select(v => -v).ToArray()));
        Assert.Equal(x[2..], Map("Log1PUnit", x[2..]));        // denormals lose their last bits here, as the argument is halved
        Assert.Equal(single[2..], Map("Log1PUnit", single[2..]));
    }

    [Fact]
    public void Sigmoid_is_between_0_and_1_and_Tanh_is_odd_and_between_minus_1_and_1()
    {
        double[] x = [.. Enumerable.Range(-4000, 8001).Select(i => i / 50.0)];
        Assert.All(Map("Sigmoid", x), y => Assert.InRange(y, 0, 1));
        double[] tanh = Map("Tanh", x);
        Assert.All(tanh, y => Assert.InRange(y, -1, 1));
        for (int i = 0; i < x.Length; i++)
            Assert.Equal(-tanh[^(i + 1)], tanh[i]);
    }

    public static TheoryData<string, string> FunctionsAndWidths
    {
        get
        {
            TheoryData<string, string> data = [];
            foreach (string function in (string[])["Exp", "Sigmoid", "Tanh", "ExpM1", "Log1PUnit", "NormalCdf"])
            {
                foreach (string width in (string[])["Simd512", "Simd256", "Simd128", "SimdScalar"])
                    data.Add(function, width);
            }
            return data;
        }
    }

    [Theory]
    [MemberData(nameof(FunctionsAndWidths))]
    public void Every_vector_width_gives_the_same_bits(string function, string width)
    {
        if (width switch { "Simd512" => !Vector512.IsHardwareAccelerated, "Simd256" => !Vector256.IsHardwareAccelerated, "Simd128" => !Vector128.IsHardwareAccelerated, _ => false })
            Assert.Skip($"This processor has no {width[4..]}-bit vectors.");
        // As far as results are not finite or denormal, where the function is made for it.
        bool isUnbounded = function is not ("Log1PUnit" or "ExpM1");
        double[] x = [.. Enumerable.Range(0, 1001).Select(i => function == "Log1PUnit" ? i / 1000.0 : (i - 500) * (isUnbounded ? 1.7 : 0.17)), 0.0, 1e-300, 1, double.NaN];
        float[] single = [.. Enumerable.Range(0, 1001).Select(i => function == "Log1PUnit" ? i / 1000f : (i - 500) * (isUnbounded ? 0.22f : 0.17f)), 0f, 1e-40f, 1, float.NaN];
        if (isUnbounded)
        {
            x = [.. x, double.PositiveInfinity, double.NegativeInfinity, double.MaxValue, -0.0];
            single = [.. single, float.PositiveInfinity, float.NegativeInfinity, float.MinValue, -0f];
        }
        AssertSame(Map(function, x), MapAt(function, width, x));
        AssertSame(Map(function, single), MapAt(function, width, single));

        void AssertSame<T>(T[] expected, T[] actual) where T : unmanaged, IFloatingPointIeee754<T>
        {
            for (int i = 0; i < expected.Length; i++)
            {
                if (!(T.IsNaN(expected[i]) && T.IsNaN(actual[i])))
                    Assert.True(Bits.AreSame(expected[i], actual[i]), $"{function} of value {i} at {width}: expected {expected[i]}, got {actual[i]}.");
            }
        }
    }

    [Fact]
    public void Half_works_on_plain_numbers()
    {
        Half[] x = [.. Enumerable.Range(-80, 161).Select(i => (Half)(i / 8.0))], y = Map("Sigmoid", x);
        for (int i = 0; i < x.Length; i++)
            Assert.Equal(1 / (1 + Math.Exp(-(double)x[i])), (double)y[i], 0.002);
        Half[] special = Map("Exp", [Half.NegativeInfinity, Half.Zero, Half.PositiveInfinity, Half.NaN, (Half)12]);
        Assert.Equal([Half.Zero, Half.One, Half.PositiveInfinity, Half.NaN, Half.PositiveInfinity], special);
    }

    [Fact]
    public void NFloat_has_the_range_and_digits_of_double()
    {
        Assert.SkipUnless(NFloat.Size == sizeof(double), "NFloat is as long as float here.");
        NFloat[] x = [.. new[] { -740.0, -700, -100, -1, -0.3, 0, 0.3, 1, 5, 100, 700 }.Select(v => (NFloat)v)];
        foreach ((string function, Func<double, double> exact) in ((string, Func<double, double>)[])[("Exp", Math.Exp), ("Tanh", Math.Tanh), ("Sigmoid", v => Math.Exp(Math.Min(v, 0)) / (1 + Math.Exp(-Math.Abs(v))))])
        {
            NFloat[] y = Map(function, x);
            for (int i = 0; i < x.Length; i++)
                Assert.InRange(Math.Abs(y[i].Value - exact(x[i].Value)), 0, 4 * Ulp(exact(x[i].Value), -1022, 52));
        }
    }

    private static double Ulp(double y, int minimumExponent, int digits) => y == 0 ? Math.ScaleB(1, minimumExponent - digits) : Math.ScaleB(1, Math.Max(Math.ILogB(y), minimumExponent) - digits);

    /// <summary>The functions of floats, computed in double by other formulas; NormalCdf by its own double version, which has a test of its own.</summary>
    private static double[] InDouble(string function, float[] x) => function switch
    {
        "Exp" => [.. x.Select(v => Math.Exp(v))],
        "Sigmoid" => [.. x.Select(v => v < 0 ? Math.Exp(v) / (1 + Math.Exp(v)) : 1 / (1 + Math.Exp(-v)))],
        "Tanh" => [.. x.Select(v => Math.Tanh(v))],
        "ExpM1" => [.. x.Select(v => 2 * Math.Exp(0.5 * v) * Math.Sinh(0.5 * v))],
        "Log1PUnit" => [.. x.Select(v => v < 1e-9 ? (double)v : Math.Log(1.0 + v) * (v / (1.0 + v - 1.0)))],
        _ => Map(function, x.Select(v => (double)v).ToArray()),
    };

    private static T[] Map<T>(string function, T[] x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] y = new T[x.Length];
        switch (function)
        {
            case "Exp": Elementwise.Map(new Exp<T>(), x, y); break;
            case "Sigmoid": Elementwise.Map(new Sigmoid<T>(), x, y); break;
            case "Tanh": Elementwise.Map(new Tanh<T>(), x, y); break;
            case "ExpM1": Elementwise.Map(new ExpM1<T>(), x, y); break;
            case "Log1PUnit": Elementwise.Map(new Log1PUnit<T>(), x, y); break;
            case "NormalCdf": Elementwise.Map(new NormalCdf<T>(), x, y); break;
            default: throw new ArgumentException($"There is no function {function}.", nameof(function));
        }
        return y;
    }

    private static T[] MapAt<T>(string function, string width, T[] x) where T : unmanaged, IFloatingPointIeee754<T> => width switch
    {
        "Simd512" => MapAt<Simd512<T>, Vector512<T>, T>(function, x),
        "Simd256" => MapAt<Simd256<T>, Vector256<T>, T>(function, x),
        "Simd128" => MapAt<Simd128<T>, Vector128<T>, T>(function, x),
        _ => MapAt<SimdScalar<T>, T, T>(function, x),
    };

    private static T[] MapAt<TSimd, TVector, T>(string function, T[] x) where T : unmanaged, IFloatingPointIeee754<T> where TSimd : struct, ISimd<TVector, T> => function switch
    {
        "Exp" => Loop<TSimd, TVector, T, Exp<T>>(x),
        "Sigmoid" => Loop<TSimd, TVector, T, Sigmoid<T>>(x),
        "Tanh" => Loop<TSimd, TVector, T, Tanh<T>>(x),
        "ExpM1" => Loop<TSimd, TVector, T, ExpM1<T>>(x),
        "Log1PUnit" => Loop<TSimd, TVector, T, Log1PUnit<T>>(x),
        _ => Loop<TSimd, TVector, T, NormalCdf<T>>(x),
    };

    private static unsafe T[] Loop<TSimd, TVector, T, TFunction>(T[] values)
        where T : unmanaged, IFloatingPointIeee754<T> where TSimd : struct, ISimd<TVector, T> where TFunction : struct, IUnary<T>
    {
        T[] result = new T[values.Length];
        TFunction f = default;
        fixed (T* x = values, y = result)
        {
            int i = 0;
            for (; i <= values.Length - TSimd.Count; i += TSimd.Count)
                TSimd.Store(f.Invoke<TSimd, TVector>(TSimd.Load(x + i)), y + i);
            if (i < values.Length)
                TSimd.StoreFirst(f.Invoke<TSimd, TVector>(TSimd.LoadFirst(x + i, values.Length - i)), y + i, values.Length - i);
        }
        return result;
    }

    private struct Exp<T> : IUnary<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public readonly TVector Invoke<TSimd, TVector>(TVector x) where TSimd : struct, IArithmetic<TVector, T> => VectorMath<TSimd, TVector, T>.Exp(x);
    }

    private struct Sigmoid<T> : IUnary<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public readonly TVector Invoke<TSimd, TVector>(TVector x) where TSimd : struct, IArithmetic<TVector, T> => VectorMath<TSimd, TVector, T>.Sigmoid(x);
    }

    private struct Tanh<T> : IUnary<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public readonly TVector Invoke<TSimd, TVector>(TVector x) where TSimd : struct, IArithmetic<TVector, T> => VectorMath<TSimd, TVector, T>.Tanh(x);
    }

    private struct ExpM1<T> : IUnary<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public readonly TVector Invoke<TSimd, TVector>(TVector x) where TSimd : struct, IArithmetic<TVector, T> => VectorMath<TSimd, TVector, T>.ExpM1(x);
    }

    private struct Log1PUnit<T> : IUnary<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public readonly TVector Invoke<TSimd, TVector>(TVector x) where TSimd : struct, IArithmetic<TVector, T> => VectorMath<TSimd, TVector, T>.Log1PUnit(x);
    }

    private struct NormalCdf<T> : IUnary<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public readonly TVector Invoke<TSimd, TVector>(TVector x) where TSimd : struct, IArithmetic<TVector, T> => VectorMath<TSimd, TVector, T>.NormalCdf(x, out _);
    }
}
