using System.Globalization;
using MiniNet.OnnxSchema;

namespace MiniNet;

/// <summary>
/// A graph of ONNX while it is written: layers add nodes to it, and it knows the parameters of the layer whose turn it is.
/// Every value carries the order of its axes, and a Transpose stands only where a layer needs the other one.
/// </summary>
public sealed class OnnxGraph
{
    private readonly GraphProto graph;
    private readonly OnnxWeights weights;
    private readonly HashSet<string> names = [];
    private Plan plan;

    internal OnnxGraph(GraphProto graph, OnnxWeights weights, Plan plan) => (this.graph, this.weights, this.plan) = (graph, weights, plan);

    /// <summary>The shape of one sample of the layer's output, features last.</summary>
    public Shape Output => plan.Output;

    /// <summary>Whether the model computes in double, not in float.</summary>
    public bool IsDouble => weights.Type == TensorProto.Types.DataType.Double;

    /// <summary>Adds a node of ONNX's operator set 17.</summary>
    /// <param name="operatorType">The operator: <c>Conv</c>.</param>
    /// <param name="inputs">What it works on, in ONNX's order; <c>default</c> for an optional input that is left out.</param>
    /// <param name="attributes">Its attributes; those not given have ONNX's defaults.</param>
    /// <returns>Its output, in the shape and order of the first input. Where they are others, say so: <c>graph.Node(…) with { Shape = graph.Output }</c>.</returns>
    public OnnxValue Node(string operatorType, ReadOnlySpan<OnnxValue> inputs, params ReadOnlySpan<OnnxAttribute> attributes)
    {
        ArgumentException.ThrowIfNullOrEmpty(operatorType);
        if (inputs.IsEmpty)
            throw new ArgumentException($"{operatorType} needs an input: its output has the shape and order of the first.", nameof(inputs));
        NodeProto node = new() { Name = Unique(operatorType), OpType = operatorType };
        foreach (OnnxValue input in inputs)
            node.Input.Add(input.Name ?? "");
        foreach (OnnxAttribute attribute in attributes)
            node.Attribute.Add(attribute.Proto);
        node.Output.Add(node.Name);
        graph.Node.Add(node);
        return new(node.Name, inputs[0].Shape, inputs[0].Order);
    }

    /// <summary>
    /// A parameter of the layer, under its name in the model. Matrices are [inputs, outputs], as ONNX's MatMul and Gemm take them; kernels [outputs, inputs, height, width].
    /// </summary>
    /// <param name="index">Which, as passes count them.</param>
    public OnnxValue Parameter(int index)
    {
        int offset = plan.Parameters[index].Offset;
        ParameterInfo parameter = Array.Find(plan.Model.Parameters, p => p.Offset == offset);
        return names.Contains(parameter.Name) ? Constant(parameter.Name) : Add(weights.Parameter(parameter));
    }

    /// <summary>A statistic of the layer, under its name in the model.</summary>
    /// <param name="index">Which, as passes count them.</param>
    public OnnxValue Statistic(int index)
    {
        ModelPlan.StatisticInfo statistic = plan.Model.Statistics.Find(s => s.Offset == plan.Statistics[index].Offset)!;
        return names.Contains(statistic.Name) ? Constant(statistic.Name) : Add(weights.Statistic(statistic));
    }

    /// <summary>A number, of the model's type.</summary>
    public OnnxValue Number(double value)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"number.{value:R}");
        return names.Contains(name) ? Constant(name) : Add(weights.Constant(name, [], [value]));
    }

    /// <summary>So many times the same number, in a row, of the model's type.</summary>
    internal OnnxValue Repeated(double value, int count)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"numbers.{count}.{value:R}");
        return names.Contains(name) ? Constant(name) : Add(weights.Constant(name, [count], [.. Enumerable.Repeat(value, count)]));
    }

    /// <summary>Whole numbers in a row: axes, or a shape.</summary>
    public OnnxValue Integers(params ReadOnlySpan<long> values)
    {
        string name = $"integers.{string.Join('.', values.ToArray())}";
        TensorProto tensor = new() { Name = name, DataType = (int)TensorProto.Types.DataType.Int64 };
        tensor.Dims.Add(values.Length);
        foreach (long value in values)
            tensor.Int64Data.Add(value);
        return names.Contains(name) ? Constant(name) : Add(tensor);
    }

    /// <summary>Floats in a row, whatever the model's type: the scales of Resize.</summary>
    internal OnnxValue Floats(params ReadOnlySpan<float> values)
    {
        string name = string.Create(CultureInfo.InvariantCulture, $"floats.{string.Join('.', values.ToArray())}");
        TensorProto tensor = new() { Name = name, DataType = (int)TensorProto.Types.DataType.Float };
        tensor.Dims.Add(values.Length);
        foreach (float value in values)
            tensor.FloatData.Add(value);
        return names.Contains(name) ? Constant(name) : Add(tensor);
    }

    /// <summary>The value with its channels after the batch: transposed, if it is not so already.</summary>
    public OnnxValue ChannelsFirst(OnnxValue x) => InOrder(x, OnnxOrder.ChannelsFirst);

    /// <summary>The value with its channels last: transposed, if it is not so already.</summary>
    public OnnxValue ChannelsLast(OnnxValue x) => InOrder(x, OnnxOrder.ChannelsLast);

    internal OnnxValue InOrder(OnnxValue x, OnnxOrder order)
    {
        int rank = x.Shape.Rank;
        if (x.Order == order || rank < 2)
            return x with { Order = order };
        long[] axes = new long[rank + 1];
        for (int i = 1; i <= rank; i++)
            axes[i] = order == OnnxOrder.ChannelsFirst ? (i == 1 ? rank : i - 1) : (i == rank ? 1 : i + 1);
        return Node("Transpose", [x], new OnnxAttribute("perm", axes)) with { Order = order };
    }

    /// <summary>One number for each channel, so that it meets the channels of x: [channels], or [channels, 1, …] where they come first.</summary>
    public OnnxValue PerChannel(OnnxValue vector, OnnxValue x) =>
        x.IsChannelsFirst ? Node("Unsqueeze", [vector, Integers([.. Enumerable.Range(1, x.Shape.Rank - 1)])]) : vector;

    /// <summary>What a layer, or a composite with all that is in it, makes of x.</summary>
    internal OnnxValue Layer(Plan layer, OnnxValue x)
    {
        (Plan outer, plan) = (plan, layer);
        OnnxValue y = layer.Circuit is { } circuit ? CircuitExport.Run(this, circuit, x) : LayerExport.Run(this, layer.Layer, x);
        plan = outer;
        return y;
    }

    internal NotSupportedException Unknown() => new(
        $"Layer {plan.Path}, {plan.Layer}, has no form in ONNX that MiniNet.Onnx knows. A layer of your own can say which operators it is made of: let {plan.Layer.GetType().Name} implement IOnnxLayer.");

    private static OnnxValue Constant(string name) => new(name, default, default);

    private OnnxValue Add(TensorProto tensor)
    {
        names.Add(tensor.Name);
        graph.Initializer.Add(tensor);
        return Constant(tensor.Name);
    }

    /// <summary>The layer's path and the operator: <c>0.Gemm</c>, <c>0.Gemm_2</c>.</summary>
    private string Unique(string operatorType)
    {
        string name = plan.Path.Length == 0 ? operatorType : $"{plan.Path}.{operatorType}", unique = name;
        for (int i = 2; !names.Add(unique); i++)
            unique = $"{name}_{i}";
        return unique;
    }
}
