using System.Numerics;

namespace MiniNet.Tests.Contracts;

public class SameBitsTests
{
    private static readonly Dictionary<string, (Shape Inputs, Layer[] Layers)> Architectures = new()
    {
        ["tutorial"] = (2, [new Dense(4), new Sigmoid(), new Dense(1), new Sigmoid()]),
        ["classifier"] = (13, [new Normalize(), new Dense(37), new ReLU(), new BatchNorm(), new Dropout(0.5), new Dense(10), new Softmax()]),
        ["every activation"] = (5, [new Dense(11), new Sigmoid(), new Tanh(), new GELU(), new GELU(GeluApproximation.Tanh), new SiLU(), new Softplus(), new ELU(), new LeakyReLU(), new HardSigmoid(), new LogSoftmax()]),
        ["composed"] = ((3, 4), [new Residual(new Dense(4), new Tanh()), new Branches(new Dense(3), new Identity()), new Dense(4), new Tied("0.0", new Dense(4)), new DenselyConnected(2, 2), new Flatten(), new Dense(3)]),
        ["pooling"] = ((6, 5, 3), [new MaxPool2D(3, stride: 1, padding: 1), new AveragePool2D(2, stride: 1), new Upsample2D(2), new MaxPool2D(2), new GlobalAveragePool2D()]),
        ["normalised"] = ((3, 2, 6), [new BatchNorm(), new Dense(18), new GroupNorm(3), new PReLU(perChannel: true), new Dense(7), new LayerNorm(), new SqueezeExcite(2), new Dense(19), new RmsNorm(), new PReLU()]),
        ["image"] = ((4, 4, 3), [new ChannelGate(new Dense(5)), new Flatten(), new Dense(7), new Frozen(new Dense(3)), new Softmax()]),
        ["convolutions"] = ((5, 4, 3), [new Conv2D(5, kernel: 3, padding: Padding.Same), new ReLU(), new Conv2D(5, kernel: 3, padding: 1, groups: 5), new Conv2D(4, kernel: 1), new Conv2D(3, kernel: 2, stride: 2), new ConvTranspose2D(4, kernel: 3, stride: 2), new Reshape((20, 5)), new Conv1D(3, kernel: 4, stride: 2), new Flatten(), new Dense(3)]),
    };

    public static TheoryData<string> Names => [.. Architectures.Keys];

    [Theory]
    [MemberData(nameof(Names))]
    public void Five_thousand_parallel_predictions_are_those_of_one_thread(string name)
    {
        Sequential<float> model = Model<float>(name);
        int n = model.InputShape.Length, m = model.OutputShape.Length;
        float[] x = Numbers.Normals<float>(5_000 * n, 1), expected = new float[5_000 * m], actual = new float[5_000 * m];
        for (int i = 0; i < 5_000; i++)
            model.Predict(x.AsSpan(i * n, n), expected.AsSpan(i * m, m));
        Parallel.For(0, 5_000, new() { MaxDegreeOfParallelism = 24 }, i => model.Predict(x.AsSpan(i * n, n), actual.AsSpan(i * m, m)));
        AssertSameBits<float>(expected, actual);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Ten_thousand_floats_have_the_same_bits_in_one_call_in_chunks_and_one_by_one(string name) => AssertChunksDoNotShow<float>(name);

    [Theory]
    [MemberData(nameof(Names))]
    public void Ten_thousand_doubles_have_the_same_bits_in_one_call_in_chunks_and_one_by_one(string name) => AssertChunksDoNotShow<double>(name);

    [Fact]
    public void Training_gives_the_same_bits_on_one_to_four_threads() => AssertThreadsDoNotShow<float>();

    [Fact]
    public void Training_in_double_gives_the_same_bits_on_one_to_four_threads() => AssertThreadsDoNotShow<double>();

    [Theory]
    [InlineData("dense", 1)]
    [InlineData("strided", 1)]
    [InlineData("grouped", 4)]
    [InlineData("depthwise", 64)]
    public void Convolutions_train_to_the_same_bits_on_one_to_four_threads(string kind, int groups)
    {
        Check<float>();
        Check<double>();

        void Check<T>() where T : unmanaged, IFloatingPointIeee754<T>
        {
            Conv2D second = new(64, kernel: 3, stride: kind == "strided" ? 2 : 1, padding: 1, groups: groups);
            Sequential<T> first = new((17, 16, 3), seed: 1, new Conv2D(64, kernel: 3, padding: Padding.Same), new ReLU(), second, new ReLU(), new ConvTranspose2D(8, kernel: 3, stride: 2));
            T[] x = Numbers.Normals<T>(7 * first.InputShape.Length, 1), dy = Numbers.Normals<T>(7 * first.OutputShape.Length, 2);
            T[] one = Train(1);
            foreach (int threads in (int[])[2, 3, 4])
                AssertSameBits<T>(one, Train(threads));

            T[] Train(int threads)
            {
                Trainer<T> trainer = new(first.Clone(), new Sgd(0), maxDegreeOfParallelism: threads);
                T[] y = trainer.Forward(x).ToArray(), dx = new T[x.Length];
                trainer.Backpropagate(dy, dx);
                return [.. y, .. trainer.Gradients, .. dx];
            }
        }
    }

    [Fact]
    public void Training_on_images_gives_the_same_bits_on_one_to_four_threads()
    {
        Layer[] layers = [new Dense(37), new BatchNorm(), new PReLU(perChannel: true), new Dropout2D(0.2), new SqueezeExcite(4), new MaxPool2D(3, stride: 2, padding: 1), new GroupNorm(1), new Dense(40), new LayerNorm(), new AveragePool2D(2, stride: 1), new RmsNorm(), new Upsample2D(2), new GlobalAveragePool2D(), new Dense(10), new Softmax()];
        float[] one = Train<float>(seed: 1, trainerSeed: 2, threads: 1, (24, 20, 3), layers);
        foreach (int threads in (int[])[2, 3, 4])
            AssertSameBits<float>(one, Train<float>(seed: 1, trainerSeed: 2, threads, (24, 20, 3), layers));
    }

    [Fact]
    public void The_same_seed_trains_to_the_same_bits_and_another_to_others()
    {
        float[] first = Train<float>(seed: 5, trainerSeed: null, threads: -1), again = Train<float>(seed: 5, trainerSeed: null, threads: -1);
        AssertSameBits<float>(first, again);
        Assert.NotEqual(first, Train<float>(seed: 6, trainerSeed: null, threads: -1));
        Assert.NotEqual(first, Train<float>(seed: 5, trainerSeed: 6, threads: -1));
    }

    [Fact]
    public void A_prediction_between_forward_and_backward_does_not_show_in_training()
    {
        float[] x = Numbers.Normals<float>(16 * 13, 1), t = [.. Enumerable.Range(0, 16).Select(i => (float)(i % 10))], other = Numbers.Normals<float>(300 * 13, 2);
        Sequential<float> quiet = Model<float>("classifier"), disturbed = Model<float>("classifier");
        Trainer<float> a = new(quiet, new CrossEntropy(), new Adam()), b = new(disturbed, new CrossEntropy(), new Adam());
        for (int step = 0; step < 5; step++)
        {
            a.Step(x, t);
            disturbed.Predict(other);
            b.Forward(x);
            disturbed.Predict(other);
            b.Backward(t);
            disturbed.Predict(x);
            b.Update();
        }
        AssertSameBits<float>(quiet.State(), disturbed.State());
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Updates_long_enough_to_be_shared_out_have_the_same_bits_on_any_number_of_threads(bool decays)
    {
        foreach (Optimizer optimizer in (Optimizer[])[new Sgd(0.1, weightDecay: decays ? 0.01 : 0), new Sgd(0.1, momentum: 0.9, weightDecay: decays ? 0.01 : 0), new Adam(0.01, weightDecay: decays ? 0.01 : 0)])
        {
            float[] one = Trained(optimizer, threads: 1);
            Assert.NotEqual(Trained(new Sgd(0), threads: 1), one);
            for (int threads = 2; threads <= 4; threads++)
                AssertSameBits<float>(one, Trained(optimizer, threads));
        }

        static float[] Trained(Optimizer optimizer, int threads)
        {
            Sequential<float> model = new(301, seed: 1, new Dense(457));           // 138,014 parameters, no whole number of vectors
            Trainer<float> trainer = new(model, optimizer, maxDegreeOfParallelism: threads);
            for (int step = 0; step < 3; step++)
            {
                trainer.Forward(Numbers.Normals<float>(4 * 301, step));
                trainer.Backpropagate(Numbers.Normals<float>(4 * 457, 10 + step));
                trainer.Update();
            }
            return [.. model.Parameters];
        }
    }

    private static void AssertChunksDoNotShow<T>(string name) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Sequential<T> model = Model<T>(name);
        int n = model.InputShape.Length, m = model.OutputShape.Length;
        T[] x = Numbers.Normals<T>(10_000 * n, 3), whole = model.Predict(x);
        foreach (int chunk in (int[])[1, 3, 255, 256, 257, 4_096])
        {
            T[] parts = new T[whole.Length];
            for (int from = 0; from < 10_000; from += chunk)
            {
                int count = Math.Min(chunk, 10_000 - from);
                model.Predict(x.AsSpan(from * n, count * n), parts.AsSpan(from * m, count * m));
            }
            AssertSameBits<T>(whole, parts);
        }
        for (int threads = 2; threads <= 4; threads++)
            AssertSameBits<T>(whole, model.Predict(x, threads));
    }

    private static void AssertThreadsDoNotShow<T>() where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] one = Train<T>(seed: 1, trainerSeed: 2, threads: 1);
        foreach (int threads in (int[])[2, 3, 4])
            AssertSameBits<T>(one, Train<T>(seed: 1, trainerSeed: 2, threads));
    }

    /// <summary>Large enough that products, activations and dropout are shared out, with gradients of all parameters as the test's witness beside the weights.</summary>
    private static T[] Train<T>(long seed, long? trainerSeed, int threads) where T : unmanaged, IFloatingPointIeee754<T> =>
        Train<T>(seed, trainerSeed, threads, 150, [new Dense(256), new BatchNorm(), new ReLU(), new Dropout(0.3), new Residual(new Dense(256), new GELU(), new Dropout(0.2)), new Dense(10), new Softmax()]);

    private static T[] Train<T>(long seed, long? trainerSeed, int threads, Shape inputs, Layer[] layers) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Sequential<T> model = new(inputs, seed, layers);
        Trainer<T> trainer = new(model, new CrossEntropy(), new Adam(0.01), trainerSeed, threads);
        T[] x = Numbers.Normals<T>(128 * inputs.Length, 8), t = new T[128], dx = new T[x.Length];
        for (int i = 0; i < t.Length; i++)
            t[i] = T.CreateChecked(i * 7 % 10);
        for (int step = 0; step < 3; step++)
        {
            trainer.Forward(x);
            trainer.Backward(t, dx);
            trainer.Update();
        }
        return [.. model.State(), .. trainer.Gradients, .. dx];
    }

    private static Sequential<T> Model<T>(string name) where T : unmanaged, IFloatingPointIeee754<T>
    {
        (Shape inputs, Layer[] layers) = Architectures[name];
        Sequential<T> model = new(inputs, seed: 4, layers);
        for (int i = 0; i < model.Statistics.Length; i++)
            model.Statistics[i] += T.CreateChecked(0.01 * (1 + (i % 7)));
        return model;
    }

    private static void AssertSameBits<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> actual) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Assert.Equal(expected.Length, actual.Length);
        int differing = 0;
        for (int i = 0; i < expected.Length; i++)
            differing += expected[i].Equals(actual[i]) && T.IsNegative(expected[i]) == T.IsNegative(actual[i]) && T.IsFinite(expected[i]) ? 0 : 1;
        Assert.Equal(0, differing);
    }
}
