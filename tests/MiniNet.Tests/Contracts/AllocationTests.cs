namespace MiniNet.Tests.Contracts;

public class AllocationTests
{
    private static readonly Dictionary<string, (Loss Loss, Layer Last)> Losses = new()
    {
        ["MeanSquaredError"] = (new MeanSquaredError(), new Tanh()),
        ["MeanAbsoluteError"] = (new MeanAbsoluteError(), new Tanh()),
        ["Huber"] = (new Huber(0.5), new Tanh()),
        ["CrossEntropy"] = (new CrossEntropy(smoothing: 0.1), new Softmax()),
        ["BinaryCrossEntropy"] = (new BinaryCrossEntropy(), new Sigmoid()),
    };

    private static readonly Dictionary<string, Optimizer> Optimizers = ((Optimizer[])[
        new Sgd(0.01), new Sgd(0.01, momentum: 0.9), new Sgd(0.01, momentum: 0.9, nesterov: true, weightDecay: 0.01), new Adam(Schedule.Cosine(0.01, steps: 100).WarmUp(10)), new AdamW(0.01),
        new RmsProp(0.01), new RmsProp(0.01, momentum: 0.9, centered: true), new AdaGrad(0.01), new Lbfgs(history: 3), new ClipNorm(0.1, new Adam()), new ClipValue(0.01, new Sgd(0.1)),
    ]).ToDictionary(o => o.ToString());

#if DEBUG
    // Code that is not optimised makes an object each time that it reads GELU's table of coefficients from the assembly's data.
    public static TheoryData<string> LayerNames => [.. LayerCases.Names.Select(n => n.Data).Where(n => !n.StartsWith("GELU() on", StringComparison.Ordinal))];
#else
    public static TheoryData<string> LayerNames => LayerCases.Names;
#endif

    public static TheoryData<string> LossNames => [.. Losses.Keys];

    public static TheoryData<string> OptimizerNames => [.. Optimizers.Keys];

    [Theory]
    [MemberData(nameof(LayerNames))]
    public void A_training_step_and_a_prediction_with_any_layer_allocate_nothing(string name)
    {
        LayerCase layer = LayerCases.Get(name);
        Sequential<float> model = new(layer.Inputs, seed: 1, layer.Layer);
        float[] x = layer.X<float>(8, seed: 1), t = Numbers.Normals<float>(8 * model.OutputShape.Length, 2), y = new float[t.Length];
        AssertStepsAllocateNothing(new(model, new MeanSquaredError(), new Adam()), x, t);
        AssertAllocatesNothing(() => model.Predict(x, y));
    }

    [Theory]
    [MemberData(nameof(LossNames))]
    public void A_training_step_with_any_loss_allocates_nothing(string name)
    {
        (Loss loss, Layer last) = Losses[name];
        Sequential<float> model = new(5, seed: 1, new Dense(3), last);
        float[] t = [.. Enumerable.Repeat((float[])[0.25f, 0.25f, 0.5f], 8).SelectMany(v => v)];
        AssertStepsAllocateNothing(new(model, loss, new Adam()), Numbers.Normals<float>(40, 1), t);
        Trainer<float> weighted = new(model, loss, new Adam());
        float[] x = Numbers.Normals<float>(40, 3), weights = [1, 2, 3, 4, 5, 6, 7, 8];
        AssertAllocatesNothing(() => weighted.Step(x, t, weights));
    }

    [Theory]
    [MemberData(nameof(OptimizerNames))]
    public void A_training_step_with_any_optimizer_allocates_nothing(string name)
    {
        Sequential<float> model = new(5, seed: 1, new Dense(7), new Tanh(), new Dense(3));
        AssertStepsAllocateNothing(new(model, new MeanSquaredError(), Optimizers[name]), Numbers.Normals<float>(40, 1), Numbers.Normals<float>(24, 2));
    }

    [Fact]
    public void Every_loss_and_optimizer_of_the_library_is_among_the_cases()
    {
        Type[] all = typeof(Layer).Assembly.GetTypes();
        Assert.Empty(all.Where(t => t.IsSubclassOf(typeof(Loss)) && !t.IsAbstract).Except(Losses.Values.Select(l => l.Loss.GetType())));
        Assert.Empty(all.Where(t => t.IsSubclassOf(typeof(Optimizer)) && !t.IsAbstract).Except(Optimizers.Values.Select(o => o.GetType())));
    }

    [Fact]
    public void Steps_shared_over_threads_allocate_nothing_on_the_callers()
    {
        Sequential<float> model = new(200, seed: 1, new Dense(300), new ReLU(), new BatchNorm(), new Dropout(0.5), new Residual(new Dense(300), new Tanh()), new Dense(10), new Softmax());
        float[] x = Numbers.Normals<float>(128 * 200, 1), t = [.. Enumerable.Range(0, 128).Select(i => (float)(i % 10))];
        Trainer<float> trainer = new(model, new CrossEntropy(), new Adam(), maxDegreeOfParallelism: 3);
        AssertAllocatesNothing(() => trainer.Step(x, t));
    }

    [Fact]
    public void Accumulated_steps_and_gradients_handed_in_allocate_nothing()
    {
        Sequential<double> model = new(5, seed: 1, new Dense(7), new BatchNorm(), new Dense(3));
        double[] x = Numbers.Normals<double>(40, 1), dy = Numbers.Normals<double>(24, 2), dx = new double[40];
        Trainer<double> trainer = new(model, new Sgd(0.01));
        AssertAllocatesNothing(() =>
        {
            for (int i = 0; i < 2; i++)
            {
                trainer.Forward(x);
                trainer.Backpropagate(dy, dx);
                trainer.Accumulate();
            }
            trainer.Update();
        });
    }

    private static void AssertStepsAllocateNothing(Trainer<float> trainer, float[] x, float[] t)
    {
        int fewX = x.Length / 8 * 5, fewT = t.Length / 8 * 5;
        AssertAllocatesNothing(() =>
        {
            trainer.Forward(x);
            trainer.Backward(t);
            trainer.Update();
            trainer.Step(x.AsSpan(0, fewX), t.AsSpan(0, fewT));            // a smaller batch after a larger one
        });
    }

    private static void AssertAllocatesNothing(Action action)
    {
        // The runtime's own cache of generic virtual methods grows now and then, on whatever thread meets it (24 bytes, once). What a step
        // allocates it allocates each time: so one round without a byte proves it.
        long least = long.MaxValue;
        for (int round = 0; round < 5 && least > 0; round++)
        {
            action();
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (int i = 0; i < 10; i++)
                action();
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);
    }
}
