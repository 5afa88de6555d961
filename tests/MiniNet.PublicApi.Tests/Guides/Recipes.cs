// The programs of docs/guides/recipes.md, word for word: GuideTests compares them with the page and runs them.
#pragma warning disable IDE0055, IDE0007, IDE0008, IDE0059

namespace MiniNet.PublicApi.Tests.Guides;

internal static class Recipes
{
    internal static void Regression()
    {
        // <regression>
        var random = new Random(1);
        double[] x = new double[500], y = new double[500];
        for (int i = 0; i < 500; i++)
        {
            x[i] = 10 * random.NextDouble();
            y[i] = Math.Sin(x[i]) + (0.1 * (random.NextDouble() - 0.5));
        }
        var (train, test) = new Dataset<double>(x, 1, y, 1).Shuffle(seed: 1).Split(0.8);

        var model = new Sequential<double>(inputs: 1, seed: 1,
            new Normalize(), new Dense(32), new Tanh(), new Dense(32), new Tanh(), new Dense(1));
        model.Adapt(train);
        model.Fit(train, new MeanSquaredError(), new Adam(0.01), epochs: 100, validation: test, restoreBest: true);

        Evaluation<double> result = model.Evaluate(test, new MeanSquaredError());
        Console.WriteLine($"R² {result.RSquared:F2}, off by {result.MeanAbsoluteError:F2} on average");
        // </regression>
    }

    internal static void YesOrNo()
    {
        // <yes-or-no>
        var random = new Random(1);
        float[] x = new float[1_000], y = new float[500];
        for (int i = 0; i < 500; i++)
        {
            (x[2 * i], x[(2 * i) + 1]) = ((2 * random.NextSingle()) - 1, (2 * random.NextSingle()) - 1);
            y[i] = (x[2 * i] * x[2 * i]) + (x[(2 * i) + 1] * x[(2 * i) + 1]) < 0.6f ? 1 : 0;       // inside a circle?
        }
        var (train, test) = new Dataset<float>(x, 2, y, 1).Split(0.8);

        var model = new Sequential<float>(inputs: 2, seed: 1, new Dense(16), new ReLU(), new Dense(1), new Sigmoid());
        model.Fit(train, new BinaryCrossEntropy(), new Adam(0.01), epochs: 60);
        Console.WriteLine($"accuracy {model.Evaluate(test, new BinaryCrossEntropy()).Accuracy:F2}");
        // </yes-or-no>
    }

    internal static void EarlyStopping()
    {
        float[] x = [.. Enumerable.Range(0, 200).Select(i => i % 20 / 10f)], y = [.. x.Select(v => v * v)];
        var (train, test) = new Dataset<float>(x, 1, y, 1).Shuffle(1).Split(0.8);
        // <early-stopping>
        var model = new Sequential<float>(inputs: 1, seed: 1, new Dense(16), new Tanh(), new Dense(1));
        var trainer = new Trainer<float>(model, new MeanSquaredError(), new Adam(0.01));

        int patience = 0;
        double best = double.PositiveInfinity;
        foreach (Epoch epoch in trainer.Epochs(train, count: 1_000, validation: test))
        {
            patience = epoch.ValidationLoss < best ? 0 : patience + 1;
            best = Math.Min(best, epoch.ValidationLoss!.Value);
            if (patience == 10)
                break;                             // ten epochs without a better one
        }
        trainer.RestoreBest();
        // </early-stopping>
        if (!(best < 0.01))
            throw new InvalidOperationException($"{best}");
    }

    internal static void FineTuning()
    {
        var random = new Random(1);
        float[] x = [.. Enumerable.Range(0, 4_000).Select(_ => (2 * random.NextSingle()) - 1)];
        double[] height = [.. Enumerable.Range(0, 2_000).Select(i => Math.Sin(4 * x[2 * i]) * Math.Cos(4 * x[(2 * i) + 1]))];
        int[] zone = [.. height.Select(h => h < -0.5 ? 0 : h < 0 ? 1 : h < 0.5 ? 2 : 3)];
        float[] above = [.. height.Select(h => h > 0 ? 1f : 0f)];
        Dataset<float> much = Dataset.FromClasses<float>(x, 2, zone, 4), little = new(x.AsMemory(0, 120), 2, above.AsMemory(0, 60), 1), other = new(x.AsMemory(2_000), 2, above.AsMemory(1_000), 1);
        // <fine-tuning>
        // 1. Train on a task with much data: in which of four zones of a hilly landscape does a point lie?
        Layers body = [new Dense(32), new Tanh(), new Dense(32), new Tanh()];
        var teacher = new Sequential<float>(inputs: 2, seed: 1, new Chain(body), new Dense(4), new Softmax());
        teacher.Fit(much, new CrossEntropy(), new Adam(0.01), epochs: 60);

        // 2. The same body, frozen, under a new last layer. The names of its parameters are the same.
        var student = new Sequential<float>(inputs: 2, seed: 2, new Frozen(new Chain(body)), new Dense(1), new Sigmoid());
        foreach (ParameterInfo parameter in student.ParameterList)
        {
            if (!parameter.Trained)
                teacher[parameter.Name].CopyTo(student[parameter.Name]);
        }

        // 3. Train only the new layer, on 60 samples of another task: does a point lie above the sea?
        student.Fit(little, new BinaryCrossEntropy(), new Adam(0.02), epochs: 100);
        Console.WriteLine(student.Summary());
        // </fine-tuning>
        // <fine-tuning-result>
        var alone = new Sequential<float>(inputs: 2, seed: 2, new Chain(body), new Dense(1), new Sigmoid());
        alone.Fit(little, new BinaryCrossEntropy(), new Adam(0.02), epochs: 100);
        Console.WriteLine($"on new points: fine-tuned {student.Evaluate(other, new BinaryCrossEntropy()).Accuracy:F2}, from scratch {alone.Evaluate(other, new BinaryCrossEntropy()).Accuracy:F2}");
        // </fine-tuning-result>
    }

    internal static void Reinforcement()
    {
        // <reinforcement>
        // A corridor of five places. Left or right? The prize lies at the right end; every step costs a little.
        var policy = new Sequential<float>(inputs: 5, seed: 1, new Dense(16), new Tanh(), new Dense(2), new Softmax());
        var logits = policy[..^1];                                     // the same weights, before the softmax
        var trainer = new Trainer<float>(logits, new Adam(0.02));      // no loss: we hand in the gradient
        var random = new Random(1);

        double Play(bool learn)
        {
            var places = new List<int>();
            var actions = new List<int>();
            double reward = 0;
            for (int place = 2; place is >= 0 and < 4 && places.Count < 50;)
            {
                float[] p = policy.Predict(OneHot(place));
                int action = random.NextDouble() < p[1] ? 1 : 0;       // 1 is right
                places.Add(place);
                actions.Add(action);
                place = Math.Max(0, place + (action == 1 ? 1 : -1));
                reward += place == 4 ? 1 : -0.05;
            }
            if (learn)
            {
                float[] x = [.. places.SelectMany(OneHot)];
                float[] gradient = policy.Predict(x);                  // −reward · ∂ ln p(action) / ∂ logits = reward · (p − 1 for the action, p for the other)
                for (int step = 0; step < actions.Count; step++)
                {
                    gradient[(2 * step) + actions[step]] -= 1;
                    gradient[2 * step] *= (float)reward;
                    gradient[(2 * step) + 1] *= (float)reward;
                }
                trainer.Forward(x);
                trainer.Backpropagate(gradient);
                trainer.Update();
            }
            return reward;
        }

        float[] OneHot(int place) => [.. Enumerable.Range(0, 5).Select(i => i == place ? 1f : 0f)];

        double before = Enumerable.Range(0, 200).Average(_ => Play(learn: false));
        for (int episode = 0; episode < 300; episode++)
            Play(learn: true);
        double after = Enumerable.Range(0, 200).Average(_ => Play(learn: false));
        Console.WriteLine(after > before + 0.3 && after > 0.85 ? "it has learned to go right" : $"from {before:F2} to {after:F2}");
        // </reinforcement>
    }

    internal static void Images()
    {
        // <images-data>
        // Small pictures of 12 × 12 with one channel: a square, a cross or a bar somewhere in the noise.
        var random = new Random(1);
        float[] pixels = new float[900 * 12 * 12];
        int[] kind = new int[900];
        for (int i = 0; i < 900; i++)
        {
            kind[i] = i % 3;
            int top = random.Next(1, 6), left = random.Next(1, 6);
            for (int row = 0; row < 12; row++)
            {
                for (int column = 0; column < 12; column++)
                {
                    int r = row - top, c = column - left;
                    bool inside = r is >= 0 and < 6 && c is >= 0 and < 6;
                    bool ink = inside && kind[i] switch { 0 => r is 0 or 5 || c is 0 or 5, 1 => r == c || r == 5 - c, _ => c is 2 or 3 };
                    pixels[(((i * 12) + row) * 12) + column] = (ink ? 1 : 0) + (0.5f * random.NextSingle());
                }
            }
        }
        Dataset<float> pictures = Dataset.FromClasses<float>(pixels, inputShape: (12, 12, 1), kind, classes: 3, classNames: ["square", "cross", "bar"]);
        var (train, test) = pictures.SplitStratified(0.8, seed: 1);
        // </images-data>

        // <images>
        var model = new Sequential<float>((12, 12, 1), seed: 1,
            new Conv2D(8, kernel: 3), new ReLU(), new MaxPool2D(2),
            new Conv2D(16, kernel: 3), new ReLU(),
            new Flatten(), new Dense(3), new Softmax());
        Console.WriteLine(model.Summary());

        model.Fit(train, new CrossEntropy(), new Adam(0.003), epochs: 5, validation: test);
        Console.WriteLine(model.Evaluate(test, new CrossEntropy()).Confusion());
        // </images>
    }

    internal static void Weights()
    {
        // <sample-weights>
        float[] x = [0, 1, 2, 3], y = [0, 1, 2, 30];                   // the last sample is doubtful
        var data = new Dataset<float>(x, 1, y, 1, sampleWeights: new float[] { 1, 1, 1, 0 });
        var model = new Sequential<float>(inputs: 1, seed: 1, new Dense(1));
        model.Fit(data, new MeanSquaredError(), new Sgd(0.1), epochs: 300);
        Console.WriteLine($"{model.Predict([3])[0]:F2}");
        // </sample-weights>
    }
}
