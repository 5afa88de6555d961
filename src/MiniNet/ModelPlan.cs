namespace MiniNet;

/// <summary>What all plans of one model add up to: how long each vector must be, and the names onto them.</summary>
internal sealed class ModelPlan(Shape input)
{
    // Fields, not properties: a cold start compiles every accessor that it meets.

    /// <summary>The layers of the model planned so far.</summary>
    public readonly List<Layer> Layers = [];

    /// <summary>How each parameter begins.</summary>
    public readonly List<Initializer> Initializers = [];

    /// <summary>Into how many groups the inputs and outputs of each parameter part.</summary>
    public readonly List<int> Groups = [];

    public readonly List<StatisticInfo> Statistics = [];

    /// <summary>Gradients of shared weights, to be added to the owner's after each backward pass, in this order.</summary>
    public readonly List<Join> Joins = [];

    /// <summary>Statistics to be moved by each update, in this order.</summary>
    public readonly List<Move> Moves = [];

    public ParameterInfo[] Parameters = [];

    public int ParameterLength, StatisticLength, SideGradients, Observed, PerSampleValues, PerSampleGradients, PerSampleIntegers, PerBatch, PerBackward, Streams, MinimumBatch = 1;

    public Layer? MinimumBatchOf;

    /// <summary>Whether a backward pass writes gradients over values.</summary>
    public bool Spends;

    /// <summary>More parameters and statistics than this make no model: what a file claims is not more than it holds.</summary>
    public long MaximumValues;

    private readonly HashSet<string> names = [];

    /// <summary>The same as the messages print them: <c>[2] -> Dense(10) -> …</c>.</summary>
    public string Chain => $"{input} -> {string.Join(" -> ", Layers)}";

    /// <summary>All names that a model can be asked for.</summary>
    public string AllNames => string.Join(", ", Parameters.Select(p => p.Name).Concat(Statistics.Select(s => s.Name)));

    public string ParameterNames => Parameters.Length == 0 ? "none" : string.Join(", ", Parameters.Select(p => p.Name));

    public int AddParameter(string name, Shape shape, Initializer initializer, bool trained, bool decays, FileLayout fileLayout, int groups)
    {
        int offset = ParameterLength;
        Claim(name);
        ParameterLength = checked(offset + shape.Length);
        CheckLength();
        Arrays.Append(ref Parameters, new(name, shape, offset, trained, decays) { FileLayout = fileLayout });
        Initializers.Add(initializer);
        Groups.Add(groups);
        return offset;
    }

    public int AddStatistic(string name, Shape shape, double initial)
    {
        int offset = StatisticLength;
        Claim(name);
        StatisticLength = checked(offset + shape.Length);
        CheckLength();
        Statistics.Add(new(name, shape, offset, initial));
        return offset;
    }

    public int TakeValues(int perSample)
    {
        int offset = PerSampleValues;
        PerSampleValues = offset <= int.MaxValue - perSample ? offset + perSample : throw TooManyOutputs();
        return offset;
    }

    /// <summary>Which parameter has a name; −1 if none.</summary>
    public int Find(string name)
    {
        for (int i = 0; i < Parameters.Length; i++)
        {
            if (Parameters[i].Name == name)
                return i;
        }
        return -1;
    }

    private void CheckLength()
    {
        if ((long)ParameterLength + StatisticLength > MaximumValues)
            throw TooManyValues();
    }

    private void Claim(string name)
    {
        if (!names.Add(name))
            throw NameTwice(name);
    }

    private ShapeException TooManyOutputs() => new($"The layers put out more than {int.MaxValue} values for one sample: use smaller samples, or fewer features.\n{Chain}");

    private ShapeException TooManyValues() => new($"The layers need more than the {MaximumValues} values that there are.\n{Chain}");

    private ShapeException NameTwice(string name) =>
        new($"Two parameters are named {name}: give the layers of a composite different names, and each parameter of a layer its own.\n{Chain}");

    internal sealed record Join(int From, int To, int Length);

    internal sealed record Move(int Observed, int Statistic, int Length, double Rate);

    internal sealed record StatisticInfo(string Name, Shape Shape, int Offset, double Initial);
}
