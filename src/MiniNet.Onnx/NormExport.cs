namespace MiniNet;

/// <summary>Normalisations as nodes of ONNX.</summary>
internal static class NormExport
{
    private const int Weight = 0, Bias = 1, Mean = 0, Variance = 1, Deviation = 1;

    /// <summary>By the running statistics, as in prediction; x has its channels first.</summary>
    internal static OnnxValue BatchNorm(OnnxGraph graph, BatchNorm norm, OnnxValue x) =>
        graph.Node(
            "BatchNormalization", [x, graph.Parameter(Weight), graph.Parameter(Bias), graph.Statistic(Mean), graph.Statistic(Variance)],
            new("epsilon", norm.Epsilon), new("momentum", 1 - norm.Rate));

    /// <summary>x has its channels last.</summary>
    internal static OnnxValue LayerNorm(OnnxGraph graph, LayerNorm norm, OnnxValue x) =>
        graph.Node("LayerNormalization", [x, graph.Parameter(Weight), graph.Parameter(Bias)], new("axis", -1), new("epsilon", norm.Epsilon));

    /// <summary>x / √(mean(x²) + ε) · weight, in single operations: operator set 17 has none for it.</summary>
    internal static OnnxValue RmsNorm(OnnxGraph graph, RmsNorm norm, OnnxValue x)
    {
        double epsilon = norm.Epsilon ?? (graph.IsDouble ? double.BitIncrement(1) - 1 : float.BitIncrement(1) - 1);
        OnnxValue meanSquare = graph.Node("ReduceMean", [graph.Node("Mul", [x, x])], new OnnxAttribute("axes", [x.ChannelAxis]));
        OnnxValue root = graph.Node("Sqrt", [graph.Node("Add", [meanSquare, graph.Number(epsilon)])]);
        return graph.Node("Mul", [graph.Node("Div", [x, root]), graph.PerChannel(graph.Parameter(Weight), x)]);
    }

    /// <summary>Each group as the one channel of an InstanceNormalization, then scaled and shifted channel by channel: operator set 17 has none for it. x has its channels first.</summary>
    internal static OnnxValue GroupNorm(OnnxGraph graph, GroupNorm norm, OnnxValue x)
    {
        OnnxValue groups = graph.Node("Reshape", [x, graph.Integers(0, norm.Groups, -1)]);
        OnnxValue normal = graph.Node(
            "InstanceNormalization", [groups, graph.Repeated(1, norm.Groups), graph.Repeated(0, norm.Groups)], new OnnxAttribute("epsilon", norm.Epsilon));
        long[] sizes = [-1, x.Shape.Last, .. default(FileLayout).Sizes(x.Shape)[..^1]];
        OnnxValue y = graph.Node("Reshape", [normal, graph.Integers(sizes)]);
        return graph.Node("Add", [graph.Node("Mul", [y, graph.PerChannel(graph.Parameter(Weight), x)]), graph.PerChannel(graph.Parameter(Bias), x)]);
    }

    internal static OnnxValue Normalize(OnnxGraph graph, OnnxValue x)
    {
        OnnxValue centred = graph.Node("Sub", [x, graph.PerChannel(graph.Statistic(Mean), x)]);
        return graph.Node("Div", [centred, graph.PerChannel(graph.Statistic(Deviation), x)]);
    }
}
