using System.Numerics;

namespace MiniNet.Tests;

/// <summary>Where a ReLU stands before a maximum pooling, the pooling runs first: the ReLU then has fewer values to pass over, and nobody can tell. Inside a Chain of its own it stays where it is.</summary>
public class MaximumFirstTests
{
    private static readonly Shape Image = (9, 8, 3);

    public static TheoryData<int, int, int> Windows => new() { { 2, 2, 0 }, { 3, 2, 1 }, { 2, 1, 0 }, { 3, 3, 0 } };

    [Theory]
    [MemberData(nameof(Windows))]
    public void Values_and_gradients_are_the_same_in_either_order(int kernel, int stride, int padding)
    {
        MaxPool2D pool = new(kernel, stride, padding);
        Sequential<float> model = Model(new ReLU(), pool), apart = Model(new Chain(new ReLU()), pool);
        Assert.Equal(1, Swaps(model));
        Assert.Equal(0, Swaps(apart));
        model.Parameters.CopyTo(apart.Parameters);
        float[] x = Numbers.Normals<float>(3 * Image.Length, 1), dy = Numbers.Normals<float>(3 * model.OutputShape.Length, 2), dx = new float[x.Length], dxApart = new float[x.Length];
        Trainer<float> trainer = new(model, new Sgd(0.1), maxDegreeOfParallelism: 1), other = new(apart, new Sgd(0.1), maxDegreeOfParallelism: 1);
        Assert.Equal(apart.Predict(x), model.Predict(x));
        Assert.Equal(other.Forward(x).ToArray(), trainer.Forward(x).ToArray());
        for (int i = 0; i < 2; i++)                                        // and what Forward left stays there
        {
            trainer.Backpropagate(dy, dx);
            other.Backpropagate(dy, dxApart);
            Assert.Equal(other.Gradients.ToArray(), trainer.Gradients.ToArray());
            Assert.Equal(dxApart, dx);
        }

        static Sequential<float> Model(Layer activation, Layer pool) => new(Image, seed: 1, new Conv2D(4, kernel: 2), activation, pool, new Conv2D(2, kernel: 2));
    }

    [Fact]
    public void Equal_and_negative_values_and_those_that_are_not_finite_go_the_same_way()
    {
        // A kernel of one tap, 1, hands on what is there: all windows of these, with all gradients. (Of a zero the sign may differ: it is the one that the maximum had.)
        float[] values = [-1, -0f, 0, 2, float.NaN, float.PositiveInfinity, float.NegativeInfinity], gradients = [1, -0f, float.NaN, float.PositiveInfinity];
        Sequential<float> model = Model(new ReLU()), apart = Model(new Chain(new ReLU()));
        Assert.Equal(1, Swaps(model));
        Trainer<float> trainer = new(model, new Sgd(0), maxDegreeOfParallelism: 1), other = new(apart, new Sgd(0), maxDegreeOfParallelism: 1);
        float[] x = new float[4], dx = new float[4], dxApart = new float[4];
        for (int window = 0; window < 7 * 7 * 7 * 7; window++)
        {
            for (int i = 0, rest = window; i < 4; i++, rest /= 7)
                x[i] = values[rest % 7];
            Assert.Equal(other.Forward(x)[0], trainer.Forward(x)[0]);
            foreach (float gradient in gradients)
            {
                trainer.Backpropagate([gradient], dx);
                other.Backpropagate([gradient], dxApart);
                Assert.Equal(dxApart, dx);
            }
        }

        static Sequential<float> Model(Layer activation)
        {
            Sequential<float> model = new((2, 2, 1), seed: 1, new Conv2D(1, kernel: 1, bias: false), activation, new MaxPool2D(2), new Flatten());
            model["0.weight"][0] = 1;
            return model;
        }
    }

    [Fact]
    public void Who_looks_on_sees_the_order_that_was_written()
    {
        Sequential<double> model = Model(new ReLU()), apart = Model(new Chain(new ReLU()));
        model.Parameters.CopyTo(apart.Parameters);
        double[] x = Numbers.Normals<double>(3 * Image.Length, 1), y = Numbers.Normals<double>(3 * 2, 2);
        Inspection seen = new Trainer<double>(model, new MeanSquaredError(), new Sgd(0.1)).Inspect(x, y), expected = new Trainer<double>(apart, new MeanSquaredError(), new Sgd(0.1)).Inspect(x, y);
        Assert.Equal(["0", "1", "2", "3", "4"], seen.Layers.Select(l => l.Path));
        Assert.Equal(
            expected.Layers.Where(l => l.Path != "1.0").Select(l => (l.Path, l.OutputMean, l.DeadUnits, l.OutputGradientNorm, l.ParameterGradientNorm)),
            seen.Layers.Select(l => (l.Path, l.OutputMean, l.DeadUnits, l.OutputGradientNorm, l.ParameterGradientNorm)));

        static Sequential<double> Model(Layer activation) => new(Image, seed: 1, new Conv2D(4, kernel: 2), activation, new MaxPool2D(2), new Flatten(), new Dense(2));
    }

    [Fact]
    public void Only_where_it_makes_no_difference()
    {
        Assert.Equal(1, Swaps(new Sequential<float>(Image, seed: 1, new BatchNorm(), new ReLU(), new MaxPool2D(2), new Flatten())));
        Assert.Equal(0, Swaps(new Sequential<float>(Image, seed: 1, new ReLU(), new MaxPool2D(2), new Flatten())));                                       // the model's input is not overwritten
        Assert.Equal(0, Swaps(new Sequential<float>(Image, seed: 1, new BatchNorm(), new ReLU(), new MaxPool2D(2))));                                     // the output is the caller's
        Assert.Equal(0, Swaps(new Sequential<float>(Image, seed: 1, new BatchNorm(), new ReLU(), new AveragePool2D(2), new Flatten())));
        Assert.Equal(0, Swaps(new Sequential<float>(Image, seed: 1, new BatchNorm(), new LeakyReLU(), new MaxPool2D(2), new Flatten())));                 // two values may round to one
        Assert.Equal(0, Swaps(new Sequential<float>(Image, seed: 1, new BatchNorm(), new Tanh(), new MaxPool2D(2), new Flatten())));
        Assert.Equal(0, Swaps(new Sequential<float>(Image, seed: 1, new BatchNorm(), new Tanh(), new ReLU(), new MaxPool2D(2), new Flatten())));          // Tanh's derivative needs what it made
        Assert.Equal(0, Swaps(new Sequential<float>(Image, seed: 1, new BatchNorm(), new ReLU(), new Identity(), new MaxPool2D(2), new Flatten())));
        Assert.Equal(0, Swaps(new Sequential<float>(Image, seed: 1, new TwoPools(), new Flatten())));                                                     // two see what ReLU made
        Assert.Equal(1, Swaps(new Sequential<float>(Image, seed: 1, new TwoUses(), new Flatten())));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Fused_losses_frozen_layers_and_threads_see_the_same(int threads)
    {
        const int Samples = 8;                                          // that go forward and back in one part
        Sequential<double> model = Model(new ReLU(), new ReLU()), apart = Model(new Chain(new ReLU()), new Chain(new ReLU()));
        Assert.Equal(2, Swaps(model));
        model.Parameters.CopyTo(apart.Parameters);
        double[] x = Numbers.Normals<double>(Samples * 30 * 32 * 2, 1), y = [.. Enumerable.Range(0, Samples).Select(i => (double)(i % 8))];
        Trainer<double> trainer = new(model, new CrossEntropy(), new Sgd(0.1), maxDegreeOfParallelism: threads), other = new(apart, new CrossEntropy(), new Sgd(0.1), maxDegreeOfParallelism: 1);
        for (int step = 0; step < 3; step++)
            Assert.Equal(other.Step(x, y), trainer.Step(x, y));
        Assert.Equal(apart.Parameters.ToArray(), model.Parameters.ToArray());

        // The second pooling stands right before the layer that the loss fuses with.
        static Sequential<double> Model(Layer first, Layer second) => new(
            (30, 32, 2), seed: 1, new Conv2D(4, kernel: 3), first, new MaxPool2D(3, stride: 2, padding: 1), new Frozen(new Conv2D(8, kernel: 3)), new GroupNorm(2), second, new MaxPool2D((12, 13)), new Reshape(8), new Softmax());
    }

    [Fact]
    public void Gradients_are_right() => GradientCheck.Run(new Chain(new Conv2D(3, kernel: 2), new ReLU(), new MaxPool2D(2), new Conv2D(2, kernel: 1), new ReLU(), new MaxPool2D(2), new Flatten()), (6, 6, 2), batch: 2).ThrowIfWrong();

    [Fact]
    public void Gradients_are_right_where_the_maxima_are_used_twice() => GradientCheck.Run(new TwoUses(), (5, 4, 2), batch: 2).ThrowIfWrong();

    private static int Swaps<T>(Sequential<T> model) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int swaps = 0;
        Count(model.Plan);
        return swaps;

        void Count(Plan plan)
        {
            foreach (Step step in plan.Circuit!.Steps)
            {
                swaps += step.MayFollowNext ? 1 : 0;
                if (step.Child?.Circuit is not null)
                    Count(step.Child);
            }
        }
    }

    /// <summary>Two poolings side by side, of one ReLU.</summary>
    private sealed record TwoPools : Composite
    {
        protected override Value Wire(Wiring wiring, Value x)
        {
            Value r = wiring.Apply("r", new ReLU(), wiring.Apply("n", new BatchNorm(), x));
            return wiring.Add(wiring.Apply("a", new MaxPool2D(2), r), wiring.Apply("b", new MaxPool2D(2), r));
        }
    }

    /// <summary>p + p · p, of p = MaxPool2D(ReLU(Conv2D)).</summary>
    private sealed record TwoUses : Composite
    {
        protected override Value Wire(Wiring wiring, Value x)
        {
            Value p = wiring.Chain([new Conv2D(3, kernel: 2), new ReLU(), new MaxPool2D(2)], x);
            return wiring.Add(p, wiring.Multiply(p, p));
        }
    }
}
