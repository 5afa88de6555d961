using MiniNet;

namespace CustomLayerSample;

/// <summary>A layer made of layers: y = V(x) · σ(G(x)), a dense layer of which a second one opens and closes each output.</summary>
/// <remarks>
/// Only the wiring is written: forward, backward, memory and names (<c>value.weight</c>, <c>gate.weight</c>, …) follow.
/// Dauphin, Fan, Auli and Grangier, "Language modeling with gated convolutional networks", 2016.
/// </remarks>
/// <param name="Units">How many outputs.</param>
internal sealed record Gated(int Units) : Composite
{
    protected override Value Wire(Wiring wiring, Value x)
    {
        Value value = wiring.Apply("value", new Dense(Units), x);
        Value gate = wiring.Apply("open", new Sigmoid(), wiring.Apply("gate", new Dense(Units), x));
        return wiring.Multiply(value, gate);
    }
}
