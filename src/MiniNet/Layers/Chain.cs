using System.Text;

namespace MiniNet;

/// <summary>Layers in a row, as one layer: for a branch of <see cref="Branches"/>, or inside <see cref="Frozen"/>.</summary>
/// <remarks>Shape: whatever its layers make of the input. Parameters: those of its layers, named <c>0.weight</c>, … under its own path.</remarks>
public sealed record Chain : Composite
{
    /// <summary>A chain of layers; without any, it passes its input on.</summary>
    /// <exception cref="ArgumentNullException">There is none: it is null.</exception>
    public Chain(params Layers layers) => Layers = Guard.NotNull(layers);

    /// <summary>The layers, first to last.</summary>
    public Layers Layers { get; }

    /// <inheritdoc/>
    protected override Value Wire(Wiring wiring, Value x) => wiring.Chain(Layers, x);

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Append(Layers);
        return true;
    }
}
