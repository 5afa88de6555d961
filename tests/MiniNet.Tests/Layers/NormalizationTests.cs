namespace MiniNet.Tests.Layers;

public class NormalizationTests
{
    [Fact]
    public void Rows_groups_and_roots_by_hand()
    {
        double[] x = [1, 3, 2, 6];                                                                       // variances 1 and 4 with ε = 3 and 12: roots 2 and 4
        Assert.Equal([-0.5, 0.5, -1, 1], new Sequential<double>((2, 2), new LayerNorm(epsilon: 3)).Predict(x).Select((v, i) => i < 2 ? v : v * Math.Sqrt(7) / 2));
        Assert.Equal([-0.25, 0.25, -0.5, 0.5], new Sequential<double>(4, new GroupNorm(2, epsilon: 12)).Predict(x).Select((v, i) => i < 2 ? v * Math.Sqrt(13) / 4 : v));
        Assert.Equal([0.25, 0.75, 0.5, 1.5], new Sequential<double>((2, 2), new RmsNorm(epsilon: 11)).Predict(x).Select((v, i) => i < 2 ? v : v * Math.Sqrt(31) / 4));
    }

    [Fact]
    public void A_group_of_each_channel_by_itself_is_an_image_normalised_channel_by_channel()
    {
        Sequential<double> model = new((3, 4, 5), seed: 1, new GroupNorm(5));
        double[] y = model.Predict(Numbers.Normals<double>(120, 1));
        for (int channel = 0; channel < 10; channel++)
        {
            double[] values = [.. Enumerable.Range(0, 12).Select(i => y[(channel / 5 * 60) + (i * 5) + (channel % 5)])];
            Assert.Equal(0, values.Average(), 1e-14);
            Assert.Equal(1, values.Average(v => v * v), 1e-3);
        }
    }

    [Fact]
    public void One_step_in_one_group_is_a_row()
    {
        double[] x = Numbers.Normals<double>(35, 1), rows = new Sequential<double>(7, new LayerNorm()).Predict(x), groups = new Sequential<double>(7, new GroupNorm(1)).Predict(x);
        Golden.AssertClose(rows, groups, 1e-14, "y");
    }

    [Fact]
    public void Constant_rows_and_rows_of_zeros_stay_finite()
    {
        Assert.All(new Sequential<float>(5, new LayerNorm()).Predict([7, 7, 7, 7, 7]), v => Assert.Equal(0, v));
        Assert.All(new Sequential<float>(4, new GroupNorm(2)).Predict([7, 7, 3, 3]), v => Assert.Equal(0, v));
        Assert.All(new Sequential<float>(5, new RmsNorm()).Predict(new float[5]), v => Assert.Equal(0, v));
    }

    [Fact]
    public void A_large_mean_does_not_swallow_the_variance()
    {
        float[] x = [10_000, 10_001, 10_002, 10_003];
        double root = Math.Sqrt(1.25 + 1e-5);
        foreach (Layer layer in (Layer[])[new LayerNorm(), new GroupNorm(1)])
        {
            float[] y = new Sequential<float>(4, layer).Predict(x);
            for (int i = 0; i < 4; i++)
                Assert.Equal((i - 1.5) / root, y[i], 1e-6);
        }
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_smallest_root_is_the_number_types_own(bool isDouble)
    {
        // x² is as large as ε itself: y = x / √(2 x²).
        double y = isDouble
            ? new Sequential<double>(1, new RmsNorm()).Predict([Math.Sqrt(double.BitIncrement(1) - 1)])[0]
            : new Sequential<float>(1, new RmsNorm()).Predict([MathF.Sqrt(float.BitIncrement(1) - 1)])[0];
        Assert.Equal(Math.Sqrt(0.5), y, 1e-7);
    }

    [Fact]
    public void Nothing_but_the_weights_is_decayed_and_names_are_those_of_PyTorch()
    {
        Sequential<float> model = new((2, 2, 6), new LayerNorm(), new GroupNorm(2), new RmsNorm());
        Assert.Equal(["0.weight", "0.bias", "1.weight", "1.bias", "2.weight"], model.ParameterList.Select(p => p.Name));
        Assert.All(model.ParameterList, p => Assert.Equal((6, false), (p.Shape, p.Decays)));
    }

    [Fact]
    public void Impossible_arguments_and_shapes_are_refused()
    {
        Assert.Equal("Layer 1, GroupNorm(4), needs a last axis that can be divided into 4 equal groups, but gets [3, 6].\n[3, 5] -> Dense(6) -> GroupNorm(4)",
            Assert.Throws<ShapeException>(() => new Sequential<float>((3, 5), new Dense(6), new GroupNorm(4))).Message);
        Assert.Equal("groups", Assert.Throws<ArgumentOutOfRangeException>(() => new GroupNorm(0)).ParamName);
        Assert.All((Action[])[() => _ = new LayerNorm(0), () => _ = new GroupNorm(2, -1), () => _ = new RmsNorm(double.NaN), () => _ = new RmsNorm(0)],
            make => Assert.Equal("epsilon", Assert.Throws<ArgumentOutOfRangeException>(make).ParamName));
    }

    [Fact]
    public void A_group_of_one_value_is_refused() =>
        Assert.StartsWith("Layer 0, GroupNorm(4), needs at least two values in a group, since the deviation of one is 0 (fewer groups), but gets [4].",
            Assert.Throws<ShapeException>(() => new Sequential<float>(4, 1, new GroupNorm(4))).Message, StringComparison.Ordinal);
}
