using System.Globalization;
using MiniNet.OnnxSchema;

namespace MiniNet;

/// <summary>A node of a file. It notes which attributes it was asked for, so that one that nobody knows is not passed over.</summary>
internal sealed class OnnxNode(NodeProto proto, int index)
{
    /// <summary>More than any sensible kernel, stride or padding, and so little that no product of two overflows.</summary>
    private const int GreatestSize = 1 << 15;

    private readonly HashSet<string> known = [];

    /// <summary>The operator, with its domain where that is not ONNX's own.</summary>
    internal string Operator => proto.Domain is "" or "ai.onnx" ? proto.OpType : $"{proto.Domain}.{proto.OpType}";

    internal IReadOnlyList<string> Inputs => proto.Input;

    internal string Output => proto.Output.Count > 0 ? proto.Output[0] : throw Fault("has no output");

    internal InvalidDataException Fault(string what) => new($"Node {(proto.Name.Length > 0 ? proto.Name : index.ToString(CultureInfo.InvariantCulture))}, {Operator}, {what}.");

    internal AttributeProto? Attribute(string name)
    {
        known.Add(name);
        return proto.Attribute.FirstOrDefault(a => a.Name == name);
    }

    internal long Integer(string name, long unless) => Attribute(name) is { } given ? given.I : unless;

    internal string Text(string name, string unless) => Attribute(name) is { } given ? given.S.ToStringUtf8() : unless;

    /// <summary>A number as its author wrote it: 0.01, where the float that the file holds is 0.00999999977648258.</summary>
    internal double Number(string name, double unless) => Attribute(name) is { } given
        ? double.Parse(given.F.ToString("R", CultureInfo.InvariantCulture), CultureInfo.InvariantCulture)
        : unless;

    /// <summary>So many sizes, each at least 0; all the same if not given.</summary>
    internal int[] Sizes(string name, int count, int unless)
    {
        if (Attribute(name) is not { } given)
            return [.. Enumerable.Repeat(unless, count)];
        if (given.Ints.Count != count || given.Ints.Any(i => i is < 0 or > GreatestSize))
            throw Fault($"has {name} = [{string.Join(", ", given.Ints)}], expected {count} numbers from 0 to {GreatestSize}");
        return [.. given.Ints.Select(i => (int)i)];
    }

    /// <summary>Only this value is read.</summary>
    internal void Require(string name, long value, long unless)
    {
        if (Integer(name, unless) != value)
            throw Fault($"has {name} = {Integer(name, unless)}, and only {value} is read");
    }

    internal void RefuseOtherAttributes()
    {
        foreach (AttributeProto attribute in proto.Attribute)
        {
            if (!known.Contains(attribute.Name))
                throw Fault($"has the attribute {attribute.Name}, which is not known");
        }
    }
}
