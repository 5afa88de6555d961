using TorchSharp;

namespace MiniNet.Benchmarks;

/// <summary>A network of dense layers, for MiniNet and for its peers, with the same weights and the same data.</summary>
/// <param name="Sizes">Inputs, hidden units, outputs.</param>
/// <param name="Batch">How many samples.</param>
/// <param name="Hidden">What follows each hidden layer.</param>
/// <param name="Classifies">Whether it ends with Softmax and CrossEntropy; else with Sigmoid and MeanSquaredError.</param>
internal sealed record Network(int[] Sizes, int Batch, Activation Hidden, bool Classifies)
{
    public string Name => $"{string.Join('-', Sizes)}, batch {Batch}";

    public Loss Loss => Classifies ? new CrossEntropy() : new MeanSquaredError();

    /// <summary>The floating-point operations of the products of a training step; the first layer's input has no gradient.</summary>
    public double Operations => Enumerable.Range(1, Sizes.Length - 1).Sum(l => 2.0 * Batch * Sizes[l - 1] * Sizes[l] * (l == 1 ? 2 : 3));

    public Sequential<float> Model()
    {
        List<Layer> layers = [];
        for (int l = 1; l < Sizes.Length; l++)
            layers.AddRange([new Dense(Sizes[l]), l < Sizes.Length - 1 ? Hidden : Classifies ? new Softmax() : new Sigmoid()]);
        return new(Sizes[0], seed: 1, [.. layers]);
    }

    /// <summary>[batch, inputs]: the four of XOR, or noise between 0 and 1.</summary>
    public float[] Inputs()
    {
        if (Sizes[0] == 2)
            return [.. Enumerable.Range(0, 2 * Batch).Select(i => (float)((i / 2 % 4) >> (1 - (i % 2)) & 1))];
        float[] x = Noise.Array<float>(Batch * Sizes[0], 3);
        for (int i = 0; i < x.Length; i++)
            x[i] = MathF.Abs(x[i]);
        return x;
    }

    /// <summary>[batch]: class indices, or XOR.</summary>
    public float[] Targets()
    {
        Random random = new(4);
        return [.. Enumerable.Range(0, Batch).Select(i => Classifies ? random.Next(Sizes[^1]) : (float)((i + 1) / 2 % 2))];
    }

    /// <summary>The same network with the same weights in TorchSharp. It ends with logits where it is to be trained as a classifier: its cross-entropy wants those.</summary>
    public torch.nn.Module<torch.Tensor, torch.Tensor> Peer(Sequential<float> model, bool endsWithLogits)
    {
        List<(string, torch.nn.Module<torch.Tensor, torch.Tensor>)> modules = [];
        for (int l = 1; l < Sizes.Length; l++)
        {
            var linear = torch.nn.Linear(Sizes[l - 1], Sizes[l]);
            string name = $"{2 * (l - 1)}";
            using (torch.no_grad())
            {
                using torch.Tensor weight = torch.tensor(model[$"{name}.weight"].ToArray(), [Sizes[l - 1], Sizes[l]]), bias = torch.tensor(model[$"{name}.bias"].ToArray());
                linear.weight.copy_(weight.t());
                linear.bias!.copy_(bias);
            }
            modules.Add(($"dense{l}", linear));
            if (l < Sizes.Length - 1)
                modules.Add(($"hidden{l}", Hidden is ReLU ? torch.nn.ReLU() : torch.nn.Sigmoid()));
            else if (!Classifies)
                modules.Add(("last", torch.nn.Sigmoid()));
            else if (!endsWithLogits)
                modules.Add(("last", torch.nn.Softmax(1)));
        }
        return torch.nn.Sequential(modules);
    }
}
