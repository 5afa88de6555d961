using System.Numerics;

namespace MiniNet;

/// <summary>
/// What a layer computes: an immutable description with two pure functions. It holds nothing that changes,
/// so one layer may stand in many models, and any number of threads may run it.
/// </summary>
/// <remarks>
/// Derive a <c>sealed record</c>. <see cref="Declare"/> says once what the layer needs; <see cref="Forward"/> and <see cref="Backward"/>
/// work on memory that the model owns and hands over in a <see cref="Pass{T}"/>. They are generic over the number type, so the same code
/// trains in float and is proved in double by <see cref="GradientCheck"/>.
/// </remarks>
public abstract record Layer
{
    /// <summary>
    /// Called once per model: checks <see cref="Plan.Input"/>, declares parameters and scratch memory, and returns the shape of one output.
    /// </summary>
    /// <exception cref="ShapeException">The layer cannot take this input: throw <see cref="Plan.Error"/>.</exception>
    public abstract Shape Declare(Plan plan);

    /// <summary>Computes <see cref="Pass{T}.Output"/> from <see cref="Pass{T}.Input"/>, every element of it.</summary>
    public abstract void Forward<T>(in Pass<T> pass) where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>
    /// Overwrites the parameter gradients and, where it is not empty, the input gradient, given
    /// <see cref="Pass{T}.OutputGradient"/> = ∂loss/∂output. May read what <see cref="Forward"/> left in output and scratch memory.
    /// </summary>
    public abstract void Backward<T>(in Pass<T> pass) where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>
    /// <see cref="Forward"/> for this number type, asked for once per workspace. To call it by way of the layer is to look it up in a table each time (a generic
    /// method that is virtual too), 6 ns, which tiny networks feel.
    /// </summary>
    internal virtual LayerPass<T> ForwardOf<T>() where T : unmanaged, IFloatingPointIeee754<T> => Forward<T>;

    /// <summary><see cref="Backward"/>, likewise.</summary>
    internal virtual LayerPass<T> BackwardOf<T>() where T : unmanaged, IFloatingPointIeee754<T> => Backward<T>;

    /// <summary>Whether Backward reads the output. Where not, an activation that follows may overwrite it.</summary>
    internal virtual bool ReadsOutput => true;

    /// <summary>Whether the output may lie where the input does, and the input's gradient where the output's does: Backward then sees the output as its input too.</summary>
    internal virtual bool WorksInPlace => false;

    /// <summary>Whether Backward may write the input's gradient where the input lies: it reads nothing of the input that it has written over.</summary>
    internal virtual bool MayOverwriteInput => false;

    /// <summary>Whether each value of the output is the greatest of some of the input.</summary>
    internal virtual bool IsMaximum => false;

    /// <summary>
    /// Whether it may as well be applied, in place, to the maxima of its input: element by element, to the same values (of a zero the sign may be another),
    /// and its derivative lets nothing through where it made equal what was not.
    /// </summary>
    internal virtual bool CommutesWithMaximum => false;

    /// <summary>The code that made it, defaults left out, invariant culture: <c>Dense(4)</c>.</summary>
    public sealed override string ToString() => Code.Of(this, PrintMembers);
}

/// <summary>What a layer does in one pass.</summary>
internal delegate void LayerPass<T>(in Pass<T> pass) where T : unmanaged, IFloatingPointIeee754<T>;
