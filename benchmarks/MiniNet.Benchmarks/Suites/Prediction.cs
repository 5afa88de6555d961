using System.Globalization;
using TorchSharp;

namespace MiniNet.Benchmarks;

/// <summary>A trained network at work: one sample, and a batch.</summary>
internal sealed class Prediction
{
    private readonly Contest contest;
    private readonly bool hasTorch, hasOnnx;
    private readonly Table table;

    private Prediction(Options options)
    {
        contest = new(options with { Threads = 1 });
        string? noTorch = Torch.WhyMissing(threads: 1), noOnnx = OnnxSession.WhyMissing();
        (hasTorch, hasOnnx) = (noTorch is null, noOnnx is null);
        List<string> columns = ["network", "MiniNet", "spread", "bytes a call", "plain loops"];
        if (hasOnnx)
            columns.AddRange(["ONNX Runtime", "bytes a call, managed"]);
        if (hasTorch)
            columns.AddRange(["TorchSharp", "bytes a call, managed"]);
        table = new("prediction", ["Predict works on the thread that calls it, so everyone has one thread here."], [noOnnx, noTorch], columns);
    }

    public static void Run(Options options)
    {
        Prediction suite = new(options);
        foreach (int batch in new[] { 1, 64 })
            suite.Measure(new([2, 8, 1], batch, new Sigmoid(), Classifies: false));
        foreach (int batch in new[] { 1, 64 })
            suite.Measure(new([784, 128, 10], batch, new ReLU(), Classifies: true));
    }

    private void Measure(Network network)
    {
        Sequential<float> model = network.Model();
        float[] x = network.Inputs(), y = new float[network.Batch * network.Sizes[^1]], theirs = new float[y.Length];
        List<Contestant> contestants = [new("MiniNet", () => model.Predict(x, y))];
        contestants[0].Run();
        PlainNetwork plain = new(network, model);
        Agreement.Check<float>($"plain loops, {network.Name}", plain.Forward(x), y, 1e-5);
        contestants.Add(new("plain loops", () => plain.Forward(x)));
        using OnnxSession? session = hasOnnx ? new(model, x, theirs, network.Batch, threads: 1) : null;
        if (session is not null)
        {
            session.Run();
            Agreement.Check<float>($"ONNX Runtime, {network.Name}", theirs, y, 1e-5);
            contestants.Add(new("ONNX Runtime", session.Run));
        }
        using IDisposable? scope = hasTorch ? AddTorch(contestants, network, model, x, y) : null;

        Timing[] timings = contest.Run(contestants);
        double own = timings[0].Seconds;
        List<string> cells = [network.Name, Table.Time(own), Table.Percent(timings[0].Spread), Bytes(contestants[0]), Comparison.Cell(timings[1].Seconds, own)];
        for (int i = 2; i < contestants.Count; i++)
            cells.AddRange([Comparison.Cell(timings[i].Seconds, own), Bytes(contestants[i])]);
        table.Add(cells);
    }

    private string Bytes(Contestant contestant) => contest.Allocated(contestant.Run).ToString("N0", CultureInfo.InvariantCulture);

    // The input is a tensor already: making one of the caller's array would cost TorchSharp a copy more.
    private static torch.Tensor AddTorch(List<Contestant> contestants, Network network, Sequential<float> model, float[] x, float[] y)
    {
        var module = network.Peer(model, endsWithLogits: false);
        module.eval();
        torch.Tensor input = torch.tensor(x, [network.Batch, network.Sizes[0]]);
        using (torch.Tensor output = module.forward(input))
            Agreement.Check<float>($"TorchSharp, {network.Name}", Torch.Values(output), y, 1e-5);
        contestants.Add(new("TorchSharp", () =>
        {
            using IDisposable mode = torch.inference_mode();
            using torch.Tensor output = module.forward(input);
        }));
        return input;
    }
}
