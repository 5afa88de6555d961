namespace MiniNet.Tests.Layers;

public class EmbeddingTests
{
    [Fact]
    public void Rows_of_the_table_are_looked_up_and_their_gradients_summed()
    {
        Sequential<double> model = new(3, seed: 1, new Embedding(classes: 4, features: 2));
        double[] table = [1, 10, 2, 20, 3, 30, 4, 40];
        table.CopyTo(model["0.weight"]);
        Assert.Equal((Shape)(3, 2), model.OutputShape);
        Trainer<double> trainer = new(model, new Sgd(0));
        Assert.Equal([4, 40, 1, 10, 4, 40, 2, 20, 4, 40, 1, 10], trainer.Forward([3, 0, 3, 1, 3, 0]).ToArray());
        trainer.Backpropagate([1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12]);
        Assert.Equal([14, 16, 7, 8, 0, 0, 15, 18], trainer.Gradients.ToArray());
    }

    [Fact]
    public void The_table_begins_with_normal_numbers_and_is_stored_as_in_PyTorch()
    {
        Sequential<double> model = new(1, seed: 1, new Embedding(500, 20));
        ParameterInfo table = model.ParameterList.Single();
        Assert.Equal(("0.weight", (Shape)(500, 20), true), (table.Name, table.Shape, table.Decays));
        Assert.Equal([500, 20], table.FileLayout.Sizes(table.Shape));
        Assert.Equal(1, model.Parameters.ToArray().Average(v => v * v), 0.05);
        Assert.All(new Sequential<double>(1, new Embedding(5, 2, new Constant(3))).Parameters.ToArray(), v => Assert.Equal(3, v));
    }

    [Theory]
    [InlineData(5, "5")]
    [InlineData(-1, "-1")]
    [InlineData(0.5, "0.5")]
    [InlineData(float.NaN, "NaN")]
    [InlineData(float.PositiveInfinity, "Infinity")]
    [InlineData(3e38f, "3E+38")]
    public void What_is_no_index_is_refused_with_its_place(float index, string text)
    {
        Sequential<float> model = new(2, seed: 1, new Embedding(5, 3));
        string expected = $"Layer 0, Embedding(5, 3): value 1 of sample 2 is {text}, expected a whole number from 0 to 4.";
        Assert.StartsWith(expected, Assert.Throws<ArgumentOutOfRangeException>(() => model.Predict([0, 1, 2, 3, 4, index])).Message, StringComparison.Ordinal);
        float[] before = model.State();
        Trainer<float> trainer = new(model, new MeanSquaredError(), new Sgd(1));
        Assert.StartsWith(expected, Assert.Throws<ArgumentOutOfRangeException>(() => trainer.Step([0, 1, 2, 3, 4, index], new float[18])).Message, StringComparison.Ordinal);
        Assert.Equal(before, model.State());
        Assert.Throws<InvalidOperationException>(() => trainer.Backward(new float[18]));          // there is no guess to go back from
    }

    [Fact]
    public void The_place_of_a_wrong_index_counts_over_all_samples_of_a_long_prediction()
    {
        Sequential<float> model = new(2, seed: 1, new Embedding(5, 3));
        float[] x = new float[2 * 3_000];
        x[(2 * 2_222) + 1] = 7;
        Assert.Contains("value 1 of sample 2222 is 7,", Assert.Throws<ArgumentOutOfRangeException>(() => model.Predict(x)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Training_gives_the_same_bits_on_one_to_four_threads()
    {
        float[] one = Train(1);
        foreach (int threads in (int[])[2, 3, 4])
            Assert.Equal(one, Train(threads));

        static float[] Train(int threads)
        {
            Sequential<float> model = new(100, seed: 1, new Embedding(30, 33), new Dense(7), new GlobalMean());
            Trainer<float> trainer = new(model, new MeanSquaredError(), new Adam(0.01), maxDegreeOfParallelism: threads);
            float[] x = [.. Enumerable.Range(0, 6_400).Select(i => (float)(i * i % 30))];
            for (int step = 0; step < 3; step++)
                trainer.Step(x, new float[64 * 7]);
            return [.. model.State(), .. trainer.Gradients];
        }
    }

    [Fact]
    public void It_learns_which_words_are_bad()
    {
        // A sentence of three of ten words; it is bad if one of the words 7, 8, 9 is in it.
        RandomStream random = new(3);
        float[] x = [.. Enumerable.Range(0, 600).Select(i => (float)(int)(10 * random.Uniform(i)))];
        float[] y = [.. Enumerable.Range(0, 200).Select(i => x.AsSpan(3 * i, 3).ContainsAnyInRange(7f, 9f) ? 1f : 0f)];
        Sequential<float> model = new(3, seed: 1, new Embedding(10, 2), new Flatten(), new Dense(8), new Tanh(), new Dense(1), new Sigmoid());
        model.Fit(x, y, new BinaryCrossEntropy(), new Adam(0.02), epochs: 60);
        float[] guess = model.Predict(x);
        Assert.InRange(Enumerable.Range(0, 200).Count(i => guess[i] > 0.5f == y[i] > 0.5f), 196, 200);
    }

    [Fact]
    public void Impossible_places_and_arguments_are_refused()
    {
        Assert.Equal("Layer 0, Embedding(5, 3), needs [steps], one class index for each, but gets [4, 2].\n[4, 2] -> Embedding(5, 3)", Assert.Throws<ShapeException>(() => new Sequential<float>((4, 2), new Embedding(5, 3))).Message);
        Assert.Contains("needs to come before every trained layer (its input is no quantity and has no gradient)", Assert.Throws<ShapeException>(() => new Sequential<float>(4, new Dense(4), new Embedding(5, 3))).Message, StringComparison.Ordinal);
        Assert.Equal("classes", Assert.Throws<ArgumentOutOfRangeException>(() => new Embedding(0, 3)).ParamName);
        Assert.Equal("features", Assert.Throws<ArgumentOutOfRangeException>(() => new Embedding(3, 0)).ParamName);
        Trainer<float> trainer = new(new Sequential<float>(2, new Embedding(5, 3)), new Sgd(1));
        trainer.Forward([1, 2]);
        Assert.Throws<ArgumentException>(() => trainer.Backpropagate(new float[6], new float[2]));
    }

    /// <summary>[steps, features] → [features].</summary>
    private sealed record GlobalMean : Composite
    {
        protected override Value Wire(Wiring wiring, Value x) => wiring.Chain([new Reshape((x.Shape[0], 1, x.Shape[1])), new GlobalAveragePool2D()], x);
    }
}
