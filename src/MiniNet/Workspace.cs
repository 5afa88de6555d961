using System.Numerics;

namespace MiniNet;

/// <summary>The memory of passes over up to <see cref="Capacity"/> samples: what layers put out, their scratch, and in training the gradients.</summary>
internal sealed class Workspace<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    internal readonly int Capacity, ParameterBase, ParameterGradientBase, StatisticBase, ValuesBase, GradientsBase, BackwardBase, Threads;
    internal readonly T[] Parameters, Statistics;                         // the model's own
    internal readonly T[] ParameterGradients, Observed;                   // the trainer's own
    internal readonly T[] Values, ValueGradients, BatchScratch, BackwardScratch, SideGradients, Input, Output, OutputGradient;
    internal readonly int[] Integers;
    internal RandomStream Random;                                         // of all passes; each has its own, split off by the step and by how many samples were accumulated before
    internal long Step, Accumulated;
    internal T[] Beside = [];                                             // as Values: their gradients, where these would else be written over them, while somebody looks on
    internal int FirstSample;                                             // of the chunk that a prediction is at, counted from its beginning

    private bool isTaken = true;                                          // by whoever made it. One atomic operation for each prediction: a second would be a twentieth of a tiny one
    private readonly Plan root;
    private readonly LayerPass<T>?[] forward, backward;                   // of each plan, once asked for

    /// <summary>Memory for predictions: no gradients.</summary>
    internal Workspace(Sequential<T> model, int capacity) : this(model, capacity, [], 0, [], isTraining: false, threads: 1)
    {
    }

    /// <summary>Memory for training, with the trainer's gradient and observations.</summary>
    internal Workspace(Sequential<T> model, int capacity, T[] parameterGradients, int parameterGradientBase, T[] observed, int threads)
        : this(model, capacity, parameterGradients, parameterGradientBase, observed, isTraining: true, threads)
    {
    }

    private Workspace(Sequential<T> model, int capacity, T[] parameterGradients, int parameterGradientBase, T[] observed, bool isTraining, int threads)
    {
        root = model.Plan;
        ModelPlan plan = root.Model;
        (Capacity, Threads) = (capacity, threads);
        (Parameters, ParameterBase, Statistics, StatisticBase) = (model.ParameterStore, model.ParameterBase, model.StatisticStore, model.StatisticBase);
        (ParameterGradients, ParameterGradientBase, Observed) = (parameterGradients, parameterGradientBase, observed);
        (Values, ValuesBase) = AlignedArray.Create<T>(Length(plan.PerSampleValues));
        Integers = new int[checked(plan.PerSampleIntegers * capacity)];
        forward = new LayerPass<T>?[plan.Streams];
        backward = isTraining ? new LayerPass<T>?[plan.Streams] : [];
        BatchScratch = new T[plan.PerBatch];
        if (!isTraining)
        {
            ValueGradients = BackwardScratch = SideGradients = Input = Output = OutputGradient = [];
            return;
        }
        (ValueGradients, GradientsBase) = AlignedArray.Create<T>(Length(plan.PerSampleGradients));
        (BackwardScratch, BackwardBase) = AlignedArray.Create<T>(plan.PerBackward);
        SideGradients = new T[plan.SideGradients];
        Input = new T[Length(root.Input.Length)];
        Output = new T[Length(root.Output.Length)];
        OutputGradient = new T[Length(root.Output.Length)];
    }

    /// <summary>Who looks on, if anybody.</summary>
    internal Probe<T>? Probe
    {
        get;
        set
        {
            field = value;
            Beside = value is null ? [] : new T[Values.Length];
        }
    }

    /// <summary>The pass over the whole model, from which all others follow.</summary>
    internal Pass<T> Pass(int batch, bool isTraining, ReadOnlySpan<T> input, Span<T> output, ReadOnlySpan<T> outputGradient = default, Span<T> inputGradient = default) =>
        new(this, root, batch, isTraining, input, output, outputGradient, inputGradient);

    /// <summary>Takes it for one prediction, unless somebody else has it.</summary>
    internal bool TryTake() => !isTaken && !Interlocked.Exchange(ref isTaken, true);

    /// <summary>The next one may have it.</summary>
    internal void Release() => Volatile.Write(ref isTaken, false);

    /// <summary>What the layer of this plan does forward.</summary>
    internal LayerPass<T> Forward(Plan plan) => forward[plan.Stream] ??= plan.Layer.ForwardOf<T>();

    /// <summary>What it does backward.</summary>
    internal LayerPass<T> Backward(Plan plan) => backward[plan.Stream] ??= plan.Layer.BackwardOf<T>();

    private int Length(int perSample)
    {
        long length = (long)perSample * Capacity;
        return length <= Array.MaxLength ? (int)length : throw TooLarge(length);
    }

    private ArgumentException TooLarge(long length) =>
        new($"A batch of {Capacity} samples needs {length} values of memory, more than one array holds ({Array.MaxLength}): use smaller batches.");
}
