using System.Text.Json;

namespace MiniNet;

/// <summary>The values of arguments as JSON: how each kind is written, and read strictly.</summary>
internal static class ArgumentJson
{
    private const string Same = "same", Infinity = "Infinity", MinusInfinity = "-Infinity";

    /// <summary>As a number; as null, or as a name where JSON has no number.</summary>
    internal static void Write(Utf8JsonWriter writer, double? value)
    {
        if (value is not { } number)
            writer.WriteNullValue();
        else if (double.IsFinite(number))
            writer.WriteNumberValue(number);
        else
            writer.WriteStringValue(double.IsNaN(number) ? nameof(double.NaN) : number > 0 ? Infinity : MinusInfinity);
    }

    /// <summary>The list of its sizes: <c>[28, 28, 1]</c>.</summary>
    internal static void Write(Utf8JsonWriter writer, Shape value)
    {
        writer.WriteStartArray();
        for (int axis = 0; axis < value.Rank; axis++)
            writer.WriteNumberValue(value[axis]);
        writer.WriteEndArray();
    }

    /// <summary>"same", or the list of its sides: <c>[top, bottom, left, right]</c>.</summary>
    internal static void Write(Utf8JsonWriter writer, Padding value)
    {
        if (value == MiniNet.Padding.Same)
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

    internal static int Whole(JsonElement json, string place) => json.ValueKind == JsonValueKind.Number && json.TryGetInt32(out int value) ? value : throw Wrong(place, "a whole number", json);

    internal static long Long(JsonElement json, string place) => json.ValueKind == JsonValueKind.Number && json.TryGetInt64(out long value) ? value : throw Wrong(place, "a whole number", json);

    internal static bool Flag(JsonElement json, string place) => json.ValueKind is JsonValueKind.True or JsonValueKind.False ? json.GetBoolean() : throw Wrong(place, "true or false", json);

    internal static string Text(JsonElement json, string place) => json.ValueKind == JsonValueKind.String ? json.GetString()! : throw Wrong(place, "a text", json);

    internal static double Number(JsonElement json, string place) => json.ValueKind switch
    {
        JsonValueKind.Number => json.GetDouble(),
        JsonValueKind.String when json.ValueEquals(nameof(double.NaN)) => double.NaN,
        JsonValueKind.String when json.ValueEquals(Infinity) => double.PositiveInfinity,
        JsonValueKind.String when json.ValueEquals(MinusInfinity) => double.NegativeInfinity,
        _ => throw Wrong(place, "a number", json),
    };

    internal static GeluApproximation Approximation(JsonElement json, string place) =>
        json.ValueKind == JsonValueKind.String && json.ValueEquals(nameof(GeluApproximation.None)) ? GeluApproximation.None
        : json.ValueKind == JsonValueKind.String && json.ValueEquals(nameof(GeluApproximation.Tanh)) ? GeluApproximation.Tanh
        : throw Wrong(place, $"\"{GeluApproximation.None}\" or \"{GeluApproximation.Tanh}\"", json);

    internal static Shape Shape(JsonElement json, string place) => Wholes(json, place) switch
    {
        [int a] => a,
        [int a, int b] => (a, b),
        [int a, int b, int c] => (a, b, c),
        [int a, int b, int c, int d] => (a, b, c, d),
        _ => throw Wrong(place, "a list of one to four sizes", json),
    };

    internal static Padding Padding(JsonElement json, string place) =>
        json.ValueKind == JsonValueKind.String && json.ValueEquals(Same) ? MiniNet.Padding.Same
        : Wholes(json, place) is [int top, int bottom, int left, int right] ? (top, bottom, left, right)
        : throw Wrong(place, $"\"{Same}\" or a list of four whole numbers", json);

    internal static JsonException Wrong(string place, string expected, JsonElement got)
    {
        const int Shown = 40;
        string text = got.GetRawText();
        return new($"{place}: expected {expected}, got {(text.Length <= Shown ? text : $"{text[..Shown]}…")}.");
    }

    /// <summary>The numbers of a list; null where it is no list, or one of more than four.</summary>
    private static int[]? Wholes(JsonElement json, string place)
    {
        if (json.ValueKind != JsonValueKind.Array || json.GetArrayLength() > 4)
            return null;
        int[] values = new int[json.GetArrayLength()];
        for (int i = 0; i < values.Length; i++)
            values[i] = Whole(json[i], place);
        return values;
    }
}
