using System.Numerics;
using System.Numerics.Tensors;
using System.Text;

namespace MiniNet;

/// <summary>
/// A model: layers in a row, with all their parameters in one vector and all their statistics in a second.
/// Shapes are inferred, and parameters drawn, in the constructor; there is no half-built model.
/// </summary>
/// <remarks><see cref="Predict(ReadOnlySpan{T}, Span{T}, int)"/> is safe from any number of threads while nobody trains.</remarks>
/// <typeparam name="T">The number type: float or double; any other IEEE type works, more slowly, and within its own range: Half ends at 65,504.</typeparam>
public sealed partial class Sequential<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int LeastWorkspaces = 16, ChunkValues = 1 << 17, ParametersPerValue = 16, MaximumChunk = 256, ValuesWorthAThread = 1 << 17;

    internal readonly T[] ParameterStore, StatisticStore;               // shared with the models cut from this one
    internal readonly int ParameterBase, StatisticBase;
    internal readonly Plan Plan;
    private readonly Workspace<T>?[] pool = new Workspace<T>?[Math.Max(LeastWorkspaces, 2 * Environment.ProcessorCount)];          // for so many predictions at once; more make their own
    private readonly int chunk;

    /// <summary>A model with a seed of its own, which can be read from <see cref="Seed"/>.</summary>
    /// <param name="inputs">The shape of one sample: <c>2</c>, <c>(28, 28, 1)</c>.</param>
    /// <param name="layers">The layers, first to last; at least one.</param>
    /// <exception cref="ArgumentException">There is no layer.</exception>
    /// <exception cref="ShapeException">A layer cannot take what the one before it puts out.</exception>
    public Sequential(Shape inputs, params ReadOnlySpan<Layer> layers) : this(inputs, Random.Shared.NextInt64(), layers)
    {
    }

    /// <summary>A model whose first parameters follow from a seed.</summary>
    /// <param name="inputs">The shape of one sample: <c>2</c>, <c>(28, 28, 1)</c>.</param>
    /// <param name="seed">Same seed, same parameters.</param>
    /// <param name="layers">The layers, first to last; at least one.</param>
    /// <exception cref="ArgumentException">There is no layer.</exception>
    /// <exception cref="ShapeException">A layer cannot take what the one before it puts out.</exception>
    public Sequential(Shape inputs, long seed, params ReadOnlySpan<Layer> layers) : this(MiniNet.Layers.Create(layers), inputs, seed)
    {
        (ParameterStore, ParameterBase) = AlignedArray.Create<T>(Plan.Model.ParameterLength);
        StatisticStore = new T[Plan.Model.StatisticLength];
        RandomStream random = new(seed);
        for (int i = 0; i < Plan.Model.Parameters.Length; i++)
        {
            ParameterInfo parameter = Plan.Model.Parameters[i];
            double[] values = new double[parameter.Shape.Length];
            Plan.Model.Initializers[i].Fill(random.Split(i), parameter.Shape, Plan.Model.Groups[i], values);
            for (int j = 0; j < values.Length; j++)
                ParameterStore[ParameterBase + parameter.Offset + j] = T.CreateChecked(values[j]);
        }
        foreach (ModelPlan.StatisticInfo statistic in Plan.Model.Statistics)
            StatisticStore.AsSpan(statistic.Offset, statistic.Shape.Length).Fill(T.CreateChecked(statistic.Initial));
    }

    private Sequential(Layers layers, Shape inputs, long seed, T[] parameters, int parameterBase, T[] statistics, int statisticBase) : this(layers, inputs, seed) =>
        (ParameterStore, ParameterBase, StatisticStore, StatisticBase) = (parameters, parameterBase, statistics, statisticBase);

    /// <summary>A model whose numbers are still to be read: no more of them than a file has.</summary>
    private Sequential(Architecture architecture, SafetensorsFile file) : this(architecture.Layers, architecture.Inputs, architecture.Seed, file.DataLength / 2)
    {
        (ParameterStore, ParameterBase) = AlignedArray.Create<T>(Plan.Model.ParameterLength, isZero: false);
        StatisticStore = GC.AllocateUninitializedArray<T>(Plan.Model.StatisticLength);
    }

    private Sequential(Layers layers, Shape inputs, long seed, long maximumValues = long.MaxValue)
    {
        if (inputs.Rank == 0)
            throw new ArgumentException("A model needs the shape of a sample, got default(Shape).", nameof(inputs));
        if (layers.Count == 0)
            throw new ArgumentException("A model needs at least one layer: new Sequential<float>(inputs: 2, new Dense(1)).", nameof(layers));
        (Layers, Seed, Plan) = (layers, seed, Plan.Root(layers, inputs, maximumValues));
        // What layers put out should stay in the cache, but weights of another size are not to be read again for a few samples.
        chunk = Math.Clamp(Math.Max(ChunkValues, Plan.Model.ParameterLength / ParametersPerValue) / (Plan.Model.PerSampleValues + OutputShape.Length), 1, MaximumChunk);
        (ParameterStore, StatisticStore) = ([], []);
    }

    /// <summary>The shape of one sample of the input.</summary>
    public Shape InputShape => Plan.Input;

    /// <summary>The shape of one sample of the output.</summary>
    public Shape OutputShape => Plan.Output;

    /// <summary>The layers, first to last.</summary>
    public Layers Layers { get; }

    /// <summary>What the first parameters, and a trainer's order of samples and dropout, follow from.</summary>
    public long Seed { get; }

    /// <summary>Names, shapes and places of the parameters in <see cref="Parameters"/>.</summary>
    public IReadOnlyList<ParameterInfo> ParameterList => Plan.Model.Parameters;

    /// <summary>All parameters, one after the other. Writing here changes the model.</summary>
    public Span<T> Parameters => ParameterStore.AsSpan(ParameterBase, Plan.Model.ParameterLength);

    /// <summary>All statistics (running means and the like), one after the other. Writing here changes the model.</summary>
    public Span<T> Statistics => StatisticStore.AsSpan(StatisticBase, Plan.Model.StatisticLength);

    /// <summary>One parameter or statistic by its name: <c>model["0.weight"]</c>. Writing here changes the model.</summary>
    /// <exception cref="KeyNotFoundException">The model has none of this name; the message lists those that it has.</exception>
    public Span<T> this[string name]
    {
        get
        {
            int found = Plan.Model.Find(name);
            if (found >= 0)
                return Parameters.Slice(Plan.Model.Parameters[found].Offset, Plan.Model.Parameters[found].Shape.Length);
            foreach (ModelPlan.StatisticInfo statistic in Plan.Model.Statistics)
            {
                if (statistic.Name == name)
                    return Statistics.Slice(statistic.Offset, statistic.Shape.Length);
            }
            throw new KeyNotFoundException($"The model has no {name}; it has {Plan.Model.AllNames}.");
        }
    }

    /// <summary>Some of the layers as a model of their own, on the same weights: <c>model[..^1]</c> gives the logits before a last softmax.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range does not lie within the layers.</exception>
    /// <exception cref="ArgumentException">The range is empty.</exception>
    /// <exception cref="ShapeException">A layer in the range uses the weights of one outside it.</exception>
    public Sequential<T> this[Range layers]
    {
        get
        {
            (int start, int length) = layers.GetOffsetAndLength(Layers.Count);
            ReadOnlySpan<Plan> plans = Plan.Circuit!.Children.Slice(start, length);
            Shape inputs = start == 0 ? InputShape : Plan.Circuit.Children[start - 1].Output;
            (int parameters, int statistics) = (0, 0);
            foreach (Plan before in Plan.Circuit.Children[..start])
            {
                parameters += before.OwnParameters;
                statistics += before.OwnStatistics;
            }
            Sequential<T> part = new(Layers.Slice(start, length), inputs, Seed, ParameterStore, ParameterBase + parameters, StatisticStore, StatisticBase + statistics);
            for (int i = 0; i < plans.Length; i++)
            {
                if (!plans[i].HasSameParameters(part.Plan.Circuit!.Children[i], parameters))
                    throw new ShapeException($"Layer {start + i}, {Layers[start + i]}, uses the weights of a layer by its place in the whole model, so the layers {start} to {start + length - 1} cannot stand alone: begin the range at 0.");
            }
            return part;
        }
    }

    /// <summary>The same layers with a copy of the weights.</summary>
    public Sequential<T> Clone()
    {
        (T[] parameters, int start) = AlignedArray.Create<T>(Parameters.Length, isZero: false);
        Parameters.CopyTo(parameters.AsSpan(start));
        return new(Layers, InputShape, Seed, parameters, start, Statistics.ToArray(), 0);
    }

    /// <summary>The same layers on the same weights for samples of another shape: another number of steps, another size of image.</summary>
    /// <exception cref="ShapeException">A parameter or statistic would need another shape.</exception>
    public Sequential<T> WithInput(Shape inputs)
    {
        Sequential<T> other = new(Layers, inputs, Seed, ParameterStore, ParameterBase, StatisticStore, StatisticBase);
        for (int i = 0; i < ParameterList.Count; i++)
        {
            if (other.ParameterList[i].Shape != ParameterList[i].Shape)
                throw Refused(ParameterList[i].Name, ParameterList[i].Shape, other.ParameterList[i].Shape);
        }
        for (int i = 0; i < Plan.Model.Statistics.Count; i++)
        {
            if (other.Plan.Model.Statistics[i].Shape != Plan.Model.Statistics[i].Shape)
                throw Refused(Plan.Model.Statistics[i].Name, Plan.Model.Statistics[i].Shape, other.Plan.Model.Statistics[i].Shape);
        }
        return other;

        ShapeException Refused(string name, Shape now, Shape then) =>
            new($"WithInput({inputs}): {name} is {now} for {InputShape}, and would have to be {then}. Its layer does not take samples of another size.");
    }

    /// <summary>The outputs for so many samples.</summary>
    /// <param name="x">[samples, input]</param>
    /// <param name="maxDegreeOfParallelism">How many threads; −1: all processors. The result does not depend on it.</param>
    /// <returns>[samples, output]</returns>
    /// <exception cref="ArgumentException">x is no whole number of samples, or empty.</exception>
    /// <exception cref="ArgumentOutOfRangeException">maxDegreeOfParallelism is neither −1 nor at least 1.</exception>
    public T[] Predict(ReadOnlySpan<T> x, int maxDegreeOfParallelism = 1)
    {
        T[] y = new T[checked(CountSamples(x.Length, nameof(x)) * OutputShape.Length)];
        Predict(x, y, maxDegreeOfParallelism);
        return y;
    }

    /// <summary>The outputs for the rows of a matrix.</summary>
    /// <param name="x">[samples, input]</param>
    /// <returns>[samples, output]</returns>
    /// <exception cref="ArgumentException">A row is no sample.</exception>
    public T[,] Predict(T[,] x)
    {
        ReadOnlySpan<T> rows = Dataset.Rows(x, InputShape.Length, nameof(x));
        T[,] y = new T[x.GetLength(0), OutputShape.Length];
        Predict(rows, Dataset.Flat(y));
        return y;
    }

    /// <summary>The outputs for a tensor whose first axis is the samples.</summary>
    /// <param name="x">[samples, …], as many values a sample as <see cref="InputShape"/></param>
    /// <returns>[samples, output]</returns>
    /// <exception cref="ArgumentException">The axes after the first do not have as many values as a sample.</exception>
    public T[] Predict(in ReadOnlyTensorSpan<T> x) => Predict(Dataset.Rows(x, InputShape.Length, nameof(x)));

    /// <summary>The outputs for so many samples, without a byte allocated after the first call. Safe from any number of threads while nobody trains.</summary>
    /// <param name="x">[samples, input]</param>
    /// <param name="destination">[samples, output]</param>
    /// <param name="maxDegreeOfParallelism">How many threads; −1: all processors. The result does not depend on it.</param>
    /// <exception cref="ArgumentException">A length does not fit, or x is empty. Nothing has been written then.</exception>
    /// <exception cref="ArgumentOutOfRangeException">maxDegreeOfParallelism is neither −1 nor at least 1.</exception>
    public void Predict(ReadOnlySpan<T> x, Span<T> destination, int maxDegreeOfParallelism = 1)
    {
        int samples = CountSamples(x.Length, nameof(x)), threads = Guard.Threads(maxDegreeOfParallelism);
        if (destination.Length != (long)samples * OutputShape.Length)
            throw WrongLength(destination.Length, samples, nameof(destination));
        if (x.Overlaps(destination))
            throw new ArgumentException("x and destination overlap: hand over separate memory.", nameof(destination));
        if (threads == 1)
            Predict(x, destination, 0, samples);
        else
            PredictInParallel(x, destination, threads);
    }

    /// <summary>
    /// Computes the mean and deviation of every <see cref="Normalize"/> from data, in the order of the layers: each sees what the layers before it make of the data.
    /// Call it once, before training, with the training inputs.
    /// </summary>
    /// <param name="x">[samples, input]</param>
    /// <exception cref="ArgumentException">x is no whole number of samples, or holds a value that is not finite.</exception>
    /// <exception cref="InvalidOperationException">The model has no Normalize among its layers (inside another layer it is not found).</exception>
    public void Adapt(ReadOnlySpan<T> x)
    {
        CountSamples(x.Length, nameof(x));
        Dataset.CheckFinite(x, InputShape.Length, nameof(x));
        bool found = false;
        for (int i = 0; i < Layers.Count; i++)
        {
            if (Layers[i] is not (Normalize or Frozen { Layer: Normalize }))
                continue;
            ReadOnlySpan<T> seen = i == 0 ? x : this[..i].Predict(x);
            MiniNet.Normalize.Measure(seen, this[$"{i}.{MiniNet.Normalize.MeanName}"], this[$"{i}.{MiniNet.Normalize.DeviationName}"]);
            found = true;
        }
        if (!found)
            throw new InvalidOperationException($"Adapt sets the statistics of Normalize(), and none stands among the layers {Layers}.");
    }

    /// <summary>The same from the inputs of a dataset, the training set.</summary>
    /// <exception cref="ArgumentException">A sample has another shape than the model takes.</exception>
    /// <exception cref="InvalidOperationException">The model has no Normalize among its layers (inside another layer it is not found).</exception>
    public void Adapt(Dataset<T> dataset)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        if (dataset.InputShape.Length != InputShape.Length)
            throw new ArgumentException($"A sample of the dataset has the shape {dataset.InputShape}, {dataset.InputShape.Length} values, and the model takes {InputShape}: {InputShape.Length}.", nameof(dataset));
        Adapt(dataset.Inputs());
    }

    /// <summary>Trains on a dataset: a loop over <see cref="Trainer{T}.Epochs"/>, which you write yourself when you want to stop early or do more.</summary>
    /// <param name="dataset">The samples with their targets.</param>
    /// <param name="loss">What to make small.</param>
    /// <param name="optimizer">How.</param>
    /// <param name="epochs">How many times to go through the samples.</param>
    /// <param name="batchSize">How many samples make one step.</param>
    /// <param name="validation">Samples to evaluate on after each epoch.</param>
    /// <param name="restoreBest">Whether the model ends as it was after the epoch of the lowest validation loss.</param>
    /// <param name="progress">What is told of each epoch: <see cref="ConsoleProgress"/>.</param>
    /// <param name="seed">What the order of samples and dropout follow from; the model's if not given.</param>
    /// <param name="maxDegreeOfParallelism">How many threads; −1: all processors. The result does not depend on it.</param>
    /// <param name="cancellationToken">Stops between two batches; the model stays usable.</param>
    /// <returns>What happened in each epoch.</returns>
    /// <exception cref="ArgumentException">Data, loss or model do not fit together. Nothing has been trained then.</exception>
    /// <exception cref="NotFiniteNumberException">A loss or gradient is not finite. The step that found it has not touched the model.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IReadOnlyList<Epoch> Fit(
        Dataset<T> dataset, Loss loss, Optimizer optimizer, int epochs, int batchSize = 32, Dataset<T>? validation = null, bool restoreBest = false,
        IProgress<Epoch>? progress = null, long? seed = null, int maxDegreeOfParallelism = -1, CancellationToken cancellationToken = default)
    {
        Trainer<T> trainer = new(this, loss, optimizer, seed, maxDegreeOfParallelism);
        if (epochs < 0)
            throw new ArgumentOutOfRangeException(nameof(epochs), epochs, $"epochs must be at least 0, got {epochs}.");
        if (restoreBest && validation is null)
            throw new ArgumentException("restoreBest needs a validation dataset: the best epoch is the one of the lowest validation loss.", nameof(restoreBest));
        List<Epoch> history = [];
        foreach (Epoch epoch in trainer.Epochs(dataset, epochs, batchSize, validation, progress, cancellationToken))
            history.Add(epoch);
        if (restoreBest && history.Count > 0)
            trainer.RestoreBest();
        return history;
    }

    /// <summary>Trains on samples that lie one after the other.</summary>
    /// <param name="x">[samples, input]; copied</param>
    /// <param name="y">[samples, output], or class indices [samples, …] for a loss that takes them; copied</param>
    /// <inheritdoc cref="Fit(Dataset{T}, Loss, Optimizer, int, int, Dataset{T}?, bool, IProgress{Epoch}?, long?, int, CancellationToken)"/>
    /// <param name="loss"/><param name="optimizer"/><param name="epochs"/><param name="batchSize"/><param name="validation"/><param name="restoreBest"/>
    /// <param name="progress"/><param name="seed"/><param name="maxDegreeOfParallelism"/><param name="cancellationToken"/>
    public IReadOnlyList<Epoch> Fit(
        ReadOnlySpan<T> x, ReadOnlySpan<T> y, Loss loss, Optimizer optimizer, int epochs, int batchSize = 32, Dataset<T>? validation = null, bool restoreBest = false,
        IProgress<Epoch>? progress = null, long? seed = null, int maxDegreeOfParallelism = -1, CancellationToken cancellationToken = default)
    {
        int samples = CountSamples(x.Length, nameof(x));
        if (y.Length == 0 || y.Length % samples != 0)
            throw WrongLength(y.Length, samples, nameof(y));
        Dataset<T> dataset = new(x.ToArray(), InputShape, y.ToArray(), y.Length / samples);
        return Fit(dataset, loss, optimizer, epochs, batchSize, validation, restoreBest, progress, seed, maxDegreeOfParallelism, cancellationToken);
    }

    /// <summary>The loss on a dataset, with all outputs, from which accuracy and other measures follow. The model does not change.</summary>
    /// <exception cref="ArgumentException">Data, loss or model do not fit together.</exception>
    public Evaluation<T> Evaluate(Dataset<T> dataset, Loss loss)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        LossHead<T> head = new(this, loss);
        dataset.CheckFits(this, loss);
        int n = InputShape.Length, m = OutputShape.Length, t = dataset.TargetShape.Length;
        T[] outputs = new T[checked(dataset.Count * m)], targets = new T[checked(dataset.Count * t)];
        T[] x = new T[chunk * n], weights = new T[dataset.HasSampleWeights ? chunk : 0];
        double sum = 0;
        Workspace<T> workspace = Rent();
        try
        {
            for (int from = 0; from < dataset.Count; from += chunk)
            {
                int batch = Math.Min(chunk, dataset.Count - from);
                Span<T> y = outputs.AsSpan(from * m, batch * m), target = targets.AsSpan(from * t, batch * t), weight = weights.AsSpan(0, Math.Min(weights.Length, batch));
                dataset.CopyTo(from, batch, x, target, weight);
                workspace.FirstSample = from;
                Pass<T> pass = workspace.Pass(batch, isTraining: false, x.AsSpan(0, batch * n), y);
                Plan.Circuit!.Forward(pass);
                sum += batch * double.CreateChecked(loss.Evaluate(new LossPass<T>(batch, Plan, head.Output(pass), target, weight, default)));
            }
        }
        finally
        {
            workspace.Release();
        }
        int decision = loss.OutputsPerDecision(OutputShape);
        return new Evaluation<T>(sum / dataset.Count, outputs, targets, OutputShape, decision > 0 ? decision : OutputShape.Last, dataset);
    }

    /// <summary>A table of the layers with their outputs and parameters.</summary>
    public string Summary()
    {
        List<string[]> rows = [["layer", "", "output", "parameters"], ["", "input", InputShape.ToString(), ""]];
        for (int i = 0; i < Layers.Count; i++)
        {
            Plan plan = Plan.Circuit!.Children[i];
            rows.Add([plan.Path, Layers[i].ToString(), plan.Output.ToString(), plan.OwnParameters == 0 ? "" : Text.Count(plan.OwnParameters)]);
        }
        int frozen = ParameterList.Where(p => !p.Trained).Sum(p => p.Shape.Length);
        return Text.Table(rows, rightAligned: 3) + $"{Text.Count(Parameters.Length)} parameters" + (frozen > 0 ? $", {Text.Count(frozen)} of them frozen" : "");
    }

    /// <summary>The layers in a row with the shapes between them, and the number of parameters.</summary>
    public override string ToString()
    {
        StringBuilder text = new();
        text.Append(InputShape);
        for (int i = 0; i < Layers.Count; i++)
            text.Append(" -> ").Append(Layers[i]).Append(' ').Append(Plan.Circuit!.Children[i].Output);
        return text.Append(", ").Append(Text.Count(Parameters.Length)).Append(" parameters").ToString();
    }

    internal int CountSamples(int length, string name)
    {
        int n = InputShape.Length;
        if (length == 0 || length % n != 0)
            throw NoSamples(length, name);
        return length / n;
    }

    private void PredictInParallel(ReadOnlySpan<T> x, Span<T> y, int threads)
    {
        int samples = x.Length / InputShape.Length, worthAThread = (int)(ValuesWorthAThread / ((long)Plan.Model.ParameterLength + Plan.Model.PerSampleValues + OutputShape.Length));
        PredictWork work = new() { Model = this, X = x, Y = y };
        WorkerTeam.Run(threads, samples, Math.Max(worthAThread, Math.Min(chunk, (samples + threads - 1) / threads)), ref work);
    }

    /// <summary>The samples from one to another, a chunk at a time: what passes over a chunk put out stays in the processor's cache.</summary>
    private void Predict(ReadOnlySpan<T> x, Span<T> y, int from, int to)
    {
        int n = InputShape.Length, m = OutputShape.Length;
        Workspace<T> workspace = Rent();
        try
        {
            int size = to - from;
            if (size > chunk)
            {
                int chunks = ((size - 1) / chunk) + 1;
                size = ((size - 1) / chunks) + 1;                         // of equal size
            }
            for (; from < to; from += size)
            {
                int batch = Math.Min(size, to - from);
                workspace.FirstSample = from;
                Plan.Circuit!.Forward(workspace.Pass(batch, isTraining: false, x.Slice(from * n, batch * n), y.Slice(from * m, batch * m)));
            }
        }
        finally
        {
            workspace.Release();
        }
    }

    private ArgumentException NoSamples(int length, string name) =>
        new($"{name} has {length} values, expected a multiple of {InputShape.Length}: {InputShape} for every sample, and at least one sample.", name);

    private ArgumentException WrongLength(int length, int samples, string name) =>
        new($"{name} has {length} values, expected {(long)samples * OutputShape.Length}: {samples} samples × {OutputShape.Length} outputs of {Layers[^1]}.", name);

    private Workspace<T> Rent()
    {
        foreach (Workspace<T>? kept in pool)
        {
            if (kept is not null && kept.TryTake())
                return kept;
        }
        Workspace<T> workspace = new(this, chunk);
        for (int i = 0; i < pool.Length; i++)
        {
            if (pool[i] is null && Interlocked.CompareExchange(ref pool[i], workspace, null) is null)
                break;
        }
        return workspace;
    }

    private ref struct PredictWork : IWork
    {
        public Sequential<T> Model;
        public ReadOnlySpan<T> X;      // [samples, input]
        public Span<T> Y;              // [samples, output]

        public readonly void Run(int from, int to) => Model.Predict(X, Y, from, to);
    }
}
