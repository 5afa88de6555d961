using System.Diagnostics.CodeAnalysis;
using System.Text.Json;

namespace MiniNet;

/// <summary>
/// The arguments of a constructor on their way into a file or out of it: a call names one of them, and writes the value that it is given, or reads the file's and returns it.
/// So each record has one line for both directions (<see cref="LayerForms"/>); the order of the calls is the order in the file.
/// </summary>
/// <remarks>Reader and writer are those of System.Text.Json. Its serializer is left out: its tables and its code are a third of a program that is compiled ahead of time.</remarks>
internal sealed class Arguments
{
    private readonly LayerTypes types;
    private readonly Utf8JsonWriter? writer;
    private readonly JsonElement json;
    private readonly string where;
    private readonly List<string> asked = [];

    /// <summary>Writes into an object that has begun.</summary>
    internal Arguments(LayerTypes types, Utf8JsonWriter writer) => (this.types, this.writer, where) = (types, writer, "");

    /// <summary>Reads from an object.</summary>
    /// <param name="types">The layers that have names.</param>
    /// <param name="json">The object.</param>
    /// <param name="where">Where it stands, for messages; empty for the outermost.</param>
    internal Arguments(LayerTypes types, JsonElement json, string where)
    {
        (this.types, this.json, this.where) = (types, json, where);
        if (json.ValueKind != JsonValueKind.Object)
            throw ArgumentJson.Wrong(where.Length == 0 ? "The whole" : where, "an object", json);
    }

    internal int Whole(string name, int value, bool isOptional = false)
    {
        if (Writes(name))
            writer.WriteNumberValue(value);
        return Find(name, isOptional, out JsonElement found) ? ArgumentJson.Whole(found, Place(name)) : value;
    }

    internal long Long(string name, long value)
    {
        if (Writes(name))
            writer.WriteNumberValue(value);
        return Find(name, isOptional: false, out JsonElement found) ? ArgumentJson.Long(found, Place(name)) : value;
    }

    internal double Number(string name, double value, bool isOptional = false)
    {
        if (Writes(name))
            ArgumentJson.Write(writer, value);
        return Find(name, isOptional, out JsonElement found) ? ArgumentJson.Number(found, Place(name)) : value;
    }

    internal double? NumberOrNone(string name, double? value, bool isOptional = false)
    {
        if (Writes(name))
            ArgumentJson.Write(writer, value);
        return !Find(name, isOptional, out JsonElement found) ? value : found.ValueKind == JsonValueKind.Null ? null : ArgumentJson.Number(found, Place(name));
    }

    internal bool Flag(string name, bool value, bool isOptional = false)
    {
        if (Writes(name))
            writer.WriteBooleanValue(value);
        return Find(name, isOptional, out JsonElement found) ? ArgumentJson.Flag(found, Place(name)) : value;
    }

    internal string Text(string name, string value)
    {
        if (Writes(name))
            writer.WriteStringValue(value);
        return Find(name, isOptional: false, out JsonElement found) ? ArgumentJson.Text(found, Place(name)) : value;
    }

    internal string? TextOrNone(string name, string? value)
    {
        if (Writes(name))
            writer.WriteStringValue(value);
        return !Find(name, isOptional: false, out JsonElement found) ? value : found.ValueKind == JsonValueKind.Null ? null : ArgumentJson.Text(found, Place(name));
    }

    internal GeluApproximation Approximation(string name, GeluApproximation value)
    {
        if (Writes(name))
            writer.WriteStringValue(value.ToString());
        return Find(name, isOptional: true, out JsonElement found) ? ArgumentJson.Approximation(found, Place(name)) : value;
    }

    /// <summary>One that is left out is the default, which the constructor takes as its own.</summary>
    internal Shape Shape(string name, Shape value, bool isOptional = false)
    {
        if (Writes(name))
        {
            ArgumentJson.Write(writer, value);
            return value;
        }
        return Find(name, isOptional, out JsonElement found) ? ArgumentJson.Shape(found, Place(name)) : default;
    }

    internal Padding Padding(string name, Padding value)
    {
        if (Writes(name))
            ArgumentJson.Write(writer, value);
        return Find(name, isOptional: true, out JsonElement found) ? ArgumentJson.Padding(found, Place(name)) : value;
    }

    internal Layer Layer(string name, Layer value)
    {
        if (Writes(name))
            types.Write(writer, value);
        return Find(name, isOptional: false, out JsonElement found) ? types.ReadLayer(found, Place(name)) : value;
    }

    internal Layers Layers(string name, Layers value)
    {
        if (Writes(name))
            types.Write(writer, value);
        return Find(name, isOptional: false, out JsonElement found) ? types.ReadLayers(found, Place(name)) : value;
    }

    /// <summary>One that is left out, or null, is the constructor's own.</summary>
    internal Initializer? Initializer(string name, Initializer value)
    {
        if (Writes(name))
        {
            types.Write(writer, value);
            return value;
        }
        return Find(name, isOptional: true, out JsonElement found) && found.ValueKind != JsonValueKind.Null ? types.ReadInitializer(found, Place(name)) : null;
    }

    /// <summary>After the last of them: the file has no others.</summary>
    internal void End()
    {
        foreach (JsonProperty property in json.EnumerateObject())
        {
            if (!asked.Contains(property.Name) && property.Name != LayerForm.TypeKey)
                throw new JsonException($"{Place(property.Name)} is unknown, expected {(asked.Count == 0 ? "no arguments" : string.Join(", ", asked))}.");
        }
    }

    [MemberNotNullWhen(true, nameof(writer))]
    private bool Writes(string name)
    {
        writer?.WritePropertyName(name);
        return writer is not null;
    }

    private bool Find(string name, bool isOptional, out JsonElement value)
    {
        value = default;
        if (writer is not null)
            return false;
        asked.Add(name);
        return json.TryGetProperty(name, out value) || (isOptional ? false : throw new JsonException($"{Place(name)} is required, but missing."));
    }

    private string Place(string name) => where.Length == 0 ? name : $"{where}.{name}";
}
