using Google.Protobuf;
using MiniNet.OnnxSchema;

namespace MiniNet;

/// <summary>An attribute of a node of an <see cref="OnnxGraph"/>: <c>new OnnxAttribute("axis", 1)</c>. What there is, ONNX's list of operators says.</summary>
public sealed class OnnxAttribute
{
    /// <summary>A whole number.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="value">Its value.</param>
    public OnnxAttribute(string name, long value) => Proto = new() { Name = name, I = value, Type = AttributeProto.Types.AttributeType.Int };

    /// <summary>A number, which ONNX keeps as a float.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="value">Its value.</param>
    public OnnxAttribute(string name, double value) => Proto = new() { Name = name, F = (float)value, Type = AttributeProto.Types.AttributeType.Float };

    /// <summary>A word.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="value">Its value.</param>
    public OnnxAttribute(string name, string value) => Proto = new() { Name = name, S = ByteString.CopyFromUtf8(value), Type = AttributeProto.Types.AttributeType.String };

    /// <summary>Whole numbers in a row.</summary>
    /// <param name="name">The attribute's name.</param>
    /// <param name="values">Its values.</param>
    public OnnxAttribute(string name, params ReadOnlySpan<long> values)
    {
        Proto = new() { Name = name, Type = AttributeProto.Types.AttributeType.Ints };
        foreach (long value in values)
            Proto.Ints.Add(value);
    }

    internal AttributeProto Proto { get; }
}
