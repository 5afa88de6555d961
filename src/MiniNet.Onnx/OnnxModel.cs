using System.Numerics;
using Google.Protobuf;
using MiniNet.OnnxSchema;

namespace MiniNet;

/// <summary>Reads models from ONNX files: networks whose layers stand in a row, dense and convolutional, as PyTorch, Keras or <see cref="OnnxExport"/> write them.</summary>
/// <remarks>
/// <para>
/// What is read: Gemm, MatMul with Add, Conv (of images and sequences), ConvTranspose, BatchNormalization, LayerNormalization, Relu, LeakyRelu, Elu, Sigmoid, HardSigmoid (of slope 1/6), Tanh, Softplus,
/// PRelu, Softmax, LogSoftmax, GELU and SiLU as PyTorch writes them, MaxPool, AveragePool (with a Pad before it), GlobalAveragePool, Resize (nearest, by a whole factor), Flatten, Reshape, Dropout, Identity, Transpose between the two orders of
/// axes, and the Sub with Div of <see cref="Normalize"/>. Anything else is named in the exception: the operator, the attribute, the node.
/// </para>
/// <para>
/// The model takes and gives images and sequences as all of MiniNet does, channels last, whichever order the file has. Nothing in a file is trusted or run, and nothing is allocated by a number in it
/// that has not been held against what is there.
/// </para>
/// </remarks>
public static class OnnxModel
{
    /// <summary>Reads a model from a file.</summary>
    /// <typeparam name="T">The number type; weights of another one are converted.</typeparam>
    /// <param name="path">The file: <c>model.onnx</c>.</param>
    /// <param name="order">
    /// The order of axes in which the file takes images and sequences. If not given, that of the first operator that needs one: channels first for convolutions, last for products.
    /// </param>
    /// <exception cref="InvalidDataException">It is no ONNX file, or there is something in it that is not read; the message says what, and where.</exception>
    public static Sequential<T> Load<T>(string path, OnnxOrder? order = null) where T : unmanaged, IFloatingPointIeee754<T>
    {
        using FileStream stream = File.OpenRead(path);
        return Load<T>(stream, order);
    }

    /// <summary>Reads a model from a stream, to its end.</summary>
    /// <typeparam name="T">The number type; weights of another one are converted.</typeparam>
    /// <param name="stream">Where from.</param>
    /// <param name="order">
    /// The order of axes in which the file takes images and sequences. If not given, that of the first operator that needs one: channels first for convolutions, last for products.
    /// </param>
    /// <exception cref="InvalidDataException">It is no ONNX file, or there is something in it that is not read; the message says what, and where.</exception>
    public static Sequential<T> Load<T>(Stream stream, OnnxOrder? order = null) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(stream);
        ModelProto proto;
        try
        {
            proto = ModelProto.Parser.WithDiscardUnknownFields(true).ParseFrom(stream);
        }
        catch (InvalidProtocolBufferException e)
        {
            throw new InvalidDataException($"It is no ONNX file: {e.Message}", e);
        }
        OnnxReader reader = new(proto, order);
        Sequential<T> model = Build<T>(reader);
        for (int i = 0; i < reader.Layers.Count; i++)
        {
            foreach (ReadWeight weight in reader.Layers[i].Weights)
            {
                string name = $"{i}.{weight.Name}";
                int found = model.Plan.Model.Find(name);
                ParameterInfo parameter = found < 0 ? default : model.Plan.Model.Parameters[found];
                FileLayout layout = weight.IsAsInMemory ? default : parameter.FileLayout;
                layout.FromFile<T>(weight.Tensor.Numbers<T>(), found < 0 ? weight.Tensor.Length : parameter.Shape, 0, model[name]);
            }
        }
        return model;
    }

    private static Sequential<T> Build<T>(OnnxReader reader) where T : unmanaged, IFloatingPointIeee754<T>
    {
        try
        {
            return new(reader.InputShape, seed: 0, [.. reader.Layers.Select(l => l.Layer)]);
        }
        catch (Exception e) when (e is ArgumentException or ArithmeticException)
        {
            throw new InvalidDataException($"The layers of the file, each of which could be, are too large together: {e.Message}", e);
        }
    }
}
