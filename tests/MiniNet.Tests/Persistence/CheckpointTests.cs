using System.Diagnostics;

namespace MiniNet.Tests.Persistence;

public sealed class CheckpointTests : IDisposable
{
    private const string Process = "MININET_CHECKPOINT_PROCESS";

    private static readonly Dictionary<string, Optimizer> ByName = ((Optimizer[])[
        new Sgd(0.1), new Sgd(0.1, momentum: 0.9), new Sgd(0.1, momentum: 0.9, nesterov: true), new Adam(0.01), new Adam(Schedule.Cosine(0.02, steps: 60).WarmUp(8)), new AdamW(0.01, weightDecay: 0.1),
        new RmsProp(0.01), new RmsProp(0.01, momentum: 0.5, centered: true), new AdaGrad(0.1), new ClipNorm(0.5, new Adam(0.01)), new ClipValue(0.1, new Sgd(0.1, momentum: 0.9)), new Lbfgs(history: 3),
    ]).ToDictionary(o => o.ToString());

    private readonly string folder = Directory.CreateTempSubdirectory("mininet-checkpoint-").FullName;

    public static TheoryData<string> Optimizers => [.. ByName.Keys];

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void Four_epochs_a_stop_and_six_end_in_the_bits_of_ten(string name)
    {
        Trainer<float> straight = Start(ByName[name]), first = Start(ByName[name]);
        double[] losses = [.. Run(straight, 10).Select(e => e.Loss)], begin = [.. Run(first, 4).Select(e => e.Loss)];
        string path = Path.Combine(folder, "run.safetensors");
        first.Save(path);
        Trainer<float> second = Trainer<float>.Resume(path, new CrossEntropy(), ByName[name], maxDegreeOfParallelism: 1);
        Assert.Equal((first.StepCount, 4, first.BestValidationLoss), (second.StepCount, second.EpochCount, second.BestValidationLoss));
        double[] end = [.. Run(second, 6).Select(e => e.Loss)];
        Assert.Equal(losses, (double[])[.. begin, .. end]);
        AssertSame(straight, second);
    }

    [Fact]
    public void Another_process_goes_on_to_the_same_bits()
    {
        string path = Path.Combine(folder, "run.safetensors"), result = Path.Combine(folder, "result.safetensors");
        if (Environment.GetEnvironmentVariable(Process) is { } given)
        {
            Trainer<float> resumed = Trainer<float>.Resume(Path.Combine(given, "run.safetensors"), new CrossEntropy(), new Adam(0.01));
            Run(resumed, 6);
            resumed.Save(Path.Combine(given, "result.safetensors"));
            return;
        }
        Trainer<float> straight = Start(new Adam(0.01)), first = Start(new Adam(0.01));
        Run(straight, 10);
        Run(first, 4);
        first.Save(path);
        ProcessStartInfo start = new(Environment.ProcessPath!, ["--filter-method", $"*{nameof(CheckpointTests)}.{nameof(Another_process_goes_on_to_the_same_bits)}"]) { RedirectStandardOutput = true };
        if (Path.GetFileNameWithoutExtension(Environment.ProcessPath!) == "dotnet")
            start.ArgumentList.Insert(0, typeof(CheckpointTests).Assembly.Location);
        start.Environment[Process] = folder;
        using Process process = System.Diagnostics.Process.Start(start)!;
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        Assert.True(process.ExitCode == 0, output);
        AssertSame(straight, Trainer<float>.Resume(result, new CrossEntropy(), new Adam(0.01)));
    }

    [Fact]
    public void Single_steps_and_other_seeds_and_doubles_go_on_too()
    {
        double[] x = Numbers.Normals<double>(24, 1), y = Numbers.Normals<double>(8, 2);
        Trainer<double> Begin() => new(new(3, seed: 3, new Dense(5), new Dropout(0.5), new Dense(1)), new MeanSquaredError(), new Adam(0.1), seed: 77);
        Trainer<double> straight = Begin(), first = Begin();
        for (int i = 0; i < 9; i++)
            straight.Step(x, y);
        for (int i = 0; i < 4; i++)
            first.Step(x, y);
        using MemoryStream stream = new();
        first.Save(stream);
        stream.Position = 0;
        Trainer<double> second = Trainer<double>.Resume(stream, new MeanSquaredError(), new Adam(0.1));
        for (int i = 0; i < 5; i++)
            second.Step(x, y);
        Assert.Equal(straight.Model.State(), second.Model.State());
    }

    [Fact]
    public void A_checkpoint_is_a_models_file_too()
    {
        Trainer<float> trainer = Start(new Adam(0.01));
        Run(trainer, 2);
        string path = Path.Combine(folder, "run.safetensors");
        trainer.Save(path);
        Sequential<float> model = Sequential<float>.Load(path);
        Assert.Equal(trainer.Model.State(), model.State());
        new Sequential<float>(2, seed: 9, [.. model.Layers]).LoadParameters(path);
    }

    [Fact]
    public void What_does_not_belong_together_is_refused()
    {
        Trainer<float> trainer = Start(new ClipNorm(1, new Adam(Schedule.Cosine(0.01, steps: 9))));
        string path = Path.Combine(folder, "run.safetensors");
        trainer.Model.Save(path);
        Assert.StartsWith($"{path} holds no training", Assert.Throws<InvalidDataException>(() => Trainer<float>.Resume(path, new CrossEntropy(), new Adam())).Message);
        trainer.Save(path);
        Assert.StartsWith($"{path} was saved with ClipNorm(1, Adam(Schedule.Cosine(0.01, steps: 9))), whose memory Adam(0.001) cannot use", Assert.Throws<ArgumentException>(() => Trainer<float>.Resume(path, new CrossEntropy(), new Adam())).Message);
        Assert.Throws<ArgumentException>(() => Trainer<float>.Resume(path, new CrossEntropy(), new ClipNorm(1, new RmsProp())));
        Assert.StartsWith($"{path} was saved with CrossEntropy(), not with MeanSquaredError()", Assert.Throws<ArgumentException>(() => Trainer<float>.Resume(path, new MeanSquaredError(), new ClipNorm(1, new Adam()))).Message);
        Assert.Equal(0, Trainer<float>.Resume(path, new CrossEntropy(), new ClipNorm(2, new Adam(0.5))).StepCount);       // other numbers are no other kind
        trainer.Forward(new float[4]);
        trainer.Backward([1, 0, 0, 1]);
        trainer.Accumulate();
        Assert.Throws<InvalidOperationException>(() => trainer.Save(path));
    }

    private static Trainer<float> Start(Optimizer optimizer) =>
        new(new(2, seed: 1, new Dense(8), new BatchNorm(), new Tanh(), new Dropout(optimizer is Lbfgs ? 0 : 0.2), new Dense(2), new Softmax()), new CrossEntropy(), optimizer, seed: 5);

    private static List<Epoch> Run(Trainer<float> trainer, int epochs)
    {
        Dataset<float> data = Circle(60, 1), validation = Circle(20, 2);
        return [.. trainer.Epochs(data, epochs, batchSize: trainer.Model.Layers[3] is Dropout { Rate: 0 } ? 60 : 16, validation)];
    }

    private static Dataset<float> Circle(int count, long seed)
    {
        float[] x = Numbers.Normals<float>(2 * count, seed);
        int[] labels = [.. Enumerable.Range(0, count).Select(i => (x[2 * i] * x[2 * i]) + (x[(2 * i) + 1] * x[(2 * i) + 1]) < 1.2f ? 1 : 0)];
        return Dataset.FromClasses<float>(x, 2, labels, 2);
    }

    private static void AssertSame(Trainer<float> expected, Trainer<float> actual)
    {
        Assert.Equal(expected.Model.State(), actual.Model.State());
        Assert.Equal(expected.Slots, actual.Slots);
        Assert.Equal((expected.StepCount, expected.EpochCount, expected.BestValidationLoss), (actual.StepCount, actual.EpochCount, actual.BestValidationLoss));
        expected.RestoreBest();
        actual.RestoreBest();
        Assert.Equal(expected.Model.State(), actual.Model.State());
    }
}
