// The programs of docs/guides/first-network.md, word for word: GuideTests compares them with the page and runs them.
#pragma warning disable IDE0055, IDE0007, IDE0008, IDE0059

namespace MiniNet.PublicApi.Tests.Guides;

internal static class FirstNetwork
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

    internal static void ByHand()
    {
        float[] x = [0, 0,   0, 1,   1, 0,   1, 1];
        float[] y = [0,      1,      1,      0];
        // <by-hand>
        var model = new Sequential<float>(inputs: 2, seed: 1, new Dense(4), new Sigmoid(), new Dense(1), new Sigmoid());
        var trainer = new Trainer<float>(model, new MeanSquaredError(), new Sgd(learningRate: 2));

        for (int epoch = 1; epoch <= 5_000; epoch++)
        {
            trainer.Forward(x);                         // a guess
            float loss = trainer.Backward(y);           // how wrong, and which way
            trainer.Update();                           // better next time
            if (epoch is 1 or 10 or 100 or 1_000 or 5_000)
                Console.WriteLine($"after {epoch} epochs the loss was {loss:F4}");
        }
        // </by-hand>
    }

    internal static void Rings()
    {
        // <rings-data>
        var random = new Random(1);
        var points = new List<float>();
        var labels = new List<int>();
        for (int i = 0; i < 600; i++)
        {
            int ring = i % 3;                                                // 0 inside, 1 in the middle, 2 outside
            double radius = ring + (1.2 * random.NextDouble()), angle = 2 * Math.PI * random.NextDouble();
            points.AddRange([(float)(radius * Math.Cos(angle)), (float)(radius * Math.Sin(angle))]);
            labels.Add(ring);
        }
        Dataset<float> all = Dataset.FromClasses<float>(points.ToArray(), inputShape: 2, labels.ToArray(), classes: 3, classNames: ["inner", "middle", "outer"]);
        var (train, test) = all.SplitStratified(0.8, seed: 1);
        // </rings-data>

        // <rings-model>
        var model = new Sequential<float>(inputs: 2, seed: 1,
            new Dense(16), new Tanh(),
            new Dense(16), new Tanh(),
            new Dense(3), new Softmax());
        Console.WriteLine(model.Summary());
        // </rings-model>

        // <rings-fit>
        var history = model.Fit(train, new CrossEntropy(), new Adam(0.01), epochs: 40, batchSize: 32, validation: test);
        Console.WriteLine(history[0]);
        Console.WriteLine(history[^1]);
        // </rings-fit>

        // <rings-evaluate>
        Evaluation<float> result = model.Evaluate(test, new CrossEntropy());
        Console.WriteLine(result.Confusion());
        // </rings-evaluate>

        // <rings-predict>
        float[] p = model.Predict([0.2f, 0.4f]);
        Console.WriteLine($"inner {p[0]:F3}, middle {p[1]:F3}, outer {p[2]:F3}");
        // </rings-predict>
    }
}
