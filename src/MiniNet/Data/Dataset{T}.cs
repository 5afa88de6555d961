using System.Globalization;
using System.Numerics;

namespace MiniNet;

/// <summary>Samples with their targets. Cutting, splitting and shuffling make views: the values are stored once.</summary>
/// <remarks>Make one from flat arrays here, or with <see cref="Dataset"/> from matrices, tensors, class labels and files.</remarks>
public sealed class Dataset<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly ReadOnlyMemory<T> inputs, targets, sampleWeights;
    private readonly Augmentation[] augmentations = [];
    private readonly int[]? order;                                      // which stored sample is the i-th; null: all of them, in their order

    /// <summary>Samples that lie one after the other. The arrays are not copied: leave them unchanged while the dataset is in use.</summary>
    /// <param name="inputs">[samples, input]</param>
    /// <param name="inputShape">The shape of one sample's input.</param>
    /// <param name="targets">[samples, target]</param>
    /// <param name="targetShape">The shape of one sample's target; 1 for a class index.</param>
    /// <param name="sampleWeights">[samples], or nothing: all 1.</param>
    /// <param name="classNames">What the classes are called, for reports.</param>
    /// <exception cref="ArgumentException">A length does not fit, there is no sample, or a value is not finite.</exception>
    public Dataset(ReadOnlyMemory<T> inputs, Shape inputShape, ReadOnlyMemory<T> targets, Shape targetShape, ReadOnlyMemory<T> sampleWeights = default, IReadOnlyList<string>? classNames = null)
    {
        if (inputShape.Rank == 0 || targetShape.Rank == 0)
            throw new ArgumentException("A dataset needs the shapes of a sample's input and target, got default(Shape).", inputShape.Rank == 0 ? nameof(inputShape) : nameof(targetShape));
        int count = inputs.Length / inputShape.Length;
        if (count == 0 || inputs.Length % inputShape.Length != 0)
            throw new ArgumentException($"inputs has {inputs.Length} values, expected a multiple of {inputShape.Length}: {inputShape} for every sample, and at least one sample.", nameof(inputs));
        if (targets.Length != (long)count * targetShape.Length)
            throw new ArgumentException($"targets has {targets.Length} values, expected {(long)count * targetShape.Length}: {targetShape} for each of {count} samples.", nameof(targets));
        if (sampleWeights.Length != 0 && sampleWeights.Length != count)
            throw new ArgumentException($"sampleWeights has {sampleWeights.Length} values, expected {count}: one for each sample.", nameof(sampleWeights));
        Dataset.CheckFinite(inputs.Span, inputShape.Length, nameof(inputs));
        Dataset.CheckFinite(targets.Span, targetShape.Length, nameof(targets));
        Dataset.CheckFinite(sampleWeights.Span, 1, nameof(sampleWeights));
        (this.inputs, this.targets, this.sampleWeights) = (inputs, targets, sampleWeights);
        (InputShape, TargetShape, Count, ClassNames) = (inputShape, targetShape, count, classNames);
    }

    private Dataset(Dataset<T> whole, int[]? order, Augmentation[] augmentations)
    {
        (inputs, targets, sampleWeights, this.order, this.augmentations) = (whole.inputs, whole.targets, whole.sampleWeights, order, augmentations);
        (InputShape, TargetShape, Count, ClassNames) = (whole.InputShape, whole.TargetShape, order?.Length ?? whole.Count, whole.ClassNames);
    }

    [ThreadStatic]
    private static T[]? between;                                        // [input], what one augmentation hands to the next

    /// <summary>How many samples.</summary>
    public int Count { get; }

    /// <summary>The shape of one sample's input.</summary>
    public Shape InputShape { get; }

    /// <summary>The shape of one sample's target.</summary>
    public Shape TargetShape { get; }

    /// <summary>What the classes are called; null if that is not known.</summary>
    public IReadOnlyList<string>? ClassNames { get; }

    /// <summary>Whether samples have weights other than 1.</summary>
    public bool HasSampleWeights => sampleWeights.Length > 0;

    /// <summary>[input], one sample's input.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public ReadOnlySpan<T> Input(int sample) => inputs.Span.Slice(Stored(sample) * InputShape.Length, InputShape.Length);

    /// <summary>[target], one sample's target.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public ReadOnlySpan<T> Target(int sample) => targets.Span.Slice(Stored(sample) * TargetShape.Length, TargetShape.Length);

    /// <summary>How many steps so many epochs make: what a schedule's length is given in.</summary>
    /// <param name="epochs">How many epochs.</param>
    /// <param name="batchSize">How many samples make one step; the last step of an epoch takes what is left.</param>
    /// <exception cref="ArgumentOutOfRangeException">A number is less than 1.</exception>
    public long Steps(int epochs, int batchSize)
    {
        Guard.AtLeastOne(epochs);
        Guard.AtLeastOne(batchSize);
        return (long)epochs * ((Count + (long)batchSize - 1) / batchSize);
    }

    /// <summary>Some of the samples: what <c>dataset[..1000]</c> calls.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The range does not lie within the samples, or is empty.</exception>
    public Dataset<T> this[Range samples]
    {
        get
        {
            (int start, int length) = samples.GetOffsetAndLength(Count);
            if (length == 0)
                throw new ArgumentOutOfRangeException(nameof(samples), samples, "A dataset has at least one sample.");
            int[] part = new int[length];
            for (int i = 0; i < length; i++)
                part[i] = Stored(start + i);
            return new(this, part, augmentations);
        }
    }

    /// <summary>The same samples in an order that follows from a seed.</summary>
    public Dataset<T> Shuffle(long seed)
    {
        int[] shuffled = new RandomStream(seed).Permutation(Count);
        for (int i = 0; i < shuffled.Length; i++)
            shuffled[i] = Stored(shuffled[i]);
        return new(this, shuffled, augmentations);
    }

    /// <summary>The first share of the samples, and the rest. <see cref="Shuffle"/> before, if the order means something.</summary>
    /// <param name="share">Between 0 and 1; each part gets at least one sample.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not between 0 and 1, or leaves a part empty.</exception>
    public (Dataset<T> First, Dataset<T> Second) Split(double share)
    {
        int first = Part(share, Count);
        if (first == 0 || first == Count)
            throw new ArgumentOutOfRangeException(nameof(share), share, string.Create(CultureInfo.InvariantCulture, $"A share of {share} leaves one part of {Count} samples empty."));
        return (this[..first], this[first..]);
    }

    /// <summary>As <see cref="Split"/>, with the share taken of each class by itself, in an order that follows from a seed.</summary>
    /// <param name="share">Between 0 and 1.</param>
    /// <param name="seed">What the order follows from.</param>
    /// <exception cref="ArgumentOutOfRangeException">The share is not between 0 and 1, or leaves a part empty.</exception>
    public (Dataset<T> First, Dataset<T> Second) SplitStratified(double share, long seed)
    {
        SortedDictionary<int, List<int>> byClass = [];
        foreach (int sample in new RandomStream(seed).Permutation(Count))
        {
            int label = TargetShape.Length == 1 ? int.CreateSaturating(T.Round(Target(sample)[0])) : Classes.Of(Target(sample), 0, TargetShape.Length);
            if (!byClass.TryGetValue(label, out List<int>? members))
                byClass.Add(label, members = []);
            members.Add(Stored(sample));
        }
        List<int> first = [], rest = [];
        foreach (List<int> members in byClass.Values)
        {
            int part = Part(share, members.Count);
            first.AddRange(members[..part]);
            rest.AddRange(members[part..]);
        }
        if (first.Count == 0 || rest.Count == 0)
            throw new ArgumentOutOfRangeException(nameof(share), share, string.Create(CultureInfo.InvariantCulture, $"A share of {share} of each of {byClass.Count} classes leaves one part of {Count} samples empty."));
        RandomStream random = new RandomStream(seed).Split(1);
        return (new(this, Mixed(first, random.Split(0)), augmentations), new(this, Mixed(rest, random.Split(1)), augmentations));
    }

    /// <summary>
    /// The same samples, which training changes a little each time that it takes them: one augmentation after the other, drawn from the trainer's seed, the epoch
    /// and the sample. The samples themselves stay as they are; so do those that are evaluated or predicted.
    /// </summary>
    /// <param name="augmentations">What to do to each sample, after what this dataset has already.</param>
    /// <exception cref="ArgumentException">One of them is null, or cannot take samples of this shape.</exception>
    public Dataset<T> Augment(params ReadOnlySpan<Augmentation> augmentations)
    {
        foreach (Augmentation augmentation in augmentations)
        {
            if (augmentation is null)
                throw new ArgumentException("An augmentation is null.", nameof(augmentations));
            if (augmentation.Needs(InputShape) is { } needs)
                throw new ArgumentException($"{augmentation} needs {needs}, but the samples of the dataset are {InputShape}.", nameof(augmentations));
        }
        return new(this, order, [.. this.augmentations, .. augmentations]);
    }

    /// <summary>Copies a batch, its samples as they are.</summary>
    /// <param name="samples">Which samples.</param>
    /// <param name="x">[samples, input], or longer</param>
    /// <param name="y">[samples, target], or longer</param>
    /// <param name="weights">[samples], or longer; or empty if not wanted</param>
    /// <exception cref="ArgumentException">A destination is too short.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public void CopyTo(ReadOnlySpan<int> samples, Span<T> x, Span<T> y, Span<T> weights = default)
    {
        CheckDestination(x.Length, samples.Length, InputShape, nameof(x));
        CheckDestination(y.Length, samples.Length, TargetShape, nameof(y));
        if (!weights.IsEmpty)
            CheckDestination(weights.Length, samples.Length, 1, nameof(weights));
        for (int i = 0; i < samples.Length; i++)
            Copy(samples[i], i, x, y, weights);
    }

    /// <summary>Copies a batch, its samples changed by the augmentations: what training does. Without a byte allocated after a thread's first.</summary>
    /// <param name="samples">Which samples.</param>
    /// <param name="epoch">What chance follows from: sample i is changed by <c>epoch.Split(i)</c>, whatever the batch that it is in.</param>
    /// <param name="x">[samples, input], or longer</param>
    /// <param name="y">[samples, target], or longer</param>
    /// <param name="weights">[samples], or longer; or empty if not wanted</param>
    /// <exception cref="ArgumentException">A destination is too short.</exception>
    /// <exception cref="ArgumentOutOfRangeException">There is no such sample.</exception>
    public void CopyTo(ReadOnlySpan<int> samples, RandomStream epoch, Span<T> x, Span<T> y, Span<T> weights = default) => CopyTo(samples, epoch, x, y, weights, threads: 1);

    /// <summary>The same, shared out over threads, which the result does not show.</summary>
    internal void CopyTo(ReadOnlySpan<int> samples, RandomStream epoch, Span<T> x, Span<T> y, Span<T> weights, int threads)
    {
        CopyTo(samples, x, y, weights);
        if (augmentations.Length == 0)
            return;
        AugmentWork work = new() { Dataset = this, Samples = samples, Epoch = epoch, X = x };
        WorkerTeam.Run(threads, samples.Length, Math.Max(1, 4_096 / InputShape.Length), ref work);
    }

    /// <summary>[samples, input], all inputs one after the other: as they are stored, or a copy where this is a part or a shuffle.</summary>
    internal ReadOnlySpan<T> Inputs() => Flat(inputs, InputShape.Length);

    /// <summary>Copies a batch of neighbours.</summary>
    internal void CopyTo(int from, int count, Span<T> x, Span<T> y, Span<T> weights)
    {
        for (int i = 0; i < count; i++)
            Copy(from + i, i, x, y, weights);
    }

    internal void CheckFits(Sequential<T> model, Loss loss)
    {
        if (InputShape.Length != model.InputShape.Length)
            throw new ArgumentException($"A sample of the dataset has the shape {InputShape}, {InputShape.Length} values, and the model takes {model.InputShape}: {model.InputShape.Length}.", "dataset");
        if (IsImage(InputShape) && IsImage(model.InputShape) && !SameOrder(InputShape, model.InputShape))
            throw new ArgumentException($"A sample of the dataset has the shape {InputShape}, and the model takes {model.InputShape}: as many values in another order. Bring them into the model's order (features, or channels, come last), or give the dataset the shape in which they lie.", "dataset");
        if (model.Layers[^1] is Softmax && model.OutputShape.Last == 1)
            throw new ArgumentException($"Softmax() over one value is always 1, so that nothing can be learned. For yes or no end with new Dense(1), new Sigmoid() and take BinaryCrossEntropy; for classes give the last layer a unit for each.\n{model}", nameof(model));
        int outputs = model.OutputShape.Length, rows = outputs / model.OutputShape.Last;
        if (TargetShape.Length != outputs && !(loss.TakesClassIndices() && TargetShape.Length == rows))
        {
            string indices = loss.TakesClassIndices() ? $", or {rows} class {(rows > 1 ? "indices" : "index")}" : "";
            string mend = rows > 1 && (TargetShape.Length == 1 || TargetShape.Length == model.OutputShape.Last) ? $" The model puts out {model.OutputShape}: for one row a sample, put new Flatten() before the last Dense." : "";
            throw new ArgumentException($"A target of the dataset has {TargetShape.Length} values, expected {outputs}, the outputs of {model.Layers[^1]}{indices}.{mend}", "dataset");
        }
        loss.CheckTargets(Flat(targets, TargetShape.Length), model.OutputShape, Count);
    }

    private static bool IsImage(Shape shape) => shape.Rank > 1;

    /// <summary>Whether two shapes are the same but for axes of one, which change no order: (28, 28) and (28, 28, 1).</summary>
    private static bool SameOrder(Shape a, Shape b)
    {
        int i = 0, j = 0;
        while (true)
        {
            while (i < a.Rank && a[i] == 1)
                i++;
            while (j < b.Rank && b[j] == 1)
                j++;
            if (i == a.Rank || j == b.Rank)
                return i == a.Rank && j == b.Rank;
            if (a[i++] != b[j++])
                return false;
        }
    }

    private static void CheckDestination(int length, int samples, Shape shape, string name)
    {
        if (length < (long)samples * shape.Length)
            throw new ArgumentException($"{name} has {length} values, expected at least {(long)samples * shape.Length}: {shape} for each of {samples} samples.", name);
    }

    private static int Part(double share, int count) =>
        share is > 0 and < 1 ? (int)Math.Round(share * count) : throw new ArgumentOutOfRangeException(nameof(share), share, string.Create(CultureInfo.InvariantCulture, $"A share lies between 0 and 1, got {share}."));

    private static int[] Mixed(List<int> samples, RandomStream random)
    {
        int[] mixed = [.. samples];
        random.Shuffle(mixed);
        return mixed;
    }

    private void Copy(int sample, int place, Span<T> x, Span<T> y, Span<T> weights)
    {
        Input(sample).CopyTo(x[(place * InputShape.Length)..]);
        Target(sample).CopyTo(y[(place * TargetShape.Length)..]);
        if (!weights.IsEmpty)
            weights[place] = HasSampleWeights ? sampleWeights.Span[Stored(sample)] : T.One;
    }

    /// <summary>Changes a sample where it lies.</summary>
    private void Change(Span<T> sample, RandomStream random)
    {
        if (between is null || between.Length < sample.Length)
            between = new T[sample.Length];
        Span<T> before = between.AsSpan(0, sample.Length);
        for (int i = 0; i < augmentations.Length; i++)
        {
            sample.CopyTo(before);
            augmentations[i].Apply<T>(InputShape, before, sample, random.Split(i));
        }
    }

    private ReadOnlySpan<T> Flat(ReadOnlyMemory<T> stored, int perSample)
    {
        if (order is null)
            return stored.Span;
        T[] copy = new T[checked(Count * perSample)];
        for (int i = 0; i < Count; i++)
            stored.Span.Slice(order[i] * perSample, perSample).CopyTo(copy.AsSpan(i * perSample));
        return copy;
    }

    private int Stored(int sample)
    {
        if ((uint)sample >= (uint)Count)
            throw new ArgumentOutOfRangeException(nameof(sample), sample, $"The dataset has {Count} samples, 0 to {Count - 1}; {sample} is none of them.");
        return order is null ? sample : order[sample];
    }

    private ref struct AugmentWork : IWork
    {
        public Dataset<T> Dataset;
        public ReadOnlySpan<int> Samples;
        public RandomStream Epoch;
        public Span<T> X;                                               // [samples, input]

        public readonly void Run(int from, int to)
        {
            int length = Dataset.InputShape.Length;
            for (int i = from; i < to; i++)
                Dataset.Change(X.Slice(i * length, length), Epoch.Split(Samples[i]));
        }
    }
}
