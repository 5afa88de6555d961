using System.Text;

namespace MiniNet;

/// <summary>
/// A layer that is not trained: its parameters and statistics stay as they are, dropout and batch statistics inside it are off (IsTraining is false),
/// and gradients pass through it to what comes before.
/// </summary>
/// <remarks>Shape and parameter names are the layer's own: freezing changes neither.</remarks>
public sealed record Frozen : Composite
{
    /// <summary>A frozen layer; freeze several as one with <see cref="Chain"/>.</summary>
    /// <exception cref="ArgumentNullException">There is none: it is null.</exception>
    public Frozen(Layer layer) => Layer = Guard.NotNull(layer);

    /// <summary>The layer that is not trained.</summary>
    public Layer Layer { get; }

    /// <inheritdoc/>
    protected override Value Wire(Wiring wiring, Value x) => wiring.Freeze(Layer, x);

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Argument(Layer);
        return true;
    }
}
