namespace MiniNet;

/// <summary>A layer of your own that says which operators of ONNX it is made of. A <see cref="Composite"/> needs it not: its wiring is written as it is.</summary>
/// <example>For y = x·σ(x): <c>OnnxValue Export(OnnxGraph graph, OnnxValue x) => graph.Node("Mul", [x, graph.Node("Sigmoid", [x])]);</c></example>
public interface IOnnxLayer
{
    /// <summary>Adds the layer's nodes to the graph.</summary>
    /// <param name="graph">The graph, which knows the layer's parameters and the shape of its output.</param>
    /// <param name="x">The input, in whichever order the layer before left it: <see cref="OnnxGraph.ChannelsFirst"/> and <see cref="OnnxGraph.ChannelsLast"/> give the one that you need.</param>
    /// <returns>The output, with its shape and order.</returns>
    OnnxValue Export(OnnxGraph graph, OnnxValue x);
}
