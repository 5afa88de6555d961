using System.Numerics;

namespace MiniNet;

/// <summary>
/// How parameters follow gradients: an immutable description. Composed by nesting: <c>new ClipNorm(1, new Adam(1e-3))</c>.
/// All that it remembers lies in slots, vectors as long as the parameters that the trainer keeps for it.
/// </summary>
public abstract record Optimizer
{
    /// <summary>How many vectors it needs to remember, those of an optimizer inside it included. They begin as zero.</summary>
    public virtual int Slots() => 0;

    /// <summary>Whether it calls <see cref="Update{T}.Reevaluate"/>, and so needs a trainer with a loss, and whole batches.</summary>
    public virtual bool Reevaluates() => false;

    /// <summary>Moves <see cref="Update{T}.Parameters"/> in the ranges of <see cref="Update{T}.Runs"/>. May change the gradients.</summary>
    public abstract void Update<T>(in Update<T> update) where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>The code that made it, defaults left out, invariant culture: <c>Adam(0.001)</c>.</summary>
    public sealed override string ToString() => Code.Of(this, PrintMembers);
}
