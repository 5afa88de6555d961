using System.Diagnostics;
using MiniNet;
using MnistSample;

try
{
    Run(Arguments.Parse(args));
    return 0;
}
catch (Exception e) when (e is ArgumentException or IOException or UnauthorizedAccessException)
{
    Console.Error.WriteLine(e.Message);
    if (e is ArgumentException)
        Console.Error.WriteLine($"\n{Arguments.Usage}");
    return 1;
}

static void Run(Arguments arguments)
{
    Dataset<float> train = Mnist.LoadTrain<float>(arguments.Folder), test = Mnist.LoadTest<float>(arguments.Folder);
    Recipe recipe = arguments.Recipe;
    int epochs = arguments.Epochs ?? recipe.Epochs, stepsPerEpoch = (train.Count + recipe.BatchSize - 1) / recipe.BatchSize;
    Optimizer optimizer = recipe.Optimizer(epochs * stepsPerEpoch);

    var model = new Sequential<float>(train.InputShape, arguments.Seed, [.. recipe.Layers]);
    Console.WriteLine(model.Summary());
    Console.WriteLine($"{recipe.Loss}, {optimizer}, {epochs} epochs in batches of {recipe.BatchSize}, seed {arguments.Seed}");
    Console.WriteLine();

    var watch = Stopwatch.StartNew();
    if (recipe.Layers.Any(layer => layer is Normalize))
        model.Adapt(Inputs(train));
    model.Fit(train, recipe.Loss, optimizer, epochs, recipe.BatchSize, progress: new ConsoleProgress(), maxDegreeOfParallelism: arguments.Threads);
    TimeSpan trained = watch.Elapsed;

    Evaluation<float> evaluation = model.Evaluate(test, recipe.Loss);
    Console.WriteLine();
    Console.WriteLine("The test images: a row for each digit, a column for what it was taken for");
    Console.WriteLine(evaluation.Confusion());
    Console.WriteLine();
    Console.WriteLine(FormattableString.Invariant($"test accuracy {evaluation.Accuracy:P2}, training time {trained.TotalSeconds:F1} s"));
}

// [samples, input]: all inputs one after the other
static float[] Inputs(Dataset<float> dataset)
{
    int length = dataset.InputShape.Length;
    var inputs = new float[dataset.Count * length];
    for (int i = 0; i < dataset.Count; i++)
        dataset.Input(i).CopyTo(inputs.AsSpan(i * length));
    return inputs;
}
