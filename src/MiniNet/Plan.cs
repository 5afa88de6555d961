using System.Globalization;

namespace MiniNet;

/// <summary>
/// What one layer needs for one input shape: a node of a tree that the model owns. Made in the model's constructor, read-only afterwards.
/// It knows no number type, and a training step does no shape arithmetic because of it.
/// </summary>
public sealed class Plan
{
    private readonly Plan? weightsOf;             // the plan whose parameters this one uses too (Wiring.Again)
    private readonly string? tiedTo;              // the path whose parameters this one uses too (Tied) …
    private readonly int tiedFrom;                // … and the length of the path at which Tied stands
    private Region[] parameters = [], parameterGradients = [], statistics = [], observed = [], scratch = [], integers = [];

    private Plan(ModelPlan model, Layer layer, string path, Shape input, Context context)
    {
        (Model, Layer, Path, Input) = (model, layer, path, input);
        (IsFrozen, tiedTo, tiedFrom, weightsOf) = context;
        Stream = model.Streams++;
    }

    /// <summary>What a layer hands on to the layers inside it.</summary>
    internal readonly record struct Context(bool IsFrozen, string? TiedTo, int TiedFrom, Plan? WeightsOf);

    /// <summary>The shape of one sample of the input.</summary>
    public Shape Input { get; }

    /// <summary>The shape of one sample of the output, once <see cref="Layer.Declare"/> has returned it.</summary>
    public Shape Output { get; private set; }

    /// <summary>Where the layer stands in the model: <c>3</c>, <c>3.0</c> for the first layer inside it. Its parameters are named after it.</summary>
    public string Path { get; }

    internal ModelPlan Model { get; }

    internal Layer Layer { get; }

    internal bool IsFrozen { get; }

    /// <summary>Whether a trained parameter is here or further inside.</summary>
    internal bool IsTrained { get; private set; }

    /// <summary>Which split of the pass's random stream is this layer's own.</summary>
    internal int Stream { get; }

    /// <summary>How a composite is wired; null for a plain layer.</summary>
    internal Circuit? Circuit { get; set; }

    internal ReadOnlySpan<Region> Parameters => parameters;

    internal ReadOnlySpan<Region> ParameterGradients => parameterGradients;

    internal ReadOnlySpan<Region> Statistics => statistics;

    internal ReadOnlySpan<Region> Observed => observed;

    internal ReadOnlySpan<Region> ScratchRegions => scratch;

    internal ReadOnlySpan<Region> IntegerRegions => integers;

    internal bool HasDifferentiableInput { get; private set; } = true;

    internal static Plan Root(Layers layers, Shape input)
    {
        ModelPlan model = new(input);
        Plan root = new(model, new Chain(layers), "", input, default);
        root.Declare();
        model.PerSampleGradients = root.Circuit!.Layout(0);
        return root;
    }

    /// <summary>A trained parameter. Returns the index by which passes know it: 0, 1, … in the order of declaration.</summary>
    /// <param name="name">PyTorch's name for it: <c>weight</c>, <c>bias</c>. Unique in the layer.</param>
    /// <param name="shape">[inputs, outputs] for weights, [height, width, inputs, outputs] for kernels, [features] for vectors.</param>
    /// <param name="initializer">How it begins.</param>
    /// <param name="decays">Whether weight decay pulls at it. False for biases and for the gains of a normalisation.</param>
    /// <exception cref="ShapeException">The layer shares another one's parameters, and that one has none of this name or shape.</exception>
    public int Parameter(string name, Shape shape, Initializer initializer, bool decays = true)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(initializer);
        if (SharedParameter(name, shape) is { } shared)
        {
            Append(ref parameters, new(shared.Offset, shape.Length));
            bool counts = shared.Trained && !IsFrozen;
            if (counts)
                Model.Joins.Add(new(Model.SideGradients, shared.Offset, shape.Length));
            IsTrained |= counts;
            AppendSideGradient(shape.Length);
        }
        else
        {
            Append(ref parameters, new(Model.AddParameter(Name(name), shape, initializer, trained: !IsFrozen, decays), shape.Length));
            if (IsFrozen)
                AppendSideGradient(shape.Length);
            else
                Append(ref parameterGradients, parameters[^1]);
            IsTrained |= !IsFrozen;
        }
        return parameters.Length - 1;
    }

    /// <summary>
    /// A value that is kept with the model and saved, but not trained: a running mean. A training pass writes what it saw to <see cref="Pass{T}.Observed"/>,
    /// and <see cref="Trainer{T}.Update"/> moves the statistic there: s ← (1 − rate)·s + rate·observed. Returns its index in passes.
    /// </summary>
    /// <param name="name">PyTorch's name for it: <c>running_mean</c>.</param>
    /// <param name="shape">Its shape.</param>
    /// <param name="initial">What every element of it begins with.</param>
    /// <param name="rate">How far each update moves it; 0 for what only <see cref="Sequential{T}.Adapt(ReadOnlySpan{T})"/> sets.</param>
    public int Statistic(string name, Shape shape, double initial, double rate)
    {
        ArgumentException.ThrowIfNullOrEmpty(name);
        if (!(rate is >= 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(rate), rate, string.Create(CultureInfo.InvariantCulture, $"The rate of a statistic lies between 0 and 1, got {rate}."));
        if (weightsOf is not null && weightsOf.statistics[statistics.Length].Length != shape.Length)
            throw Error($"the shape that it had the first time ({weightsOf.Input}), since it is used again with the same statistics");
        int offset = weightsOf is null
            ? Model.AddStatistic(Name(name), shape, initial)
            : weightsOf.statistics[statistics.Length].Offset;
        Append(ref statistics, new(offset, shape.Length));
        Append(ref observed, new(Model.Observed, shape.Length));
        if (rate > 0 && !IsFrozen)
            Model.Moves.Add(new(Model.Observed, offset, shape.Length, rate));
        Model.Observed = checked(Model.Observed + shape.Length);
        return statistics.Length - 1;
    }

    /// <summary>Memory of the layer's own, so many values for each sample: written in Forward, still there in Backward. Returns its index in passes.</summary>
    public int Scratch(int perSample)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(perSample);
        Append(ref scratch, new(Model.TakeValues(perSample), perSample, PerSample: true));
        return scratch.Length - 1;
    }

    /// <summary>Memory of the layer's own, so many values whatever the batch. Shares its numbering with <see cref="Scratch"/>.</summary>
    public int BatchScratch(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Append(ref scratch, new(Model.PerBatch, length));
        Model.PerBatch = checked(Model.PerBatch + length);
        return scratch.Length - 1;
    }

    /// <summary>Whole numbers of the layer's own, so many for each sample: indices, which a float would count only up to 2²⁴. Returns its index in passes.</summary>
    public int Integers(int perSample)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(perSample);
        Append(ref integers, new(Model.PerSampleIntegers, perSample, PerSample: true));
        Model.PerSampleIntegers = checked(Model.PerSampleIntegers + perSample);
        return integers.Length - 1;
    }

    /// <summary>The least number of samples that this layer can train on (2 where it averages over the batch).</summary>
    public int MinimumBatch
    {
        set
        {
            if (!IsFrozen && value > Model.MinimumBatch)
                (Model.MinimumBatch, Model.MinimumBatchOf) = (value, Layer);
        }
    }

    /// <summary>False for a layer whose input is no quantity (indices): it gets no gradient, and no trained layer may come before it.</summary>
    public bool InputIsDifferentiable
    {
        set => HasDifferentiableInput = value;
    }

    /// <summary>The exception to throw for an input that the layer cannot take: where, what it needs, what it gets, and the chain of layers up to it.</summary>
    /// <param name="needs">What the layer needs: <c>[height, width, channels]</c>, with the mend where there is one.</param>
    public ShapeException Error(string needs) =>
        new($"Layer {(Path.Length == 0 ? "0" : Path)}, {Layer}, needs {needs}, but gets {Input}.\n{Model.Chain}");

    /// <summary>Plans a layer inside this one.</summary>
    internal Plan Child(string name, Layer layer, Shape input, Context context)
    {
        ArgumentNullException.ThrowIfNull(layer);
        string path = name.Length == 0 ? Path : Name(name);
        if (Path.Length == 0)
            Model.Layers.Add(layer);
        Plan child = new(Model, layer, path, input, context);
        child.Declare();
        IsTrained |= child.IsTrained;
        return child;
    }

    /// <summary>How many parameters were declared under this plan (not those shared from elsewhere).</summary>
    internal int OwnParameters { get; private set; }

    /// <summary>How many statistics were declared under this plan.</summary>
    internal int OwnStatistics { get; private set; }

    /// <summary>Whether the other plan, and all inside it, use the same parameters, its own places being moved by so much.</summary>
    internal bool HasSameParameters(Plan other, int moved)
    {
        for (int i = 0; i < parameters.Length; i++)
        {
            if (parameters[i].Offset != other.parameters[i].Offset + moved)
                return false;
        }
        for (int i = 0; Circuit is not null && i < Circuit.Children.Length; i++)
        {
            if (!Circuit.Children[i].HasSameParameters(other.Circuit!.Children[i], moved))
                return false;
        }
        return true;
    }

    /// <summary>What a layer inside this one inherits.</summary>
    internal Context Inherited => new(IsFrozen, tiedTo, tiedFrom, null);

    /// <summary>What the n-th layer inside this one inherits where this whole plan uses another one's weights.</summary>
    internal Context InheritedBy(int child) => Inherited with { WeightsOf = weightsOf?.Circuit!.Children[child] };

    internal Context Frozen => Inherited with { IsFrozen = true };

    internal Context TiedContext(string to) => Inherited with { TiedTo = to, TiedFrom = Path.Length };

    private void Declare()
    {
        (int parametersBefore, int statisticsBefore) = (Model.ParameterLength, Model.StatisticLength);
        Output = Layer.Declare(this);
        (OwnParameters, OwnStatistics) = (Model.ParameterLength - parametersBefore, Model.StatisticLength - statisticsBefore);
        if (Output.Rank == 0)
            throw new ShapeException($"Layer {Path}, {Layer}, declares default(Shape) as its output: return a shape, such as plan.Input.");
    }

    private string Name(string local) => Path.Length == 0 ? local : $"{Path}.{local}";

    private (int Offset, bool Trained)? SharedParameter(string name, Shape shape)
    {
        if (weightsOf is not null)
        {
            Region region = weightsOf.parameters[parameters.Length];
            ParameterInfo first = Model.ParameterAt(region.Offset);
            if (first.Shape != shape)
                throw Error($"the shape that it had the first time ({weightsOf.Input}), since it is used again on the same weights");
            return (first.Offset, first.Trained);
        }
        if (tiedTo is null)
            return null;
        string owner = $"{tiedTo}{Path[tiedFrom..]}.{name}";
        if (Model.Find(owner) is not { } found)
            throw new ShapeException($"Tied(\"{tiedTo}\", {Layer}): the layers before it have no parameter {owner}; they have {Model.ParameterNames}.\n{Model.Chain}");
        if (found.Shape != shape)
            throw new ShapeException($"Tied(\"{tiedTo}\", {Layer}): {owner} is {found.Shape}, but {Layer} needs {shape} for the input {Input}.\n{Model.Chain}");
        return (found.Offset, found.Trained);
    }

    private void AppendSideGradient(int length)
    {
        Append(ref parameterGradients, new(Model.SideGradients, length, IsSide: true));
        Model.SideGradients = checked(Model.SideGradients + length);
    }

    private static void Append(ref Region[] regions, Region region)
    {
        Array.Resize(ref regions, regions.Length + 1);
        regions[^1] = region;
    }
}

/// <summary>A stretch of one of the workspace's vectors.</summary>
/// <param name="Offset">Where it begins; for each sample of the capacity where <paramref name="PerSample"/>.</param>
/// <param name="Length">How many values; for each sample where <paramref name="PerSample"/>.</param>
/// <param name="PerSample">Whether it grows with the batch.</param>
/// <param name="IsSide">Whether it lies in the side buffer, out of the way of the optimizer.</param>
internal readonly record struct Region(int Offset, int Length, bool PerSample = false, bool IsSide = false);
