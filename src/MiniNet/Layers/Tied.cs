using System.Text;

namespace MiniNet;

/// <summary>A layer on the parameters of an earlier one, which both train: their gradients are added.</summary>
/// <remarks>
/// The parameters must have the same names and shapes; statistics, where the layer has any, are its own. <see cref="To"/> is the path of the earlier layer in the
/// model, as its parameter names show it: "0" for 0.weight, "2.1" for the second layer inside the third. Inside <see cref="Frozen"/> it uses the parameters
/// without training them: what flows back through it does not reach their gradient.
/// </remarks>
public sealed record Tied : Composite
{
    /// <summary>A tied layer.</summary>
    /// <param name="to">The path of the earlier layer: "0".</param>
    /// <param name="layer">The layer that uses its parameters.</param>
    /// <exception cref="ArgumentException">to is empty.</exception>
    public Tied(string to, Layer layer)
    {
        ArgumentException.ThrowIfNullOrEmpty(to);
        (To, Layer) = (to, Guard.NotNull(layer));
    }

    /// <summary>The path of the earlier layer.</summary>
    public string To { get; }

    /// <summary>The layer that uses its parameters.</summary>
    public Layer Layer { get; }

    /// <inheritdoc/>
    protected override Value Wire(Wiring wiring, Value x) => wiring.Tie(To, Layer, x);

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Argument(To).Argument(Layer);
        return true;
    }
}
