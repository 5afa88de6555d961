using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MiniNet;

/// <summary>
/// What learning needs beside the model: workspace, one gradient vector, the optimizer's slots, counters.
/// A step is <see cref="Forward"/>, <see cref="Backward"/>, <see cref="Update"/>, and allocates nothing once it has seen a batch as large.
/// </summary>
/// <remarks>
/// Backward overwrites the gradient: there is nothing to clear. Only <see cref="Update"/> changes the model. A trainer belongs to one thread;
/// the threads that it uses itself do not show in its results.
/// </remarks>
public sealed partial class Trainer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const long PartValues = 3 << 17, ValuesPerParameter = 4, PartStep = 8, MostValues = 1 << 27;
    private const int WorthBorrowing = 1 << 10;

    internal readonly T[] Slots;
    internal readonly ParameterRun[] Runs, RunsWithoutDecay;
    internal readonly int Threads;
    internal readonly int Part;                                         // how many samples go through forward and back together
    internal T LastLoss;
    private readonly Loss? loss;
    private readonly LossHead<T> head;
    private readonly Optimizer optimizer;
    private readonly Evaluation? evaluate;                              // the loss's method and the optimizer's for this number type: to look them up takes 6 ns
    private readonly Movement move;
    private readonly Circuit circuit;
    private readonly ModelPlan plan;
    private readonly long seed;
    private readonly T[] gradientStore, observed;
    private readonly int gradientBase;
    private T[]? gradientSum, observedSum, bestParameters, bestStatistics;
    private T[] targets = [], sampleWeights = [];
    private int targetLength, weightLength;
    private Workspace<T>? workspace;
    private Stage stage;
    private int batch, accumulated;
    private bool isSpent;                                               // of the values of the last Forward, those whose gradients were written over them
    private unsafe T* pinned, borrowed;                                 // what lies still until a step is over; the samples of the pass, where they need not be copied
    private int pinnedLength;

    /// <summary>A trainer that computes gradients from a loss.</summary>
    /// <param name="model">The model that it changes.</param>
    /// <param name="loss">What to make small.</param>
    /// <param name="optimizer">How.</param>
    /// <param name="seed">What the order of samples and dropout follow from; the model's seed if not given.</param>
    /// <param name="maxDegreeOfParallelism">How many threads; −1: all processors. The result does not depend on it.</param>
    /// <exception cref="ArgumentException">The loss needs another last layer.</exception>
    /// <exception cref="ArgumentOutOfRangeException">maxDegreeOfParallelism is neither −1 nor at least 1.</exception>
    public Trainer(Sequential<T> model, Loss loss, Optimizer optimizer, long? seed = null, int maxDegreeOfParallelism = -1)
        : this(model, optimizer, seed, maxDegreeOfParallelism, hasLoss: true)
    {
        head = new(model, loss);
        (this.loss, evaluate) = (loss, loss.Evaluate);
    }

    /// <summary>A trainer that is handed the gradients of outputs: for reinforcement learning, or where another network comes after this one.</summary>
    /// <param name="model">The model that it changes.</param>
    /// <param name="optimizer">How.</param>
    /// <param name="seed">What dropout follows from; the model's seed if not given.</param>
    /// <param name="maxDegreeOfParallelism">How many threads; −1: all processors. The result does not depend on it.</param>
    /// <exception cref="ArgumentException">The optimizer evaluates the loss again, so it needs one.</exception>
    /// <exception cref="ArgumentOutOfRangeException">maxDegreeOfParallelism is neither −1 nor at least 1.</exception>
    public Trainer(Sequential<T> model, Optimizer optimizer, long? seed = null, int maxDegreeOfParallelism = -1)
        : this(model, optimizer, seed, maxDegreeOfParallelism, hasLoss: false)
    {
    }

    private Trainer(Sequential<T> model, Optimizer optimizer, long? seed, int maxDegreeOfParallelism, bool hasLoss)
    {
        ArgumentNullException.ThrowIfNull(model);
        ArgumentNullException.ThrowIfNull(optimizer);
        Threads = Guard.Threads(maxDegreeOfParallelism);
        if (optimizer.Reevaluates() && !hasLoss)
            throw new ArgumentException($"{optimizer} evaluates the loss again, so its trainer needs one: new Trainer<T>(model, loss, optimizer).", nameof(optimizer));
        (Model, this.optimizer, this.seed) = (model, optimizer, seed ?? model.Seed);
        (circuit, plan, move) = (model.Plan.Circuit!, model.Plan.Model, optimizer.Update);
        (gradientStore, gradientBase) = AlignedArray.Create<T>(plan.ParameterLength);
        observed = new T[plan.Observed];
        Slots = new T[checked(optimizer.Slots() * plan.ParameterLength)];
        // The outputs of all layers for one part should about fit the processor's cache, and be many beside the gradients that are added up after each. Parts of eight samples
        // or a multiple leave something to do for each of many threads; how many there are must not decide, since it would decide on bits. Samples of many megabytes go alone.
        long values = Math.Max(1, plan.PerSampleValues), least = Math.Clamp(MostValues / values, 1, PartStep);
        Part = plan.MinimumBatch > 1 || plan.Observed > 0 || optimizer.Reevaluates()
            ? int.MaxValue
            : (int)Math.Clamp(Math.Max(PartValues, ValuesPerParameter * plan.ParameterLength) / values / PartStep * PartStep, least, int.MaxValue);
        (Runs, RunsWithoutDecay) = (TrainedRuns(plan.Parameters, byDecay: true), TrainedRuns(plan.Parameters, byDecay: false));
    }

    private delegate T Evaluation(in LossPass<T> pass);

    private delegate void Movement(in Update<T> update);

    private enum Stage
    {
        Idle,
        Forwarded,
        Differentiated,
    }

    /// <summary>The model that it changes.</summary>
    public Sequential<T> Model { get; }

    /// <summary>∂loss/∂parameters of the last <see cref="Backward"/>, as long as the parameters; zero for frozen ones. May be changed before <see cref="Update"/>.</summary>
    public Span<T> Gradients => gradientStore.AsSpan(gradientBase, plan.ParameterLength);

    /// <summary>How many updates it has made.</summary>
    public long StepCount { get; private set; }

    /// <summary>How many epochs it has finished.</summary>
    public int EpochCount { get; private set; }

    /// <summary>A guess: runs the model on a batch, as in training.</summary>
    /// <param name="x">[samples, input]; copied, so it may change before Backward</param>
    /// <returns>[samples, output], valid until the next call</returns>
    /// <exception cref="ArgumentException">x is no whole number of samples, or fewer than a layer can train on.</exception>
    public ReadOnlySpan<T> Forward(ReadOnlySpan<T> x)
    {
        int samples = Model.CountSamples(x.Length, nameof(x));
        if (samples < plan.MinimumBatch)
            throw TooFewSamples(samples, nameof(x));
        stage = Stage.Idle;
        if (workspace is null || workspace.Capacity < samples)
        {
            workspace = null;                                          // the old one may go before the new one is made
            workspace = new(Model, samples, gradientStore, gradientBase, observed, Threads) { Random = new(seed) };
        }
        Take(x);
        batch = samples;
        (workspace.Step, workspace.Accumulated) = (StepCount, accumulated);
        Pass<T> pass = WholePass();
        circuit.Forward(pass);
        (stage, isSpent) = (Stage.Forwarded, false);
        return pass.Output;
    }

    /// <summary>How wrong the last guess was, and which way: fills <see cref="Gradients"/>.</summary>
    /// <param name="targets">[samples, output], or class indices for a loss that takes them</param>
    /// <param name="inputGradient">[samples, input], ∂loss/∂x, if wanted</param>
    /// <param name="sampleWeights">[samples], by which each sample's terms are multiplied, if not all 1; may be negative (an advantage)</param>
    /// <returns>The mean loss of the batch.</returns>
    /// <exception cref="InvalidOperationException">There was no Forward before, or there is no loss.</exception>
    /// <exception cref="ArgumentException">A length does not fit, or a target is none that the loss knows.</exception>
    /// <exception cref="NotFiniteNumberException">The loss is not finite; the message names the first layer at fault.</exception>
    public T Backward(ReadOnlySpan<T> targets, Span<T> inputGradient = default, ReadOnlySpan<T> sampleWeights = default)
    {
        if (loss is null)
            throw new InvalidOperationException("This trainer has no loss: hand the gradient of the output to Backpropagate, or give the constructor a loss.");
        CheckStage("Backward");
        CheckLengths(targets.Length, sampleWeights.Length, batch);
        CheckInputGradient(inputGradient.Length);
        Restore();
        Pass<T> pass = WholePass(inputGradient);
        Span<T> gradient = head.Gradient(pass, workspace!.OutputGradient.AsSpan(0, pass.Output.Length));
        LossPass<T> lossPass = new(batch, Model.Plan, head.Output(pass), targets, sampleWeights, gradient);
        T value = evaluate!(lossPass);
        Keep(ref this.targets, targets, out targetLength);              // only now: targets that the loss refuses must not reach Reevaluate
        Keep(ref this.sampleWeights, sampleWeights, out weightLength);
        stage = Stage.Forwarded;
        if (!T.IsFinite(value))
            throw LossNotFinite(value);
        if (head.IsAllOfTheModel)
            gradient.CopyTo(inputGradient.IsEmpty ? gradient : inputGradient);
        isSpent = plan.Spends;                              // even if a layer throws
        circuit.Backward(pass, head.LayerCount);
        AddSharedGradients();
        (LastLoss, stage) = (value, Stage.Differentiated);
        return value;
    }

    /// <summary>As <see cref="Backward"/>, from a gradient of the output that you computed yourself. For one with respect to logits, train <c>model[..^1]</c>.</summary>
    /// <param name="outputGradient">[samples, output], ∂loss/∂output</param>
    /// <param name="inputGradient">[samples, input], ∂loss/∂x, if wanted</param>
    /// <exception cref="InvalidOperationException">There was no Forward before, or the optimizer evaluates the loss again.</exception>
    /// <exception cref="ArgumentException">A length does not fit.</exception>
    public void Backpropagate(ReadOnlySpan<T> outputGradient, Span<T> inputGradient = default)
    {
        CheckStage("Backpropagate");
        if (optimizer.Reevaluates())
            throw new InvalidOperationException($"{optimizer} evaluates the loss again, so it needs Backward(targets) and cannot follow a gradient that is handed in.");
        int expected = batch * Model.OutputShape.Length;
        if (outputGradient.Length != expected)
            throw new ArgumentException($"outputGradient has {outputGradient.Length} values, expected {expected}: {batch} samples × {Model.OutputShape.Length} outputs of {Model.Layers[^1]}.", nameof(outputGradient));
        CheckInputGradient(inputGradient.Length);
        Restore();
        outputGradient.CopyTo(workspace!.OutputGradient);
        targetLength = 0;
        isSpent = plan.Spends;
        Differentiate(inputGradient);
        AddSharedGradients();
        stage = Stage.Differentiated;
    }

    /// <summary>
    /// Adds the gradient of the last Backward to those added since the last <see cref="Update"/>, weighed by its samples: Update then follows their mean,
    /// as if all the samples had been one batch.
    /// </summary>
    /// <exception cref="InvalidOperationException">There is no new gradient, or the optimizer needs whole batches.</exception>
    public void Accumulate()
    {
        if (stage != Stage.Differentiated)
            throw new InvalidOperationException("Accumulate adds the gradient of a Backward: call Forward and Backward before each.");
        if (optimizer.Reevaluates())
            throw new InvalidOperationException($"{optimizer} evaluates the loss of one whole batch again, so it cannot follow accumulated gradients.");
        Add(this);
    }

    /// <summary>Better next time: the optimizer moves the parameters along the gradient, and the statistics follow what the batch showed.</summary>
    /// <exception cref="InvalidOperationException">There is no gradient since the last update.</exception>
    /// <exception cref="NotFiniteNumberException">The gradient is not finite; the message names the first layer at fault, and no weight has changed.</exception>
    public void Update()
    {
        if (accumulated == 0 && stage != Stage.Differentiated)
            throw new InvalidOperationException("Update follows a gradient, and there is none since the last update: call Forward and Backward before each.");
        if (accumulated > 0)
        {
            if (stage == Stage.Differentiated)
                throw new InvalidOperationException("A Backward has not been added to the accumulated gradients: call Accumulate after each Backward, then Update.");
            TakeMean();
        }
        CheckGradients();
        if (!Finite.All<T>(observed))
            throw NotFinite("a statistic of the batch is not finite", ": its inputs are too large to be squared. Scale them (Normalize()).");
        foreach (ModelPlan.Move move in plan.Moves)
        {
            T rate = T.CreateChecked(move.Rate);
            Span<T> statistic = Model.Statistics.Slice(move.Statistic, move.Length), seen = observed.AsSpan(move.Observed, move.Length);
            for (int i = 0; i < statistic.Length; i++)
                statistic[i] = ((T.One - rate) * statistic[i]) + (rate * seen[i]);
        }
        Discard();
        StepCount++;
        move(new Update<T>(this, 0));
    }

    /// <summary>
    /// One whole step: Forward, Backward, Update. Where a batch of images puts out more than the processor's cache holds, and no layer looks at the batch as a whole,
    /// it goes forward and back in parts, whose gradients are accumulated: the same mean, to rounding, in three quarters of the time and a sixth of the memory. Several threads take
    /// a part each, with memory and a gradient of its own.
    /// </summary>
    /// <param name="x">[samples, input]</param>
    /// <param name="targets">[samples, output], or class indices for a loss that takes them</param>
    /// <param name="sampleWeights">[samples], by which each sample's terms are multiplied, if not all 1</param>
    /// <returns>The mean loss of the batch, before the update.</returns>
    /// <exception cref="ArgumentException">A length does not fit, or a target is none that the loss knows.</exception>
    /// <exception cref="NotFiniteNumberException">The loss or a gradient is not finite; no weight has changed.</exception>
    public T Step(ReadOnlySpan<T> x, ReadOnlySpan<T> targets, ReadOnlySpan<T> sampleWeights = default)
    {
        Tally tally = default;
        return Step(x, targets, sampleWeights, ref tally);
    }

    /// <summary>
    /// So many more epochs over a dataset, one at a time: leave the loop when you have seen enough. Each goes through all samples once, in an order drawn from the
    /// seed and the epoch's number, and so are the changes of an augmented dataset's samples. It is a loop over <see cref="Forward"/>, <see cref="Backward"/> and <see cref="Update"/>.
    /// </summary>
    /// <param name="dataset">The samples with their targets.</param>
    /// <param name="count">How many epochs.</param>
    /// <param name="batchSize">How many samples make one step; the last step of an epoch takes what is left.</param>
    /// <param name="validation">Samples to evaluate on after each epoch.</param>
    /// <param name="progress">What is told of each epoch, and several times a second during one.</param>
    /// <param name="cancellationToken">Stops between two batches; model and trainer stay usable.</param>
    /// <exception cref="ArgumentException">Data, loss or model do not fit together.</exception>
    /// <exception cref="InvalidOperationException">There is no loss.</exception>
    /// <exception cref="NotFiniteNumberException">A loss or gradient is not finite; the step that found it has not touched the model.</exception>
    /// <exception cref="OperationCanceledException">It was cancelled.</exception>
    public IEnumerable<Epoch> Epochs(
        Dataset<T> dataset, int count, int batchSize = 32, Dataset<T>? validation = null, IProgress<Epoch>? progress = null, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(dataset);
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        Guard.AtLeastOne(batchSize);
        if (loss is null)
            throw new InvalidOperationException("This trainer has no loss: give the constructor one, or write the loop over Forward, Backpropagate and Update.");
        dataset.CheckFits(Model, loss);
        validation?.CheckFits(Model, loss);
        int last = dataset.Count % batchSize == 0 ? Math.Min(batchSize, dataset.Count) : dataset.Count % batchSize;
        if (last < plan.MinimumBatch)
            throw new ArgumentException($"{dataset.Count} samples in batches of {batchSize} leave a last batch of {last}, and {plan.MinimumBatchOf} needs at least {plan.MinimumBatch} to train: choose another batchSize.", nameof(batchSize));
        return Run(dataset, loss, count, batchSize, validation, progress, cancellationToken);
    }

    /// <summary>Puts the model back to where it was after the epoch of the lowest validation loss, among those run by <see cref="Epochs"/>.</summary>
    /// <exception cref="InvalidOperationException">No epoch with validation has been run.</exception>
    public void RestoreBest()
    {
        if (bestParameters is null)
            throw new InvalidOperationException("RestoreBest needs a best epoch: run Epochs with a validation dataset.");
        bestParameters.CopyTo(Model.Parameters);
        bestStatistics!.CopyTo(Model.Statistics);
        Discard();
    }

    /// <summary>The lowest validation loss so far; NaN before the first.</summary>
    public double BestValidationLoss { get; private set; } = double.NaN;

    /// <summary>
    /// The classic sanity check: can a copy of the model learn one small batch by heart? If not, the model, the loss or the learning rate is wrong,
    /// and more data will not help. Neither the model nor the trainer changes.
    /// </summary>
    /// <param name="x">[samples, input]</param>
    /// <param name="targets">[samples, output], or class indices for a loss that takes them</param>
    /// <param name="steps">How many steps to try.</param>
    /// <exception cref="ArgumentException">A length does not fit, or a target is none that the loss knows.</exception>
    /// <exception cref="InvalidOperationException">There is no loss.</exception>
    public Overfit OverfitOneBatch(ReadOnlySpan<T> x, ReadOnlySpan<T> targets, int steps = 200)
    {
        Guard.AtLeastOne(steps);
        Trainer<T> copy = Copy(stepCount: 0);
        double first = double.CreateChecked(copy.Step(x, targets)), last = first;
        for (int step = 1; step <= steps; step++)
            last = double.CreateChecked(copy.Step(x, targets));
        return new(first, last, steps);
    }

    /// <summary>
    /// What one batch looks like inside, layer by layer: sizes of outputs and gradients, and the share of dead units. Neither the model nor the trainer changes.
    /// </summary>
    /// <param name="x">[samples, input]</param>
    /// <param name="targets">[samples, output], or class indices for a loss that takes them</param>
    /// <exception cref="ArgumentException">A length does not fit, or a target is none that the loss knows.</exception>
    /// <exception cref="InvalidOperationException">There is no loss.</exception>
    public Inspection Inspect(ReadOnlySpan<T> x, ReadOnlySpan<T> targets)
    {
        Trainer<T> copy = Copy(StepCount);
        copy.Forward(x);                                               // makes the workspace
        InspectionProbe<T> probe = new(Model.Plan);
        copy.workspace!.Probe = probe;
        copy.Forward(x);
        T value = copy.Backward(targets);
        return new(double.CreateChecked(value), probe.Layers);
    }

    internal T Reevaluate()
    {
        if (loss is null || accumulated > 0 || targetLength == 0)
            throw new InvalidOperationException($"{optimizer} evaluates the loss again, which needs one whole batch through Forward and Backward(targets). Its record should answer true to Reevaluates().");
        Pass<T> pass = WholePass();
        circuit.Forward(pass);
        return EvaluateLoss(pass, default);
    }

    private static ParameterRun[] TrainedRuns(ParameterInfo[] parameters, bool byDecay)
    {
        ParameterRun[] runs = [];
        foreach (ParameterInfo parameter in parameters)
        {
            if (!parameter.Trained)
                continue;
            if (runs.Length > 0 && runs[^1].Start + runs[^1].Length == parameter.Offset && (!byDecay || runs[^1].Decays == parameter.Decays))
                runs[^1] = new(runs[^1].Start, runs[^1].Length + parameter.Shape.Length, parameter.Decays);
            else
                Arrays.Append(ref runs, new(parameter.Offset, parameter.Shape.Length, parameter.Decays));
        }
        return runs;
    }

    private static void Keep(ref T[] kept, ReadOnlySpan<T> values, out int length)
    {
        if (kept.Length < values.Length)
            kept = new T[values.Length];
        values.CopyTo(kept);
        length = values.Length;
    }

    private IEnumerable<Epoch> Run(Dataset<T> dataset, Loss loss, int count, int batchSize, Dataset<T>? validation, IProgress<Epoch>? progress, CancellationToken cancellationToken)
    {
        batchSize = Math.Min(batchSize, dataset.Count);
        int decision = loss.OutputsPerDecision(Model.OutputShape);
        int first = EpochCount, n = Model.InputShape.Length, t = dataset.TargetShape.Length;
        T[] x = new T[checked(batchSize * n)], y = new T[checked(batchSize * t)], weights = new T[dataset.HasSampleWeights ? batchSize : 0];
        int[] order = new int[dataset.Count];
        Stopwatch watch = Stopwatch.StartNew();
        while (EpochCount < first + count)
        {
            for (int i = 0; i < order.Length; i++)
                order[i] = i;
            RandomStream epochStream = new RandomStream(seed).Split(-1 - EpochCount);
            epochStream.Shuffle(order);
            double sum = 0;
            Tally tally = new() { Decision = decision };
            TimeSpan start = watch.Elapsed, told = start;
            for (int from = 0; from < dataset.Count; from += batchSize)
            {
                cancellationToken.ThrowIfCancellationRequested();
                int size = Math.Min(batchSize, dataset.Count - from);
                Span<T> batchY = y.AsSpan(0, size * t), batchWeights = weights.AsSpan(0, Math.Min(weights.Length, size));
                dataset.CopyTo(order.AsSpan(from, size), epochStream, x, batchY, batchWeights, Threads);
                sum += size * double.CreateChecked(Step(x.AsSpan(0, size * n), batchY, batchWeights, ref tally));
                if (progress is not null && from + size < dataset.Count && watch.Elapsed - told > TimeSpan.FromMilliseconds(200))
                {
                    told = watch.Elapsed;
                    progress.Report(Tell(EpochCount + 1, from + size, null));
                }
            }
            Evaluation<T>? validated = validation is null ? null : Model.Evaluate(validation, loss);
            if (validated is not null)
                KeepIfBest(validated.Loss);
            EpochCount++;
            Epoch epoch = Tell(EpochCount, dataset.Count, validated);
            progress?.Report(epoch);
            yield return epoch;

            Epoch Tell(int number, int samples, Evaluation<T>? validated) => new()
            {
                Number = number,
                Count = first + count,
                Loss = sum / samples,
                Accuracy = tally.Rows > 0 ? (double)tally.Right / tally.Rows : null,
                ValidationLoss = validated?.Loss,
                ValidationAccuracy = validated is not null && decision > 0 ? validated.Accuracy : null,
                Samples = samples,
                SampleCount = dataset.Count,
                Elapsed = watch.Elapsed - start,
                TotalElapsed = watch.Elapsed,
                First = first,
            };
        }
    }

    private T Step(ReadOnlySpan<T> x, ReadOnlySpan<T> targets, ReadOnlySpan<T> sampleWeights, ref Tally tally)
    {
        if (x.Length > WorthBorrowing)
            return StepInPlace(x, targets, sampleWeights, ref tally);
        T value = Learn(x, targets, sampleWeights, ref tally);
        Update();
        return value;
    }

    /// <summary>
    /// Who asks for a whole step waits until it is over: so its samples stay where they are, and what they are, and need not be copied. Unless it fails: then its Forward
    /// still stands, and the caller may go on from there.
    /// </summary>
    private unsafe T StepInPlace(ReadOnlySpan<T> x, ReadOnlySpan<T> targets, ReadOnlySpan<T> sampleWeights, ref Tally tally)
    {
        fixed (T* start = x)
        {
            pinnedLength = x.Length;
            pinned = start;
            try
            {
                T value = Learn(x, targets, sampleWeights, ref tally);
                Update();
                return value;
            }
            finally
            {
                if (borrowed != null && stage != Stage.Idle)
                    new ReadOnlySpan<T>(borrowed, batch * Model.InputShape.Length).CopyTo(workspace!.Input);
                pinned = borrowed = null;
            }
        }
    }

    /// <summary>The samples of the next pass: borrowed where they lie still and a step writes nothing there, else copied.</summary>
    private unsafe void Take(ReadOnlySpan<T> x)
    {
        bool isStill = pinned != null && IsPinned(x) && !x.Overlaps(workspace!.Output) && !x.Overlaps(gradientStore) && !x.Overlaps(Model.ParameterStore) && !x.Overlaps(Model.StatisticStore);
        borrowed = isStill ? (T*)Unsafe.AsPointer(ref MemoryMarshal.GetReference(x)) : null;
        if (!isStill)
            x.CopyTo(workspace!.Input);
    }

    /// <summary>Whether they are among the samples of the step, and not others of an optimizer that trains on its own account.</summary>
    private unsafe bool IsPinned(ReadOnlySpan<T> x) => new ReadOnlySpan<T>(pinned, pinnedLength).Overlaps(x, out int offset) && offset >= 0 && offset + x.Length <= pinnedLength;

    /// <summary>The gradient of a batch, all at once or in equal parts.</summary>
    private T Learn(ReadOnlySpan<T> x, ReadOnlySpan<T> targets, ReadOnlySpan<T> sampleWeights, ref Tally tally)
    {
        int samples = Model.CountSamples(x.Length, nameof(x));
        if (samples > Part && accumulated == 0 && loss is not null)
            return LearnInParts(x, targets, sampleWeights, samples, ref tally);
        ReadOnlySpan<T> outputs = Forward(x);
        T value = Backward(targets, default, sampleWeights);
        tally.Count(outputs, targets);
        return value;
    }

    private void KeepIfBest(double validationLoss)
    {
        if (validationLoss >= BestValidationLoss || (double.IsNaN(validationLoss) && bestParameters is not null))
            return;
        BestValidationLoss = validationLoss;
        bestParameters ??= new T[Model.Parameters.Length];
        bestStatistics ??= new T[Model.Statistics.Length];
        Model.Parameters.CopyTo(bestParameters);
        Model.Statistics.CopyTo(bestStatistics);
    }

    private unsafe Pass<T> WholePass(Span<T> inputGradient = default) =>
        workspace!.Pass(batch, isTraining: true, borrowed != null ? new(borrowed, batch * Model.InputShape.Length) : workspace.Input.AsSpan(0, batch * Model.InputShape.Length), workspace.Output.AsSpan(0, batch * Model.OutputShape.Length),
            workspace.OutputGradient.AsSpan(0, batch * Model.OutputShape.Length), inputGradient);

    private T EvaluateLoss(in Pass<T> pass, Span<T> gradient)
    {
        LossPass<T> lossPass = new(batch, Model.Plan, head.Output(pass), targets.AsSpan(0, targetLength), sampleWeights.AsSpan(0, weightLength), gradient);
        return evaluate!(lossPass);
    }

    private void AddSharedGradients()
    {
        foreach (ModelPlan.Join join in plan.Joins)
        {
            Span<T> sum = Gradients.Slice(join.To, join.Length);
            RowKernels.Add(sum, workspace!.SideGradients.AsSpan(join.From, join.Length), sum);
        }
    }

    /// <summary>The mean over the accumulated samples becomes the gradient.</summary>
    private void TakeMean()
    {
        TensorPrimitives.Divide(gradientSum!, T.CreateChecked(accumulated), Gradients);
        TensorPrimitives.Divide(observedSum!, T.CreateChecked(accumulated), observed);
        if (!Finite.All<T>(Gradients) || !Finite.All<T>(observed))
            Discard();                                                  // the sum has overflowed: nothing can be made of it
    }

    private static void AddTo(ref T[]? sum, ReadOnlySpan<T> values, int samples)
    {
        sum ??= new T[values.Length];
        if (values.Length > 0)
            TensorPrimitives.MultiplyAdd(values, T.CreateChecked(samples), sum, sum);
    }

    private Trainer<T> Copy(long stepCount)
    {
        if (loss is null)
            throw new InvalidOperationException("This trainer has no loss: give the constructor one.");
        return new(Model.Clone(), loss, optimizer, seed, Threads) { StepCount = stepCount };
    }

    /// <summary>Gradients at other weights than the model's are of no more use.</summary>
    private void Discard()
    {
        if (accumulated > 0)
        {
            gradientSum.AsSpan().Clear();
            observedSum.AsSpan().Clear();
        }
        (accumulated, stage) = (0, Stage.Idle);
    }

    private void CheckGradients()
    {
        if (!Finite.All<T>(Gradients, Threads))
            throw NotFinite("a gradient is not finite", ", and so are their own gradients: look at what was handed to Backpropagate or written to Gradients, or accumulate less.");
    }

    private void CheckStage(string method)
    {
        if (stage == Stage.Idle)
            throw NoForward(method);
    }

    private void CheckLengths(int targets, int sampleWeights, int samples)
    {
        int outputs = Model.OutputShape.Length, classes = Model.OutputShape.Last;
        if (targets != samples * outputs && !(loss!.TakesClassIndices() && targets == samples * outputs / classes))
            throw WrongTargets(targets, samples, outputs, classes);
        if (sampleWeights > 0 && sampleWeights != samples)
            throw WrongWeights(sampleWeights, samples);
    }

    private void CheckInputGradient(int length)
    {
        if (length != 0 && (length != batch * Model.InputShape.Length || !Model.Plan.HasDifferentiableInput))
            throw WrongInputGradient(length);
    }

    private ArgumentException TooFewSamples(int samples, string name) =>
        new($"{name} has {samples} samples, and {plan.MinimumBatchOf} needs at least {plan.MinimumBatch} in a batch to train: there is nothing to average over. Use larger batches.", name);

    private static ArgumentException WrongWeights(int length, int samples) =>
        new($"sampleWeights has {length} values, expected {samples}: one for each sample.", "sampleWeights");

    private ArgumentException WrongTargets(int length, int samples, int outputs, int classes)
    {
        string indices = loss!.TakesClassIndices() ? $", or {samples * outputs / classes} class indices" : "";
        return new($"targets has {length} values, expected {samples * outputs}: {samples} samples × {outputs} outputs of {Model.Layers[^1]}{indices}.", "targets");
    }

    private ArgumentException WrongInputGradient(int length) => length != batch * Model.InputShape.Length
        ? new($"inputGradient has {length} values, expected {batch * Model.InputShape.Length}: {batch} samples × {Model.InputShape}.", "inputGradient")
        : new("The input of " + Model.Layers[0] + " is no quantity, so it has no gradient: leave inputGradient out.", "inputGradient");

    private static InvalidOperationException NoForward(string method) =>
        new($"{method} goes back through a Forward, and there is none since the last update: call Forward before each.");

    private NotFiniteNumberException LossNotFinite(T value) =>
        NotFinite($"the loss is {value.ToString(null, CultureInfo.InvariantCulture)}", $": the outputs are so far from the targets that their loss overflows. {FaultProbe<T>.Mend}");

    /// <summary>The values of the last Forward once more, where a Backward has spent some of them: for another one.</summary>
    private void Restore()
    {
        if (isSpent)
            circuit.Forward(WholePass());
        isSpent = false;
    }

    /// <summary>The backward pass of the last call, from the loss or from the gradient that was handed in.</summary>
    private void Differentiate(Span<T> inputGradient = default)
    {
        Pass<T> pass = WholePass(inputGradient);
        if (targetLength == 0)
        {
            circuit.Backward(pass);
            return;
        }
        Span<T> gradient = head.Gradient(pass, workspace!.OutputGradient.AsSpan(0, pass.Output.Length));
        EvaluateLoss(pass, gradient);
        circuit.Backward(pass, head.LayerCount);
    }

    /// <summary>Runs the pass once more and looks on, to say where the first number went wrong; what to say if it was in no layer comes with it.</summary>
    private NotFiniteNumberException NotFinite(string what, string inNoLayer)
    {
        what = $"Step {StepCount + 1}: {what}";
        if (FaultProbe<T>.Before(Model, WholePass(), targets.AsSpan(0, targetLength), sampleWeights.AsSpan(0, weightLength), firstSample) is { } before)
            return new($"{what}. {before}");
        FaultProbe<T> probe = new();
        T[] kept = [.. Gradients];                                      // the caller may look at them, and mend them
        workspace!.Probe = probe;
        try
        {
            circuit.Forward(WholePass());
            if (probe.Fault is null)
                Differentiate();
        }
        finally
        {
            workspace.Probe = null;
            kept.CopyTo(Gradients);
        }
        return new(probe.Fault is { } fault
            ? $"{what}. The first layer at fault is {fault}. {FaultProbe<T>.Mend}"
            : $"{what}, though what every layer puts out is finite{inNoLayer}");
    }

    /// <summary>How many guesses of an epoch were right.</summary>
    private struct Tally
    {
        public int Decision;                                            // how many outputs decide together; 0: nothing is counted
        public long Right, Rows;

        public void Count(ReadOnlySpan<T> outputs, ReadOnlySpan<T> targets)
        {
            if (Decision == 0)
                return;
            Right += Classes.CountRight(outputs, targets, Decision, out int seen);
            Rows += seen;
        }
    }
}
