using System.Numerics.Tensors;
using System.Text;

namespace MiniNet;

/// <summary>Shortens the gradient where it is longer than a limit: g ← g·min(1, limit / ‖g‖), over all parameters together.</summary>
/// <remarks>The direction stays. Pascanu, Mikolov and Bengio, "On the difficulty of training recurrent neural networks", 2012.</remarks>
public sealed record ClipNorm : Optimizer
{
    /// <summary>A limit around an optimizer.</summary>
    /// <param name="limit">The greatest length of the gradient: above 0.</param>
    /// <param name="inner">The optimizer that gets the limited gradient.</param>
    /// <exception cref="ArgumentOutOfRangeException">limit is not a finite number above 0.</exception>
    public ClipNorm(double limit, Optimizer inner) => (Limit, Inner) = (Guard.Positive(limit), Guard.NotNull(inner));

    /// <summary>The greatest length of the gradient: above 0.</summary>
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
        T norm = TensorPrimitives.Norm<T>(update.Gradients), limit = T.CreateChecked(Limit);
        if (!T.IsFinite(norm))
        {
            // The squares have overflowed: measure the gradient in units of its largest element.
            TensorPrimitives.Divide(update.Gradients, T.Abs(TensorPrimitives.MaxMagnitude<T>(update.Gradients)), update.Gradients);
            norm = TensorPrimitives.Norm<T>(update.Gradients);
            TensorPrimitives.Multiply(update.Gradients, limit / norm, update.Gradients);
        }
        else if (norm > limit)
        {
            TensorPrimitives.Multiply(update.Gradients, limit / norm, update.Gradients);
        }
        Inner.Update(update);
    }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Argument(Limit).Argument(Inner);
        return true;
    }
}
