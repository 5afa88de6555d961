namespace MiniNet;

/// <summary>What all plans of one model add up to: how long each vector must be, and the names onto them.</summary>
internal sealed class ModelPlan(Shape input)
{
    private readonly List<Initializer> initializers = [];
    private readonly HashSet<string> names = [];

    /// <summary>The layers of the model planned so far.</summary>
    public List<Layer> Layers { get; } = [];

    /// <summary>The same as the messages print them: <c>[2] -> Dense(10) -> …</c>.</summary>
    public string Chain => $"{input} -> {string.Join(" -> ", Layers)}";

    public List<ParameterInfo> Parameters { get; } = [];

    public List<StatisticInfo> Statistics { get; } = [];

    /// <summary>Gradients of shared weights, to be added to the owner's after each backward pass, in this order.</summary>
    public List<Join> Joins { get; } = [];

    /// <summary>Statistics to be moved by each update, in this order.</summary>
    public List<Move> Moves { get; } = [];

    public int ParameterLength { get; private set; }

    public int StatisticLength { get; private set; }

    public int SideGradients { get; set; }

    public int Observed { get; set; }

    public int PerSampleValues { get; private set; }

    public int PerSampleGradients { get; set; }

    public int PerSampleIntegers { get; set; }

    public int PerBatch { get; set; }

    public int Streams { get; set; }

    public int MinimumBatch { get; set; } = 1;

    public Layer? MinimumBatchOf { get; set; }

    public IReadOnlyList<Initializer> Initializers => initializers;

    public string ParameterNames => Parameters.Count == 0 ? "none" : string.Join(", ", Parameters.ConvertAll(p => p.Name));

    public int AddParameter(string name, Shape shape, Initializer initializer, bool trained, bool decays)
    {
        int offset = ParameterLength;
        Claim(name);
        ParameterLength = checked(offset + shape.Length);
        Parameters.Add(new(name, shape, offset, trained, decays));
        initializers.Add(initializer);
        return offset;
    }

    public int AddStatistic(string name, Shape shape, double initial)
    {
        int offset = StatisticLength;
        Claim(name);
        StatisticLength = checked(offset + shape.Length);
        Statistics.Add(new(name, shape, offset, initial));
        return offset;
    }

    public int TakeValues(int perSample)
    {
        int offset = PerSampleValues;
        PerSampleValues = checked(offset + perSample);
        return offset;
    }

    public ParameterInfo? Find(string name)
    {
        foreach (ParameterInfo parameter in Parameters)
        {
            if (parameter.Name == name)
                return parameter;
        }
        return null;
    }

    /// <summary>The parameter that begins at a place.</summary>
    public ParameterInfo ParameterAt(int offset) => Parameters.Find(p => p.Offset == offset);

    private void Claim(string name)
    {
        if (!names.Add(name))
            throw new ShapeException($"Two parameters are named {name}: give the layers of a composite different names, and each parameter of a layer its own.\n{Chain}");
    }

    internal readonly record struct Join(int From, int To, int Length);

    internal readonly record struct Move(int Observed, int Statistic, int Length, double Rate);

    internal readonly record struct StatisticInfo(string Name, Shape Shape, int Offset, double Initial);
}
