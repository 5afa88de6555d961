// The programs of the guide "From PyTorch and back", word for word: GuideTests compares them with the page and runs them, on files that tests/interop/rings_train.py made.
#pragma warning disable IDE0055, IDE0007, IDE0008, IDE0059

namespace MiniNet.PublicApi.Tests.Guides;

internal static class PyTorch
{
    private static readonly string[] Made = ["rings.safetensors", "rings.npz", "rings.onnx"], Written = ["further.safetensors", "further.onnx", "Rings.cs"];

    internal static void There()
    {
        using Files files = new();
        // <there>
        var model = new Sequential<float>(inputs: 2, new Dense(16), new Tanh(), new Dense(3), new Softmax());
        model.LoadParameters("rings.safetensors");
        Print(model);

        static void Print(Sequential<float> model)
        {
            foreach (float[] row in model.Predict([0.1f, 0.2f,   0.5f, 0.3f,   -0.8f, 0.6f]).Chunk(3))
                Console.WriteLine(string.Join(" ", row.Select(p => $"{p:F4}")));
        }
        // </there>
    }

    internal static void Names()
    {
        using Files files = new();
        try
        {
            // <names>
            var other = new Sequential<float>(inputs: 2, new Dense(8), new Tanh(), new Dropout(0.1), new Dense(3), new Softmax());
            other.LoadParameters("rings.safetensors");
            // </names>
        }
        catch (InvalidDataException e)
        {
            Console.WriteLine(e.Message);
        }
    }

    internal static void Further()
    {
        using Files files = new();
        var model = new Sequential<float>(inputs: 2, new Dense(16), new Tanh(), new Dense(3), new Softmax());
        model.LoadParameters("rings.safetensors");
        // <further>
        var data = NumPy.ReadArchive<float>("rings.npz");
        float[] x = data["x"].Values, y = data["y"].Values;
        var history = model.Fit(x, y, new CrossEntropy(), new Adam(0.01), epochs: 50, batchSize: 50, seed: 1);
        Console.WriteLine($"loss {history[^1].Loss:F4}");
        Print(model);
        model.Save("further.safetensors");
        // </further>

        // <onnx>
        Sequential<float> read = OnnxModel.Load<float>("rings.onnx");
        Console.WriteLine(read);
        Print(read);

        model.ExportOnnx("further.onnx");
        // </onnx>

        // <source>
        model.ExportCSharp("Rings.cs", "MyProgram.Rings");
        // </source>
        Console.WriteLine(string.Join('\n', File.ReadLines("Rings.cs").Skip(8).Take(7)));

        static void Print(Sequential<float> model)
        {
            foreach (float[] row in model.Predict([0.1f, 0.2f,   0.5f, 0.3f,   -0.8f, 0.6f]).Chunk(3))
                Console.WriteLine(string.Join(" ", row.Select(p => $"{p:F4}")));
        }
    }

    /// <summary>PyTorch's files in the working folder; what was written goes to the folder that MININET_GUIDE_OUT names, for tests/interop/guide.sh.</summary>
    private sealed class Files : IDisposable
    {
        private readonly string? from = Environment.GetEnvironmentVariable("MININET_GUIDE_OUT");

        public Files()
        {
            foreach (string file in Made)
                File.Copy(Path.Combine(from ?? Path.Combine(AppContext.BaseDirectory, "interop"), file), file, overwrite: true);
        }

        public void Dispose()
        {
            foreach (string file in Written.Where(f => from is not null && File.Exists(f)))
                File.Copy(file, Path.Combine(from!, file), overwrite: true);
            foreach (string file in Made.Concat(Written))
                File.Delete(file);
        }
    }
}
