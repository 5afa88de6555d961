namespace MiniNet.Onnx.Tests;

internal sealed record OnnxCase(Shape Inputs, Layer Layer)
{
    public string Name => $"{Layer} on {Inputs}";
}

/// <summary>Every layer of the library, alone and composed. A new layer belongs here once it can be exported, or in <see cref="NoForm"/> with the reason why it cannot.</summary>
internal static class OnnxCases
{
    /// <summary>Layers that are not exported, and why.</summary>
    internal static readonly Dictionary<Type, string> NoForm = [];

    private static readonly Shape[] Anywhere = [7, (4, 6), (3, 5, 4)];

    internal static readonly OnnxCase[] All = [.. Everywhere(), .. Images(), .. Sequences(), .. Composed()];

    internal static TheoryData<string> Names => [.. All.Select(c => c.Name)];

    internal static OnnxCase Get(string name) => All.First(c => c.Name == name);

    private static IEnumerable<OnnxCase> Everywhere() =>
        from shape in Anywhere
        from layer in (Layer[])[
            new ReLU(), new LeakyReLU(), new LeakyReLU(0.3), new PReLU(), new PReLU(perChannel: true), new ELU(), new ELU(0.5), new Sigmoid(), new HardSigmoid(), new Tanh(), new Softplus(), new SiLU(), new GELU(),
            new GELU(GeluApproximation.Tanh), new Identity(), new Dropout(0.5), new Softmax(), new LogSoftmax(),
            new Dense(5), new Flatten(), new Reshape(shape.Length), new BatchNorm(), new BatchNorm(epsilon: 0.1), new LayerNorm(), new LayerNorm(0.1), new RmsNorm(), new RmsNorm(0.1),
            new GroupNorm(1), new GroupNorm(shape.Rank > 1 ? shape.Last : 1, 0.1), new Normalize(),
            new Chain(), new Chain(new Dense(3), new Tanh()), new Residual(new Dense(shape.Last), new Tanh()), new Frozen(new Chain(new Dense(3), new BatchNorm())),
            new Branches(new Dense(2), new Identity(), new Chain(new Dense(3), new SiLU())), new Tied("0", new Dense(shape.Last)),
        ]
        select new OnnxCase(shape, layer);

    private static IEnumerable<OnnxCase> Images() =>
        from image in (Shape[])[(7, 6, 4)]
        from layer in (Layer[])[
            new Conv2D(3, kernel: 3), new Conv2D(2, kernel: (3, 2), stride: (2, 1), padding: Padding.Same), new Conv2D(4, kernel: 3, padding: (1, 0, 2, 1), dilation: 2, bias: false),
            new Conv2D(4, kernel: 3, groups: 4, padding: 1), new Conv2D(6, kernel: 2, stride: 2, groups: 2),
            new ConvTranspose2D(3, kernel: 3), new ConvTranspose2D(3, kernel: 3, stride: 2, padding: 1, outputPadding: 1), new ConvTranspose2D(2, kernel: 4, stride: 2, padding: Padding.Same),
            new ConvTranspose2D(2, kernel: 2, stride: 3, padding: Padding.Same), new ConvTranspose2D(4, kernel: (3, 2), dilation: 2, groups: 2, bias: false), new ConvTranspose2D(2, kernel: 3, padding: (1, 0, 2, 1)),
            new Dropout2D(0.5), new SqueezeExcite(2), new MaxPool2D(2), new MaxPool2D((3, 2), stride: (1, 2), padding: 1), new MaxPool2D(3, stride: 2, padding: 1), new AveragePool2D(2), new AveragePool2D(3, stride: 2, padding: 1), new GlobalAveragePool2D(), new Upsample2D(1), new Upsample2D(3),
            new GroupNorm(2), new Residual(new Conv2D(4, kernel: 3, padding: 1)),
            new Branches(new Conv2D(2, kernel: 1), new Dense(3)), new Branches(new Dense(3), new Conv2D(2, kernel: 1), new LayerNorm()),
            new Gated(4), new Squared(new Conv2D(4, kernel: 1)), new Squared(new Dense(4)), new Twice(new Conv2D(4, kernel: 3, padding: 1)),
        ]
        select new OnnxCase(image, layer);

    private static IEnumerable<OnnxCase> Sequences() =>
        from layer in (Layer[])[
            new Conv1D(3, kernel: 3), new Conv1D(4, kernel: 2, stride: 2, padding: Padding.Same, groups: 2), new Conv1D(2, kernel: 3, padding: 2, dilation: 2, bias: false),
            new Chain(new Conv1D(8, kernel: 3, padding: 1), new BatchNorm(), new ReLU(), new Dense(3), new Softmax()),
        ]
        select new OnnxCase((9, 4), layer);

    private static IEnumerable<OnnxCase> Composed() =>
    [
        new((12, 12, 3), new Chain(
            new Normalize(), new Conv2D(8, kernel: 3, padding: Padding.Same, bias: false), new BatchNorm(), new ReLU(), new Dropout2D(0.5), new SqueezeExcite(2), new MaxPool2D(2), new MaxPool2D((3, 2), stride: (1, 2), padding: 1), new Residual(new Conv2D(8, kernel: 3, padding: 1), new GroupNorm(2), new SiLU()),
            new Dropout(0.3), new AveragePool2D(2), new Flatten(), new Dense(16), new LayerNorm(), new GELU(), new Dense(5), new Softmax())),
        new(6, new Chain(new Dense(24), new Reshape((3, 4, 2)), new ConvTranspose2D(4, kernel: 4, stride: 2, padding: 1), new Tanh(), new Upsample2D(2), new Conv2D(1, kernel: 3, padding: 1), new Sigmoid())),
        new((6, 6, 2), new Chain(new Conv2D(3, kernel: 3), new ReLU(), new MaxPool2D(2), new Reshape(12), new Dense(3), new Softmax())),      // as Keras flattens
        new(5, new Chain(new Embedding(9, 4), new Conv1D(3, kernel: 2), new ReLU(), new Flatten(), new Dense(2))),
        new(5, new Embedding(9, 4)),
        new(6, new Twice(new Chain(new Dense(6), new Tanh()))),
        new(6, new Chain(new Residual(new Dense(6), new Tanh()), new Tied("0.0.0", new Dense(6)))),
    ];
}

/// <summary>Each channel times a gate that the whole image opens: the product of unlike shapes.</summary>
internal sealed record Gated(int Channels) : Composite
{
    protected override Value Wire(Wiring wiring, Value x) => wiring.Multiply(x, wiring.Apply("gate", new Chain(new GlobalAveragePool2D(), new Dense(Channels), new Sigmoid()), x));
}

internal sealed record Squared(Layer Layer) : Composite
{
    protected override Value Wire(Wiring wiring, Value x) => wiring.Multiply(x, wiring.Apply("layer", Layer, x));
}

/// <summary>The same weights twice in a row.</summary>
internal sealed record Twice(Layer Layer) : Composite
{
    protected override Value Wire(Wiring wiring, Value x)
    {
        Value first = wiring.Apply("layer", Layer, x);
        return wiring.Again(first, first);
    }
}
