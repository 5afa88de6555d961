using System.Globalization;
using System.Text;

namespace MiniNet;

/// <summary>Layers side by side on the same input; their outputs stand next to each other along the last axis.</summary>
/// <remarks>Shape: [x] → [a], [x] → [b], … give [x] → [a + b + …]; the axes before the last are equal.</remarks>
public sealed record Branches : Composite
{
    /// <summary>Branches; make one of several layers with <see cref="Chain"/>, and one that passes the input on with <see cref="Identity"/>.</summary>
    /// <exception cref="ArgumentException">There is no branch.</exception>
    public Branches(params Layers layers) =>
        Layers = Guard.NotNull(layers).Count > 0 ? layers : throw new ArgumentException("Branches needs at least one layer.", nameof(layers));

    /// <summary>The branches, in the order of their outputs.</summary>
    public Layers Layers { get; }

    /// <inheritdoc/>
    protected override Value Wire(Wiring wiring, Value x)
    {
        Value joined = wiring.Apply("0", Layers[0], x);
        for (int i = 1; i < Layers.Count; i++)
            joined = wiring.Concatenate(joined, wiring.Apply(i.ToString(CultureInfo.InvariantCulture), Layers[i], x));
        return joined;
    }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Append(Layers);
        return true;
    }
}
