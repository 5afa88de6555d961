namespace MiniNet.Fuzz;

/// <summary>The reader of MiniNet.Onnx.</summary>
internal static class OnnxTargets
{
    public static FuzzTarget[] All => [new("onnx", Seeds(), bytes => OnnxModel.Load<float>(new MemoryStream(bytes)), typeof(InvalidDataException))];

    /// <summary>Files of the library's own, and PyTorch's.</summary>
    private static byte[][] Seeds() =>
    [
        Export(new((6, 5, 3), seed: 1, new Normalize(), new Conv2D(2, kernel: 3), new BatchNorm(), new SiLU(), new MaxPool2D(2), new Upsample2D(2), new ConvTranspose2D(2, kernel: 2), new Flatten(), new Dense(2), new GELU())),
        Export(new((4, 3), seed: 1, new Conv1D(3, kernel: 2), new Dense(3), new LayerNorm(), new PReLU(), new Reshape(9), new Softmax())),
        .. Directory.GetFiles(Path.Combine(AppContext.BaseDirectory, "golden"), "*.onnx").Order(StringComparer.Ordinal).Select(File.ReadAllBytes),
    ];

    private static byte[] Export(Sequential<float> model)
    {
        using MemoryStream stream = new();
        model.ExportOnnx(stream);
        return stream.ToArray();
    }
}
