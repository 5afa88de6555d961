using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MiniNet;

/// <summary>Layers as a list.</summary>
internal sealed class LayersConverter : JsonConverter<Layers>
{
    public override Layers Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
        Layers.Create(JsonSerializer.Deserialize(ref reader, Items(options)));

    public override void Write(Utf8JsonWriter writer, Layers value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, [.. value], Items(options));

    private static JsonTypeInfo<Layer[]> Items(JsonSerializerOptions options) => (JsonTypeInfo<Layer[]>)options.GetTypeInfo(typeof(Layer[]));
}
