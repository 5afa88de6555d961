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
        float[] x = Noise.Array<float>(Length, 1, scale: 4), y = new float[Length], right = new float[Length], theirs = new float[Length];
        List<Contestant?> there =
        [
            new("MiniNet", () => Elementwise.Map<float, Exponential>(default, x, y)),
            new("plain loops", () =>
            {
                for (int i = 0; i < x.Length; i++)
                    right[i] = MathF.Exp(x[i]);
            }),
            new("TensorPrimitives", () => TensorPrimitives.Exp(x, theirs)),
        ];
        there[0]!.Run();
        there[1]!.Run();
        Agreement.Check<float>("MiniNet, exp", y, right, Tolerance);
        using torch.Tensor? input = hasTorch ? torch.tensor(x) : null;
        if (input is not null)
        {
            using torch.Tensor first = torch.exp(input);
            Agreement.Check<float>("TorchSharp, exp", Torch.Values(first), right, Tolerance);
            there.Add(new("TorchSharp", () => torch.exp(input).Dispose()));
        }
        table.Add(["exp", .. Comparison.Cells(contest, there)]);
    }

    private void Measure<TPlain>(Activation layer, Action<ReadOnlySpan<float>, Span<float>>? primitives, Func<torch.Tensor, torch.Tensor> peer) where TPlain : struct, IPlainActivation
    {
        float[] x = Noise.Array<float>(Length, 1, scale: 4), dy = Noise.Array<float>(Length, 2);
        float[] y = new float[Length], dx = new float[Length], right = new float[Length], rightGradient = new float[Length], theirs = new float[Length];
        PlainActivation.Forward<TPlain>(x, right);
        PlainActivation.Backward<TPlain>(x, right, dy, rightGradient);

        // The layer alone: what a pass over a whole model adds is measured in `training` and `prediction`.
        Sequential<float> model = new(Length, seed: 1, layer);
        Workspace<float> workspace = new(model, 1, [], [], options.Threads);
        Action forward = () => layer.Forward(workspace.Pass(1, isTraining: true, x, y));
        Action backward = () => layer.Backward(workspace.Pass(1, isTraining: true, x, y, dy, dx));
        forward();
        backward();
        Agreement.Check<float>($"MiniNet, {layer}", y, right, Tolerance);
        Agreement.Check<float>($"MiniNet, {layer} backward", dx, rightGradient, Tolerance);

        List<Contestant?> there = [new("MiniNet", forward), new("plain loops", () => PlainActivation.Forward<TPlain>(x, right))];
        List<Contestant?> back = [new("MiniNet", backward), new("plain loops", () => PlainActivation.Backward<TPlain>(x, right, dy, rightGradient)), null];
        there.Add(primitives is null ? null : new("TensorPrimitives", () => primitives(x, theirs)));
        using IDisposable? scope = hasTorch ? AddTorch(there, back, layer, peer, x, dy, right, rightGradient) : null;

        table.Add([$"{layer} forward", .. Comparison.Cells(contest, there)]);
        table.Add([$"{layer} backward", .. Comparison.Cells(contest, back)]);
    }

    // Backward is a call of autograd on a graph that stays: TorchSharp does not expose the derivative by itself.
    private static torch.Tensor AddTorch(
        List<Contestant?> there, List<Contestant?> back, Activation layer, Func<torch.Tensor, torch.Tensor> peer, float[] x, float[] dy, float[] right, float[] rightGradient)
    {
        torch.Tensor input = torch.tensor(x), tracked = torch.tensor(x, requires_grad: true), output = peer(tracked), upstream = torch.tensor(dy);
        List<torch.Tensor> of = [output], to = [tracked], with = [upstream];
        Agreement.Check<float>($"TorchSharp, {layer}", Torch.Values(output), right, Tolerance);
        Agreement.Check<float>($"TorchSharp, {layer} backward", Torch.Values(torch.autograd.grad(of, to, with, retain_graph: true)[0]), rightGradient, Tolerance);
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
