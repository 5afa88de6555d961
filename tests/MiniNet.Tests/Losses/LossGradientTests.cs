namespace MiniNet.Tests.Losses;

public class LossGradientTests
{
    // Smooth losses hold to 1e-8; those with a kink, in themselves or in their slope, to 1e-6.
    private static readonly Dictionary<string, (Loss Loss, double Tolerance)> Losses = new()
    {
        ["MeanSquaredError()"] = (new MeanSquaredError(), 1e-8),
        ["MeanAbsoluteError()"] = (new MeanAbsoluteError(), 1e-6),
        ["Huber()"] = (new Huber(), 1e-6),
        ["Huber(0.5)"] = (new Huber(0.5), 1e-6),
        ["CrossEntropy()"] = (new CrossEntropy(), 1e-8),
        ["CrossEntropy(smoothing: 0.1)"] = (new CrossEntropy(smoothing: 0.1), 1e-8),
        ["BinaryCrossEntropy()"] = (new BinaryCrossEntropy(), 1e-8),
    };

    public static TheoryData<string> Names => [.. Losses.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_gradient_agrees_with_finite_differences_with_and_without_sample_weights(string name)
    {
        (Loss loss, double tolerance) = Losses[name];
        foreach (Shape shape in (Shape[])[1, 4, (3, 4), (2, 2, 3)])
        {
            foreach (int batch in (int[])[1, 2, 5])
            {
                double[] weights = [.. Enumerable.Range(0, batch).Select(i => 0.25 + (i * 1.5))];
                GradientCheck.Run(loss, shape, batch: batch).ThrowIfWrong(tolerance);
                GradientCheck.Run(loss, shape, sampleWeights: weights, batch: batch).ThrowIfWrong(tolerance);
            }
        }
    }

    [Theory]
    [InlineData("CrossEntropy()")]
    [InlineData("CrossEntropy(smoothing: 0.1)")]
    public void The_gradient_for_class_indices_agrees_with_finite_differences(string name)
    {
        (Loss loss, double tolerance) = Losses[name];
        GradientCheck.Run(loss, 4, targets: [0, 3, 1], batch: 3).ThrowIfWrong(tolerance);
        GradientCheck.Run(loss, (3, 4), targets: [0, 3, 1, 2, 2, 0], sampleWeights: [0.5, 3], batch: 2).ThrowIfWrong(tolerance);
    }

    [Theory]
    [InlineData("MeanSquaredError()")]
    [InlineData("MeanAbsoluteError()")]
    [InlineData("Huber(0.5)")]
    public void A_loss_that_goes_with_anything_is_right_behind_softmax_and_sigmoid_too(string name)
    {
        (Loss loss, double tolerance) = Losses[name];
        GradientCheck.Run(loss, (2, 3), new Softmax()).ThrowIfWrong(tolerance);
        GradientCheck.Run(loss, 3, new Sigmoid()).ThrowIfWrong(tolerance);
    }

    [Theory]
    [InlineData("MeanSquaredError()")]
    [InlineData("MeanAbsoluteError()")]
    [InlineData("Huber(0.5)")]
    [InlineData("CrossEntropy()")]
    [InlineData("BinaryCrossEntropy()")]
    public void A_samples_weight_multiplies_all_its_steps_and_the_mean_still_divides_by_all_of_them(string name)
    {
        Loss loss = Losses[name].Loss;
        double[] x = Numbers.Normals<double>(12, 1), t = [0, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0];
        double first = Value(x[..6], t[..6]), second = Value(x[6..], t[6..]);
        Assert.Equal(((4 * first) + (0.5 * second)) / 2, Value(x, t, 4, 0.5), 1e-14);

        double Value(double[] x, double[] t, params double[] weights)
        {
            Trainer<double> trainer = new(new((3, 2), loss.Needs() is null ? new Identity() : loss.Fuses(new Softmax()) ? new Softmax() : new Sigmoid()), loss, new Sgd(0));
            trainer.Forward(x);
            return trainer.Backward(t, default, weights);
        }
    }

    public static TheoryData<string> ModelNames => [.. Models.Keys];

    private static readonly Dictionary<string, (Shape Inputs, Layer[] Layers, Loss Loss, double[] Targets, double[]? SampleWeights, double Tolerance)> Models = new()
    {
        ["regression"] = (3, [new Dense(5), new Tanh(), new Dense(2)], new MeanSquaredError(), Numbers.Normals<double>(8, 1), null, 1e-8),
        ["classes"] = (3, [new Dense(5), new BatchNorm(), new SiLU(), new Dense(3), new Softmax()], new CrossEntropy(), [0, 2, 1, 1], [1, 2, 0.5, 0], 1e-8),
        ["yes or no"] = (3, [new Dense(4), new Dropout(0.3), new Tanh(), new Dense(2), new Sigmoid()], new BinaryCrossEntropy(), [0, 1, 1, 0, 0.5, 0.5, 1, 1], null, 1e-8),
        ["steps"] = ((2, 3), [new Dense(4), new Residual(new Tanh()), new Dense(3), new Softmax()], new CrossEntropy(smoothing: 0.2), [0, 1, 2, 2, 1, 1, 0, 2], [1, 2, 3, 4], 1e-8),
        ["tied"] = (3, [new Dense(3), new Tanh(), new Tied("0", new Dense(3)), new Twice(new Dense(3)), new Softmax()], new CrossEntropy(), [0, 2, 1, 1], null, 1e-8),
        ["frozen"] = (3, [new Frozen(new Dense(4)), new Tanh(), new Frozen(new BatchNorm()), new Dense(1)], new MeanSquaredError(), [1, 2, 3, 4], null, 1e-8),
        ["fused alone"] = (3, [new Softmax()], new CrossEntropy(), [0, 2, 1, 1], null, 1e-8),
        ["everything frozen"] = (3, [new Frozen(new Dense(3)), new Softmax()], new CrossEntropy(), [0, 2, 1, 1], null, 1e-8),
        ["kinks"] = (3, [new Dense(8), new ReLU(), new Dense(2)], new Huber(0.5), Numbers.Normals<double>(8, 2), null, 1e-6),
        ["image"] = ((3, 3, 2), [new ChannelGate(new Dense(2)), new Flatten(), new Dense(2), new Sigmoid()], new BinaryCrossEntropy(), [0, 1, 1, 0, 1, 1, 0, 0], null, 1e-8),
    };

    [Theory]
    [MemberData(nameof(ModelNames))]
    public void A_whole_model_with_its_loss_agrees_with_finite_differences_and_stays_as_it_was(string name)
    {
        (Shape inputs, Layer[] layers, Loss loss, double[] targets, double[]? weights, double tolerance) = Models[name];
        Sequential<double> model = new(inputs, seed: 3, layers);
        double[] before = model.State();
        GradientReport report = GradientCheck.Run(model, loss, Numbers.Normals<double>(4 * inputs.Length, 5), targets, weights);
        report.ThrowIfWrong(tolerance);
        Assert.True(report.Compared >= (4 * inputs.Length) + model.ParameterList.Where(p => p.Trained).Sum(p => p.Shape.Length) - report.Kinks);
        Assert.Equal(before, model.State());
    }

    [Fact]
    public void Every_loss_of_the_library_is_among_the_cases()
    {
        IEnumerable<string> all = typeof(Loss).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Loss)) && !t.IsAbstract).Select(t => t.Name);
        Assert.Empty(all.Except(Losses.Values.Select(l => l.Loss.GetType().Name)));
    }
}
