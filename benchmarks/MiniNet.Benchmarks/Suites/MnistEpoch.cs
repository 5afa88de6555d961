using System.Globalization;
using TorchSharp;

namespace MiniNet.Benchmarks;

/// <summary>One epoch over the 60,000 images of MNIST: order drawn anew, batches gathered, 784-128-10 trained with Adam.</summary>
internal sealed class MnistEpoch
{
    private const int BatchSize = 64, Pixels = 784, Classes = 10;

    public static void Run(Options options)
    {
        if (options.MnistFolder is null)
        {
            Console.WriteLine("## mnist\n\n- Not measured: no folder with MNIST's files was given.");
            return;
        }
        Dataset<float> train = Mnist.LoadTrain<float>(options.MnistFolder), test = Mnist.LoadTest<float>(options.MnistFolder);
        string? noTorch = Torch.WhyMissing(options.Threads);
        Contest contest = new(options);
        Table table = new(
            $"mnist: an epoch of 784-128-10, batch {BatchSize}, Adam(0.001)", [], [noTorch],
            "who", "an epoch", "spread", "its time over MiniNet's", "images a second", "right on the test images after one epoch");

        Sequential<float> model = new(train.InputShape, seed: 1, new Flatten(), new Dense(128), new ReLU(), new Dense(Classes), new Softmax());
        Trainer<float> trainer = new(model, new CrossEntropy(), new Adam(1e-3), maxDegreeOfParallelism: options.Threads);
        List<Contestant> contestants = [new("MiniNet", Epoch)];
        Epoch();
        List<double> accuracies = [model.Evaluate(test, new CrossEntropy()).Accuracy];
        if (noTorch is null)
            contestants.Add(Peer(train, test, accuracies));

        Timing[] timings = contest.Run(contestants);
        for (int i = 0; i < contestants.Count; i++)
        {
            table.Add(
                contestants[i].Name, Table.Time(timings[i].Seconds), Table.Percent(timings[i].Spread), Table.Ratio(timings[i].Seconds, timings[0].Seconds),
                (train.Count / timings[i].Seconds).ToString("N0", CultureInfo.InvariantCulture), accuracies[i].ToString("P1", CultureInfo.InvariantCulture));
        }

        void Epoch()
        {
            foreach (Epoch _ in trainer.Epochs(train, count: 1, BatchSize))
            {
            }
        }
    }

    private static Contestant Peer(Dataset<float> train, Dataset<float> test, List<double> accuracies)
    {
        torch.random.manual_seed(1);
        (torch.Tensor x, torch.Tensor y) = Tensors(train);
        (torch.Tensor testX, torch.Tensor testY) = Tensors(test);
        var module = torch.nn.Sequential(("dense1", torch.nn.Linear(Pixels, 128)), ("relu", torch.nn.ReLU()), ("dense2", torch.nn.Linear(128, Classes)));
        torch.optim.Optimizer adam = torch.optim.Adam(module.parameters(), 1e-3);
        Epoch();
        using (torch.no_grad())
        {
            using DisposeScope scope = torch.NewDisposeScope();
            accuracies.Add(module.forward(testX).argmax(1).eq(testY).to(torch.float32).mean().item<float>());
        }
        return new("TorchSharp", Epoch);

        void Epoch()
        {
            using torch.Tensor order = torch.randperm(train.Count);
            for (int from = 0; from < train.Count; from += BatchSize)
            {
                using DisposeScope scope = torch.NewDisposeScope();
                torch.Tensor batch = order.slice(0, from, Math.Min(from + BatchSize, train.Count), 1);
                adam.zero_grad();
                torch.Tensor loss = torch.nn.functional.cross_entropy(module.forward(x.index_select(0, batch)), y.index_select(0, batch));
                loss.backward();
                adam.step();
            }
        }
    }

    private static (torch.Tensor Images, torch.Tensor Labels) Tensors(Dataset<float> dataset)
    {
        float[] images = new float[dataset.Count * Pixels];
        long[] labels = new long[dataset.Count];
        for (int i = 0; i < dataset.Count; i++)
        {
            dataset.Input(i).CopyTo(images.AsSpan(i * Pixels));
            ReadOnlySpan<float> target = dataset.Target(i);
            labels[i] = target.Length == 1 ? (long)target[0] : target.IndexOf(1f);
        }
        return (torch.tensor(images, [dataset.Count, Pixels]), torch.tensor(labels));
    }
}
