// The programs of docs/guides/not-learning.md, word for word: GuideTests compares them with the page and runs them.
#pragma warning disable IDE0055, IDE0007, IDE0008, IDE0059

namespace MiniNet.PublicApi.Tests.Guides;

internal static class NotLearning
{
    internal static void OneBatch()
    {
        // <one-batch>
        float[] x = [0, 0,   0, 1,   1, 0,   1, 1];
        float[] y = [0,      1,      1,      0];

        var deep = new Sequential<float>(inputs: 2, seed: 1, new Dense(8), new Tanh(), new Dense(1), new Sigmoid());
        var flat = new Sequential<float>(inputs: 2, seed: 1, new Dense(1), new Sigmoid());
        Console.WriteLine(new Trainer<float>(deep, new BinaryCrossEntropy(), new Adam(0.05)).OverfitOneBatch(x, y));
        Console.WriteLine(new Trainer<float>(flat, new BinaryCrossEntropy(), new Adam(0.05)).OverfitOneBatch(x, y));
        // </one-batch>
    }

    internal static void DeadUnits()
    {
        float[] x = [0, 0,   0, 1,   1, 0,   1, 1];
        float[] y = [0,      1,      1,      0];
        // <dead-units>
        var model = new Sequential<float>(inputs: 2, seed: 1, new Dense(16, biasInitializer: new Constant(-5)), new ReLU(), new Dense(1), new Sigmoid());
        var trainer = new Trainer<float>(model, new BinaryCrossEntropy(), new Adam(0.01));
        Console.WriteLine(trainer.Inspect(x, y));
        // </dead-units>
    }

    internal static void Vanishing()
    {
        // <vanishing>
        var layers = new List<Layer>();
        for (int i = 0; i < 6; i++)
            layers.AddRange([new Dense(16), new Sigmoid()]);
        var model = new Sequential<float>(inputs: 4, seed: 1, [.. layers, new Dense(1)]);
        var trainer = new Trainer<float>(model, new MeanSquaredError(), new Sgd(0.1));
        float[] x = [1, 2, 3, 4,   4, 3, 2, 1], y = [1, -1];
        Inspection inside = trainer.Inspect(x, y);
        Console.WriteLine($"gradient of the last layer {inside.Layers[^1].ParameterGradientNorm:G2}, of the first {inside.Layers[0].ParameterGradientNorm:G2}");
        // </vanishing>
    }

    internal static void TooFast()
    {
        float[] x = [.. Enumerable.Range(0, 32).Select(i => (float)i)], y = [.. Enumerable.Range(0, 32).Select(i => 3f * i)];
        // <too-fast>
        var model = new Sequential<float>(inputs: 1, seed: 1, new Dense(1));
        try
        {
            model.Fit(x, y, new MeanSquaredError(), new Sgd(learningRate: 1), epochs: 100);
        }
        catch (NotFiniteNumberException e)
        {
            Console.WriteLine(e.Message);
        }
        // </too-fast>
    }

    internal static void BadData()
    {
        // <bad-data>
        float[] x = [1, 2, float.NaN, 4], y = [1, 2, 3, 4];
        try
        {
            new Sequential<float>(inputs: 1, seed: 1, new Dense(1)).Fit(x, y, new MeanSquaredError(), new Sgd(0.1), epochs: 1);
        }
        catch (ArgumentException e)
        {
            Console.WriteLine(e.Message);
        }
        // </bad-data>
    }

    internal static void WrongPair()
    {
        // <wrong-pair>
        var model = new Sequential<float>(inputs: 2, seed: 1, new Dense(3));
        try
        {
            _ = new Trainer<float>(model, new CrossEntropy(), new Adam(1e-3));
        }
        catch (ArgumentException e)
        {
            Console.WriteLine(e.Message.Split('\n')[0]);
        }
        // </wrong-pair>
    }

    internal static void WrongLength()
    {
        // <wrong-length>
        var model = new Sequential<float>(inputs: 2, seed: 1, new Dense(3), new Softmax());
        var trainer = new Trainer<float>(model, new CrossEntropy(), new Adam(1e-3));
        trainer.Forward([0, 1,   1, 0]);
        try
        {
            trainer.Backward([1, 0, 0, 1]);
        }
        catch (ArgumentException e)
        {
            Console.WriteLine(e.Message.Split('\n')[0]);
        }
        // </wrong-length>
    }

    internal static void Scaling()
    {
        // <scaling>
        var random = new Random(1);
        float[] x = new float[400], y = new float[200];
        for (int i = 0; i < 200; i++)
        {
            (x[2 * i], x[(2 * i) + 1]) = (1_000 + (100 * random.NextSingle()), random.NextSingle());         // metres and a share
            y[i] = (x[2 * i] > 1_050) == (x[(2 * i) + 1] > 0.5f) ? 1 : 0;
        }
        var raw = new Sequential<float>(inputs: 2, seed: 1, new Dense(16), new Tanh(), new Dense(1), new Sigmoid());
        var scaled = new Sequential<float>(inputs: 2, seed: 1, new Normalize(), new Dense(16), new Tanh(), new Dense(1), new Sigmoid());
        scaled.Adapt(x);
        foreach (var model in new[] { raw, scaled })
        {
            var history = model.Fit(x, y, new BinaryCrossEntropy(), new Adam(0.01), epochs: 60);
            Console.WriteLine(history[^1]);
        }
        // </scaling>
    }

    internal static void Check()
    {
        // <check>
        try
        {
            GradientCheck.Run(new WrongSquare(), inputs: 4).ThrowIfWrong();
        }
        catch (ArithmeticException e)
        {
            Console.WriteLine(e.Message.Split('\n')[0]);
        }
        // </check>
    }
}

// <wrong-square>
/// <summary>y = x², with a derivative that forgets the 2.</summary>
public sealed record WrongSquare : Activation
{
    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y)
    {
        for (int i = 0; i < x.Length; i++)
            y[i] = x[i] * x[i];
    }

    protected override void Differentiate<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        for (int i = 0; i < x.Length; i++)
            inputGradient[i] = outputGradient[i] * x[i];
    }
}
// </wrong-square>
