// The programs of docs/guides/what-backward-computes.md, word for word: GuideTests compares them with the page and runs them.
#pragma warning disable IDE0055, IDE0007, IDE0008, IDE0059

namespace MiniNet.PublicApi.Tests.Guides;

internal static class Backward
{
    internal static void OneWeight()
    {
        // <one-weight>
        double x = 2, w = 0.5, b = -0.5, t = 1;

        double z = (w * x) + b;                    // forward
        double y = 1 / (1 + Math.Exp(-z));
        double loss = (y - t) * (y - t);

        double dy = 2 * (y - t);                   // backward: the same way, the other way round
        double dz = dy * y * (1 - y);
        double dw = dz * x, db = dz;
        Console.WriteLine($"loss {loss:F6}, dw {dw:F6}, db {db:F6}");
        // </one-weight>

        // <one-weight-model>
        var model = new Sequential<double>(inputs: 1, seed: 1, new Dense(1), new Sigmoid());
        (model["0.weight"][0], model["0.bias"][0]) = (w, b);

        var trainer = new Trainer<double>(model, new MeanSquaredError(), new Sgd(learningRate: 1));
        trainer.Forward([x]);
        double same = trainer.Backward([t]);
        Console.WriteLine($"loss {same:F6}, dw {trainer.Gradients[0]:F6}, db {trainer.Gradients[1]:F6}");
        // </one-weight-model>
    }

    internal static void FiniteDifference()
    {
        // <finite-difference>
        double Loss(double w, double b) => Math.Pow((1 / (1 + Math.Exp(-((w * 2) + b)))) - 1, 2);

        const double h = 1e-5;
        double slope = (Loss(0.5 + h, -0.5) - Loss(0.5 - h, -0.5)) / (2 * h);
        Console.WriteLine($"{slope:F6}");
        // </finite-difference>
    }

    internal static void Step()
    {
        // <step>
        var model = new Sequential<double>(inputs: 1, seed: 1, new Dense(1), new Sigmoid());
        (model["0.weight"][0], model["0.bias"][0]) = (0.5, -0.5);
        var trainer = new Trainer<double>(model, new MeanSquaredError(), new Sgd(learningRate: 1));
        for (int step = 0; step < 4; step++)
            Console.WriteLine($"w {model["0.weight"][0]:F4}, b {model["0.bias"][0]:F4}, loss {trainer.Step([2.0], [1.0]):F4}");
        // </step>
    }

    internal static void InputGradient()
    {
        // <input-gradient>
        var model = new Sequential<double>(inputs: 2, seed: 1, new Dense(4), new Tanh(), new Dense(1));
        var trainer = new Trainer<double>(model, new MeanSquaredError(), new Sgd(learningRate: 0.1));
        double[] dx = new double[2];
        trainer.Forward([0.3, -0.8]);
        trainer.Backward([1], inputGradient: dx);
        Console.WriteLine($"{dx.Length} numbers: how the loss changes with each input");
        // </input-gradient>
    }
}
