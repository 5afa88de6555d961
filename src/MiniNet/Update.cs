using System.Numerics;

namespace MiniNet;

/// <summary>A range of the parameters that is trained.</summary>
/// <param name="Start">Where it begins in the vector of all parameters.</param>
/// <param name="Length">How many parameters it has.</param>
/// <param name="Decays">Whether weight decay pulls at it.</param>
public readonly record struct ParameterRun(int Start, int Length, bool Decays);

/// <summary>Everything that an optimizer may touch during one update.</summary>
public readonly ref struct Update<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Trainer<T> trainer;
    private readonly int firstSlot;

    internal Update(Trainer<T> trainer, int firstSlot) => (this.trainer, this.firstSlot) = (trainer, firstSlot);

    /// <summary>All parameters, frozen ones among them: move only those in <see cref="Runs"/>.</summary>
    public Span<T> Parameters => trainer.Model.Parameters;

    /// <summary>The gradient, as long as the parameters; zero for frozen ones.</summary>
    public Span<T> Gradients => trainer.Gradients;

    /// <summary>A vector of the optimizer's own, as long as the parameters: zero at first, and then as the last update left it.</summary>
    public Span<T> Slot(int index) => trainer.Slots.AsSpan((firstSlot + index) * Parameters.Length, Parameters.Length);

    /// <summary>Which update this is, counted from 1. A schedule is asked for <c>At(Step − 1)</c>.</summary>
    public long Step => trainer.StepCount;

    /// <summary>The loss of the batch that gave the gradient.</summary>
    public T Loss => trainer.LastLoss;

    /// <summary>The ranges to move. Neighbours that are treated alike are one.</summary>
    public ReadOnlySpan<ParameterRun> Runs => trainer.Runs;

    /// <summary>Over how many threads a long range may be shared out.</summary>
    internal int Threads => trainer.Threads;

    /// <summary>The ranges for an optimizer that treats parameters alike whether they decay or not: fewer and longer.</summary>
    internal ReadOnlySpan<ParameterRun> RunsWithoutDecay => trainer.RunsWithoutDecay;

    /// <summary>The same update for an optimizer inside this one, whose slots come after so many of this one's own.</summary>
    public Update<T> Inner(int ownSlots) => new(trainer, firstSlot + ownSlots);

    /// <summary>The loss of the same batch at the parameters as they are now, for line searches. It may be NaN or ∞.</summary>
    public T Reevaluate() => trainer.Reevaluate();
}
