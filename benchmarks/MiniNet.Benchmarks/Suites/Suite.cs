namespace MiniNet.Benchmarks;

/// <summary>The suites by name.</summary>
internal static class Suite
{
    public static readonly IReadOnlyList<string> Names = ["products", "convolution", "activations", "pooling", "optimizers", "training", "prediction", "files", "coldstart", "mnist"];

    public static void Run(string name, Options options)
    {
        switch (name)
        {
            case "products": Products.Run(options); break;
            case "convolution": Convolutions.Run(options); break;
            case "activations": Activations.Run(options); break;
            case "pooling": Pooling.Run(options); break;
            case "optimizers": Optimizers.Run(options); break;
            case "training": Training.Run(options); break;
            case "prediction": Prediction.Run(options); break;
            case "files": ModelFiles.Run(options); break;
            case "coldstart": ColdStart.Run(options); break;
            case "mnist": MnistEpoch.Run(options); break;
        }
    }
}
