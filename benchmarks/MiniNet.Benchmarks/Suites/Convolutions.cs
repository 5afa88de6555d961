using System.Globalization;
using TorchSharp;

namespace MiniNet.Benchmarks;

/// <summary>Convolutions: single layers forward and backward, and a step and a prediction of a small convolutional network.</summary>
internal sealed class Convolutions
{
    private const double Tolerance = 1e-4;

    private readonly Contest contest;
    private readonly bool hasTorch, hasOnnx;
    private readonly string? noTorch, noOnnx;

    private Convolutions(Options options)
    {
        contest = new(options);
        noTorch = Torch.WhyMissing(options.Threads);
        noOnnx = OnnxSession.WhyMissing();
        (hasTorch, hasOnnx) = (noTorch is null, noOnnx is null);
    }

    private static string Malloc => Environment.GetEnvironmentVariable("MALLOC_MMAP_THRESHOLD_") is { } threshold
        ? $"MALLOC_MMAP_THRESHOLD_ is {threshold}: TorchSharp's memory stays in the process from call to call."
        : "MALLOC_MMAP_THRESHOLD_ is not set: TorchSharp runs as it comes, and gets its larger memory anew from the system in each call.";

    public static void Run(Options options)
    {
        new Convolutions(options with { Threads = 1 }).Layers();
        Console.WriteLine();
        new Convolutions(options).Network(options.Threads);
    }

    private void Layers()
    {
        List<string> columns = ["layer, batch", "pass", "peak GFLOP/s", "MiniNet", "share of peak", "spread"];
        if (hasTorch)
            columns.Add("TorchSharp");
        Table table = new("convolution: single layers", ["On the thread that calls, so everyone has one thread here.", "A peer's cell: its share of the peak; its time over MiniNet's.", Malloc], [noTorch], columns);
        foreach ((Shape image, Conv2D layer, int batch) in ((Shape, Conv2D, int)[])[
            ((28, 28, 1), new Conv2D(32, kernel: 3), 64),
            ((32, 32, 3), new Conv2D(32, kernel: 3, padding: Padding.Same), 32),
            ((11, 11, 32), new Conv2D(32, kernel: 3, padding: Padding.Same), 64),
            ((13, 13, 32), new Conv2D(64, kernel: 3), 64),
            ((16, 16, 64), new Conv2D(64, kernel: 3, padding: Padding.Same), 32),
            ((32, 32, 64), new Conv2D(64, kernel: 3, padding: Padding.Same), 32),
            ((14, 14, 256), new Conv2D(256, kernel: 3, padding: Padding.Same), 8),
            ((32, 32, 64), new Conv2D(128, kernel: 3, stride: 2, padding: 1), 32),
            ((14, 14, 256), new Conv2D(64, kernel: 1), 16),
            ((16, 16, 64), new Conv2D(64, kernel: 3, padding: Padding.Same, groups: 64), 32),
            ((32, 32, 64), new Conv2D(64, kernel: 3, padding: Padding.Same, groups: 64), 32),
            ((32, 32, 32), new Conv2D(16, kernel: 3, padding: Padding.Same), 32),
            ((32, 32, 16), new Conv2D(16, kernel: 3, padding: Padding.Same), 32),
            ((28, 28, 16), new Conv2D(1, kernel: 3, padding: Padding.Same), 64),
            ((32, 32, 32), new Conv2D(3, kernel: 3, padding: Padding.Same), 32),
            ((7, 7, 512), new Conv2D(512, kernel: 3, padding: Padding.Same), 8),
        ])
            Measure(table, image, layer, batch);
    }

    private void Measure(Table table, Shape image, Conv2D layer, int batch)
    {
        Sequential<float> model = new(image, seed: 1, layer);
        ConvolutionGeometry geometry = new(image, layer.Filters, layer.Kernel, layer.Stride, layer.Dilation, layer.Padding, layer.Groups);
        float[] b = Noise.Array<float>(layer.Filters, 3);
        using AlignedBuffer<float> x = new AlignedBuffer<float>(batch * image.Length).Fill(2), dy = new AlignedBuffer<float>(batch * geometry.OutputLength).Fill(4), w = new(geometry.WeightLength);
        using AlignedBuffer<float> y = new(dy.Length), dx = new(x.Length), dw = new(w.Length), turned = new(w.Length);
        model["0.weight"].CopyTo(w.Span);
        List<Contestant?> forward = [new("MiniNet", () => Convolution.Forward(geometry, x.Span, Convolution.Prepare<float>(geometry, w.Span), b, y.Span))];
        List<Contestant?> back = [new("MiniNet", () => Convolution.Backward(geometry, dy.Span, Convolution.Turn<float>(geometry, w.Span, turned.Span), [], dx.Span))];
        List<Contestant?> weights = [new("MiniNet", () =>
        {
            Span<float> sums = Convolution.Sums(geometry, batch, dw.Span);
            Convolution.Weights(geometry, x.Span, dy.Span, sums, 0, Convolution.WeightParts<float>(geometry, batch));
            Convolution.Finish(geometry, sums, dw.Span);
        })];
        foreach (Contestant? own in (Contestant?[])[forward[0], back[0], weights[0]])
            own!.Run();
        using IDisposable? scope = hasTorch ? AddTorch() : null;

        string name = $"{layer} on {image}, {batch}";
        foreach ((string pass, List<Contestant?> contestants) in ((string, List<Contestant?>)[])[("forward", forward), ("dX", back), ("dW", weights)])
        {
            Timing[] timings = contest.Run([Peak.Contestant(isDouble: false), .. contestants.OfType<Contestant>()]);
            double peak = Peak.Operations(isDouble: false) / timings[0].Seconds, operations = 2.0 * batch * geometry.Multiplies, own = timings[1].Seconds;
            List<string> cells = [name, pass, Table.Digits(peak / 1e9), Table.Time(own), Table.Percent(operations / own / peak), Table.Percent(timings[1].Spread)];
            if (hasTorch)
                cells.Add($"{Table.Percent(operations / timings[2].Seconds / peak)} · {Table.Ratio(timings[2].Seconds, own)}");
            table.Add(cells);
        }

        // PyTorch's own order, channels first, in which its users have their images. Each gradient is a call of autograd for it alone.
        DisposeScope AddTorch()
        {
            DisposeScope tensors = torch.NewDisposeScope();
            Shape output = model.OutputShape;
            torch.Tensor input = ChannelsFirst(x, batch, image), weight = torch.tensor(w.Span.ToArray(), [layer.Kernel[0], layer.Kernel[1], image[2] / layer.Groups, layer.Filters]).permute(3, 2, 0, 1).contiguous(), bias = torch.tensor(b);
            torch.Tensor upstream = ChannelsFirst(dy, batch, output), trackedInput = input.detach().clone().requires_grad_(true), trackedWeight = weight.detach().clone().requires_grad_(true);
            torch.Tensor fromInput = Apply(trackedInput, weight), fromWeight = Apply(input, trackedWeight);
            using (torch.Tensor first = Apply(input, weight))
                Agreement.Check<float>($"TorchSharp, {layer}", Torch.Values(first.permute(0, 2, 3, 1)), y.Span, Tolerance);
            using (torch.Tensor gradient = torch.autograd.grad([fromInput], [trackedInput], [upstream], retain_graph: true)[0])
                Agreement.Check<float>($"TorchSharp, {layer}, dX", Torch.Values(gradient.permute(0, 2, 3, 1)), dx.Span, Tolerance);
            using (torch.Tensor gradient = torch.autograd.grad([fromWeight], [trackedWeight], [upstream], retain_graph: true)[0])
                Agreement.Check<float>($"TorchSharp, {layer}, dW", Torch.Values(gradient.permute(2, 3, 1, 0)), dw.Span, Tolerance);
            forward.Add(new("TorchSharp", () => Apply(input, weight).Dispose()));
            back.Add(new("TorchSharp", () => torch.autograd.grad([fromInput], [trackedInput], [upstream], retain_graph: true)[0].Dispose()));
            weights.Add(new("TorchSharp", () => torch.autograd.grad([fromWeight], [trackedWeight], [upstream], retain_graph: true)[0].Dispose()));
            return tensors;

            torch.Tensor Apply(torch.Tensor from, torch.Tensor kernel) =>
                torch.nn.functional.conv2d(from, kernel, bias, strides: [layer.Stride[0], layer.Stride[1]], padding: [geometry.Top, geometry.Left], dilation: [1, 1], groups: layer.Groups);
        }
    }

    private static torch.Tensor ChannelsFirst(AlignedBuffer<float> values, int batch, Shape shape) =>
        torch.tensor(values.Span.ToArray(), [batch, shape[0], shape[1], shape[2]]).permute(0, 3, 1, 2).contiguous();

    private void Network(int threads)
    {
        List<string> columns = ["what", "MiniNet", "spread", "share of peak in convolutions and products", "bytes a call", "MB it keeps"];
        if (hasTorch)
            columns.AddRange(["TorchSharp", "bytes a call, managed"]);
        if (hasOnnx)
            columns.AddRange(["ONNX Runtime", "bytes a call, managed"]);
        Table table = new(
            "convolution: the network of Keras' MNIST example, 34,826 parameters",
            [
                Malloc,
                "MB it keeps: all memory beside the model's own that is there from call to call: in training gradients, the optimizer's slots, and what layers put out; in prediction what layers put out. The peers' lies in native code, and is not told.",
            ],
            [noTorch, noOnnx], columns);
        foreach (Optimizer optimizer in (Optimizer[])[new Sgd(0.01), new Adam(0.001)])
            Step(table, optimizer, batch: 64, threads);
        Step(table, new Adam(0.001), batch: 64, threads, isWhole: true);
        foreach (int batch in new[] { 1, 64 })
            Predict(table, batch);
    }

    private void Step(Table table, Optimizer optimizer, int batch, int threads, bool isWhole = false)
    {
        ConvolutionalNetwork network = new(batch);
        network.CheckAgainstTorch(optimizer, hasTorch);
        Sequential<float> model = ConvolutionalNetwork.Model(dropout: 0.5);
        long before = GC.GetTotalMemory(forceFullCollection: true);
        Trainer<float> trainer = new(model, new CrossEntropy(), optimizer, maxDegreeOfParallelism: threads);
        Action step = isWhole ? Whole : () => trainer.Step(network.X, network.Targets);
        step();
        long kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        Add(table, $"a step, batch {batch}, {optimizer}{(isWhole ? ", not in parts" : "")}", new("MiniNet", step), kept,
            hasTorch ? new("TorchSharp", network.TorchStep(optimizer, dropout: 0.5)) : null, onnx: null, network.StepOperations, threads);

        void Whole()
        {
            trainer.Forward(network.X);
            trainer.Backward(network.Targets);
            trainer.Update();
        }
    }

    private void Predict(Table table, int batch)
    {
        ConvolutionalNetwork network = new(batch);
        Sequential<float> model = ConvolutionalNetwork.Model(dropout: 0.5);
        float[] y = new float[batch * 10], theirs = new float[y.Length];
        long before = GC.GetTotalMemory(forceFullCollection: true);
        model.Predict(network.X, y);
        long kept = GC.GetTotalMemory(forceFullCollection: true) - before;
        using OnnxSession? session = hasOnnx ? new(model, network.X, theirs, batch, threads: 1) : null;
        session?.Run();
        if (session is not null)
            Agreement.Check<float>("ONNX Runtime, prediction", theirs, y, 1e-5);
        Add(table, $"a prediction, batch {batch}", new("MiniNet", () => model.Predict(network.X, y)), kept,
            hasTorch ? new("TorchSharp", network.TorchPrediction(model, y)) : null, session is null ? null : new("ONNX Runtime", session.Run), network.PredictionOperations, threads: 1);
    }

    private void Add(Table table, string name, Contestant own, long kept, Contestant? torch, Contestant? onnx, double operations, int threads)
    {
        Timing[] timings = contest.Run([Peak.Contestant(isDouble: false), own, .. new[] { torch, onnx }.OfType<Contestant>()]);
        double peak = threads * Peak.Operations(isDouble: false) / timings[0].Seconds, seconds = timings[1].Seconds;
        List<string> cells = [name, Table.Time(seconds), Table.Percent(timings[1].Spread), Table.Percent(operations / seconds / peak), Bytes(own), Table.Digits(kept / 1e6)];
        int next = 2;
        foreach ((bool hasPeer, Contestant? peer) in new[] { (hasTorch, torch), (hasOnnx, onnx) })
        {
            if (hasPeer)
                cells.AddRange(peer is null ? ["", ""] : [Comparison.Cell(timings[next++].Seconds, seconds), Bytes(peer)]);
        }
        table.Add(cells);

        string Bytes(Contestant contestant) => contest.Allocated(contestant.Run).ToString("N0", CultureInfo.InvariantCulture);
    }
}
