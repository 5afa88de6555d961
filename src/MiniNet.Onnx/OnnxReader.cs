using MiniNet.OnnxSchema;

namespace MiniNet;

/// <summary>One layer that was read, and where its parameters and statistics come from. What is not named stays as it begins: a bias of zeros.</summary>
internal sealed record ReadLayer(Layer Layer, ReadWeight[] Weights);

/// <param name="Name">The parameter or statistic: <c>weight</c>.</param>
/// <param name="Tensor">Its values.</param>
/// <param name="IsAsInMemory">Whether they lie as in memory, and not as <see cref="FileLayout"/> says.</param>
internal sealed record ReadWeight(string Name, OnnxTensor Tensor, bool IsAsInMemory = false);

/// <summary>
/// Follows a graph from its input to its output, node by node, and makes layers of what it meets. A value is known by its shape, features last, and by the order
/// that its axes have in the graph: a Transpose between the two orders is no layer.
/// </summary>
internal sealed partial class OnnxReader
{
    private const int OldestOperatorSet = 7;

    private readonly Dictionary<string, OnnxTensor> constants = [];
    private readonly Dictionary<string, List<OnnxNode>> uses = [];
    private readonly List<OnnxNode> nodes = [];
    private readonly List<ReadLayer> layers = [];
    private readonly long operatorSet, fileLength;
    private string current;
    private Shape shape;
    private OnnxOrder order;
    private long weightLength;
    private int padded;

    /// <exception cref="InvalidDataException">There is something in the file that no layer is made of.</exception>
    internal OnnxReader(ModelProto model, OnnxOrder? inputOrder)
    {
        GraphProto graph = model.Graph ?? throw new InvalidDataException("The file holds no graph: it is no ONNX model.");
        operatorSet = model.OpsetImport.Where(o => o.Domain is "" or "ai.onnx").Select(o => o.Version).DefaultIfEmpty(0).Max();
        if (operatorSet < OldestOperatorSet)
            throw new InvalidDataException($"The file is written for operator set {operatorSet}, and {OldestOperatorSet} is the oldest that is read: export it with a newer one.");
        fileLength = model.CalculateSize();
        foreach (TensorProto tensor in graph.Initializer)
            constants[tensor.Name] = new(tensor);
        foreach (NodeProto node in graph.Node)
            Sort(new(node, nodes.Count));

        ValueInfoProto[] inputs = [.. graph.Input.Where(i => !constants.ContainsKey(i.Name))];
        if (inputs.Length != 1 || graph.Output.Count != 1)
            throw new InvalidDataException($"The graph has {inputs.Length} inputs and {graph.Output.Count} outputs, and only networks with one of each are read.");
        current = inputs[0].Name;
        order = inputOrder ?? FirstOrder(inputs[0]);
        InputShape = shape = InputShapeOf(inputs[0]);
        for (int steps = 0; current != graph.Output[0].Name; steps++)
        {
            List<OnnxNode> next = uses.GetValueOrDefault(current, []);
            if (steps > nodes.Count)
                throw new InvalidDataException($"The nodes form a circle through {current}.");
            if (next.Count == 1)
                Read(next[0]);
            else if (!ReadSiLU(next) && !ReadGelu(next))
                throw new InvalidDataException($"The value {current} goes to {(next.Count == 0 ? "no node" : string.Join(" and ", next.Select(n => n.Operator)))}: only networks whose layers stand in a row are read.");
        }
        if (layers.Count == 0)
            layers.Add(new(new Identity(), []));
    }

    internal Shape InputShape { get; }

    internal IReadOnlyList<ReadLayer> Layers => layers;

    /// <summary>A constant, or a node on the way of the data.</summary>
    private void Sort(OnnxNode node)
    {
        if (node.Operator == "Constant")
            constants[node.Output] = node.Attribute("value")?.T is { } tensor ? new(tensor) : throw node.Fault("has no attribute value that is a tensor");
        else if (node.Operator == "Identity" && node.Inputs.Count == 1 && constants.TryGetValue(node.Inputs[0], out OnnxTensor? same))
            constants[node.Output] = same;
        else
        {
            nodes.Add(node);
            foreach (string input in node.Inputs.Distinct().Where(i => i.Length > 0 && !constants.ContainsKey(i)))
            {
                if (!uses.TryGetValue(input, out List<OnnxNode>? users))
                    uses[input] = users = [];
                users.Add(node);
            }
        }
    }

    /// <summary>The order that the first operator needs that needs one, and the other one for every Transpose before it; a Transpose of images says it itself.</summary>
    private OnnxOrder FirstOrder(ValueInfoProto input)
    {
        bool isFirst = false, isTurned = false;
        foreach (OnnxNode node in nodes)
        {
            if (node.Operator == "Transpose")
            {
                if (node.Attribute("perm")?.Ints is [_, _, _, long last])
                    return (last == 1) != isTurned ? OnnxOrder.ChannelsFirst : OnnxOrder.ChannelsLast;
                isTurned = !isTurned;
            }
            isFirst = node.Operator is "Conv" or "ConvTranspose" or "MaxPool" or "AveragePool" or "GlobalAveragePool" or "BatchNormalization" or "Resize"
                || (node.Operator == "Flatten" && (isTurned || input.Type?.TensorType?.Shape?.Dim.Count == 4));
            if (isFirst || node.Operator is "MatMul" or "Gemm" or "LayerNormalization" or "Reshape" or "Flatten")
                return isFirst != isTurned ? OnnxOrder.ChannelsFirst : OnnxOrder.ChannelsLast;
        }
        return OnnxOrder.ChannelsLast;
    }

    private Shape InputShapeOf(ValueInfoProto input)
    {
        TensorShapeProto.Types.Dimension[] axes = [.. input.Type?.TensorType?.Shape?.Dim.AsEnumerable() ?? []];
        if (axes.Length is < 2 or > 5)
            throw new InvalidDataException($"The input {input.Name} has {axes.Length} axes, expected 2 to 5: the batch and the axes of a sample.");
        int[] sizes = new int[axes.Length - 1];
        for (int i = 0; i < sizes.Length; i++)
        {
            if (axes[i + 1].DimValue is < 1 or > int.MaxValue)
                throw new InvalidDataException($"The input {input.Name} leaves the size of its axis {i + 1} open: only the batch, axis 0, may be. Export it with a fixed size.");
            sizes[i] = (int)axes[i + 1].DimValue;
        }
        if (order == OnnxOrder.ChannelsFirst)
            sizes = [.. sizes[1..], sizes[0]];
        try
        {
            return ShapeOf(sizes);
        }
        catch (ArgumentException e)
        {
            throw new InvalidDataException($"The input {input.Name} is [{string.Join(", ", sizes)}]: {e.Message}", e);
        }
    }

    private static Shape ShapeOf(ReadOnlySpan<int> sizes) => sizes switch
    {
        [int a] => a,
        [int a, int b] => (a, b),
        [int a, int b, int c] => (a, b, c),
        [int a, int b, int c, int d] => (a, b, c, d),
        _ => throw new ArgumentException($"A sample has 1 to 4 axes, got {sizes.Length}."),
    };

    /// <summary>Adds a layer, once what it needs has been held against what the file has: nothing is allocated by a number that only the file says.</summary>
    private void Add(OnnxNode node, Layer layer, params ReadWeight[] weights)
    {
        Plan plan;
        try
        {
            plan = Plan.Root(MiniNet.Layers.Create([layer]), shape, long.MaxValue);
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            throw node.Fault($"does not fit: {e.Message.Split('\n')[0]}");
        }
        foreach (ReadWeight weight in weights)
        {
            int found = plan.Model.Find($"0.{weight.Name}");
            int[] expected = found < 0 ? default(FileLayout).Sizes(plan.Model.Statistics.Find(s => s.Name == $"0.{weight.Name}")!.Shape)
                : weight.IsAsInMemory ? default(FileLayout).Sizes(plan.Model.Parameters[found].Shape)
                : plan.Model.Parameters[found].FileLayout.Sizes(plan.Model.Parameters[found].Shape);
            if (weight.Tensor.HoldsIntegers || !weight.Tensor.Sizes.AsSpan().SequenceEqual(expected))
                throw node.Fault($"has the {weight.Name} {weight.Tensor.Name} of [{string.Join(", ", weight.Tensor.Sizes)}], expected numbers of [{string.Join(", ", expected)}]");
            weightLength += weight.Tensor.Length;
        }
        if (weightLength > fileLength)
            throw node.Fault("uses weights that other nodes use too, more of them than the file is long: shared weights are not read");
        layers.Add(new(layer, weights));
        shape = plan.Output;
    }
}
