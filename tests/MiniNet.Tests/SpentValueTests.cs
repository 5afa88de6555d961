namespace MiniNet.Tests;

/// <summary>Where nobody needs a value any more but the layer that took it, its gradient is written over it.</summary>
public class SpentValueTests
{
    private static readonly Shape Image = (9, 9, 2);

    /// <summary>Layers that take a value which may be spent, after layers that may give one up; and some that must not.</summary>
    public static TheoryData<string, bool> Chains => new()
    {
        { "conv, pool", true },
        { "conv, relu, pool", true },
        { "conv, pool with a rest", true },
        { "conv, leaky, pool apart", true },
        { "conv, norm, relu, pool", true },
        { "conv, average", true },
        { "conv, overlapping average", true },
        { "conv, everywhere", true },
        { "conv, enlarged", true },
        { "conv, group norm, conv", true },
        { "layer norm, rms norm, dense", true },
        { "sum, pool", true },
        { "conv, transposed", true },
        { "conv, overlapping pool", false },
        { "conv, padded pool", false },
        { "conv, tanh, pool", false },
        { "conv, relu, conv", false },
        { "pool, pool", false },
        { "pool", false },
        { "twice", false },
    };

    [Theory]
    [MemberData(nameof(Chains))]
    public void Gradients_are_right_and_the_same_a_second_time_and_for_who_looks_on(string chain, bool spends)
    {
        Layer[] layers = [.. Named(chain), new Flatten(), new Dense(3)];
        GradientCheck.Run(new Chain([.. layers]), Image, batch: 3).ThrowIfWrong();

        Sequential<double> model = new(Image, seed: 1, layers);
        Assert.Equal(spends, model.Plan.Model.Spends);
        Trainer<double> trainer = new(model, new MeanSquaredError(), new Sgd(0.1));
        double[] x = Numbers.Normals<double>(4 * Image.Length, 1), y = Numbers.Normals<double>(4 * 3, 2), dx = new double[x.Length], again = new double[x.Length];
        trainer.Forward(x);
        double loss = trainer.Backward(y, dx);
        double[] gradients = trainer.Gradients.ToArray();

        // Another Backward through the same Forward, with other targets between.
        trainer.Backward(Numbers.Normals<double>(y.Length, 3));
        Assert.NotEqual(gradients, trainer.Gradients.ToArray());
        Assert.Equal(loss, trainer.Backward(y, again));
        Assert.Equal(gradients, trainer.Gradients.ToArray());
        Assert.Equal(dx, again);
        trainer.Backpropagate(new double[y.Length]);
        Assert.Equal(-1, trainer.Gradients.IndexOfAnyExcept(0));

        double[] norms = [.. trainer.Inspect(x, y).Layers.Select(l => l.ParameterGradientNorm ?? 0)];
        Assert.Equal(Math.Sqrt(gradients.Sum(g => g * g)), Math.Sqrt(norms.Sum(n => n * n)), 1e-9);
    }

    [Fact]
    public void A_gradient_that_is_not_finite_is_found_though_values_were_spent()
    {
        Sequential<float> model = new(Image, seed: 1, new Conv2D(3, kernel: 3), new ReLU(), new MaxPool2D(2), new Flatten(), new Dense(2));
        Trainer<float> trainer = new(model, new MeanSquaredError(), new Sgd(0.1));
        float[] x = Numbers.Normals<float>(2 * Image.Length, 1), y = [0, 3e38f, 0, 0];
        float[] before = model.Parameters.ToArray();
        Assert.Throws<NotFiniteNumberException>(() => trainer.Step(x, y));
        Assert.Equal(before, model.Parameters.ToArray());
        trainer.Forward(x);
        trainer.Backward([0, 1, 0, 0]);
        float[] expected = trainer.Gradients.ToArray();
        Assert.Throws<NotFiniteNumberException>(() => trainer.Step(x, y));
        trainer.Backward([0, 1, 0, 0]);                                    // its Forward stands
        Assert.Equal(expected, trainer.Gradients.ToArray());
    }

    [Fact]
    public void A_layer_that_gives_up_half_way_leaves_the_Forward_standing()
    {
        Sequential<double> model = new(Image, seed: 1, new Conv2D(2, kernel: 3), new GivesUpOnce(), new Conv2D(3, kernel: 2), new MaxPool2D(2), new Flatten(), new Dense(3));
        Trainer<double> trainer = new(model, new MeanSquaredError(), new Sgd(0.1), maxDegreeOfParallelism: 1);
        double[] x = Numbers.Normals<double>(2 * Image.Length, 1), y = Numbers.Normals<double>(2 * 3, 2), dy = Numbers.Normals<double>(2 * 3, 3);
        trainer.Forward(x);
        trainer.Backpropagate(dy);
        double[] handedIn = trainer.Gradients.ToArray();
        trainer.Backward(y);
        double[] expected = trainer.Gradients.ToArray();

        trainer.Forward(x);
        GivesUpOnce.IsDue = true;
        Assert.Throws<OperationCanceledException>(() => trainer.Backward(y));
        trainer.Backward(y);
        Assert.Equal(expected, trainer.Gradients.ToArray());
        trainer.Forward(x);
        GivesUpOnce.IsDue = true;
        Assert.Throws<OperationCanceledException>(() => trainer.Backpropagate(dy));
        trainer.Backpropagate(dy);
        Assert.Equal(handedIn, trainer.Gradients.ToArray());
    }

    [Fact]
    public void A_spent_value_needs_no_memory_for_its_gradient()
    {
        // The pooling's output and the same flattened have gradients beside them; the 7 · 7 · 3 values of the convolution only where Tanh needs them again.
        Assert.Equal(2 * 3 * 3 * 3, Gradients(new Conv2D(3, kernel: 3), new ReLU(), new MaxPool2D(2), new Flatten(), new Dense(3)));
        Assert.Equal((7 * 7 * 3) + (2 * 3 * 3 * 3), Gradients(new Conv2D(3, kernel: 3), new Tanh(), new MaxPool2D(2), new Flatten(), new Dense(3)));

        static int Gradients(params Layer[] layers) => new Sequential<float>(Image, seed: 1, layers).Plan.Model.PerSampleGradients;
    }

    private static Layer[] Named(string chain) => chain switch
    {
        "conv, pool" => [new Conv2D(3, kernel: 2), new MaxPool2D(2)],
        "conv, relu, pool" => [new Conv2D(3, kernel: 2), new ReLU(), new MaxPool2D(2)],
        "conv, pool with a rest" => [new Conv2D(17, kernel: 3), new MaxPool2D((2, 3))],
        "conv, leaky, pool apart" => [new Conv2D(3, kernel: 2), new ReLU(), new MaxPool2D((1, 2), stride: (2, 3))],
        "conv, norm, relu, pool" => [new Conv2D(3, kernel: 2), new BatchNorm(), new ReLU(), new MaxPool2D(2)],
        "conv, average" => [new Conv2D(3, kernel: 2), new AveragePool2D(2)],
        "conv, overlapping average" => [new Conv2D(3, kernel: 2), new AveragePool2D(3, stride: 2, padding: 1)],
        "conv, everywhere" => [new Conv2D(3, kernel: 2), new GlobalAveragePool2D()],
        "conv, enlarged" => [new Conv2D(3, kernel: 2), new Upsample2D(2)],
        "conv, group norm, conv" => [new Conv2D(4, kernel: 2), new GroupNorm(2), new Conv2D(3, kernel: 3)],
        "layer norm, rms norm, dense" => [new LayerNorm(), new RmsNorm(), new Dense(4)],
        "sum, pool" => [new Residual(new Conv2D(2, kernel: 3, padding: Padding.Same)), new MaxPool2D(3)],
        "conv, transposed" => [new Conv2D(3, kernel: 2), new ConvTranspose2D(2, kernel: 3, stride: 2)],
        "conv, overlapping pool" => [new Conv2D(3, kernel: 2), new MaxPool2D(3, stride: 2)],
        "conv, padded pool" => [new Conv2D(3, kernel: 2), new MaxPool2D(2, padding: 1)],
        "conv, tanh, pool" => [new Conv2D(3, kernel: 2), new Tanh(), new MaxPool2D(2)],
        "conv, relu, conv" => [new Conv2D(3, kernel: 2), new ReLU(), new Conv2D(3, kernel: 2)],
        "pool, pool" => [new MaxPool2D(2), new MaxPool2D(2)],
        "pool" => [new MaxPool2D(2)],
        "twice" => [new Twice()],
        _ => throw new ArgumentException($"There is no {chain} here.", nameof(chain)),
    };

    /// <summary>Passes on what it gets, and once does not.</summary>
    private sealed record GivesUpOnce : Layer
    {
        [ThreadStatic]
        internal static bool IsDue;

        public override Shape Declare(Plan plan) => plan.Input;

        public override void Forward<T>(in Pass<T> pass) => pass.Input.CopyTo(pass.Output);

        public override void Backward<T>(in Pass<T> pass)
        {
            (bool gives, IsDue) = (IsDue, false);
            if (gives)
                throw new OperationCanceledException();
            pass.OutputGradient.CopyTo(pass.InputGradient);
        }
    }

    /// <summary>The pooled convolution beside itself, pooled otherwise: a value that two layers take.</summary>
    private sealed record Twice : Composite
    {
        protected override Value Wire(Wiring wiring, Value x)
        {
            Value c = wiring.Apply("c", new Conv2D(2, kernel: 2), x);
            return wiring.Concatenate(wiring.Apply("m", new MaxPool2D(2), c), wiring.Apply("a", new MaxPool2D(2), c));
        }
    }
}
