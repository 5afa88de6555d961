// The programs of the guide about files, word for word: GuideTests compares them with the page and runs them.
#pragma warning disable IDE0055, IDE0007, IDE0008, IDE0059

using System.Text.Json.Serialization;

namespace MiniNet.PublicApi.Tests.Guides;

internal static class Files
{
    private static readonly string Folder = Temporary();

    private static string Temporary()
    {
        DirectoryInfo folder = Directory.CreateTempSubdirectory("mininet-guide-");
        AppDomain.CurrentDomain.ProcessExit += (_, _) => folder.Delete(recursive: true);
        return folder.FullName;
    }

    internal static void Model()
    {
        string path = Path.Combine(Folder, "xor.safetensors");
        // <model>
        float[] x = [0, 0,   0, 1,   1, 0,   1, 1], y = [0, 1, 1, 0];
        var model = new Sequential<float>(inputs: 2, seed: 1, new Dense(4), new Tanh(), new Dense(1), new Sigmoid());
        model.Fit(x, y, new BinaryCrossEntropy(), new Adam(0.05), epochs: 500);
        model.Save(path);

        Sequential<float> again = Sequential<float>.Load(path);
        Console.WriteLine(again);
        Console.WriteLine(again.Predict(x).SequenceEqual(model.Predict(x)));
        // </model>
    }

    internal static void Parameters()
    {
        string path = Path.Combine(Folder, "parameters.safetensors");
        // <parameters>
        var teacher = new Sequential<float>(inputs: 2, seed: 1, new Dense(8), new Tanh(), new Dense(4), new Softmax());
        teacher.SaveParameters(path);

        var same = new Sequential<float>(inputs: 2, seed: 2, new Dense(8), new Tanh(), new Dense(4), new Softmax());
        same.LoadParameters(path);                                          // all of them, or an exception and no change

        var other = new Sequential<float>(inputs: 2, seed: 3, new Dense(8), new Tanh(), new Dense(1), new Sigmoid());
        IReadOnlyList<string> taken = other.LoadMatchingParameters(path);   // what has the same name and shape
        Console.WriteLine(string.Join(", ", taken));
        // </parameters>
    }

    internal static void WrongModel()
    {
        string path = Path.Combine(Folder, "wrong.safetensors");
        new Sequential<float>(inputs: 2, seed: 1, new Dense(8), new Tanh(), new Dense(4), new Softmax()).SaveParameters(path);
        // <wrong-model>
        var model = new Sequential<float>(inputs: 2, seed: 1, new Dense(8), new Tanh(), new Dense(1));
        try
        {
            model.LoadParameters(path);
        }
        catch (InvalidDataException e)
        {
            Console.WriteLine(e.Message.Replace(path, "file", StringComparison.Ordinal));
        }
        // </wrong-model>
    }

    internal static void Training()
    {
        string path = Path.Combine(Folder, "training.safetensors");
        Dataset<float> train = new(Enumerable.Range(0, 200).Select(i => i / 100f).ToArray(), 1, Enumerable.Range(0, 200).Select(i => i % 2f).ToArray(), 1);
        // <training>
        var model = new Sequential<float>(inputs: 1, seed: 1, new Dense(16), new Tanh(), new Dropout(0.1), new Dense(1));
        var trainer = new Trainer<float>(model, new MeanSquaredError(), new Adam(1e-3));
        foreach (Epoch epoch in trainer.Epochs(train, count: 4))
            trainer.Save(path);                                    // after each epoch; whenever the machine stops, the last one is whole

        // Later, in another process: loss and optimizer are given again, all else is in the file.
        Trainer<float> resumed = Trainer<float>.Resume(path, new MeanSquaredError(), new Adam(1e-3));
        foreach (Epoch epoch in resumed.Epochs(train, count: 6)) { }

        foreach (Epoch epoch in trainer.Epochs(train, count: 6)) { }   // what would have come without a stop
        Console.WriteLine(resumed.Model.Parameters.SequenceEqual(trainer.Model.Parameters));
        // </training>
    }

    internal static void OwnLayers()
    {
        string path = Path.Combine(Folder, "own.safetensors");
        // <own-layers>
        var model = new Sequential<float>(inputs: 4, seed: 1, new Dense(4), new Scale(), new Dense(1));
        LayerTypes types = LayerTypes.Default.With(MyLayers.Default.Scale);
        model.Save(path, types);
        Console.WriteLine(Sequential<float>.Load(path, types));
        // </own-layers>
    }

    internal static void NumPyFiles()
    {
        string inputs = Path.Combine(Folder, "x.npy"), targets = Path.Combine(Folder, "y.npy"), answers = Path.Combine(Folder, "answers.npy");
        NumPy.Write<float>(inputs, [0, 0,   0, 1,   1, 0,   1, 1], 4, 2);
        NumPy.Write<float>(targets, [0, 1, 1, 0], 4);
        // <numpy>
        Dataset<float> data = Dataset.FromNumPy<float>(inputs, targets);        // numpy.save(inputs, x), numpy.save(targets, y)
        Console.WriteLine($"{data.Count} samples of {data.InputShape}");

        NumPyArray<float> array = NumPy.Read<float>(inputs);
        Console.WriteLine(string.Join(" × ", array.Sizes));

        float[] predictions = [0.1f, 0.9f, 0.8f, 0.2f];
        NumPy.Write<float>(answers, predictions, 4, 1);                         // numpy.load(answers) is an array of 4 × 1
        // </numpy>
    }

    internal static void Csv()
    {
        // <csv>
        const string Text = "length,width,kind\n5.1,3.5,setosa\n7.0,3.2,versicolor\n4.9,3.0,setosa\n6.4,3.2,versicolor\n";
        Dataset<float> flowers = CsvDataset.LoadClasses<float>(new StringReader(Text), label: "kind");
        Console.WriteLine($"{flowers.Count} samples of {flowers.InputShape}, {string.Join(" or ", flowers.ClassNames!)}");
        // </csv>
    }

    internal static void Onnx()
    {
        string path = Path.Combine(Folder, "model.onnx");
        // <onnx>
        var model = new Sequential<float>((8, 8, 1), seed: 1, new Conv2D(4, kernel: 3), new ReLU(), new Flatten(), new Dense(3), new Softmax());
        model.ExportOnnx(path);
        Sequential<float> again = OnnxModel.Load<float>(path);
        float[] x = [.. Enumerable.Range(0, 64).Select(i => i / 64f)];
        Console.WriteLine(again.Predict(x).SequenceEqual(model.Predict(x)));
        // </onnx>
    }
}

// <register>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Scale))]
internal sealed partial class MyLayers : JsonSerializerContext;
// </register>
