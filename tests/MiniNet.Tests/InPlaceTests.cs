namespace MiniNet.Tests;

/// <summary>An activation whose derivative follows from its output alone overwrites its input, where nobody else needs that. Inside a Chain of its own it does not.</summary>
public class InPlaceTests
{
    private static readonly Shape Image = (6, 6, 2);

    public static TheoryData<string> Activations => ["ReLU()", "LeakyReLU()", "LeakyReLU(0)", "LeakyReLU(-0.5)", "Sigmoid()", "Tanh()", "GELU()", "SiLU()", "ELU()"];

    [Theory]
    [MemberData(nameof(Activations))]
    public void Outputs_gradients_and_measures_are_those_of_an_activation_with_memory_of_its_own(string name)
    {
        Layer activation = Named(name);
        Sequential<double> model = Model(activation), apart = Model(new Chain(activation));
        model.Parameters.CopyTo(apart.Parameters);
        double[] x = Numbers.Normals<double>(3 * Image.Length, 1), y = Numbers.Normals<double>(3 * 2, 2), dx = new double[x.Length], dxApart = new double[x.Length];
        Trainer<double> trainer = new(model, new MeanSquaredError(), new Sgd(0.1)), other = new(apart, new MeanSquaredError(), new Sgd(0.1));

        Assert.Equal(apart.Predict(x), model.Predict(x));
        Assert.Equal(other.Forward(x).ToArray(), trainer.Forward(x).ToArray());
        Assert.Equal(other.Backward(y, dxApart), trainer.Backward(y, dx));
        Assert.Equal(other.Gradients.ToArray(), trainer.Gradients.ToArray());
        Assert.Equal(dxApart, dx);
        Assert.Equal(
            Layers(other.Inspect(x, y)).Where(l => !l.Path.Contains(".0", StringComparison.Ordinal)).Select(l => (l.OutputGradientNorm, l.DeadUnits, l.ParameterGradientNorm)),
            Layers(trainer.Inspect(x, y)).Select(l => (l.OutputGradientNorm, l.DeadUnits, l.ParameterGradientNorm)));

        static Sequential<double> Model(Layer activation) =>
            new(Image, seed: 1, new Conv2D(3, kernel: 3), activation, new BatchNorm(), activation, new Flatten(), new Dense(5), activation, new Dense(2));

        static IEnumerable<LayerInspection> Layers(Inspection inspection) => inspection.Layers;
    }

    [Fact]
    public void Only_what_nobody_else_reads_is_overwritten()
    {
        Assert.Equal(5 + 4, Values(new Dense(5), new ReLU(), new Dense(4), new Tanh(), new Dense(1)));
        Assert.Equal(5 + 5, Values(new Dense(5), new GELU(), new Dense(1)));                                       // its derivative needs its input
        Assert.Equal(5 + 5, Values(new Dense(5), new LeakyReLU(-1), new Dense(1)));
        Assert.Equal(5 + 5, Values(new Dense(5), new Sigmoid(), new ReLU(), new Dense(1)));                        // ReLU would overwrite what Sigmoid's derivative is made of
        Assert.Equal(4, Values(new ReLU(), new Dense(1)));                                                         // its input is the model's, and is not overwritten
        Assert.Equal(5, Values(new Dense(5), new ReLU()));                                                         // its output is the caller's
        Assert.Equal(4 + 4, Values(new Residual(new Dense(4)), new ReLU(), new Dense(1)));                         // a sum may be overwritten, and what was added stays
        Assert.Equal(5 + 5 + 5, Values(new Chain(new Dense(5), new Sigmoid()), new ReLU(), new Dense(1)));         // what Sigmoid made, inside a chain

        static int Values(params Layer[] layers) => new Sequential<float>(4, seed: 1, layers).Plan.Model.PerSampleValues;
    }

    [Theory]
    [InlineData("Tanh()")]
    [InlineData("MaxPool2D(1)")]
    [InlineData("Residual(Conv2D(2, kernel: 1))")]
    [InlineData("Chain(Conv2D(2, kernel: 1), Tanh())")]
    [InlineData("Chain(Conv2D(2, kernel: 1), ReLU())")]
    public void Gradients_are_right_after_every_kind_of_maker(string maker) =>
        GradientCheck.Run(new Chain(new Conv2D(2, kernel: 1), Named(maker), new Tanh(), new Conv2D(1, kernel: 2)), (3, 3, 1), batch: 2).ThrowIfWrong();

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Fused_losses_frozen_layers_and_threads_see_the_same(int threads)
    {
        const int Samples = 600;
        Sequential<double> model = Model(new Tanh(), new ReLU()), apart = Model(new Chain(new Tanh()), new Chain(new ReLU()));
        model.Parameters.CopyTo(apart.Parameters);
        Assert.Equal(40 + 30 + 3, model.Plan.Model.PerSampleValues);
        double[] x = Numbers.Normals<double>(Samples * 20, 1), y = [.. Enumerable.Range(0, Samples).Select(i => (double)(i % 3))];
        Trainer<double> trainer = new(model, new CrossEntropy(), new Sgd(0.1), maxDegreeOfParallelism: threads), other = new(apart, new CrossEntropy(), new Sgd(0.1), maxDegreeOfParallelism: 1);
        for (int step = 0; step < 3; step++)
            Assert.Equal(other.Step(x, y), trainer.Step(x, y));
        Assert.Equal(apart.Parameters.ToArray(), model.Parameters.ToArray());

        static Sequential<double> Model(Layer first, Layer second) => new(20, seed: 1, new Dense(40), first, new Frozen(new Dense(30)), second, new Dense(3), new Softmax());
    }

    [Fact]
    public void What_is_used_twice_is_not_overwritten() => GradientCheck.Run(new Twice(), inputs: 3, batch: 2).ThrowIfWrong();

    private static Layer Named(string code) => code switch
    {
        "ReLU()" => new ReLU(),
        "LeakyReLU()" => new LeakyReLU(),
        "LeakyReLU(0)" => new LeakyReLU(0),
        "LeakyReLU(-0.5)" => new LeakyReLU(-0.5),
        "Sigmoid()" => new Sigmoid(),
        "Tanh()" => new Tanh(),
        "GELU()" => new GELU(),
        "SiLU()" => new SiLU(),
        "ELU()" => new ELU(),
        "MaxPool2D(1)" => new MaxPool2D(1),
        "Residual(Conv2D(2, kernel: 1))" => new Residual(new Conv2D(2, kernel: 1)),
        "Chain(Conv2D(2, kernel: 1), Tanh())" => new Chain(new Conv2D(2, kernel: 1), new Tanh()),
        "Chain(Conv2D(2, kernel: 1), ReLU())" => new Chain(new Conv2D(2, kernel: 1), new ReLU()),
        _ => throw new ArgumentException($"There is no {code} here.", nameof(code)),
    };

    /// <summary>d + tanh d + relu d, of d = Dense(4).</summary>
    private sealed record Twice : Composite
    {
        protected override Value Wire(Wiring wiring, Value x)
        {
            Value d = wiring.Apply("d", new Dense(4), x);
            return wiring.Add(wiring.Add(wiring.Apply("t", new Tanh(), d), wiring.Apply("r", new ReLU(), d)), d);
        }
    }
}
