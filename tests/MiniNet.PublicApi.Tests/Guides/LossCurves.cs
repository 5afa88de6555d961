// The programs of docs/guides/loss-curves.md, word for word: GuideTests compares them with the page and runs them.
#pragma warning disable IDE0055, IDE0007, IDE0008, IDE0059

namespace MiniNet.PublicApi.Tests.Guides;

internal static class LossCurves
{
    private static readonly int[] Shown = [1, 2, 3, 4, 6, 8, 11, 15, 20, 28, 40, 56, 80, 112, 160, 224, 300];

    private static Dataset<float> Waves(int count, double noise, int seed)
    {
        var random = new Random(seed);
        float[] x = new float[count], y = new float[count];
        for (int i = 0; i < count; i++)
        {
            x[i] = (2 * random.NextSingle()) - 1;
            y[i] = (float)(Math.Sin(5 * x[i]) + (noise * ((2 * random.NextDouble()) - 1)));
        }
        return new Dataset<float>(x, 1, y, 1);
    }

    internal static void Rates()
    {
        Dataset<float> data = Waves(200, noise: 0.1, seed: 1);
        // <rates>
        double[] rates = [0.001, 0.03, 0.2];
        var histories = new List<IReadOnlyList<Epoch>>();
        foreach (double rate in rates)
        {
            var model = new Sequential<float>(inputs: 1, seed: 1, new Dense(32), new Tanh(), new Dense(1));
            histories.Add(model.Fit(data, new MeanSquaredError(), new Sgd(rate), epochs: 300, batchSize: 10));
        }
        // </rates>
        Console.WriteLine("epoch  " + string.Join("  ", rates.Select(r => $"rate={r}")));
        foreach (int epoch in Shown)
            Console.WriteLine($"{epoch,5}  " + string.Join("  ", histories.Select(h => $"{h[epoch - 1].Loss,8:F5}")));
    }

    /// <summary>Ten measurements, of which only the first two say something.</summary>
    private static Dataset<float> Measurements(int count, int seed)
    {
        var random = new Random(seed);
        float[] x = [.. Enumerable.Range(0, 10 * count).Select(_ => (2 * random.NextSingle()) - 1)];
        float[] y = [.. Enumerable.Range(0, count).Select(i => x[10 * i] + x[(10 * i) + 1] + (random.NextSingle() - 0.5f))];
        return new Dataset<float>(x, 10, y, 1);
    }

    internal static void Overfitting()
    {
        // <overfitting>
        Dataset<float> train = Measurements(40, seed: 1), validation = Measurements(200, seed: 2);
        var model = new Sequential<float>(inputs: 10, seed: 1, new Dense(64), new Tanh(), new Dense(64), new Tanh(), new Dense(1));
        var history = model.Fit(train, new MeanSquaredError(), new Adam(0.002), epochs: 300, batchSize: 8, validation: validation);
        // </overfitting>
        Console.WriteLine("epoch  training  validation");
        foreach (int epoch in Shown)
            Console.WriteLine($"{epoch,5}  {history[epoch - 1].Loss,8:F3}  {history[epoch - 1].ValidationLoss,10:F3}");
    }

    internal static void Pictures()
    {
        Dataset<float> train = Measurements(40, seed: 1), validation = Measurements(200, seed: 2);
        var model = new Sequential<float>(inputs: 10, seed: 1, new Dense(16), new Tanh(), new Dense(1));
        string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName());
        string here = Directory.CreateDirectory(folder).FullName, page = Path.Combine(here, "report.html"), runs = Path.Combine(here, "runs", "first");
        // <report>
        Schedule rate = Schedule.Cosine(0.01, train.Steps(epochs: 40, batchSize: 8));
        var history = model.Fit(train, new MeanSquaredError(), new Adam(rate), epochs: 40, batchSize: 8, validation: validation);
        new TrainingReport(history) { Title = "Ten measurements", Model = model.Summary(), LearningRate = rate, BatchSize = 8 }.Save(page);
        // </report>
        // <tensorboard>
        using (var board = new TensorBoard(runs))
            model.Fit(train, new MeanSquaredError(), new Adam(0.001), epochs: 40, validation: validation, progress: board);
        // </tensorboard>
        Console.WriteLine($"{File.Exists(page)} {Directory.GetFiles(runs).Length}");
        Directory.Delete(here, recursive: true);
    }
}
