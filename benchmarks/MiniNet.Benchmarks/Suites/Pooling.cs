using TorchSharp;

namespace MiniNet.Benchmarks;

/// <summary>Pooling and normalisation of a batch, forward and backward.</summary>
internal sealed class Pooling
{
    private const int Batch = 64;
    private const double Tolerance = 1e-3;

    private readonly Options options;
    private readonly Contest contest;
    private readonly bool hasTorch;
    private readonly Table table;

    private Pooling(Options options)
    {
        this.options = options;
        contest = new(options);
        string? noTorch = Torch.WhyMissing(options.Threads);
        hasTorch = noTorch is null;
        List<string> columns = [$"batch {Batch}", "MiniNet", "spread"];
        if (hasTorch)
            columns.AddRange(["TorchSharp, channels first", "TorchSharp, channels last"]);
        table = new("pooling", ["Backward makes the gradients of the input and of the parameters."], [noTorch], columns);
    }

    public static void Run(Options options)
    {
        Pooling suite = new(options);
        Shape large = (26, 26, 32), small = (10, 10, 64), steps = (64, 256);
        suite.Measure(new MaxPool2D(2), large, (x, _, _) => torch.nn.functional.max_pool2d(x, [2, 2]));
        suite.Measure(new MaxPool2D(2), small, (x, _, _) => torch.nn.functional.max_pool2d(x, [2, 2]));
        suite.Measure(new MaxPool2D(3, stride: 2, padding: 1), large, (x, _, _) => torch.nn.functional.max_pool2d(x, [3, 3], [2, 2], [1, 1]));
        suite.Measure(new AveragePool2D(2), large, (x, _, _) => torch.nn.functional.avg_pool2d(x, [2, 2]));
        suite.Measure(new GlobalAveragePool2D(), small, (x, _, _) => x.mean([2, 3]));
        suite.Measure(new Upsample2D(2), small, (x, _, _) => torch.nn.functional.interpolate(x, scale_factor: [2, 2], mode: torch.InterpolationMode.Nearest));
        suite.Measure(new BatchNorm(), large, (x, weight, bias) => torch.nn.functional.batch_norm(x, null, null, weight, bias, training: true));
        suite.Measure(new GroupNorm(8), large, (x, weight, bias) => torch.nn.functional.group_norm(x, 8, weight, bias));
        suite.Measure(new LayerNorm(), steps, (x, weight, bias) => torch.nn.functional.layer_norm(x, [256], weight, bias));
        suite.Measure(new RmsNorm(), steps, null);
    }

    private void Measure(Layer layer, Shape inputs, Func<torch.Tensor, torch.Tensor?, torch.Tensor?, torch.Tensor>? peer)
    {
        // The layer alone: a model of one layer, run on memory that is there already.
        Sequential<float> model = new(inputs, seed: 1, layer);
        Plan plan = model.Plan;
        Workspace<float> workspace = new(model, Batch, new float[model.Parameters.Length], 0, new float[plan.Model.Observed], options.Threads);
        using AlignedBuffer<float> x = new AlignedBuffer<float>(Batch * inputs.Length).Fill(1), dy = new AlignedBuffer<float>(Batch * model.OutputShape.Length).Fill(2), y = new(dy.Length), dx = new(x.Length);
        List<Contestant?> there = [new("MiniNet", () => plan.Circuit!.Forward(workspace.Pass(Batch, isTraining: true, x.Span, y.Span)))];
        List<Contestant?> back = [new("MiniNet", () => plan.Circuit!.Backward(workspace.Pass(Batch, isTraining: true, x.Span, y.Span, dy.Span, dx.Span)))];
        there[0]!.Run();
        back[0]!.Run();
        for (int order = 0; hasTorch && order < 2; order++)
        {
            // Steps have no image's axes to be in another order.
            if (peer is null || (inputs.Rank != 3 && order == 1))
            {
                there.Add(null);
                back.Add(null);
            }
            else
            {
                AddTorch(layer, model, peer, isLast: order == 1, (x, y, dy, dx), there, back);
            }
        }
        table.Add([$"{layer} of {inputs}, forward", .. Comparison.Cells(contest, there)]);
        table.Add([$"{layer} of {inputs}, backward", .. Comparison.Cells(contest, back)]);
    }

    private static void AddTorch(
        Layer layer, Sequential<float> model, Func<torch.Tensor, torch.Tensor?, torch.Tensor?, torch.Tensor> peer, bool isLast,
        (AlignedBuffer<float> X, AlignedBuffer<float> Y, AlignedBuffer<float> Dy, AlignedBuffer<float> Dx) ours, List<Contestant?> there, List<Contestant?> back)
    {
        torch.Tensor input = Tensor(ours.X, model.InputShape, isLast), upstream = Tensor(ours.Dy, model.OutputShape, isLast);
        torch.Tensor? weight = model.Parameters.Length == 0 ? null : torch.ones(model.InputShape.Last, requires_grad: true), bias = weight is null ? null : torch.zeros(model.InputShape.Last, requires_grad: true);
        torch.Tensor tracked = input.clone().requires_grad_(true), output = peer(tracked, weight, bias);
        List<torch.Tensor> of = [output], to = weight is null ? [tracked] : [tracked, weight, bias!], with = [upstream];
        Agreement.Check<float>($"TorchSharp, {layer}", Values(output), ours.Y.Span, Tolerance);
        Agreement.Check<float>($"TorchSharp, {layer} backward", Values(torch.autograd.grad(of, to, with, retain_graph: true)[0]), ours.Dx.Span, Tolerance);
        there.Add(new("TorchSharp", () =>
        {
            using IDisposable mode = torch.no_grad();
            using torch.Tensor y = peer(input, weight, bias);
        }));
        back.Add(new("TorchSharp", () =>
        {
            foreach (torch.Tensor gradient in torch.autograd.grad(of, to, with, retain_graph: true))
                gradient.Dispose();
        }));
    }

    /// <summary>A batch as TorchSharp wants it: an image's channels on axis 1, and in memory last or first.</summary>
    private static torch.Tensor Tensor(AlignedBuffer<float> values, Shape sample, bool isLast)
    {
        long[] sizes = [Batch, .. Enumerable.Range(0, sample.Rank).Select(axis => (long)sample[axis])];
        torch.Tensor tensor = torch.tensor(values.Span.ToArray(), sizes);
        if (sample.Rank != 3)
            return tensor;
        tensor = tensor.permute(0, 3, 1, 2);
        return isLast ? tensor : tensor.contiguous();
    }

    /// <summary>The values with the channels last.</summary>
    private static float[] Values(torch.Tensor tensor) => Torch.Values(tensor.dim() == 4 ? tensor.permute(0, 2, 3, 1) : tensor);
}
