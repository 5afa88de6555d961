namespace MiniNet.Tests;

/// <summary>A layer on a shape, and how closely finite differences must agree: 1e-8 where the function is smooth, 1e-6 where it has a kink.</summary>
/// <param name="Layer">The layer.</param>
/// <param name="Inputs">The shape of a sample.</param>
/// <param name="Tolerance">The greatest relative error.</param>
/// <param name="Classes">Where the input is indices: how many there are.</param>
internal sealed record LayerCase(Layer Layer, Shape Inputs, double Tolerance, int Classes = 0)
{
    public string Name => $"{Layer} on {Inputs}";

    /// <summary>Normal numbers, or indices.</summary>
    public T[] X<T>(int batch, long seed) where T : unmanaged, System.Numerics.IFloatingPointIeee754<T> => Classes == 0
        ? Numbers.Normals<T>(batch * Inputs.Length, seed)
        : [.. Enumerable.Range(0, batch * Inputs.Length).Select(i => T.CreateChecked(new RandomStream(seed).Bits(i) % (ulong)Classes))];
}

/// <summary>Every layer of the library, alone and composed, for theories that hold for all of them.</summary>
internal static class LayerCases
{
    private const double Smooth = 1e-8, Kinked = 1e-6;

    private static readonly Dictionary<string, LayerCase> ByName = All().ToDictionary(c => c.Name);

    internal static TheoryData<string> Names => [.. ByName.Keys];

    internal static IEnumerable<Layer> Layers => ByName.Values.Select(c => c.Layer);

    internal static LayerCase Get(string name) => ByName[name];

    private static IEnumerable<LayerCase> All() => [.. Anywhere(), .. Normalising(), .. Pooling(), .. Channels(), .. Indices()];

    private static IEnumerable<LayerCase> Anywhere()
    {
        Shape[] shapes = [7, (4, 3), (3, 2, 4)];
        foreach (Shape shape in shapes)
        {
            foreach (Layer layer in (Layer[])[
                new Sigmoid(), new Tanh(), new GELU(), new GELU(GeluApproximation.Tanh), new SiLU(), new Softplus(), new Identity(), new Softmax(), new LogSoftmax(),
                new Dense(5), new Dense(1), new Dense(17, new Normal(0.5), new Uniform(-1, 1)), new BatchNorm(), new BatchNorm(rate: 0.3, epsilon: 0.01), new Dropout(0.4), new Dropout(0), new Flatten(), new Normalize(),
                new LayerNorm(), new LayerNorm(0.1), new RmsNorm(), new RmsNorm(0.1), new GroupNorm(1), new GroupNorm(shape.Rank > 1 ? shape.Last : 1, 0.01),
                new Twice(new LayerNorm()), new Twice(new GroupNorm(1)), new Frozen(new Chain(new LayerNorm(), new RmsNorm(), new GroupNorm(1))),
                new Chain(), new Residual(), new Doubled(), new Squared(), new PassOn(),
                new Residual(new Tanh()), new Residual(new Dense(shape.Last)), new Residual(new Dense(6), new Tanh(), new Dense(shape.Last)),
                new Residual(new Residual(new Dense(shape.Last), new SiLU()), new Residual(), new Residual(new Sigmoid())),
                new Branches(new Identity()), new Branches(new Dense(2), new Identity(), new Chain(new Dense(3), new Tanh())),
                new Branches(new Branches(new Dense(2), new Identity()), new Identity(), new Residual(new Dense(shape.Last))),
                new Chain(new Chain(new Dense(4), new Chain(), new Tanh()), new Chain(new Dense(3))),
                new Frozen(new Dense(4)), new Frozen(new BatchNorm()), new Frozen(new Dropout(0.5)), new Frozen(new Chain(new Dense(3), new Tanh(), new Dropout(0.5))),
                new Chain(new Dense(4), new Frozen(new Chain(new Dense(5), new BatchNorm(), new Dropout(0.5), new Tanh())), new Dense(3)),
                new Chain(new Frozen(new Dense(4)), new Tanh(), new Dense(3)),
                new Residual(new Frozen(new Dense(shape.Last))),
                new Chain(new Dense(shape.Last), new Tanh(), new Tied("0.0", new Dense(shape.Last))),
                new Chain(new Residual(new Dense(shape.Last), new Tanh()), new Tied("0.0.0", new Dense(shape.Last)), new Tied("0.0.0", new Dense(shape.Last))),
                new Chain(new Residual(new Dense(4), new Tanh(), new Dense(shape.Last)), new Tied("0.0", new Residual(new Dense(4), new Sigmoid(), new Dense(shape.Last)))),
                new Chain(new Frozen(new Dense(shape.Last)), new Tanh(), new Dense(shape.Last), new Tied("0.0", new Dense(shape.Last))),
                new Chain(new Frozen(new Chain(new Dense(shape.Last), new Tanh(), new Tied("0.0.0", new Dense(shape.Last)))), new Dense(2)),
                new Chain(new Frozen(new Dense(shape.Last)), new Frozen(new Tied("0.0", new Dense(shape.Last))), new Dense(shape.Last)),
                new Chain(new BatchNorm(), new Tanh(), new Tied("0.0", new BatchNorm())),
                new Twice(new Dense(shape.Last)), new Twice(new Chain(new Dense(3), new Tanh(), new Dense(shape.Last))), new Twice(new BatchNorm()),
                new Thrice(new Dense(shape.Last)), new Thrice(new Chain(new BatchNorm(), new Tanh(), new Dense(shape.Last))), new Siamese(new Dense(3)), new Siamese(new BatchNorm()),
                new Twice(new Twice(new Chain(new Dense(shape.Last), new Tanh()))), new Twice(new Residual(new Frozen(new Dense(shape.Last)), new Tanh())), new Frozen(new Twice(new Dense(shape.Last))),
                new Chain(new Dense(shape.Last), new Frozen(new Twice(new Dense(shape.Last))), new Twice(new Tied("0.0", new Dense(shape.Last)))),
                new ChannelGate(new Identity()), new ChannelGate(new Dense(3)), new SharedParts(3), new DenselyConnected(Growth: 2, Depth: 3),
            ])
                yield return new(layer, shape, Smooth);
            foreach (Layer layer in (Layer[])[
                new ReLU(), new LeakyReLU(), new LeakyReLU(0.3), new ELU(), new ELU(0.5), new HardSigmoid(),
                new Chain(new Dense(6), new ReLU(), new Dense(3)), new Residual(new ReLU()), new Chain(new Dense(5), new HardSigmoid(), new BatchNorm(), new LeakyReLU()),
            ])
                yield return new(layer, shape, Kinked);
        }
        yield return new(new Reshape((2, 3)), 6, Smooth);
        yield return new(new Reshape(6), (3, 2), Smooth);
        yield return new(new Chain(new Reshape((2, 3, 2)), new Flatten(), new Dense(2)), (4, 3), Smooth);
        yield return new(new BatchNorm(), (1, 4), Smooth);
        yield return new(new Flatten(), (2, 3, 1), Smooth);
        yield return new(new Flatten(), (2, 2, 2, 3), Smooth);
        yield return new(new Dense(19), 35, Smooth);
        foreach ((Layer layer, Shape inputs) in Convolutions())
            yield return new(layer, inputs, Smooth);
        yield return new(new Softmax(), 1, Smooth);
        yield return new(new Softmax(), 200, Smooth);
    }

    private static IEnumerable<LayerCase> Normalising()
    {
        foreach (Layer layer in (Layer[])[new GroupNorm(2), new GroupNorm(3), new GroupNorm(6), new LayerNorm(), new RmsNorm(), new BatchNorm()])
        {
            yield return new(layer, (3, 5, 6), Smooth);
            yield return new(layer, (4, 18), Smooth);
        }
        yield return new(new GroupNorm(2), 34, Smooth);
        yield return new(new LayerNorm(), 35, Smooth);
        yield return new(new RmsNorm(), 35, Smooth);
        yield return new(new Residual(new LayerNorm(), new Dense(8), new GELU(), new Dense(6)), (5, 6), Smooth);
    }

    private static IEnumerable<LayerCase> Pooling()
    {
        // Windows that tile the image, leave a rest, overlap, leave gaps, hang over the edge; one channel, a few, and more than a vector.
        foreach ((int kernel, int stride, int padding) in ((int, int, int)[])[(2, 2, 0), (3, 2, 1), (3, 1, 1), (2, 3, 0), (1, 1, 0), (4, 3, 2)])
        {
            foreach (Shape image in (Shape[])[(4, 6, 1), (5, 7, 3)])
            {
                yield return new(new MaxPool2D(kernel, stride, padding), image, Kinked);
                yield return new(new AveragePool2D(kernel, stride, padding), image, Smooth);
            }
        }
        foreach ((Shape kernel, Shape stride) in ((Shape, Shape)[])[((3, 2), (1, 2)), ((2, 3), (2, 1)), ((5, 2), (1, 3))])                // overlapping in one direction, apart in the other
        {
            yield return new(new MaxPool2D(kernel, stride), (5, 6, 2), Kinked);
            yield return new(new AveragePool2D(kernel, stride), (5, 6, 2), Smooth);
        }
        yield return new(new MaxPool2D(3, stride: 2), (5, 3, 19), Kinked);
        yield return new(new AveragePool2D(2), (3, 4, 19), Smooth);
        yield return new(new Chain(new Dense(5), new MaxPool2D(2), new Tanh(), new Upsample2D(2), new Dense(2)), (4, 4, 2), Kinked);
        foreach (Shape image in (Shape[])[(1, 1, 1), (3, 5, 2), (2, 3, 17)])
        {
            yield return new(new GlobalAveragePool2D(), image, Smooth);
            yield return new(new Upsample2D(1), image, Smooth);
            yield return new(new Upsample2D(2), image, Smooth);
            yield return new(new Upsample2D(3), image, Smooth);
        }
    }

    private static IEnumerable<(Layer Layer, Shape Inputs)> Convolutions() =>
    [
        (new Conv2D(3, kernel: 3), (5, 4, 2)),
        (new Conv2D(1, kernel: 1), (1, 1, 1)),
        (new Conv2D(2, kernel: 1), (3, 4, 5)),
        (new Conv2D(2, kernel: 1, stride: 2), (5, 4, 3)),
        (new Conv2D(4, kernel: (3, 2), stride: (2, 1), padding: Padding.Same), (5, 6, 3)),
        (new Conv2D(3, kernel: (2, 5), stride: (3, 2), padding: Padding.Same), (7, 6, 1)),
        (new Conv2D(6, kernel: 3, stride: 2, padding: 1, groups: 2), (7, 5, 4)),
        (new Conv2D(4, kernel: 3, padding: Padding.Same, dilation: 2), (6, 7, 2)),
        (new Conv2D(3, kernel: 3, padding: (0, 1, 2, 0), dilation: (1, 2), bias: false), (4, 5, 2)),
        (new Conv2D(3, kernel: (4, 5), initializer: new HeNormal(), biasInitializer: new Normal(0.1)), (4, 5, 2)),
        (new Conv2D(2, kernel: 2, stride: 3), (7, 8, 2)),
        (new Conv2D(2, kernel: 2, padding: 3), (2, 3, 2)),
        (new Conv2D(2, kernel: 3, padding: Padding.Same), (2, 14, 1)),
        (new Conv2D(2, kernel: 3, padding: Padding.Same), (3, 15, 3)),
        (new Conv2D(19, kernel: 2), (3, 3, 2)),
        (new Conv2D(6, kernel: 3, padding: 1, dilation: (2, 1), groups: 3), (5, 4, 3)),
        (new Conv2D(5, kernel: 3, padding: Padding.Same, groups: 5), (4, 6, 5)),
        (new Conv2D(10, kernel: (2, 3), groups: 10), (3, 4, 10)),
        (new Conv2D(3, kernel: 3, stride: 2, padding: 1, dilation: (1, 2), groups: 3), (6, 5, 3)),
        (new Chain(new Conv2D(4, kernel: 3, bias: false), new BatchNorm(), new Tanh(), new Conv2D(2, kernel: 2, padding: Padding.Same), new Flatten(), new Dense(2)), (5, 4, 2)),
        (new Residual(new Conv2D(3, kernel: 3, padding: Padding.Same)), (4, 4, 3)),
        (new Conv2D(17, kernel: 3, padding: 1), (9, 12, 16)),                              // large enough to be computed as Winograd found it
        (new Conv1D(3, kernel: 3), (5, 2)),
        (new Conv1D(4, kernel: 4, stride: 2, padding: Padding.Same, groups: 2), (7, 4)),
        (new Conv1D(3, kernel: 3, padding: 2, dilation: 2, bias: false), (6, 3)),
        (new Conv1D(5, kernel: 5, stride: 3, padding: 1, groups: 5), (14, 5)),
        (new Chain(new Conv1D(3, kernel: 2), new Tanh(), new Conv1D(2, kernel: 1), new Flatten(), new Dense(2)), (4, 2)),
        (new ConvTranspose2D(3, kernel: 3), (3, 4, 2)),
        (new ConvTranspose2D(2, kernel: 1), (3, 2, 3)),
        (new ConvTranspose2D(2, kernel: 2, stride: 2), (3, 2, 3)),
        (new ConvTranspose2D(4, kernel: (3, 4), stride: (2, 3), padding: 1, outputPadding: (1, 2), groups: 2), (3, 2, 2)),
        (new ConvTranspose2D(3, kernel: 3, stride: 2, padding: Padding.Same, bias: false), (2, 3, 2)),
        (new ConvTranspose2D(2, kernel: 3, padding: (0, 1, 2, 0), dilation: (2, 1)), (4, 4, 1)),
        (new ConvTranspose2D(3, kernel: 3, stride: 2, padding: 1, outputPadding: 1, groups: 3, biasInitializer: new Normal(0.1)), (2, 3, 3)),
        (new Frozen(new ConvTranspose2D(3, kernel: 2)), (2, 3, 2)),
        (new Frozen(new Conv2D(3, kernel: 3)), (4, 5, 2)),
        (new Twice(new Conv2D(2, kernel: 3, padding: 1)), (4, 3, 2)),
    ];

    private static IEnumerable<LayerCase> Channels()
    {
        foreach (Shape shape in (Shape[])[5, (4, 3), (3, 2, 17)])
        {
            yield return new(new PReLU(), shape, Kinked);
            yield return new(new PReLU(perChannel: true, initial: -0.5), shape, Kinked);
            yield return new(new Twice(new PReLU(perChannel: true)), shape, Kinked);
        }
        foreach (Shape image in (Shape[])[(1, 1, 2), (3, 5, 6), (2, 3, 17)])
        {
            yield return new(new Dropout2D(0.4), image, Smooth);
            yield return new(new Dropout2D(0), image, Smooth);
            yield return new(new SqueezeExcite(2), image, Kinked);
        }
        yield return new(new Frozen(new Dropout2D(0.4)), (3, 5, 6), Smooth);
        yield return new(new Chain(new Dense(6), new SqueezeExcite(1), new MaxPool2D((2, 3), stride: (1, 2), padding: 1), new GroupNorm(2), new PReLU()), (5, 4, 3), Kinked);
        yield return new(new Chain(new MaxPool2D((3, 1)), new AveragePool2D((1, 2), stride: (2, 1))), (7, 4, 3), Kinked);
    }

    private static IEnumerable<LayerCase> Indices()
    {
        yield return new(new Embedding(4, 3), 5, Smooth, Classes: 4);
        yield return new(new Embedding(30, 17), 2, Smooth, Classes: 30);        // most rows are not used
        yield return new(new Chain(new Embedding(4, 3), new LayerNorm(), new Flatten(), new Dense(2)), 3, Smooth, Classes: 4);
        yield return new(new Chain(new Frozen(new Embedding(4, 3)), new Dense(2)), 3, Smooth, Classes: 4);
    }
}
