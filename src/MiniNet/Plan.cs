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

    // Fields, not properties: a cold start compiles every accessor that it meets.

    internal readonly ModelPlan Model;
    internal readonly Layer Layer;
    internal readonly bool IsFrozen;

    /// <summary>Which split of the pass's random stream is this layer's own.</summary>
    internal readonly int Stream;

    /// <summary>How many rows, along the last axis, one sample of the input has.</summary>
    internal readonly int InputRows;

    /// <summary>Whether a trained parameter is here or further inside.</summary>
    internal bool IsTrained;

    /// <summary>Whether the input is a quantity, and so has a gradient.</summary>
    internal bool HasDifferentiableInput = true;

    /// <summary>How a composite is wired; null for a plain layer.</summary>
    internal Circuit? Circuit;

    /// <summary>Where in the workspace's vectors each thing lies that the layer declared.</summary>
    internal Region[] Parameters = [], ParameterGradients = [], Statistics = [], Observed = [], ScratchRegions = [], IntegerRegions = [];

    /// <summary>How many parameters and statistics were declared under this plan (not those shared from elsewhere).</summary>
    internal int OwnParameters, OwnStatistics;

    private Plan(ModelPlan model, Layer layer, string path, Shape input, Context context)
    {
        (Model, Layer, Path, Input) = (model, layer, path, input);
        (IsFrozen, tiedTo, tiedFrom, weightsOf) = (context.IsFrozen, context.TiedTo, context.TiedFrom, context.WeightsOf);
        InputRows = input.Length / input.Last;
        Stream = model.Streams++;
    }

    /// <summary>What a layer hands on to the layers inside it.</summary>
    internal readonly struct Context(bool isFrozen, string? tiedTo, int tiedFrom, Plan? weightsOf)
    {
        public readonly bool IsFrozen = isFrozen;
        public readonly string? TiedTo = tiedTo;
        public readonly int TiedFrom = tiedFrom;
        public readonly Plan? WeightsOf = weightsOf;
    }

    /// <summary>The shape of one sample of the input.</summary>
    public Shape Input { get; }

    /// <summary>The shape of one sample of the output, once <see cref="Layer.Declare"/> has returned it.</summary>
    public Shape Output { get; private set; }

    /// <summary>Where the layer stands in the model: <c>3</c>, <c>3.0</c> for the first layer inside it. Its parameters are named after it.</summary>
    public string Path { get; }

    internal static Plan Root(Layers layers, Shape input, long maximumValues)
    {
        ModelPlan model = new(input) { MaximumValues = maximumValues };
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
    /// <param name="fileLayout">Which axis of memory each axis of files is: [1, 0] for weights, [3, 2, 0, 1] for kernels; left out where files are as memory is.</param>
    /// <param name="groups">Into how many groups inputs and outputs part: an input then feeds only one group's outputs, which an initializer should know.</param>
    /// <exception cref="ShapeException">The layer shares another one's parameters, and that one has none of this name or shape.</exception>
    /// <exception cref="ArgumentException">fileLayout does not name every axis of the shape.</exception>
    /// <exception cref="ArgumentOutOfRangeException">groups is less than 1.</exception>
    public int Parameter(string name, Shape shape, Initializer initializer, bool decays = true, FileLayout fileLayout = default, int groups = 1)
    {
        Guard.AtLeastOne(groups);
        ArgumentException.ThrowIfNullOrEmpty(name);
        ArgumentNullException.ThrowIfNull(initializer);
        if (fileLayout.Rank > 0)
            fileLayout.Check(shape);
        int shared = SharedParameter(name, shape);
        if (shared >= 0)
        {
            ParameterInfo owner = Model.Parameters[shared];
            Arrays.Append(ref Parameters, new(owner.Offset, shape.Length));
            bool counts = owner.Trained && !IsFrozen;
            if (counts)
                Model.Joins.Add(new(Model.SideGradients, owner.Offset, shape.Length));
            IsTrained |= counts;
            AppendSideGradient(shape.Length);
        }
        else
        {
            Arrays.Append(ref Parameters, new(Model.AddParameter(Name(name), shape, initializer, trained: !IsFrozen, decays, fileLayout, groups), shape.Length));
            if (IsFrozen)
                AppendSideGradient(shape.Length);
            else
                Arrays.Append(ref ParameterGradients, Parameters[^1]);
            IsTrained |= !IsFrozen;
        }
        return Parameters.Length - 1;
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
        if (weightsOf is not null && weightsOf.Statistics[Statistics.Length].Length != shape.Length)
            throw Error($"the shape that it had the first time ({weightsOf.Input}), since it is used again with the same statistics");
        int offset = weightsOf is null
            ? Model.AddStatistic(Name(name), shape, initial)
            : weightsOf.Statistics[Statistics.Length].Offset;
        Arrays.Append(ref Statistics, new(offset, shape.Length));
        Arrays.Append(ref Observed, new(Model.Observed, shape.Length));
        if (rate > 0 && !IsFrozen)
            Model.Moves.Add(new(Model.Observed, offset, shape.Length, rate));
        Model.Observed = checked(Model.Observed + shape.Length);
        return Statistics.Length - 1;
    }

    /// <summary>Memory of the layer's own, so many values for each sample: written in Forward, still there in Backward. Returns its index in passes.</summary>
    public int Scratch(int perSample)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(perSample);
        Arrays.Append(ref ScratchRegions, new(Model.TakeValues(perSample), perSample, perSample: true));
        return ScratchRegions.Length - 1;
    }

    /// <summary>Memory of the layer's own, so many values whatever the batch. Shares its numbering with <see cref="Scratch"/>.</summary>
    public int BatchScratch(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Arrays.Append(ref ScratchRegions, new(Model.PerBatch, length));
        Model.PerBatch = checked(Model.PerBatch + length);
        return ScratchRegions.Length - 1;
    }

    /// <summary>The same for Backward alone, as large as weights are, say: models that only predict do not have it.</summary>
    public int BackwardScratch(int length)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(length);
        Arrays.Append(ref ScratchRegions, new(Model.PerBackward, length, isForBackward: true));
        Model.PerBackward = checked(Model.PerBackward + length);
        return ScratchRegions.Length - 1;
    }

    /// <summary>Whole numbers of the layer's own, so many for each sample: indices, which a float would count only up to 2²⁴. Returns its index in passes.</summary>
    public int Integers(int perSample)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(perSample);
        Arrays.Append(ref IntegerRegions, new(Model.PerSampleIntegers, perSample, perSample: true));
        Model.PerSampleIntegers = checked(Model.PerSampleIntegers + perSample);
        return IntegerRegions.Length - 1;
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

    /// <summary>Whether Backward of the layer reads the output.</summary>
    internal bool ReadsOutput => Circuit?.ReadsOutput ?? Layer.ReadsOutput;

    /// <summary>Whether the other plan, and all inside it, use the same parameters, its own places being moved by so much.</summary>
    internal bool HasSameParameters(Plan other, int moved)
    {
        for (int i = 0; i < Parameters.Length; i++)
        {
            if (Parameters[i].Offset != other.Parameters[i].Offset + moved)
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
    internal Context Inherited => InheritedFrom(null);

    /// <summary>What the n-th layer inside this one inherits where this whole plan uses another one's weights.</summary>
    internal Context InheritedBy(int child) => InheritedFrom(weightsOf?.Circuit!.Children[child]);

    /// <summary>What a layer inherits that uses the weights of another one.</summary>
    internal Context InheritedFrom(Plan? weights) => new(IsFrozen, tiedTo, tiedFrom, weights);

    /// <summary>What the n-th layer inside this one inherits where it is not to be trained.</summary>
    internal Context FrozenBy(int child) => new(true, tiedTo, tiedFrom, weightsOf?.Circuit!.Children[child]);

    internal Context TiedContext(string to) => new(IsFrozen, to, Path.Length, null);

    private void Declare()
    {
        (int parametersBefore, int statisticsBefore) = (Model.ParameterLength, Model.StatisticLength);
        try
        {
            Output = Layer.Declare(this);
        }
        catch (Exception e) when (e is OverflowException or ArgumentOutOfRangeException { ParamName: Shape.TooLarge })
        {
            throw TooLarge();
        }
        (OwnParameters, OwnStatistics) = (Model.ParameterLength - parametersBefore, Model.StatisticLength - statisticsBefore);
        if (Output.Rank == 0)
            throw NoOutput();
    }

    private ShapeException TooLarge() => Error($"sizes whose product stays within {int.MaxValue} values");

    private ShapeException NoOutput() => new($"Layer {Path}, {Layer}, declares default(Shape) as its output: return a shape, such as plan.Input.");

    private string Name(string local) => Path.Length == 0 ? local : $"{Path}.{local}";

    /// <summary>Which of the model's parameters this one shares; −1 where it is one of its own.</summary>
    private int SharedParameter(string name, Shape shape) =>
        weightsOf is not null ? ParameterAgain(weightsOf, shape) : tiedTo is not null ? TiedParameter(tiedTo, name, shape) : -1;

    private int ParameterAgain(Plan earlier, Shape shape)
    {
        int first = Array.FindIndex(Model.Parameters, p => p.Offset == earlier.Parameters[Parameters.Length].Offset);
        return Model.Parameters[first].Shape == shape
            ? first
            : throw Error($"the shape that it had the first time ({earlier.Input}), since it is used again on the same weights");
    }

    private int TiedParameter(string to, string name, Shape shape)
    {
        string owner = $"{to}{Path[tiedFrom..]}.{name}";
        int found = Model.Find(owner);
        if (found < 0)
            throw new ShapeException($"Tied(\"{to}\", {Layer}): the layers before it have no parameter {owner}; they have {Model.ParameterNames}.\n{Model.Chain}");
        if (Model.Parameters[found].Shape != shape)
            throw new ShapeException($"Tied(\"{to}\", {Layer}): {owner} is {Model.Parameters[found].Shape}, but {Layer} needs {shape} for the input {Input}.\n{Model.Chain}");
        return found;
    }

    private void AppendSideGradient(int length)
    {
        Arrays.Append(ref ParameterGradients, new(Model.SideGradients, length, isSide: true));
        Model.SideGradients = checked(Model.SideGradients + length);
    }
}

/// <summary>A stretch of one of the workspace's vectors.</summary>
/// <param name="offset">Where it begins; for each sample of the capacity where <paramref name="perSample"/>.</param>
/// <param name="length">How many values; for each sample where <paramref name="perSample"/>.</param>
/// <param name="perSample">Whether it grows with the batch.</param>
/// <param name="isSide">Whether it lies in the side buffer, out of the way of the optimizer.</param>
/// <param name="isForBackward">Whether it is scratch that only Backward has.</param>
internal readonly struct Region(int offset, int length, bool perSample = false, bool isSide = false, bool isForBackward = false)
{
    public readonly int Offset = offset, Length = length;
    public readonly bool PerSample = perSample, IsSide = isSide, IsForBackward = isForBackward;
}
