namespace MiniNet.Tests.Persistence;

/// <summary>Weights from PyTorch and back: see tests/interop/make_pytorch.py, which made the files and reads what the last test writes.</summary>
public class PyTorchTests
{
    [Fact]
    public void Weights_of_PyTorch_give_PyTorchs_outputs()
    {
        Sequential<float> model = Network();
        float[] before = model.State();
        model.LoadParameters(Interop("pytorch.safetensors"));
        Assert.NotEqual(before, model.State());
        (float[] x, float[] y) = Samples();
        float[] outputs = model.Predict(x);
        Assert.Equal(9, outputs.Length);
        for (int i = 0; i < y.Length; i++)
            Assert.Equal(y[i], outputs[i], tolerance: 1e-6f);
        Assert.True(Network().Predict(x).Zip(y, (a, b) => Math.Abs(a - b)).Max() > 0.01f);      // no outputs that any weights would give
    }

    [Fact]
    public void Weights_for_PyTorch_are_written_where_an_environment_variable_says()
    {
        string? path = Environment.GetEnvironmentVariable("MININET_PYTORCH_OUT");
        Assert.SkipWhen(path is null, "MININET_PYTORCH_OUT is not set: it names the file for tests/interop/make_pytorch.py to read.");
        Sequential<float> model = Network();
        foreach (ParameterInfo p in model.ParameterList)
        {
            if (p.Shape.Rank == 1)
                Numbers.Normals<float>(p.Shape.Length, p.Offset).CopyTo(model[p.Name]);
        }
        Dataset<float> moved = new(Numbers.Normals<float>(8 * 72, 3), (6, 6, 2), new float[24], 3);
        model.Fit(moved, new MeanSquaredError(), new Sgd(0.01), epochs: 2, batchSize: 8);      // the running statistics too
        (float[] x, _) = Samples();
        using FileStream stream = File.Create(path);
        SafetensorsWriter.Write(stream, [.. ModelState.Of(model), new("samples.x", (3, 6, 6, 2), default, x), new("samples.y", (3, 3), default, model.Predict(x))], []);
    }

    private static Sequential<float> Network() => new((6, 6, 2), seed: 4,
        new Conv2D(4, kernel: 3, padding: 1), new BatchNorm(), new ReLU(), new Conv2D(6, kernel: (2, 3), stride: 2, groups: 2),
        new ConvTranspose2D(4, kernel: 3, stride: 2), new GroupNorm(2), new Chain(new Conv2D(4, kernel: 1), new Tanh()), new Flatten(),
        new Dense(5), new BatchNorm(), new LayerNorm(), new Dense(3), new Softmax());

    private static (float[] X, float[] Y) Samples()
    {
        using FileStream stream = File.OpenRead(Interop("pytorch-samples.safetensors"));
        SafetensorsFile file = SafetensorsFile.Open(stream, "samples");
        float[] x = new float[3 * 72], y = new float[9];
        file.Read<float>(file.Find("x")!, x.Length, default, x);
        file.Read<float>(file.Find("y")!, y.Length, default, y);
        return (x, y);
    }

    private static string Interop(string name) => Path.Combine(AppContext.BaseDirectory, "interop", name);
}
