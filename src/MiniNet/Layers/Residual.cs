using System.Text;

namespace MiniNet;

/// <summary>y = x + body(x): the body learns what to change, and gradients have a way around it.</summary>
/// <remarks>Shape: any in, the same out; the body must keep it. He et al., "Deep residual learning for image recognition", 2015.</remarks>
public sealed record Residual : Composite
{
    /// <summary>A residual layer.</summary>
    /// <param name="body">The layers whose output is added to the input.</param>
    /// <exception cref="ArgumentNullException">There is none: it is null.</exception>
    public Residual(params Layers body) => Body = Guard.NotNull(body);

    /// <summary>The layers whose output is added to the input.</summary>
    public Layers Body { get; }

    /// <inheritdoc/>
    protected override Value Wire(Wiring wiring, Value x)
    {
        Value y = wiring.Chain(Body, x);
        return y.Shape == x.Shape ? wiring.Add(x, y) : throw wiring.Error($"a body that keeps the shape of its input (it gives {y.Shape})");
    }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Append(Body);
        return true;
    }
}
