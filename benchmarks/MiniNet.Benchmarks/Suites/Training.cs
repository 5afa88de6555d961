using System.Globalization;
using TorchSharp;

namespace MiniNet.Benchmarks;

/// <summary>Whole training steps: forward, backward, update.</summary>
internal sealed class Training
{
    private const int AgreementSteps = 10;
    private const double Rate = 0.01;

    private static readonly Network[] Networks =
    [
        new([2, 4, 1], 4, new Sigmoid(), Classifies: false),
        new([784, 128, 10], 32, new ReLU(), Classifies: true),
        new([784, 128, 10], 128, new ReLU(), Classifies: true),
        new([784, 512, 512, 10], 128, new ReLU(), Classifies: true),
    ];

    private readonly Options options;
    private readonly Contest contest;
    private readonly bool hasTorch;
    private readonly Table table;

    private Training(Options options)
    {
        this.options = options;
        contest = new(options);
        string? noTorch = Torch.WhyMissing(options.Threads);
        hasTorch = noTorch is null;
        List<string> columns = ["network, optimizer", "MiniNet", "spread", "share of peak in products", "bytes a step", "plain loops"];
        if (hasTorch)
            columns.AddRange(["TorchSharp", "bytes a step, managed"]);
        table = new("training", [], [noTorch], columns);
    }

    private delegate float StepOf(ReadOnlySpan<float> x, ReadOnlySpan<float> targets, ReadOnlySpan<float> sampleWeights = default);

    public static void Run(Options options)
    {
        Training suite = new(options);
        foreach (Network network in Networks)
        {
            suite.Measure(network, new Sgd(Rate));
            suite.Measure(network, new Adam(0.001));
        }
    }

    private void Measure(Network network, Optimizer optimizer)
    {
        Sequential<float> model = network.Model();
        float[] x = network.Inputs(), y = network.Targets();
        Trainer<float> trainer = new(model, network.Loss, optimizer, maxDegreeOfParallelism: options.Threads);
        float[] expected = Losses(new Trainer<float>(model.Clone(), network.Loss, optimizer, maxDegreeOfParallelism: 1).Step);
        List<Contestant?> contestants = [new("MiniNet", () => trainer.Step(x, y)), optimizer is Sgd ? Plain() : null];
        if (hasTorch)
            contestants.Add(Peer(network, model, optimizer, x, y, expected));

        Timing[] timings = contest.Run([Peak.Contestant(isDouble: false), .. contestants.OfType<Contestant>()]);
        double peak = options.Threads * Peak.Operations(isDouble: false) / timings[0].Seconds, own = timings[1].Seconds;
        List<string> cells =
        [
            $"{network.Name}, {optimizer}", Table.Time(own), Table.Percent(timings[1].Spread), Table.Percent(network.Operations / own / peak), Bytes(contestants[0]!),
            contestants[1] is null ? "" : Comparison.Cell(timings[2].Seconds, own),
        ];
        if (hasTorch)
            cells.AddRange([Comparison.Cell(timings[^1].Seconds, own), Bytes(contestants[2]!)]);
        table.Add(cells);

        string Bytes(Contestant contestant) => contest.Allocated(contestant.Run).ToString("N0", CultureInfo.InvariantCulture);

        float[] Losses(StepOf step)
        {
            float[] losses = new float[AgreementSteps];
            for (int i = 0; i < AgreementSteps; i++)
                losses[i] = step(x, y);
            return losses;
        }

        Contestant Plain()
        {
            PlainNetwork plain = new(network, model);
            Agreement.Check<float>($"plain loops, {network.Name}: losses", Losses((_, _, _) => plain.Step(x, y, (float)Rate)), expected, 1e-4);
            return new("plain loops", () => plain.Step(x, y, (float)Rate));
        }
    }

    /// <summary>A step of TorchSharp on the same weights, once it has been seen to go the same way for a few steps.</summary>
    private static Contestant Peer(Network network, Sequential<float> model, Optimizer optimizer, float[] x, float[] y, float[] expected)
    {
        var module = network.Peer(model, endsWithLogits: true);
        torch.optim.Optimizer peer = optimizer is Adam ? torch.optim.Adam(module.parameters(), 0.001) : torch.optim.SGD(module.parameters(), Rate);
        torch.Tensor input = torch.tensor(x, [network.Batch, network.Sizes[0]]);
        torch.Tensor target = network.Classifies ? torch.tensor(y.Select(v => (long)v).ToArray()) : torch.tensor(y, [network.Batch, 1]);

        float[] losses = new float[AgreementSteps];
        for (int i = 0; i < AgreementSteps; i++)
            losses[i] = Step(reads: true);
        Agreement.Check<float>($"TorchSharp, {network.Name}, {optimizer}: losses", losses, expected, 1e-4);
        return new("TorchSharp", () => Step(reads: false));

        // As MiniNet's Step it knows the loss afterwards, but only reads it when asked: reading costs TorchSharp a call more.
        float Step(bool reads)
        {
            using DisposeScope scope = torch.NewDisposeScope();
            peer.zero_grad();
            torch.Tensor output = module.forward(input);
            torch.Tensor loss = network.Classifies ? torch.nn.functional.cross_entropy(output, target) : torch.nn.functional.mse_loss(output, target);
            loss.backward();
            peer.step();
            return reads ? loss.item<float>() : 0;
        }
    }
}
