// The programs of README.md, word for word: ReadmeTests compares them with the page and runs them.
#pragma warning disable IDE0055, IDE0007, IDE0008, IDE0059

namespace MiniNet.PublicApi.Tests.Readme;

internal static class ReadmePrograms
{
    internal static void Xor()
    {
        // <xor>
        float[] x = [0, 0,   0, 1,   1, 0,   1, 1];
        float[] y = [0,      1,      1,      0];

        var model = new Sequential<float>(inputs: 2, seed: 1, new Dense(4), new Sigmoid(), new Dense(1), new Sigmoid());
        model.Fit(x, y, new MeanSquaredError(), new Sgd(learningRate: 2), epochs: 5_000);

        Console.WriteLine(model);
        Console.WriteLine(string.Join(", ", model.Predict(x)));
        // </xor>
    }

    internal static double Classification(string folder)
    {
        // <classification>
        Dataset<float> train = Mnist.LoadTrain<float>(folder), test = Mnist.LoadTest<float>(folder);
        var model = new Sequential<float>((28, 28, 1), seed: 1,
            new Flatten(), new Dense(128), new ReLU(), new Dense(10), new Softmax());

        model.Fit(train, new CrossEntropy(), new Adam(Schedule.Cosine(1e-3, steps: 9_380)), epochs: 10, batchSize: 64, validation: test, progress: new ConsoleProgress());
        Console.WriteLine(model.Evaluate(test, new CrossEntropy()).Accuracy);
        model.Save("mnist.safetensors");
        var again = Sequential<float>.Load("mnist.safetensors");           // no code of the model repeated, none executed
        // </classification>
        return again.Evaluate(test, new CrossEntropy()).Accuracy;
    }

    internal static float Loop(Sequential<float> model, Dataset<float> train, float[] batchX, float[] batchY)
    {
        // <loop>
        var trainer = new Trainer<float>(model, new CrossEntropy(), new Adam(1e-3));
        foreach (Epoch epoch in trainer.Epochs(train, count: 100, batchSize: 64))
            if (epoch.Loss < 0.01) break;

        trainer.Forward(batchX);                    // a guess
        float loss = trainer.Backward(batchY);      // how wrong, and which way: fills trainer.Gradients
        trainer.Update();                           // better next time
        // </loop>
        return loss;
    }

    internal static Sequential<float> Onnx(Sequential<float> model, string path)
    {
        // <onnx>
        model.ExportOnnx(path);                                 // operator set 17, any number of samples at a time, weights under their names
        Sequential<float> again = OnnxModel.Load<float>(path);  // the same bits; what it does not know it names
        // </onnx>
        return again;
    }

    internal static void CheckSwish()
    {
        // <check>
        GradientCheck.Run(new Swish(), inputs: 7).ThrowIfWrong();          // finite differences, in double
        // </check>
    }
}

// <swish>
public sealed record Swish : Activation
{
    protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y)
    {
        for (int i = 0; i < x.Length; i++)
            y[i] = x[i] / (T.One + T.Exp(-x[i]));
    }

    protected override void Differentiate<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        for (int i = 0; i < x.Length; i++)
            inputGradient[i] = outputGradient[i] * (y[i] + ((T.One - y[i]) / (T.One + T.Exp(-x[i]))));
    }
}
// </swish>
