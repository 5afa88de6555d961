namespace MiniNet;

/// <summary>A composite as nodes: its layers, and how it joins what they put out.</summary>
internal static class CircuitExport
{
    internal static OnnxValue Run(OnnxGraph graph, Circuit circuit, OnnxValue x)
    {
        OnnxValue[] wires = new OnnxValue[circuit.WireCount];
        wires[0] = x;
        foreach (Step step in circuit.Steps)
        {
            wires[step.Result] = step.Kind switch
            {
                StepKind.Layer => graph.Layer(step.Child!, wires[step.A]),
                StepKind.Add => graph.Node("Add", [wires[step.A], graph.InOrder(wires[step.B], wires[step.A].Order)]),
                StepKind.Multiply => graph.Node("Mul", [wires[step.A], Factor(graph, wires[step.A], wires[step.B])]),
                StepKind.Concatenate => Concatenate(graph, wires[step.A], wires[step.B]),
                _ => throw graph.Unknown(),
            };
        }
        return wires[circuit.Output];
    }

    /// <summary>A factor of a's shape, or one number for each channel of a: [batch, channels], with axes of size 1 put in where a has more.</summary>
    private static OnnxValue Factor(OnnxGraph graph, OnnxValue a, OnnxValue b)
    {
        if (b.Shape == a.Shape)
            return graph.InOrder(b, a.Order);
        int first = a.IsChannelsFirst ? 2 : 1;
        return graph.Node("Unsqueeze", [b, graph.Integers([.. Enumerable.Range(first, a.Shape.Rank - 1)])]);
    }

    private static OnnxValue Concatenate(OnnxGraph graph, OnnxValue a, OnnxValue b) =>
        graph.Node("Concat", [a, graph.InOrder(b, a.Order)], new OnnxAttribute("axis", a.ChannelAxis)) with { Shape = a.Shape.WithLast(a.Shape.Last + b.Shape.Last) };
}
