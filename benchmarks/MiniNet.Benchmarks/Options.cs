using System.Globalization;

namespace MiniNet.Benchmarks;

/// <summary>What the command line asks for.</summary>
internal sealed record Options
{
    public const string Usage = """
        dotnet run --project benchmarks/MiniNet.Benchmarks -c Release -- SUITE [FOLDER] [--threads N] [--rounds N]
          SUITE      products, convolution, activations, pooling, optimizers, training, prediction, files, coldstart, mnist or all
          FOLDER     where MNIST's four IDX files lie: for mnist, and for all (without it all leaves mnist out, and says so)
          --threads  for MiniNet and its peers alike: 1 if not given
          --rounds   how often each contestant has its turn in a row: 15 if not given
        """;

    /// <summary>The suites to run, in order.</summary>
    public required IReadOnlyList<string> Suites { get; init; }

    /// <summary>The folder with MNIST, if one was given.</summary>
    public string? MnistFolder { get; init; }

    /// <summary>How many threads MiniNet and its peers may use.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>How often each contestant has its turn.</summary>
    public int Rounds { get; init; } = 15;

    /// <exception cref="ArgumentException">The arguments are none of <see cref="Usage"/>.</exception>
    public static Options Parse(ReadOnlySpan<string> args)
    {
        List<string> words = [];
        (int threads, int rounds) = (1, 15);
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i] is "--threads" or "--rounds")
            {
                string name = args[i];
                if (++i == args.Length || !int.TryParse(args[i], NumberStyles.None, CultureInfo.InvariantCulture, out int value) || value == 0)
                    throw new ArgumentException($"{name} needs a whole number of at least 1.");
                (threads, rounds) = name == "--threads" ? (value, rounds) : (threads, value);
            }
            else if (args[i].StartsWith("--", StringComparison.Ordinal))
                throw new ArgumentException($"There is no option {args[i]}.");
            else
                words.Add(args[i]);
        }
        if (words.Count is 0 or > 2)
            throw new ArgumentException("Which suite?");
        if (words[0] != "all" && !Suite.Names.Contains(words[0]))
            throw new ArgumentException($"There is no suite {words[0]}.");
        string? folder = words.Count == 2 ? words[1] : null;
        if (words[0] == "mnist" && folder is null)
            throw new ArgumentException("mnist needs the folder where MNIST's files lie.");
        return new Options { Suites = words[0] == "all" ? Suite.Names : [words[0]], MnistFolder = folder, Threads = threads, Rounds = rounds };
    }
}
