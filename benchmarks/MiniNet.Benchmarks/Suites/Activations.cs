using System.Numerics.Tensors;
using TorchSharp;

namespace MiniNet.Benchmarks;

/// <summary>Activations over 65,536 floats, forward and backward.</summary>
internal sealed class Activations
{
    private const int Length = 1 << 16;
    private const double Tolerance = 1e-5;

    private readonly Options options;
    private readonly Contest contest;
    private readonly bool hasTorch;
    private readonly Table table;

    private Activations(Options options)
    {
        this.options = options;
        contest = new(options);
        string? noTorch = Torch.WhyMissing(options.Threads);
        hasTorch = noTorch is null;
        List<string> columns = ["65,536 floats", "MiniNet", "spread", "plain loops", "TensorPrimitives"];
        if (hasTorch)
            columns.Add("TorchSharp");
        table = new("activations", [], [noTorch], columns);
    }

    public static void Run(Options options)
    {
        Activations suite = new(options);
        suite.MeasureExp();
        suite.Measure<PlainActivation.Sigmoid>(new Sigmoid(), (x, y) => TensorPrimitives.Sigmoid(x, y), torch.sigmoid);
        suite.Measure<PlainActivation.Tanh>(new Tanh(), (x, y) => TensorPrimitives.Tanh(x, y), torch.tanh);
        suite.Measure<PlainActivation.ReLU>(new ReLU(), (x, y) => TensorPrimitives.Max(x, 0f, y), x => torch.nn.functional.relu(x));
        suite.Measure<PlainActivation.GELU>(new GELU(), null, x => torch.nn.functional.gelu(x));
        suite.Measure<PlainActivation.SiLU>(new SiLU(), null, x => torch.nn.functional.silu(x));
    }

    /// <summary>What Softmax, ELU and the others are made of.</summary>
    private void MeasureExp()
    {
        using AlignedBuffer<float> x = new AlignedBuffer<float>(Length).Fill(1, scale: 4), y = new(Length), right = new(Length), theirs = new(Length);
        List<Contestant?> there =
        [
            new("MiniNet", () => Elementwise.Map<float, Exponential>(default, x.Span, y.Span)),
            new("plain loops", () =>
            {
                Span<float> to = right.Span;
                ReadOnlySpan<float> from = x.Span;
                for (int i = 0; i < from.Length; i++)
                    to[i] = MathF.Exp(from[i]);
            }),
            new("TensorPrimitives", () => TensorPrimitives.Exp(x.Span, theirs.Span)),
        ];
        there[0]!.Run();
        there[1]!.Run();
        Agreement.Check<float>("MiniNet, exp", y.Span, right.Span, Tolerance);
        using torch.Tensor? input = hasTorch ? torch.tensor(x.Span.ToArray()) : null;
        if (input is not null)
        {
            using torch.Tensor first = torch.exp(input);
            Agreement.Check<float>("TorchSharp, exp", Torch.Values(first), right.Span, Tolerance);
            there.Add(new("TorchSharp", () => torch.exp(input).Dispose()));
        }
        table.Add(["exp", .. Comparison.Cells(contest, there)]);
    }

    private void Measure<TPlain>(Activation layer, Action<ReadOnlySpan<float>, Span<float>>? primitives, Func<torch.Tensor, torch.Tensor> peer) where TPlain : struct, IPlainActivation
    {
        using AlignedBuffer<float> x = new AlignedBuffer<float>(Length).Fill(1, scale: 4), dy = new AlignedBuffer<float>(Length).Fill(2);
        using AlignedBuffer<float> y = new(Length), dx = new(Length), right = new(Length), rightGradient = new(Length), theirs = new(Length);
        PlainActivation.Forward<TPlain>(x.Span, right.Span);
        PlainActivation.Backward<TPlain>(x.Span, right.Span, dy.Span, rightGradient.Span);

        // The layer alone: what a pass over a whole model adds is measured in `training` and `prediction`.
        Sequential<float> model = new(Length, seed: 1, layer);
        Workspace<float> workspace = new(model, 1, [], 0, [], options.Threads);
        Action forward = () => layer.Forward(workspace.Pass(1, isTraining: true, x.Span, y.Span));
        Action backward = () => layer.Backward(workspace.Pass(1, isTraining: true, x.Span, y.Span, dy.Span, dx.Span));
        forward();
        backward();
        Agreement.Check<float>($"MiniNet, {layer}", y.Span, right.Span, Tolerance);
        Agreement.Check<float>($"MiniNet, {layer} backward", dx.Span, rightGradient.Span, Tolerance);

        List<Contestant?> there = [new("MiniNet", forward), new("plain loops", () => PlainActivation.Forward<TPlain>(x.Span, right.Span))];
        List<Contestant?> back = [new("MiniNet", backward), new("plain loops", () => PlainActivation.Backward<TPlain>(x.Span, right.Span, dy.Span, rightGradient.Span)), null];
        there.Add(primitives is null ? null : new("TensorPrimitives", () => primitives(x.Span, theirs.Span)));
        using IDisposable? scope = hasTorch ? AddTorch(there, back, layer, peer, x, dy, right, rightGradient) : null;

        table.Add([$"{layer} forward", .. Comparison.Cells(contest, there)]);
        table.Add([$"{layer} backward", .. Comparison.Cells(contest, back)]);
    }

    // Backward is a call of autograd on a graph that stays: TorchSharp does not expose the derivative by itself.
    private static torch.Tensor AddTorch(
        List<Contestant?> there, List<Contestant?> back, Activation layer, Func<torch.Tensor, torch.Tensor> peer, AlignedBuffer<float> x, AlignedBuffer<float> dy, AlignedBuffer<float> right, AlignedBuffer<float> rightGradient)
    {
        torch.Tensor input = torch.tensor(x.Span.ToArray()), tracked = torch.tensor(x.Span.ToArray(), requires_grad: true), output = peer(tracked), upstream = torch.tensor(dy.Span.ToArray());
        List<torch.Tensor> of = [output], to = [tracked], with = [upstream];
        Agreement.Check<float>($"TorchSharp, {layer}", Torch.Values(output), right.Span, Tolerance);
        Agreement.Check<float>($"TorchSharp, {layer} backward", Torch.Values(torch.autograd.grad(of, to, with, retain_graph: true)[0]), rightGradient.Span, Tolerance);
        there.Add(new("TorchSharp", () =>
        {
            using torch.Tensor y = peer(input);
        }));
        back.Add(new("TorchSharp", () => torch.autograd.grad(of, to, with, retain_graph: true)[0].Dispose()));
        return output;
    }

    private readonly struct Exponential : IUnary<float>
    {
        public TVector Invoke<TSimd, TVector>(TVector x) where TSimd : struct, IArithmetic<TVector, float> => VectorMath<TSimd, TVector, float>.Exp(x);
    }
}
