using System.Numerics;
using Google.Protobuf;
using Google.Protobuf.Collections;
using MiniNet.OnnxSchema;

namespace MiniNet;

/// <summary>Writes models as ONNX files, which ONNX Runtime and its kin run anywhere: operator set 17, IR version 8, any number of samples at a time.</summary>
/// <remarks>
/// <para>
/// The file's input is named <c>input</c>, its output <c>output</c>, and its weights as in the model: <c>0.weight</c>. What it computes is <see cref="Sequential{T}.Predict(ReadOnlySpan{T}, int)"/>:
/// dropout does nothing, and batch normalisation uses its running statistics. A double model is written in double, any other in float;
/// ONNX Runtime knows many operators in float only (load the file as a <c>Sequential&lt;float&gt;</c> and write that).
/// </para>
/// <para>
/// The operators of ONNX on images have channels first. Images come in, and go out, in the order that you say; a Transpose stands only where the order changes:
/// in a network of convolutions once, after the input, and before the output if that is an image. <see cref="Dense"/> and <see cref="LayerNorm"/> on images need channels last, and change it again.
/// </para>
/// </remarks>
public static class OnnxExport
{
    private const int IrVersion = 8, OperatorSet = 17;

    /// <summary>Writes the model to a file; one that is there is replaced when the new one is complete.</summary>
    /// <param name="model">The model.</param>
    /// <param name="path">The file: <c>model.onnx</c>.</param>
    /// <param name="order">The order of axes in which the file takes images and sequences, and gives them.</param>
    /// <exception cref="NotSupportedException">A layer has no form in ONNX, or the weights are more than the 2 GB that an ONNX file holds. Nothing has been written then.</exception>
    public static void ExportOnnx<T>(this Sequential<T> model, string path, OnnxOrder order = OnnxOrder.ChannelsLast) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ModelProto proto = Model(model, order);
        WholeFile.Write(path, proto.WriteTo);
    }

    /// <summary>Writes the model to a stream, which stays open.</summary>
    /// <param name="model">The model.</param>
    /// <param name="stream">Where to.</param>
    /// <param name="order">The order of axes in which the file takes images and sequences, and gives them.</param>
    /// <exception cref="NotSupportedException">A layer has no form in ONNX, or the weights are more than the 2 GB that an ONNX file holds. Nothing has been written then.</exception>
    public static void ExportOnnx<T>(this Sequential<T> model, Stream stream, OnnxOrder order = OnnxOrder.ChannelsLast) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ModelProto proto = Model(model, order);
        ArgumentNullException.ThrowIfNull(stream);
        proto.WriteTo(stream);
    }

    internal static ModelProto Model<T>(Sequential<T> model, OnnxOrder order) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(model);
        if (order is not (OnnxOrder.ChannelsLast or OnnxOrder.ChannelsFirst))
            throw new ArgumentOutOfRangeException(nameof(order), order, "The order is ChannelsLast or ChannelsFirst.");
        OnnxWeights<T> weights = new(model);
        if ((long)model.Parameters.Length * (weights.Type == TensorProto.Types.DataType.Double ? 8 : 4) > int.MaxValue - (1 << 20))
            throw new NotSupportedException($"The model has {model.Parameters.Length} parameters, and an ONNX file holds at most 2 GB.");

        GraphProto proto = new() { Name = "model", DocString = model.ToString() };
        OnnxGraph graph = new(proto, weights, model.Plan);
        OnnxValue y = graph.InOrder(graph.Layer(model.Plan, new("input", model.InputShape, order)), order);
        proto.Input.Add(Description("input", weights, model.InputShape, order));
        proto.Output.Add(Description("output", weights, model.OutputShape, order));
        if (y.Name == "input")
            y = graph.Node("Identity", [y]);
        foreach (NodeProto node in proto.Node)
        {
            Rename(node.Input, y.Name);
            Rename(node.Output, y.Name);
        }
        return new()
        {
            IrVersion = IrVersion,
            OpsetImport = { new OperatorSetIdProto { Domain = "", Version = OperatorSet } },
            ProducerName = "MiniNet",
            ProducerVersion = typeof(OnnxExport).Assembly.GetName().Version!.ToString(3),
            DocString = model.ToString(),
            Graph = proto,
        };
    }

    private static void Rename(RepeatedField<string> names, string last)
    {
        for (int i = 0; i < names.Count; i++)
        {
            if (names[i] == last)
                names[i] = "output";
        }
    }

    private static ValueInfoProto Description(string name, OnnxWeights weights, Shape shape, OnnxOrder order)
    {
        int[] sizes = default(FileLayout).Sizes(shape);
        if (order == OnnxOrder.ChannelsFirst)
            sizes = [sizes[^1], .. sizes[..^1]];
        TensorShapeProto dimensions = new() { Dim = { new TensorShapeProto.Types.Dimension { DimParam = "batch" } } };
        foreach (int size in sizes)
            dimensions.Dim.Add(new TensorShapeProto.Types.Dimension { DimValue = size });
        return new() { Name = name, Type = new() { TensorType = new() { ElemType = (int)weights.Type, Shape = dimensions } } };
    }
}
