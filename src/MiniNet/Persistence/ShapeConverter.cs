using System.Text.Json;
using System.Text.Json.Serialization;

namespace MiniNet;

/// <summary>A shape as the list of its sizes: <c>[28, 28, 1]</c>.</summary>
internal sealed class ShapeConverter : JsonConverter<Shape>
{
    public override Shape Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException($"A shape is a list of sizes, got {reader.TokenType}.");
        Span<int> sizes = stackalloc int[4];
        int rank = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.Number && rank < sizes.Length)
            sizes[rank++] = reader.GetInt32();
        if (reader.TokenType != JsonTokenType.EndArray)
            throw new JsonException("A shape is a list of one to four whole numbers.");
        return sizes[..rank] switch
        {
            [int a] => a,
            [int a, int b] => (a, b),
            [int a, int b, int c] => (a, b, c),
            [int a, int b, int c, int d] => (a, b, c, d),
            _ => throw new JsonException("A shape has at least one size."),
        };
    }

    public override void Write(Utf8JsonWriter writer, Shape value, JsonSerializerOptions options)
    {
        writer.WriteStartArray();
        for (int axis = 0; axis < value.Rank; axis++)
            writer.WriteNumberValue(value[axis]);
        writer.WriteEndArray();
    }
}
