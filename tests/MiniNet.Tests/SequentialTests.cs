namespace MiniNet.Tests;

public class SequentialTests
{
    private static readonly double[] X = Numbers.Normals<double>(4 * 3, 1);

    private static Sequential<double> Model() => new(3, seed: 1, new Normalize(), new Dense(4), new BatchNorm(), new Frozen(new Dense(4)), new Dense(2), new Softmax());

    [Fact]
    public void A_model_prints_its_chain_with_shapes_and_parameters() =>
        Assert.Equal("[3] -> Normalize() [3] -> Dense(4) [4] -> BatchNorm() [4] -> Frozen(Dense(4)) [4] -> Dense(2) [2] -> Softmax() [2], 54 parameters", Model().ToString());

    [Fact]
    public void The_summary_is_a_table()
    {
        const string table = """
            layer                    output  parameters
                   input             [3]
            0      Normalize()       [3]
            1      Dense(4)          [4]             16
            2      BatchNorm()       [4]              8
            3      Frozen(Dense(4))  [4]             20
            4      Dense(2)          [2]             10
            5      Softmax()         [2]
            54 parameters, 20 of them frozen
            """;
        Assert.Equal(table, Model().Summary());
        Assert.EndsWith("\n1,001,000 parameters", new Sequential<float>(1_000, new Dense(1_000)).Summary(), StringComparison.Ordinal);
    }

    [Fact]
    public void Composites_print_as_code() =>
        Assert.Equal("[4] -> Residual(Dense(4, initializer: HeNormal()), Tanh()) [4] -> Branches(Tied(\"0.0\", Dense(4)), Chain(Identity(), Dropout(0.5))) [8] -> Reshape((2, 4)) [2, 4], 20 parameters",
            new Sequential<float>(4, new Residual(new Dense(4, new HeNormal()), new Tanh()), new Branches(new Tied("0.0", new Dense(4)), new Chain(new Identity(), new Dropout(0.5))), new Reshape((2, 4))).ToString());

    [Theory]
    [MemberData(nameof(WrongModels))]
    public void A_wrong_model_fails_in_its_constructor_with_the_chain_up_to_the_layer(string message, Type exception, Func<Sequential<double>> build) =>
        Assert.Equal(message, Assert.Throws(exception, () => { build(); }).Message);

    public static TheoryData<string, Type, Func<Sequential<double>>> WrongModels => new()
    {
        { "Layer 1, Reshape((2, 3)), needs 6 values per sample for [2, 3], but gets [4].\n[2] -> Dense(4) -> Reshape((2, 3))", typeof(ShapeException), () => new(2, new Dense(4), new Reshape((2, 3))) },
        { "Layer 3, Residual(Dense(3)), needs a body that keeps the shape of its input (it gives [3]), but gets [4].\n[2] -> Dense(4) -> ReLU() -> Dense(4) -> Residual(Dense(3))", typeof(ShapeException),
            () => new(2, new Dense(4), new ReLU(), new Dense(4), new Residual(new Dense(3))) },
        { "Layer 1.0, Reshape(7), needs 7 values per sample for [7], but gets [4].\n[2] -> Dense(4) -> Residual(Reshape(7))", typeof(ShapeException), () => new(2, new Dense(4), new Residual(new Reshape(7))) },
        { "Layer 0, Branches(Flatten(), Identity()), needs parts that differ in their last axis only (they are [6] and [2, 3]), but gets [2, 3].\n[2, 3] -> Branches(Flatten(), Identity())", typeof(ShapeException),
            () => new((2, 3), new Branches(new Flatten(), new Identity())) },
        { "Layer 0, BadGate(), needs factors of one shape, or a second factor of [3] (they are [2, 3] and [2]), but gets [2, 3].\n[2, 3] -> BadGate()", typeof(ShapeException), () => new((2, 3), new BadGate()) },
        { "Tied(\"0\", Dense(2)): 0.weight is [3, 4], but Dense(2) needs [4, 2] for the input [4].\n[3] -> Dense(4) -> Tied(\"0\", Dense(2))", typeof(ShapeException), () => new(3, new Dense(4), new Tied("0", new Dense(2))) },
        { "Tied(\"5\", Dense(4)): the layers before it have no parameter 5.weight; they have 0.weight, 0.bias.\n[4] -> Dense(4) -> Tied(\"5\", Dense(4))", typeof(ShapeException), () => new(4, new Dense(4), new Tied("5", new Dense(4))) },
        { "Tied(\"0\", Dense(4)): the layers before it have no parameter 0.weight; they have none.\n[4] -> Tied(\"0\", Dense(4))", typeof(ShapeException), () => new(4, new Tied("0", new Dense(4))) },
        { "Layer 0.again1, Dense(2), needs the shape that it had the first time ([3]), since it is used again on the same weights, but gets [2].\n[3] -> Twice(Dense(2))", typeof(ShapeException), () => new(3, new Twice(new Dense(2))) },
        { "Unused(): a value [5] of Dense(5) is computed and never used.\n[3] -> Unused()", typeof(ShapeException), () => new(3, new Unused()) },
        { "UnusedSum(): a value [3] is computed and never used.\n[3] -> UnusedSum()", typeof(ShapeException), () => new(3, new UnusedSum()) },
        { "Two parameters are named 0.same.weight: give the layers of a composite different names, and each parameter of a layer its own.\n[3] -> SameNames()", typeof(ShapeException), () => new(3, new SameNames()) },
        { "Foreign() wires a value that this wiring did not give out.", typeof(ArgumentException), () => new(3, new Foreign()) },
        { "Nothing() wires a value that this wiring did not give out.", typeof(ArgumentException), () => new(3, new Nothing()) },
        { "Again needs a value that Apply or Chain returned: the weights to use once more are those of its layer. (Parameter 'earlier')", typeof(ArgumentException), () => new(3, new AgainOfInput()) },
        { "Layer 0, NoShape(), declares default(Shape) as its output: return a shape, such as plan.Input.", typeof(ShapeException), () => new(3, new NoShape()) },
        { "Layer 1, Lookup(3, 2), needs to come before every trained layer (its input is no quantity and has no gradient), but gets [4].\n[3] -> Dense(4) -> Lookup(3, 2)", typeof(ShapeException), () => new(3, new Dense(4), new Lookup(3, 2)) },
        { "A model needs at least one layer: new Sequential<float>(inputs: 2, new Dense(1)). (Parameter 'layers')", typeof(ArgumentException), () => new(3) },
        { "A model needs the shape of a sample, got default(Shape). (Parameter 'inputs')", typeof(ArgumentException), () => new(default, new Dense(1)) },
        { "Layer 1 is null. (Parameter 'items')", typeof(ArgumentException), () => new(3, new Dense(1), null!) },
    };

    [Fact]
    public void A_loss_that_does_not_fit_the_last_layer_is_refused_before_training()
    {
        Sequential<double> linear = new(3, seed: 1, new Dense(2)), softmax = new(3, seed: 1, new Dense(2), new Softmax());
        Assert.Equal("CrossEntropy() needs a model that ends with Softmax(), but this one ends with Dense(2): append new Softmax().\n[3] -> Dense(2) [2], 8 parameters (Parameter 'loss')",
            Assert.Throws<ArgumentException>(() => new Trainer<double>(linear, new CrossEntropy(), new Sgd(0.1))).Message);
        Assert.Equal("BinaryCrossEntropy() needs a model that ends with Sigmoid(), but this one ends with Softmax(): put new Sigmoid() in its place, or take CrossEntropy.\n[3] -> Dense(2) [2] -> Softmax() [2], 8 parameters (Parameter 'loss')",
            Assert.Throws<ArgumentException>(() => softmax.Evaluate(new(new double[3], 3, new double[2], 2), new BinaryCrossEntropy())).Message);
        Assert.Throws<ArgumentException>(() => softmax.Fit(X, new double[8], new BinaryCrossEntropy(), new Sgd(0.1), epochs: 1));
    }

    [Fact]
    public void Wrong_lengths_are_refused_in_words_and_nothing_is_written()
    {
        Sequential<double> model = Model();
        double[] before = model.State(), destination = [7, 7, 7];
        Assert.Equal("x has 7 values, expected a multiple of 3: [3] for every sample, and at least one sample. (Parameter 'x')", Assert.Throws<ArgumentException>(() => model.Predict(new double[7])).Message);
        Assert.Equal("x has 0 values, expected a multiple of 3: [3] for every sample, and at least one sample. (Parameter 'x')", Assert.Throws<ArgumentException>(() => model.Predict(Array.Empty<double>())).Message);
        Assert.Equal("destination has 3 values, expected 8: 4 samples × 2 outputs of Softmax(). (Parameter 'destination')", Assert.Throws<ArgumentException>(() => model.Predict(X, destination)).Message);
        Assert.Equal([7, 7, 7], destination);
        Assert.Equal("x has 2 columns, expected 3: a row is a sample. (Parameter 'x')", Assert.Throws<ArgumentException>(() => model.Predict(new double[2, 2])).Message);
        Assert.Equal("y has 7 values, expected 8: 4 samples × 2 outputs of Softmax(). (Parameter 'y')", Assert.Throws<ArgumentException>(() => model.Fit(X, new double[7], new CrossEntropy(), new Sgd(0.1), epochs: 1)).Message);
        Assert.Equal("The model has no 1.wait; it has 1.weight, 1.bias, 2.weight, 2.bias, 3.weight, 3.bias, 4.weight, 4.bias, 0.mean, 0.deviation, 2.running_mean, 2.running_var.",
            Assert.Throws<KeyNotFoundException>(() => { _ = model["1.wait"]; }).Message);
        Assert.Equal(before, model.State());
    }

    [Fact]
    public void A_seed_gives_the_same_parameters_and_without_one_it_is_drawn_and_can_be_read()
    {
        Sequential<double> drawn = new(3, new Dense(4)), other = new(3, new Dense(4)), again = new(3, drawn.Seed, new Dense(4));
        Assert.Equal(drawn.State(), again.State());
        Assert.NotEqual(drawn.Seed, other.Seed);
        Assert.NotEqual(drawn.State(), other.State());
        Assert.Equal(1, Model().Seed);
    }

    [Fact]
    public void A_part_of_a_model_stands_on_the_same_weights()
    {
        Sequential<double> model = Model();
        model["2.running_mean"].Fill(0.25);
        Sequential<double> logits = model[..^1], tail = model[2..], middle = model[2..4];
        Assert.Equal("[4] -> BatchNorm() [4] -> Frozen(Dense(4)) [4], 28 parameters", middle.ToString());
        Assert.Equal(["0.weight", "0.bias", "1.weight", "1.bias"], middle.ParameterList.Select(p => p.Name));
        Assert.Equal(model["3.weight"].ToArray(), middle["1.weight"].ToArray());
        Assert.Equal(model["2.running_mean"].ToArray(), middle["0.running_mean"].ToArray());
        Assert.Equal(model.Predict(X), tail.Predict(model[..2].Predict(X)));
        Assert.Equal(model.Predict(X), new Sequential<double>(2, new Softmax()).Predict(logits.Predict(X)));
        middle["1.weight"][0] = 42;
        Assert.Equal(42, model["3.weight"][0]);
        new Trainer<double>(middle, new MeanSquaredError(), new Sgd(0.1)).Step(Numbers.Normals<double>(16, 1), Numbers.Normals<double>(16, 2));
        Assert.Equal(middle["0.bias"].ToArray(), model["2.bias"].ToArray());
        Assert.NotEqual(0.25, model["2.running_mean"][0]);
        Assert.Equal(middle[1..]["0.weight"].ToArray(), model["3.weight"].ToArray());
    }

    [Fact]
    public void A_part_that_leaves_out_the_owner_of_its_weights_is_refused()
    {
        Sequential<double> model = new(3, seed: 1, new Dense(3), new Dense(3), new Tied("0", new Dense(3)));
        Assert.Equal("Layer 2, Tied(\"0\", Dense(3)), uses the weights of a layer by its place in the whole model, so the layers 1 to 2 cannot stand alone: begin the range at 0.",
            Assert.Throws<ShapeException>(() => model[1..]).Message);
        Assert.Throws<ShapeException>(() => model[2..]);
        Assert.Equal(model[..2].Predict(X), model[..^1].Predict(X));
        Assert.Equal(model.Predict(X), model[..].Predict(X));
        Assert.Throws<ArgumentException>(() => model[1..1]);
        Assert.Throws<ArgumentOutOfRangeException>(() => model[..4]);
    }

    [Fact]
    public void A_clone_is_independent()
    {
        Sequential<double> model = Model();
        model["2.running_mean"].Fill(0.25);
        Sequential<double> clone = model.Clone(), part = model[2..].Clone();
        double[] before = model.State();
        Assert.Equal(before, clone.State());
        Assert.Equal(model.Seed, clone.Seed);
        Assert.Equal(model[2..].State(), part.State());
        clone.Parameters.Clear();
        clone.Statistics.Clear();
        part.Parameters.Clear();
        part.Statistics.Clear();
        Assert.Equal(before, model.State());
    }

    [Fact]
    public void WithInput_takes_samples_of_another_size_on_the_same_weights()
    {
        Sequential<double> model = new((2, 3), seed: 1, new Normalize(), new Dense(4), new BatchNorm(), new Dense(2)), longer = model.WithInput((5, 3));
        Assert.Equal((Shape)(5, 2), longer.OutputShape);
        double[] x = Numbers.Normals<double>(30, 4);
        Assert.Equal(model.Predict(x), longer.Predict(x));
        longer["1.bias"][0] = 3;
        longer["0.mean"][0] = 3;
        Assert.Equal((3, 3), (model["1.bias"][0], model["0.mean"][0]));
    }

    [Fact]
    public void WithInput_refuses_what_would_need_other_weights_or_statistics()
    {
        Sequential<double> dense = new(3, seed: 1, new Dense(4)), normalized = new((4, 3), seed: 1, new Normalize(), new Flatten(), new Dense(2));
        Assert.Equal("WithInput([5]): 0.weight is [3, 4] for [3], and would have to be [5, 4]. Its layer does not take samples of another size.", Assert.Throws<ShapeException>(() => dense.WithInput(5)).Message);
        Assert.Equal("WithInput([6, 2]): 0.mean is [3] for [4, 3], and would have to be [2]. Its layer does not take samples of another size.", Assert.Throws<ShapeException>(() => normalized.WithInput((6, 2))).Message);
    }

    [Fact]
    public void Adapt_measures_each_Normalize_on_what_the_layers_before_it_make_of_the_data()
    {
        Sequential<double> model = new(2, seed: 1, new Normalize(), new Dense(3), new Frozen(new Normalize()), new Dense(1));
        double[] x = [1, 10, 3, 10, 2, 10, 6, 10], parameters = model.Parameters.ToArray();
        model.Adapt(x);
        Golden.AssertClose([3, 10], model["0.mean"], 1e-14, "mean");
        Golden.AssertClose([Math.Sqrt(3.5), 1], model["0.deviation"], 1e-14, "deviation");         // a constant feature is not divided
        double[] seen = model[..2].Predict(x), normalized = model[..3].Predict(x);
        for (int j = 0; j < 3; j++)
        {
            double[] feature = [.. Enumerable.Range(0, 4).Select(i => seen[(i * 3) + j])], after = [.. Enumerable.Range(0, 4).Select(i => normalized[(i * 3) + j])];
            Assert.Equal(feature.Average(), model["2.mean"][j], 1e-14);
            Assert.Equal(0, after.Average(), 1e-14);
            Assert.Equal(1, after.Average(v => v * v), 1e-12);
        }
        Assert.Equal(parameters, model.Parameters.ToArray());
    }

    [Fact]
    public void Adapt_refuses_data_that_are_not_finite_and_models_without_Normalize()
    {
        Sequential<double> model = Model(), without = new(2, new Dense(1), new Residual(new Normalize()));
        double[] before = model.State();
        Assert.Equal("x: value 1 of sample 0 is NaN. Clean the data: one such value would spoil every weight. (Parameter 'x')", Assert.Throws<ArgumentException>(() => model.Adapt([1, double.NaN, 2])).Message);
        Assert.Throws<ArgumentException>(() => model.Adapt([1, 2]));
        Assert.Equal(before, model.State());
        Assert.Equal("Adapt sets the statistics of Normalize(), and none stands among the layers Dense(1), Residual(Normalize()).", Assert.Throws<InvalidOperationException>(() => without.Adapt([1, 2])).Message);
    }

    [Fact]
    public void All_forms_of_data_predict_the_same()
    {
        Sequential<double> model = Model();
        double[] expected = model.Predict(X), destination = new double[8];
        double[,] matrix = new double[4, 3];
        for (int i = 0; i < 12; i++)
            matrix[i / 3, i % 3] = X[i];
        double[,] rows = model.Predict(matrix);
        model.Predict(X, destination);
        Assert.Equal((4, 2), (rows.GetLength(0), rows.GetLength(1)));
        Assert.Equal(expected, rows.Cast<double>());
        Assert.Equal(expected, destination);
        Assert.Equal(expected, model.Predict(new System.Numerics.Tensors.ReadOnlyTensorSpan<double>(X, [4, 3], [3, 1])));
    }

    private sealed record Unused : Composite
    {
        protected override Value Wire(Wiring wiring, Value x)
        {
            wiring.Apply("unused", new Dense(5), x);
            return wiring.Apply("used", new Dense(2), x);
        }
    }

    private sealed record UnusedSum : Composite
    {
        protected override Value Wire(Wiring wiring, Value x)
        {
            wiring.Add(x, x);
            return x;
        }
    }

    private sealed record SameNames : Composite
    {
        protected override Value Wire(Wiring wiring, Value x) => wiring.Apply("same", new Dense(3), wiring.Apply("same", new Dense(3), x));
    }

    private sealed record Foreign : Composite
    {
        protected override Value Wire(Wiring wiring, Value x)
        {
            Value other = default;
            wiring.Apply("thief", new Thief(v => other = v), x);
            return wiring.Add(x, other);
        }
    }

    private sealed record Thief(Action<Value> Tell) : Composite
    {
        protected override Value Wire(Wiring wiring, Value x)
        {
            Tell(x);
            return x;
        }
    }

    [Fact]
    public unsafe void Weights_begin_on_a_cache_line_and_those_after_whole_lines_too()
    {
        Sequential<float> model = new(64, seed: 1, new Dense(32), new Dense(48));
        foreach (Sequential<float> same in (Sequential<float>[])[model, model.Clone(), model[..1]])
        {
            fixed (float* first = same["0.weight"])
                Assert.Equal(0, (nint)first % 64);
        }
        fixed (float* second = model["1.weight"])
            Assert.Equal(0, (nint)second % 64);
        Assert.Equal(model.Parameters.ToArray(), new Sequential<float>(64, seed: 1, new Dense(32), new Dense(48)).Parameters.ToArray());
        Assert.Equal((64 * 32) + 32 + (32 * 48) + 48, model.Parameters.Length);
    }

    [Fact]
    public void A_prediction_has_no_memory_for_the_way_back()
    {
        Sequential<float> model = new((6, 5, 3), new Conv2D(4, kernel: 3), new LayerNorm(), new Custom());
        Assert.Empty(new Workspace<float>(model, capacity: 2).BackwardScratch);
        Assert.Empty(new Workspace<float>(model, capacity: 2).BatchScratch);
        Assert.True(new Workspace<float>(model, 2, new float[model.Parameters.Length], 0, [], 1).BackwardScratch.Length > (3 * 3 * 3 * 4) + 7);
    }

    private sealed record Custom : Layer
    {
        public override Shape Declare(Plan plan)
        {
            plan.BackwardScratch(7);
            return plan.Input;
        }

        public override void Forward<T>(in Pass<T> pass) => pass.Input.CopyTo(pass.Output);

        public override void Backward<T>(in Pass<T> pass) => pass.OutputGradient.CopyTo(pass.InputGradient);
    }

    private sealed record Nothing : Composite
    {
        protected override Value Wire(Wiring wiring, Value x) => default;
    }

    private sealed record AgainOfInput : Composite
    {
        protected override Value Wire(Wiring wiring, Value x) => wiring.Again(x, x);
    }

    private sealed record BadGate : Composite
    {
        protected override Value Wire(Wiring wiring, Value x) => wiring.Multiply(x, wiring.Chain([new Flatten(), new Dense(2)], x));
    }

    private sealed record NoShape : Layer
    {
        public override Shape Declare(Plan plan) => default;

        public override void Forward<T>(in Pass<T> pass) => throw new NotSupportedException();

        public override void Backward<T>(in Pass<T> pass) => throw new NotSupportedException();
    }
}
