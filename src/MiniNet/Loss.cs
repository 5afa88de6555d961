using System.Numerics;

namespace MiniNet;

/// <summary>How wrong an output is, as one number, and which way: an immutable description with one pure function.</summary>
/// <remarks>Derive a <c>sealed record</c>; prove it with <see cref="GradientCheck"/>.</remarks>
public abstract record Loss
{
    /// <summary>
    /// Whether this loss is differentiated together with that last layer, from its input: as softmax with cross-entropy, whose common gradient p − t
    /// is stable where the two alone are not.
    /// </summary>
    public virtual bool Fuses(Layer last) => false;

    /// <summary>What the model must end with, as code (<c>Softmax()</c>), or null for anything.</summary>
    public virtual string? Needs() => null;

    /// <summary>Whether targets may also be class indices: one number for each row instead of one for each class.</summary>
    public virtual bool TakesClassIndices() => false;

    /// <summary>
    /// How many outputs together decide between classes, so that accuracy means something: all of the last axis for one class of many, 1 where each is a yes or
    /// no of its own, 0 where the outputs are no classes.
    /// </summary>
    /// <param name="outputs">The shape of one sample of the output.</param>
    public virtual int OutputsPerDecision(Shape outputs) => 0;

    /// <summary>Refuses targets that this loss does not know, before anything is trained on them.</summary>
    /// <param name="targets">[samples, outputs], or class indices for a loss that takes them</param>
    /// <param name="outputs">The shape of one sample of the output.</param>
    /// <param name="samples">How many samples.</param>
    /// <exception cref="ArgumentException">A target is none that this loss knows; the message names it.</exception>
    public virtual void CheckTargets<T>(ReadOnlySpan<T> targets, Shape outputs, int samples) where T : unmanaged, IFloatingPointIeee754<T>
    {
    }

    /// <summary>The mean loss of the batch. Overwrites <see cref="LossPass{T}.Gradient"/> where it is not empty.</summary>
    /// <exception cref="ArgumentException">A target is none that this loss knows.</exception>
    public abstract T Evaluate<T>(in LossPass<T> pass) where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>The code that made it, defaults left out, invariant culture: <c>Huber(0.5)</c>.</summary>
    public sealed override string ToString() => Code.Of(this, PrintMembers);
}
