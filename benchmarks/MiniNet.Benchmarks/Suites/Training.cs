using System.Globalization;
using TorchSharp;

namespace MiniNet.Benchmarks;

/// <summary>Whole training steps: forward, backward, update.</summary>
internal sealed class Training
{
    private const int AgreementSteps = 10;

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
        List<string> columns = ["network, optimizer", "MiniNet", "spread", "share of peak in products", "bytes a step"];
        if (hasTorch)
            columns.AddRange(["TorchSharp", "bytes a step, managed"]);
        table = new("training", new[] { noTorch }.OfType<string>(), columns);
    }

    public static void Run(Options options)
    {
        Training suite = new(options);
        foreach (Network network in Networks)
        {
            suite.Measure(network, new Sgd(0.01));
            suite.Measure(network, new Adam(0.001));
        }
    }

    private void Measure(Network network, Optimizer optimizer)
    {
        Sequential<float> model = network.Model();
        float[] x = network.Inputs(), y = network.Targets();
        Trainer<float> trainer = new(model, network.Loss, optimizer, maxDegreeOfParallelism: options.Threads);
        Action? peer = hasTorch ? PeerStep(network, model, optimizer, x, y) : null;
        Action step = () => trainer.Step(x, y);

        List<Contestant> contestants = [Peak.Contestant(isDouble: false), new("MiniNet", step)];
        long bytes = contest.Allocated(step);
        if (peer is not null)
            contestants.Add(new("TorchSharp", peer));
        Timing[] timings = contest.Run(contestants);
        double peak = options.Threads * Peak.Operations(isDouble: false) / timings[0].Seconds, own = timings[1].Seconds;
        List<string> cells = [$"{network.Name}, {optimizer}", Table.Time(own), Table.Percent(timings[1].Spread), Table.Percent(network.Operations / own / peak), bytes.ToString(CultureInfo.InvariantCulture)];
        if (peer is not null)
            cells.AddRange([Comparison.Cell(timings[2].Seconds, own), contest.Allocated(peer).ToString("N0", CultureInfo.InvariantCulture)]);
        table.Add(cells);
    }

    /// <summary>A step of TorchSharp on the same weights, once it has been seen to go the same way for a few steps.</summary>
    private static Action PeerStep(Network network, Sequential<float> model, Optimizer optimizer, float[] x, float[] y)
    {
        var module = network.Peer(model, endsWithLogits: true);
        torch.optim.Optimizer peer = optimizer is Adam ? torch.optim.Adam(module.parameters(), 0.001) : torch.optim.SGD(module.parameters(), 0.01);
        torch.Tensor input = torch.tensor(x, [network.Batch, network.Sizes[0]]);
        torch.Tensor target = network.Classifies ? torch.tensor(y.Select(v => (long)v).ToArray()) : torch.tensor(y, [network.Batch, 1]);

        float[] losses = new float[AgreementSteps], expected = new float[AgreementSteps];
        Trainer<float> copy = new(model.Clone(), network.Loss, optimizer, maxDegreeOfParallelism: 1);
        for (int i = 0; i < AgreementSteps; i++)
        {
            losses[i] = Step(reads: true);
            expected[i] = copy.Step(x, y);
        }
        Agreement.Check<float>($"TorchSharp, {network.Name}, {optimizer}: losses", losses, expected, 1e-4);
        return () => Step(reads: false);

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
