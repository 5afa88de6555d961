using TorchSharp;

namespace MiniNet.Benchmarks;

/// <summary>The network of Keras' example "Simple MNIST convnet", for MiniNet and for TorchSharp, with the same weights and the same data.</summary>
internal sealed class ConvolutionalNetwork
{
    private const int AgreementSteps = 5;

    private readonly int batch;

    public ConvolutionalNetwork(int batch)
    {
        this.batch = batch;
        X = Noise.Array<float>(batch * 28 * 28, 3);
        Random random = new(4);
        Targets = [.. Enumerable.Range(0, batch).Select(_ => (float)random.Next(10))];
    }

    /// <summary>[batch, 28, 28, 1]</summary>
    public float[] X { get; }

    /// <summary>[batch], class indices.</summary>
    public float[] Targets { get; }

    /// <summary>The floating-point operations of a prediction's convolutions and product.</summary>
    public double PredictionOperations => 2.0 * batch * (First + Second + Last);

    /// <summary>The same of a training step; the first layer's input has no gradient.</summary>
    public double StepOperations => 2.0 * batch * ((2 * First) + (3 * Second) + (3 * Last));

    private static double First => 26.0 * 26 * 9 * 32;

    private static double Second => 11.0 * 11 * 9 * 32 * 64;

    private static double Last => 1600.0 * 10;

    public static Sequential<float> Model(double dropout) => new(
        (28, 28, 1), seed: 1,
        new Conv2D(32, kernel: 3), new ReLU(), new MaxPool2D(2), new Conv2D(64, kernel: 3), new ReLU(), new MaxPool2D(2), new Flatten(), new Dropout(dropout), new Dense(10), new Softmax());

    /// <summary>A few steps without dropout, which both draw in their own way: the losses must be the same.</summary>
    public void CheckAgainstTorch(Optimizer optimizer, bool hasTorch)
    {
        if (!hasTorch)
            return;
        Trainer<float> trainer = new(Model(dropout: 0), new CrossEntropy(), optimizer, maxDegreeOfParallelism: 1);
        Func<bool, float> step = Steps(optimizer, dropout: 0);
        float[] expected = new float[AgreementSteps], losses = new float[AgreementSteps];
        for (int i = 0; i < AgreementSteps; i++)
            (expected[i], losses[i]) = (trainer.Step(X, Targets), step(true));
        Agreement.Check<float>($"TorchSharp, {optimizer}: losses", losses, expected, 1e-4);
    }

    public Action TorchStep(Optimizer optimizer, double dropout)
    {
        Func<bool, float> step = Steps(optimizer, dropout);
        return () => step(false);
    }

    public Action TorchPrediction(Sequential<float> model, float[] expected)
    {
        var module = Peer(model, dropout: 0.5, endsWithLogits: false);
        module.eval();
        torch.Tensor input = torch.tensor(X, [batch, 1, 28, 28]);
        using (torch.Tensor output = module.forward(input))
            Agreement.Check<float>("TorchSharp, prediction", Torch.Values(output), expected, 1e-5);
        return () =>
        {
            using IDisposable mode = torch.inference_mode();
            using torch.Tensor output = module.forward(input);
        };
    }

    // As MiniNet's Step it knows the loss afterwards, but only reads it when asked: reading costs TorchSharp a call more.
    private Func<bool, float> Steps(Optimizer optimizer, double dropout)
    {
        var module = Peer(Model(dropout), dropout, endsWithLogits: true);
        module.train();
        torch.optim.Optimizer peer = optimizer is Adam ? torch.optim.Adam(module.parameters(), 0.001) : torch.optim.SGD(module.parameters(), 0.01);
        torch.Tensor input = torch.tensor(X, [batch, 1, 28, 28]), target = torch.tensor(Targets.Select(v => (long)v).ToArray());
        return reads =>
        {
            using DisposeScope scope = torch.NewDisposeScope();
            peer.zero_grad();
            torch.Tensor loss = torch.nn.functional.cross_entropy(module.forward(input), target);
            loss.backward();
            peer.step();
            return reads ? loss.item<float>() : 0;
        };
    }

    private static torch.nn.Module<torch.Tensor, torch.Tensor> Peer(Sequential<float> model, double dropout, bool endsWithLogits)
    {
        List<(string, torch.nn.Module<torch.Tensor, torch.Tensor>)> modules =
        [
            ("0", torch.nn.Conv2d(1, 32, 3L)), ("1", torch.nn.ReLU()), ("2", torch.nn.MaxPool2d(2)),
            ("3", torch.nn.Conv2d(32, 64, 3L)), ("4", torch.nn.ReLU()), ("5", torch.nn.MaxPool2d(2)),
            ("6", torch.nn.Flatten()), ("7", torch.nn.Dropout(dropout)), ("8", torch.nn.Linear(1600, 10)),
        ];
        if (!endsWithLogits)
            modules.Add(("9", torch.nn.Softmax(1)));
        var module = torch.nn.Sequential(modules);
        using (torch.no_grad())
        {
            foreach (ParameterInfo parameter in model.ParameterList)
            {
                float[] values = new float[parameter.Shape.Length];
                parameter.FileLayout.ToFile<float>(model[parameter.Name], parameter.Shape, 0, values);
                using torch.Tensor tensor = torch.tensor(values, [.. parameter.FileLayout.Sizes(parameter.Shape).Select(size => (long)size)]);
                module.get_parameter(parameter.Name)!.copy_(tensor);
            }
        }
        return module;
    }
}
