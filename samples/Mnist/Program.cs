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
    (Dataset<float> train, Dataset<float> test) = Load(arguments);
    Recipe recipe = arguments.Recipe;
    int epochs = arguments.Epochs ?? recipe.Epochs;
    Optimizer optimizer = recipe.Optimizer(train.Steps(epochs, recipe.BatchSize));

    var model = new Sequential<float>(train.InputShape, arguments.Seed, [.. recipe.Layers]);
    Console.WriteLine(model.Summary());
    Console.WriteLine($"{recipe.Loss}, {optimizer}, {epochs} epochs in batches of {recipe.BatchSize}, seed {arguments.Seed}");
    if (recipe.Augmentations.Count > 0)
        Console.WriteLine($"images changed by {string.Join(", ", recipe.Augmentations)}");
    Console.WriteLine();

    var watch = Stopwatch.StartNew();
    if (recipe.Layers.Any(layer => layer is Normalize))
        model.Adapt(train);
    model.Fit(train.Augment([.. recipe.Augmentations]), recipe.Loss, optimizer, epochs, recipe.BatchSize, progress: new ConsoleProgress(), maxDegreeOfParallelism: arguments.Threads);
    TimeSpan trained = watch.Elapsed;

    Evaluation<float> evaluation = model.Evaluate(test, recipe.Loss);
    Console.WriteLine();
    string tested = arguments.Validate ? "held-back training images" : "test images";
    Console.WriteLine($"The {tested}: a row for each digit, a column for what it was taken for");
    Console.WriteLine(evaluation.Confusion());
    Console.WriteLine();
    Console.WriteLine(FormattableString.Invariant($"accuracy {evaluation.Accuracy:P2} on {test.Count:N0} {tested}, training time {trained.TotalSeconds:F1} s"));
}

static (Dataset<float> Train, Dataset<float> Test) Load(Arguments arguments)
{
    Dataset<float> train = Mnist.LoadTrain<float>(arguments.Folder);
    if (!arguments.Validate)
        return (train, Mnist.LoadTest<float>(arguments.Folder));
    (Dataset<float> heldBack, Dataset<float> rest) = train.SplitStratified(1.0 / 6, seed: 1);
    return (rest, heldBack);
}
