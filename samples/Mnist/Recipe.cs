using MiniNet;

namespace MnistSample;

/// <summary>A network with the way to train it.</summary>
internal sealed record Recipe
{
    /// <summary>What it is called on the command line.</summary>
    public required string Name { get; init; }

    public required Layers Layers { get; init; }

    public required Loss Loss { get; init; }

    /// <summary>The optimizer for so many steps in all: its schedule ends with them.</summary>
    public required Func<long, Optimizer> Optimizer { get; init; }

    public required int Epochs { get; init; }

    public required int BatchSize { get; init; }

    /// <summary>One hidden layer of 128: 97.8 % and more within seconds.</summary>
    public static Recipe Small { get; } = new()
    {
        Name = "small",
        Layers = [new Flatten(), new Dense(128), new ReLU(), new Dense(10), new Softmax()],
        Loss = new CrossEntropy(),
        Optimizer = steps => new Adam(Schedule.Cosine(1e-3, steps)),
        Epochs = 10,
        BatchSize = 64,
    };

    /// <summary>
    /// Two wide hidden layers that cannot learn by heart what they see: batch normalisation keeps a high rate stable, dropout hides pixels and units,
    /// smoothed labels ask for no certainty. Chosen on a sixth of the training images that was held back; the test images took no part.
    /// </summary>
    public static Recipe Best { get; } = new()
    {
        Name = "best",
        Layers =
        [
            new Normalize(), new Flatten(), new Dropout(0.1),
            new Dense(1024), new BatchNorm(), new ReLU(), new Dropout(0.4),
            new Dense(1024), new BatchNorm(), new ReLU(), new Dropout(0.4),
            new Dense(10), new Softmax(),
        ],
        Loss = new CrossEntropy(smoothing: 0.1),
        Optimizer = steps => new Adam(Schedule.OneCycle(5e-3, steps)),
        Epochs = 15,
        BatchSize = 128,
    };

    /// <summary>
    /// The convolutional network of Keras' example "Simple MNIST convnet": 34,826 parameters. The same rate as there at the beginning, but it ends at zero.
    /// </summary>
    public static Recipe Cnn { get; } = new()
    {
        Name = "cnn",
        Layers =
        [
            new Conv2D(32, kernel: 3), new ReLU(), new MaxPool2D(2),
            new Conv2D(64, kernel: 3), new ReLU(), new MaxPool2D(2),
            new Flatten(), new Dropout(0.5), new Dense(10), new Softmax(),
        ],
        Loss = new CrossEntropy(),
        Optimizer = steps => new Adam(Schedule.Cosine(1e-3, steps)),
        Epochs = 15,
        BatchSize = 64,
    };

    /// <summary>The recipe of a name.</summary>
    /// <exception cref="ArgumentException">There is none; the message lists those there are.</exception>
    public static Recipe Find(string name) => name switch
    {
        "small" => Small,
        "best" => Best,
        "cnn" => Cnn,
        _ => throw new ArgumentException($"There is no model {name}: the models are small, best and cnn."),
    };
}
