// The programs that the playground shows, word for word: PlaygroundTests compares them with the page's and runs them.
#pragma warning disable IDE0055, IDE0007, IDE0008, IDE0059

namespace MiniNet.PublicApi.Tests.Playground;

internal static class PlaygroundPrograms
{
    internal static IReadOnlyList<Epoch> Run(string name) => name switch
    {
        "xor" => Xor(),
        "circles" => Circles(),
        "moons" => Moons(),
        "spirals" => Spirals(),
        _ => Drawn(),
    };

    private static IReadOnlyList<Epoch> Xor()
    {
        // <xor>
        float[] x = [0, 0, 0, 1, 1, 0, 1, 1];      // four samples of two inputs
        float[] y = [0, 1, 1, 0];                  // and what XOR makes of them

        var model = new Sequential<float>(inputs: 2, seed: 1,
            new Dense(4), new Tanh(), new Dense(1), new Sigmoid());
        var history = model.Fit(x, y, new BinaryCrossEntropy(), new Adam(0.03), epochs: 120, batchSize: 4);

        Console.WriteLine(history[^1]);                   // loss and accuracy of the last epoch
        Console.WriteLine(model.Predict([1, 0])[0]);      // near 0 or near 1: the colour of this place
        // </xor>
        return history;
    }

    private static IReadOnlyList<Epoch> Circles()
    {
        // <circles>
        float[] x = new float[400], y = new float[200];      // 200 points: a disk, and a ring around it
        var random = new RandomStream(seed: 1);
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = i % 2;
            double angle = 2 * Math.PI * random.Uniform(2 * i), u = random.Uniform((2 * i) + 1);
            double radius = i % 2 == 0 ? 0.45 * Math.Sqrt(u) : 0.65 + (0.25 * u);
            x[2 * i] = (float)(radius * Math.Cos(angle));
            x[(2 * i) + 1] = (float)(radius * Math.Sin(angle));
        }

        var model = new Sequential<float>(inputs: 2, seed: 1,
            new Dense(1), new Sigmoid());
        var history = model.Fit(x, y, new BinaryCrossEntropy(), new Sgd(0.3), epochs: 2, batchSize: 32);

        Console.WriteLine(history[^1]);                   // loss and accuracy of the last epoch
        Console.WriteLine(model.Predict([1, 0])[0]);      // near 0 or near 1: the colour of this place
        // </circles>
        return history;
    }

    private static IReadOnlyList<Epoch> Moons()
    {
        // <moons>
        float[] x = new float[400], y = new float[200];      // 200 points: two half moons, one hooked into the other
        var random = new RandomStream(seed: 1);
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = i % 2;
            double angle = Math.PI * (i / 2) / 99, side = i % 2 == 0 ? 1 : -1;
            x[2 * i] = (float)((side * ((0.55 * Math.Cos(angle)) - 0.28)) + (0.05 * random.Normal(2 * i)));
            x[(2 * i) + 1] = (float)((side * ((0.7 * Math.Sin(angle)) - 0.2)) + (0.05 * random.Normal((2 * i) + 1)));
        }

        var model = new Sequential<float>(inputs: 2, seed: 7,
            new Dense(3), new Sigmoid(), new Dense(2), new Sigmoid(), new Dense(1), new Sigmoid());
        var history = model.Fit(x, y, new BinaryCrossEntropy(), new Sgd(0.03, momentum: 0.9), epochs: 3, batchSize: 32);

        Console.WriteLine(history[^1]);                   // loss and accuracy of the last epoch
        Console.WriteLine(model.Predict([1, 0])[0]);      // near 0 or near 1: the colour of this place
        // </moons>
        return history;
    }

    private static IReadOnlyList<Epoch> Spirals()
    {
        // <spirals>
        float[] x = new float[400], y = new float[200];      // 200 points: the two arms of a spiral
        var random = new RandomStream(seed: 1);
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = i % 2;
            double along = i / 2 / 99.0, radius = 0.08 + (0.84 * along), angle = Math.PI * ((3.2 * along) + (i % 2));
            x[2 * i] = (float)((radius * Math.Cos(angle)) + (0.015 * random.Normal(2 * i)));
            x[(2 * i) + 1] = (float)((radius * Math.Sin(angle)) + (0.015 * random.Normal((2 * i) + 1)));
        }

        var model = new Sequential<float>(inputs: 2, seed: 1,
            new Dense(8), new LeakyReLU(), new Dense(8), new LeakyReLU(), new Dense(8), new LeakyReLU(), new Dense(8), new LeakyReLU(), new Dense(1), new Sigmoid());
        var history = model.Fit(x, y, new BinaryCrossEntropy(), new RmsProp(0.001), epochs: 3, batchSize: 32);

        Console.WriteLine(history[^1]);                   // loss and accuracy of the last epoch
        Console.WriteLine(model.Predict([1, 0])[0]);      // near 0 or near 1: the colour of this place
        // </spirals>
        return history;
    }

    private static IReadOnlyList<Epoch> Drawn()
    {
        // <drawn>
        float[] x = 
        [
            -0.5f, 0.5f, -0.44f, 0.41f, 1, 0, 0.3f, -1, 0.07f, -0.09f, -0.03f, 0.04f, 0.12f, 0.25f, 0.6f, -0.75f,
            0, 0.01f,
        ];
        float[] y = [0, 0, 1, 1, 1, 0, 1, 0, 1];

        var model = new Sequential<float>(inputs: 2, seed: 1,
            new Dense(8), new ReLU(), new Dense(8), new ReLU(), new Dense(1), new Sigmoid());
        var history = model.Fit(x, y, new BinaryCrossEntropy(), new Adam(0.1), epochs: 5, batchSize: 10);

        Console.WriteLine(history[^1]);                   // loss and accuracy of the last epoch
        Console.WriteLine(model.Predict([1, 0])[0]);      // near 0 or near 1: the colour of this place
        // </drawn>
        return history;
    }
}
