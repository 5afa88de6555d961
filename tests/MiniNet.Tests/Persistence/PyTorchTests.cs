namespace MiniNet.Tests.Persistence;

/// <summary>Weights from PyTorch and back, for every layer with parameters that torch.nn has: see tests/interop/make_pytorch.py, which made the files and reads what the last test writes.</summary>
public class PyTorchTests
{
    [Theory]
    [InlineData("images")]
    [InlineData("series")]
    [InlineData("words")]
    public void Weights_of_PyTorch_give_PyTorchs_outputs(string name)
    {
        Sequential<float> model = Network(name);
        float[] before = model.State();
        model.LoadParameters(Interop($"pytorch-{name}.safetensors"));
        Assert.NotEqual(before, model.State());
        (float[] x, float[] y) = Samples(name, model);
        float[] outputs = model.Predict(x);
        Assert.Equal(y.Length, outputs.Length);
        for (int i = 0; i < y.Length; i++)
            Assert.Equal(y[i], outputs[i], tolerance: 1e-6f);
        Assert.True(Network(name).Predict(x).Zip(y, (a, b) => Math.Abs(a - b)).Max() > 0.01f);      // no outputs that any weights would give
    }

    [Fact]
    public void Every_layer_with_parameters_stands_in_one_of_the_networks()
    {
        string all = string.Join(' ', new[] { "images", "series", "words" }.Select(n => Network(n).ToString()));
        string[] missing = [.. LayerCases.Names.Select(n => LayerCases.Get(n.Data))
            .Where(c => c.Layer is not Composite && c.Layer.GetType().Assembly == typeof(Layer).Assembly && new Sequential<float>(c.Inputs, c.Layer).Parameters.Length > 0)
            .Select(c => c.Layer.GetType().Name).Distinct().Where(n => !all.Contains($"{n}(", StringComparison.Ordinal))];
        Assert.Empty(missing);
    }

    [Fact]
    public void Weights_for_PyTorch_are_written_where_an_environment_variable_says()
    {
        string? folder = Environment.GetEnvironmentVariable("MININET_PYTORCH_OUT");
        Assert.SkipWhen(folder is null, "MININET_PYTORCH_OUT is not set: it names the folder for tests/interop/make_pytorch.py to read.");
        foreach (string name in (string[])["images", "series", "words"])
        {
            Sequential<float> model = Network(name);
            foreach (ParameterInfo p in model.ParameterList)
            {
                if (p.Shape.Rank == 1)
                    Numbers.Normals<float>(p.Shape.Length, p.Offset).CopyTo(model[p.Name]);
            }
            (float[] x, _) = Samples(name, model);
            model.Fit(x, new float[3 * model.OutputShape.Length], new MeanSquaredError(), new Sgd(0.001), epochs: 2, batchSize: 3);      // the running statistics too
            using FileStream stream = File.Create(Path.Combine(folder, $"{name}.safetensors"));
            SafetensorsWriter.Write(stream, [.. ModelState.Of(model), new("samples.x", Batch(model.InputShape), default, x), new("samples.y", Batch(model.OutputShape), default, model.Predict(x))], []);
        }
    }

    private static Sequential<float> Network(string name) => name switch
    {
        "images" => new((6, 6, 2), seed: 4,
            new Conv2D(4, kernel: 3, padding: 1), new BatchNorm(), new ReLU(), new Conv2D(6, kernel: (2, 3), stride: 2, groups: 2),
            new ConvTranspose2D(4, kernel: 3, stride: 2), new GroupNorm(2), new Chain(new Conv2D(4, kernel: 1), new Tanh()), new Flatten(),
            new Dense(5), new BatchNorm(), new LayerNorm(), new Dense(3), new Softmax()),
        "series" => new((8, 3), seed: 4,
            new Conv1D(6, kernel: 3, padding: 1), new PReLU(perChannel: true), new Conv1D(4, kernel: 2, stride: 2, groups: 2, bias: false), new BatchNorm(), new PReLU(),
            new Flatten(), new Dense(5), new RmsNorm(), new Dense(2)),
        _ => new(5, seed: 4, new Embedding(9, 6), new LayerNorm(), new Dense(4), new PReLU(), new RmsNorm()),
    };

    private static Shape Batch(Shape sample) => sample.Rank switch
    {
        1 => (3, sample[0]),
        2 => (3, sample[0], sample[1]),
        _ => (3, sample[0], sample[1], sample[2]),
    };

    private static (float[] X, float[] Y) Samples(string name, Sequential<float> model)
    {
        using FileStream stream = File.OpenRead(Interop($"pytorch-{name}-samples.safetensors"));
        SafetensorsFile file = SafetensorsFile.Open(stream, "samples");
        float[] x = new float[3 * model.InputShape.Length], y = new float[3 * model.OutputShape.Length];
        file.Read<float>(file.Find("x")!, x.Length, default, x);
        file.Read<float>(file.Find("y")!, y.Length, default, y);
        return (x, y);
    }

    private static string Interop(string name) => Path.Combine(AppContext.BaseDirectory, "interop", name);
}
