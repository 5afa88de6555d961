using System.Globalization;

namespace MnistSample;

/// <summary>What the command line asks for.</summary>
internal sealed record Arguments
{
    public const string Usage = """
        Usage: dotnet run --project samples/Mnist -c Release -- FOLDER [options]

          FOLDER                 where the four files of MNIST lie, plain or .gz:
                                 train-images-idx3-ubyte, train-labels-idx1-ubyte,
                                 t10k-images-idx3-ubyte, t10k-labels-idx1-ubyte
          --model NAME           small (the default): 128 hidden units, seconds
                                 best: the most accurate dense network of this sample, minutes
                                 cnn: two convolutions, more accurate with a fiftieth of the parameters, minutes
                                 deep: five convolutions on images moved and turned, the most accurate, more minutes
          --seed N               what weights, order, dropout and changes of images follow from; 1
          --epochs N             how many times through the training images; the recipe's own number
          --validate             hold back a sixth of the training images and report on them, not on the test images:
                                 for choosing a recipe
          --threads N            how many threads; all processors. The result does not depend on it.
        """;

    public required string Folder { get; init; }

    public Recipe Recipe { get; init; } = Recipe.Small;

    public long Seed { get; init; } = 1;

    /// <summary>Null: as many as the recipe says.</summary>
    public int? Epochs { get; init; }

    /// <summary>Whether to hold back training images and leave the test images alone.</summary>
    public bool Validate { get; init; }

    /// <summary>−1: all processors.</summary>
    public int Threads { get; init; } = -1;

    /// <summary>Reads the command line.</summary>
    /// <exception cref="ArgumentException">It asks for something that does not exist; the message says what to write.</exception>
    public static Arguments Parse(ReadOnlySpan<string> args)
    {
        Arguments arguments = new() { Folder = "" };
        for (int i = 0; i < args.Length; i++)
        {
            string name = args[i];
            if (!name.StartsWith("--", StringComparison.Ordinal))
            {
                if (arguments.Folder.Length > 0)
                    throw new ArgumentException($"There are two folders, {arguments.Folder} and {name}: give one.");
                arguments = arguments with { Folder = name };
                continue;
            }
            if (name == "--validate")
            {
                arguments = arguments with { Validate = true };
                continue;
            }
            if (name is not ("--model" or "--seed" or "--epochs" or "--threads"))
                throw new ArgumentException($"There is no option {name}: the options are --model, --seed, --epochs, --validate and --threads.");
            if (i + 1 == args.Length)
                throw new ArgumentException($"{name} needs a value after it.");
            string value = args[++i];
            arguments = name switch
            {
                "--model" => arguments with { Recipe = Recipe.Find(value) },
                "--seed" => arguments with { Seed = Number(name, value, long.MinValue, long.MaxValue) },
                "--epochs" => arguments with { Epochs = (int)Number(name, value, 1, 10_000) },
                _ => arguments with { Threads = (int)Number(name, value, 1, 1_024) },
            };
        }
        if (arguments.Folder.Length == 0)
            throw new ArgumentException("Which folder are the files of MNIST in?");
        return arguments;
    }

    private static long Number(string name, string value, long least, long greatest) =>
        long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out long number) && number >= least && number <= greatest
            ? number
            : throw new ArgumentException($"{name} takes a whole number{(least == long.MinValue ? "" : $" from {least:N0} to {greatest:N0}")}, got {value}.");
}
