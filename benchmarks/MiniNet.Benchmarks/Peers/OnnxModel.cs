using System.Runtime.InteropServices;
using System.Text;

namespace MiniNet.Benchmarks;

/// <summary>The bytes of an ONNX file for a model of Dense, ReLU, Sigmoid and Softmax, written by hand: no more of protobuf is needed than this.</summary>
/// <remarks>
/// A message is a row of fields, each a key (number · 8 + wire type), then a varint (wire type 0) or a length and bytes (wire type 2).
/// The field numbers are those of onnx.proto, https://github.com/onnx/onnx/blob/main/onnx/onnx.proto.
/// </remarks>
internal static class OnnxModel
{
    public const string Input = "x", Output = "y";
    private const int IrVersion = 8, Opset = 17, Float = 1;

    public static byte[] Write(Sequential<float> model, int batch)
    {
        Message graph = new();
        string value = Input;
        for (int i = 0; i < model.Layers.Count; i++)
        {
            string next = i == model.Layers.Count - 1 ? Output : $"y{i}";
            Message node = new Message().Text(1, value);
            if (model.Layers[i] is Dense)
                node.Text(1, $"{i}.weight").Text(1, $"{i}.bias");
            string operation = model.Layers[i] switch
            {
                Dense => "Gemm",
                ReLU => "Relu",
                Sigmoid => "Sigmoid",
                Softmax => "Softmax",
                Layer other => throw new NotSupportedException($"{other} is not written here."),
            };
            graph.Add(1, node.Text(2, next).Text(4, operation));
            value = next;
        }
        graph.Text(2, "model");
        foreach (ParameterInfo parameter in model.ParameterList)
        {
            Message tensor = new();
            for (int axis = 0; axis < parameter.Shape.Rank; axis++)
                tensor.Number(1, parameter.Shape[axis]);
            graph.Add(5, tensor.Number(2, Float).Text(8, parameter.Name).Bytes(9, MemoryMarshal.AsBytes(model[parameter.Name])));
        }
        graph.Add(11, Value(Input, batch, model.InputShape.Length)).Add(12, Value(Output, batch, model.OutputShape.Length));
        return new Message().Number(1, IrVersion).Text(2, "MiniNet.Benchmarks").Add(7, graph).Add(8, new Message().Text(1, "").Number(2, Opset)).ToArray();
    }

    private static Message Value(string name, int rows, int columns)
    {
        Message shape = new Message().Add(1, new Message().Number(1, rows)).Add(1, new Message().Number(1, columns));
        return new Message().Text(1, name).Add(2, new Message().Add(1, new Message().Number(1, Float).Add(2, shape)));
    }

    private sealed class Message
    {
        private readonly List<byte> bytes = [];

        public Message Number(int field, long value)
        {
            Varint((uint)field << 3);
            Varint((ulong)value);
            return this;
        }

        public Message Text(int field, string value) => Bytes(field, Encoding.UTF8.GetBytes(value));

        public Message Add(int field, Message value) => Bytes(field, value.ToArray());

        public Message Bytes(int field, ReadOnlySpan<byte> value)
        {
            Varint(((uint)field << 3) | 2);
            Varint((ulong)value.Length);
            bytes.AddRange(value);
            return this;
        }

        public byte[] ToArray() => [.. bytes];

        private void Varint(ulong value)
        {
            for (; value >= 0x80; value >>= 7)
                bytes.Add((byte)(value | 0x80));
            bytes.Add((byte)value);
        }
    }
}
