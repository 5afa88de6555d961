using System.Numerics.Tensors;
using System.Text;

namespace MiniNet;

/// <summary>Cuts off every element of the gradient at ±limit: g ← min(max(g, −limit), limit).</summary>
/// <remarks>The direction changes; <see cref="ClipNorm"/> keeps it.</remarks>
public sealed record ClipValue : Optimizer
{
    /// <summary>A limit around an optimizer.</summary>
    /// <param name="limit">The greatest size of an element of the gradient: above 0.</param>
    /// <param name="inner">The optimizer that gets the limited gradient.</param>
    /// <exception cref="ArgumentOutOfRangeException">limit is not a finite number above 0.</exception>
    public ClipValue(double limit, Optimizer inner) => (Limit, Inner) = (Guard.Positive(limit), Guard.NotNull(inner));

    /// <summary>The greatest size of an element of the gradient: above 0.</summary>
    public double Limit { get; }

    /// <summary>The optimizer that gets the limited gradient.</summary>
    public Optimizer Inner { get; }

    /// <inheritdoc/>
    public override int Slots() => Inner.Slots();

    /// <inheritdoc/>
    public override bool Reevaluates() => Inner.Reevaluates();

    /// <inheritdoc/>
    public override void Update<T>(in Update<T> update)
    {
        T limit = T.CreateChecked(Limit);
        TensorPrimitives.Clamp(update.Gradients, -limit, limit, update.Gradients);
        Inner.Update(update);
    }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Argument(Limit).Argument(Inner);
        return true;
    }
}
