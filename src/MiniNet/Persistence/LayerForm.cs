using System.Text.Json;

namespace MiniNet;

/// <summary>How a layer or an initializer is written to a file and made again from one: its name there, and its arguments.</summary>
internal abstract class LayerForm(Type type, string name)
{
    /// <summary>What holds the name in the JSON, as System.Text.Json has it.</summary>
    internal const string TypeKey = "$type";

    internal Type Type => type;

    internal string Name => name;

    /// <summary>Writes the object.</summary>
    internal abstract void Write(LayerTypes types, Utf8JsonWriter writer, object value);

    /// <summary>Reads the object.</summary>
    /// <exception cref="JsonException">It has other arguments, or some that the constructor refuses.</exception>
    internal abstract object Read(LayerTypes types, JsonElement json, string where);
}

/// <summary>The form of one of the library's own.</summary>
/// <param name="sample">Any of its kind: the values of arguments that a file may leave out.</param>
/// <param name="arguments">Goes through the arguments, and makes one of them.</param>
internal sealed class LayerForm<TValue>(TValue sample, Func<Arguments, TValue, TValue> arguments) : LayerForm(typeof(TValue), typeof(TValue).Name) where TValue : class
{
    internal override void Write(LayerTypes types, Utf8JsonWriter writer, object value)
    {
        writer.WriteStartObject();
        writer.WriteString(TypeKey, Name);
        arguments(new(types, writer), (TValue)value);
        writer.WriteEndObject();
    }

    internal override object Read(LayerTypes types, JsonElement json, string where)
    {
        Arguments from = new(types, json, where);
        try
        {
            TValue value = arguments(from, sample);
            from.End();
            return value;
        }
        catch (ArgumentException e)
        {
            throw new JsonException($"{where}: {e.Message}", e);
        }
    }
}
