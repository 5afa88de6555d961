// The programs of the guides about speed, determinism and ahead-of-time compilation, word for word: GuideTests compares them with the pages and runs them.
#pragma warning disable IDE0055, IDE0007, IDE0008, IDE0059

namespace MiniNet.PublicApi.Tests.Guides;

internal static class Running
{
    internal static void Predict()
    {
        // <predict>
        var model = new Sequential<float>(inputs: 8, seed: 1, new Dense(16), new Tanh(), new Dense(2));
        float[] sensors = new float[8], answer = new float[2];

        model.Predict(sensors, answer);                     // the first call makes the workspace
        long before = GC.GetAllocatedBytesForCurrentThread();
        for (int i = 0; i < 1_000; i++)
            model.Predict(sensors, answer);
        Console.WriteLine($"{GC.GetAllocatedBytesForCurrentThread() - before} bytes for 1000 predictions");
        // </predict>
    }

    internal static void Threads()
    {
        // <threads>
        var random = new Random(1);
        float[] x = [.. Enumerable.Range(0, 64 * 100).Select(_ => random.NextSingle())], y = [.. Enumerable.Range(0, 100).Select(_ => random.NextSingle())];
        float[] Train(int threads)
        {
            var model = new Sequential<float>(inputs: 64, seed: 1, new Dense(256), new Tanh(), new Dropout(0.1), new Dense(1));
            model.Fit(x, y, new MeanSquaredError(), new Adam(1e-3), epochs: 3, maxDegreeOfParallelism: threads);
            return model.Parameters.ToArray();
        }
        Console.WriteLine(Train(threads: 1).SequenceEqual(Train(threads: 4)));
        // </threads>
    }

    internal static void Seeds()
    {
        // <seeds>
        var model = new Sequential<float>(inputs: 2, new Dense(4), new Tanh(), new Dense(1));      // no seed: one is drawn …
        var again = new Sequential<float>(inputs: 2, model.Seed, new Dense(4), new Tanh(), new Dense(1));      // … and can be read
        Console.WriteLine(model.Parameters.SequenceEqual(again.Parameters));
        // </seeds>
    }

    internal static void Batches()
    {
        // <batches>
        var model = new Sequential<float>(inputs: 3, seed: 1, new Dense(16), new Sigmoid(), new Dense(2), new Softmax());
        float[] x = [.. Enumerable.Range(0, 30).Select(i => i / 10f)];
        float[] together = model.Predict(x);
        float[] apart = [.. Enumerable.Range(0, 10).SelectMany(i => model.Predict(x.AsSpan(3 * i, 3)))];
        Console.WriteLine(together.SequenceEqual(apart));
        // </batches>
    }
}
