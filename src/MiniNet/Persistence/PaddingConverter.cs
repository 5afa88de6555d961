using System.Text.Json;
using System.Text.Json.Serialization;

namespace MiniNet;

/// <summary>A padding as "same" or the list of its sides: <c>[top, bottom, left, right]</c>.</summary>
internal sealed class PaddingConverter : JsonConverter<Padding>
{
    private const string Same = "same";

    public override Padding Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
    {
        if (reader.TokenType == JsonTokenType.String && reader.ValueTextEquals(Same))
            return Padding.Same;
        if (reader.TokenType != JsonTokenType.StartArray)
            throw new JsonException($"A padding is \"{Same}\" or a list of four sides, got {reader.TokenType}.");
        Span<int> sides = stackalloc int[4];
        int count = 0;
        while (reader.Read() && reader.TokenType == JsonTokenType.Number && count < sides.Length)
            sides[count++] = reader.GetInt32();
        return reader.TokenType == JsonTokenType.EndArray && count == sides.Length
            ? (sides[0], sides[1], sides[2], sides[3])
            : throw new JsonException($"A padding is \"{Same}\" or a list of four whole numbers.");
    }

    public override void Write(Utf8JsonWriter writer, Padding value, JsonSerializerOptions options)
    {
        if (value == Padding.Same)
        {
            writer.WriteStringValue(Same);
            return;
        }
        (int top, int bottom) = value.Vertical(0, 0, 1);
        (int left, int right) = value.Horizontal(0, 0, 1);
        writer.WriteStartArray();
        foreach (int side in (ReadOnlySpan<int>)[top, bottom, left, right])
            writer.WriteNumberValue(side);
        writer.WriteEndArray();
    }
}
