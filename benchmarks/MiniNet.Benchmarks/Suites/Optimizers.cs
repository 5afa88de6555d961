using TorchSharp;

namespace MiniNet.Benchmarks;

/// <summary>One update of all parameters.</summary>
internal sealed class Optimizers
{
    private readonly Options options;
    private readonly Contest contest;
    private readonly bool hasTorch;
    private readonly Table table;

    private Optimizers(Options options)
    {
        this.options = options;
        contest = new(options);
        string? noTorch = Torch.WhyMissing(options.Threads);
        hasTorch = noTorch is null;
        List<string> columns = ["optimizer, parameters", "MiniNet", "spread", "MiniNet, with the check that gradients are finite", "plain loops"];
        if (hasTorch)
            columns.Add("TorchSharp");
        table = new("optimizers", [], [noTorch], columns);
    }

    public static void Run(Options options)
    {
        Optimizers suite = new(options);
        foreach (int parameters in new[] { 101_770, 1_000_000 })
        {
            suite.Measure(new Sgd(1e-3), parameters);
            suite.Measure(new Adam(1e-3), parameters);
        }
    }

    private void Measure(Optimizer optimizer, int parameters)
    {
        // One Dense with as many weights and its bias: the optimizer sees one vector, as of any model.
        Sequential<float> model = new(parameters - 1, seed: 1, new Dense(1));
        float[] first = model.Parameters.ToArray(), gradient = Noise.Array<float>(parameters, 2);
        Trainer<float> trainer = new(model, optimizer, maxDegreeOfParallelism: options.Threads);
        trainer.Forward(new float[parameters - 1]);
        trainer.Backpropagate([1]);
        gradient.CopyTo(trainer.Gradients);
        trainer.Update();                                              // the first of Adam's steps, whose correction needs a count
        float[] moved = model.Parameters.ToArray(), plain = [.. first], mean = new float[parameters], square = new float[parameters];
        Action loops = optimizer is Adam ? () => PlainAdam(plain, gradient, mean, square) : () => PlainSgd(plain, gradient);
        loops();
        Agreement.Check<float>($"MiniNet, {optimizer}", moved, plain, 1e-6);

        List<Contestant?> contestants =
        [
            new("MiniNet", () => optimizer.Update(new Update<float>(trainer, 0))),
            new("MiniNet checked", () =>
            {
                if (!Finite.All<float>(trainer.Gradients))
                    throw new NotFiniteNumberException();
                optimizer.Update(new Update<float>(trainer, 0));
            }),
            new("plain loops", loops),
        ];
        using IDisposable? scope = hasTorch ? AddTorch(contestants, optimizer, first, gradient, moved) : null;
        table.Add([$"{optimizer}, {Text.Count(parameters)}", .. Comparison.Cells(contest, contestants)]);
    }

    private static torch.optim.Optimizer AddTorch(List<Contestant?> contestants, Optimizer optimizer, float[] first, float[] gradient, float[] moved)
    {
        TorchSharp.Modules.Parameter parameter = new(torch.tensor(first)) { grad = torch.tensor(gradient) };
        torch.optim.Optimizer peer = optimizer is Adam ? torch.optim.Adam([parameter], 1e-3) : torch.optim.SGD([parameter], 1e-3);
        Step();
        Agreement.Check<float>($"TorchSharp, {optimizer}", Torch.Values(parameter), moved, 1e-6);
        contestants.Add(new("TorchSharp", Step));
        return peer;

        void Step()
        {
            using DisposeScope scope = torch.NewDisposeScope();
            peer.step();
        }
    }

    private static void PlainSgd(float[] w, float[] g)
    {
        for (int i = 0; i < w.Length && i < g.Length; i++)
            w[i] -= 1e-3f * g[i];
    }

    // The first step every time: the correction is a constant then, and the work is the same.
    private static void PlainAdam(float[] w, float[] g, float[] m, float[] v)
    {
        for (int i = 0; i < w.Length && i < g.Length && i < m.Length && i < v.Length; i++)
        {
            m[i] = (0.9f * m[i]) + (0.1f * g[i]);
            v[i] = (0.999f * v[i]) + (0.001f * g[i] * g[i]);
            w[i] -= 1e-3f * (m[i] / 0.1f) / (MathF.Sqrt(v[i] / 0.001f) + 1e-8f);
        }
    }
}
