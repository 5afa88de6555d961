using System.Numerics;

namespace MiniNet;

/// <summary>
/// Everything one layer may touch during one pass over one batch: nothing else exists. All memory belongs to the model or the trainer.
/// Samples lie one after the other, row-major, features last.
/// </summary>
public readonly ref struct Pass<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    // Fields, not properties: a cold start compiles every accessor that it meets.

    /// <summary>What the layer declared, with the shapes of a sample.</summary>
    public readonly Plan Plan;

    /// <summary>How many samples this pass is over.</summary>
    public readonly int Batch;

    /// <summary>
    /// Which method was called: true under a trainer's Forward, false under Predict and inside <see cref="Frozen"/>.
    /// The same in Forward and Backward. Nobody sets it.
    /// </summary>
    public readonly bool IsTraining;

    /// <summary>[batch, input]</summary>
    public readonly ReadOnlySpan<T> Input;

    /// <summary>[batch, output]. Forward writes every element of it; Backward may read it.</summary>
    public readonly Span<T> Output;

    /// <summary>[batch, output], ∂loss/∂output. Backward reads it; it is empty in Forward.</summary>
    public readonly ReadOnlySpan<T> OutputGradient;

    /// <summary>
    /// [batch, input], ∂loss/∂input. Backward overwrites it. It is empty when nobody asks for it, which happens only to layers with trained parameters:
    /// others are then not called.
    /// </summary>
    public readonly Span<T> InputGradient;

    internal readonly Workspace<T> Workspace;

    internal Pass(Workspace<T> workspace, Plan plan, int batch, bool isTraining, ReadOnlySpan<T> input, Span<T> output, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
    {
        Workspace = workspace;
        Plan = plan;
        Batch = batch;
        IsTraining = isTraining;
        Input = input;
        Output = output;
        OutputGradient = outputGradient;
        InputGradient = inputGradient;
    }

    /// <summary>Which sample of those handed to a prediction is the first of this pass: for messages.</summary>
    internal int FirstSample => Workspace.FirstSample;

    /// <summary>The layer's own random stream in this step: keyed by seed, step and layer, the same in Forward and Backward.</summary>
    public RandomStream Random => Workspace.Random.Split(Workspace.Step).Split(Workspace.Accumulated).Split(Plan.Stream);

    /// <summary>A parameter, by the index that <see cref="Plan.Parameter"/> returned.</summary>
    public ReadOnlySpan<T> Parameter(int index)
    {
        Region region = Plan.Parameters[index];
        return Workspace.Parameters.AsSpan(Workspace.ParameterBase + region.Offset, region.Length);
    }

    /// <summary>Where Backward writes the gradient of a parameter. Never empty, and overwritten, not added to.</summary>
    public Span<T> ParameterGradient(int index)
    {
        Region region = Plan.ParameterGradients[index];
        return region.IsSide
            ? Workspace.SideGradients.AsSpan(region.Offset, region.Length)
            : Workspace.ParameterGradients.AsSpan(Workspace.ParameterGradientBase + region.Offset, region.Length);
    }

    /// <summary>A statistic as the model keeps it.</summary>
    public ReadOnlySpan<T> Statistic(int index)
    {
        Region region = Plan.Statistics[index];
        return Workspace.Statistics.AsSpan(Workspace.StatisticBase + region.Offset, region.Length);
    }

    /// <summary>Where a training Forward writes what it saw of a statistic. Only <see cref="Trainer{T}.Update"/> moves the model.</summary>
    public Span<T> Observed(int index)
    {
        Region region = Plan.Observed[index];
        return Workspace.Observed.AsSpan(region.Offset, region.Length);
    }

    /// <summary>
    /// [batch, perSample] of <see cref="Plan.Scratch"/>, or [length] of <see cref="Plan.BatchScratch"/> or <see cref="Plan.BackwardScratch"/>. What Forward wrote is there in Backward.
    /// </summary>
    public Span<T> Scratch(int index)
    {
        Region region = Plan.ScratchRegions[index];
        return region.PerSample
            ? Workspace.Values.AsSpan(Workspace.ValuesBase + (region.Offset * Workspace.Capacity), region.Length * Batch)
            : region.IsForBackward
            ? Workspace.BackwardScratch.AsSpan(Workspace.BackwardBase + region.Offset, region.Length)
            : Workspace.BatchScratch.AsSpan(region.Offset, region.Length);
    }

    /// <summary>[batch, perSample] of <see cref="Plan.Integers"/>.</summary>
    public Span<int> Integers(int index)
    {
        Region region = Plan.IntegerRegions[index];
        return Workspace.Integers.AsSpan(region.Offset * Workspace.Capacity, region.Length * Batch);
    }

    /// <summary>
    /// Does the items 0 to <paramref name="count"/> − 1, shared out over the threads where the trainer has more than one and there is enough to do.
    /// The split never changes a result: each element's sum has one order.
    /// </summary>
    /// <param name="count">How many items.</param>
    /// <param name="grain">How many items are worth a hand-over to another thread (about 20 µs of work).</param>
    /// <param name="work">The loop body: a <c>ref struct</c> that holds the spans it works on.</param>
    public void Share<TWork>(int count, int grain, scoped ref TWork work) where TWork : struct, IWork, allows ref struct
    {
        if (Workspace.Threads == 1 || count <= grain)
        {
            work.Run(0, count);
            return;
        }
        TWork shared = work;                   // has an address, which the work of one thread then needs not: it stays in registers
        WorkerTeam.Run(Workspace.Threads, count, grain, ref shared);
        work = shared;
    }
}
