using System.Globalization;
using MiniNet;

namespace PlaygroundSample;

/// <summary>
/// All that a training follows from. It is written as a page's address has it behind the #, <c>data=spirals&amp;hidden=8,8&amp;activation=Tanh</c>, so that a link
/// brings back what one has seen; what is left out is what suits the data.
/// </summary>
internal sealed record Settings
{
    public const int MostLayers = 4, MostUnits = 8, MostPoints = 500;

    /// <summary>xor, circles, moons, spirals or drawn.</summary>
    public required string Data { get; init; }

    /// <summary>The units of each hidden layer.</summary>
    public required IReadOnlyList<int> Hidden { get; init; }

    /// <summary>The name of the activation after each of them.</summary>
    public required string Activation { get; init; }

    public required string Optimizer { get; init; }

    public required double Rate { get; init; }

    public required int BatchSize { get; init; }

    public required long Seed { get; init; }

    /// <summary>The points drawn by hand: x₁ and x₂ in hundredths, then the colour.</summary>
    public IReadOnlyList<int> Drawn { get; init; } = [];

    public static Settings Of(string data) => data switch
    {
        "xor" => new() { Data = data, Hidden = [4], Activation = "Tanh", Optimizer = "Adam", Rate = 0.03, BatchSize = 4, Seed = 1 },
        "circles" => new() { Data = data, Hidden = [4], Activation = "Tanh", Optimizer = "Adam", Rate = 0.03, BatchSize = 32, Seed = 1 },
        "moons" => new() { Data = data, Hidden = [4, 4], Activation = "Tanh", Optimizer = "Adam", Rate = 0.03, BatchSize = 32, Seed = 1 },
        "spirals" => new() { Data = data, Hidden = [8, 8], Activation = "SiLU", Optimizer = "Adam", Rate = 0.03, BatchSize = 10, Seed = 1 },
        "drawn" => new() { Data = data, Hidden = [8, 8], Activation = "SiLU", Optimizer = "Adam", Rate = 0.03, BatchSize = 10, Seed = 1 },
        _ => throw new ArgumentException($"There is no data {data}: there are xor, circles, moons, spirals and drawn."),
    };

    /// <summary>Reads settings as <see cref="ToString"/> writes them, in any order, any of them left out.</summary>
    /// <exception cref="ArgumentException">One of them is unknown or out of its range; the message says what to write.</exception>
    public static Settings Parse(string text)
    {
        Dictionary<string, string> values = [];
        foreach (string pair in text.Split('&', StringSplitOptions.RemoveEmptyEntries))
        {
            int equals = pair.IndexOf('=', StringComparison.Ordinal);
            values[equals < 0 ? pair : pair[..equals]] = equals < 0 ? "" : pair[(equals + 1)..];
        }
        Settings settings = Of(values.Remove("data", out string? data) ? data : "xor");
        foreach ((string name, string value) in values)
        {
            settings = name switch
            {
                "hidden" => settings with { Hidden = Numbers(name, value, MostLayers, 1, MostUnits) },
                "activation" => settings with { Activation = value },
                "optimizer" => settings with { Optimizer = value },
                "rate" => settings with { Rate = double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out double rate) && rate is > 0 and <= 10 ? rate : throw Wrong(name, value, "a number above 0, up to 10") },
                "batch" => settings with { BatchSize = (int)Whole(name, value, 1, MostPoints) },
                "seed" => settings with { Seed = Whole(name, value, 0, int.MaxValue) },
                "points" => settings with { Drawn = Numbers(name, value, 3 * MostPoints, -100, 100) },
                _ => throw new ArgumentException($"There is no setting {name}: there are data, hidden, activation, optimizer, rate, batch, seed and points."),
            };
        }
        if (settings.Drawn.Count % 3 != 0 || settings.Drawn.Where((value, i) => i % 3 == 2 && value is not (0 or 1)).Any())
            throw new ArgumentException("points takes three numbers a point: two of -100 to 100, then its colour, 0 or 1.");
        settings.CreateLayers();
        settings.CreateOptimizer();
        return settings;
    }

    /// <summary>The hidden layers with their activation, and one output between 0 and 1.</summary>
    public Layer[] CreateLayers()
    {
        Layer activation = Activation switch
        {
            "Tanh" => new Tanh(),
            "Sigmoid" => new Sigmoid(),
            "ReLU" => new ReLU(),
            "LeakyReLU" => new LeakyReLU(),
            "SiLU" => new SiLU(),
            "GELU" => new GELU(),
            _ => throw Wrong("activation", Activation, "Tanh, Sigmoid, ReLU, LeakyReLU, SiLU or GELU"),
        };
        return [.. Hidden.SelectMany(units => new[] { new Dense(units), activation }), new Dense(1), new Sigmoid()];
    }

    public Optimizer CreateOptimizer() => Optimizer switch
    {
        "Sgd" => new Sgd(Rate),
        "Momentum" => new Sgd(Rate, momentum: 0.9),
        "RmsProp" => new RmsProp(Rate),
        "Adam" => new Adam(Rate),
        _ => throw Wrong("optimizer", Optimizer, "Sgd, Momentum, RmsProp or Adam"),
    };

    public (float[] X, float[] Y) CreatePoints() => Data switch
    {
        "xor" => Points.Xor(),
        "circles" => Points.Circles(),
        "moons" => Points.Moons(),
        "spirals" => Points.Spirals(),
        _ => ([.. Drawn.Where((_, i) => i % 3 < 2).Select(hundredths => hundredths / 100f)], [.. Drawn.Where((_, i) => i % 3 == 2).Select(colour => (float)colour)]),
    };

    public override string ToString() => string.Create(CultureInfo.InvariantCulture,
        $"data={Data}&hidden={string.Join(',', Hidden)}&activation={Activation}&optimizer={Optimizer}&rate={Rate}&batch={BatchSize}&seed={Seed}")
        + (Data == "drawn" ? $"&points={string.Join(',', Drawn)}" : "");

    private static int[] Numbers(string name, string value, int most, int from, int to)
    {
        string[] numbers = value.Split(',', StringSplitOptions.RemoveEmptyEntries);
        if (numbers.Length > most)
            throw new ArgumentException($"{name} takes at most {most} numbers, got {numbers.Length}.");
        return [.. numbers.Select(number => (int)Whole(name, number, from, to))];
    }

    private static long Whole(string name, string value, int from, int to) =>
        int.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) && number >= from && number <= to
            ? number
            : throw Wrong(name, value, $"a whole number from {from} to {to}");

    private static ArgumentException Wrong(string name, string value, string expected) => new($"{name} takes {expected}, got {value}.");
}
