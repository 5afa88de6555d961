using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MiniNet;

/// <summary>
/// The form of a user's own layer or initializer, whose JSON was made when the user's program was compiled. Only a program that registers one has the serializer of
/// System.Text.Json in it.
/// </summary>
internal sealed class UserForm(JsonTypeInfo info, string name) : LayerForm(info.Type, name)
{
    internal override void Write(LayerTypes types, Utf8JsonWriter writer, object value)
    {
        using JsonDocument json = JsonSerializer.SerializeToDocument(value, Info(types));
        writer.WriteStartObject();
        writer.WriteString(TypeKey, Name);
        foreach (JsonProperty property in json.RootElement.EnumerateObject())
            property.WriteTo(writer);
        writer.WriteEndObject();
    }

    internal override object Read(LayerTypes types, JsonElement json, string where)
    {
        using MemoryStream text = new();
        using (Utf8JsonWriter writer = new(text))
        {
            writer.WriteStartObject();
            foreach (JsonProperty property in json.EnumerateObject())
            {
                if (property.Name != TypeKey)
                    property.WriteTo(writer);
            }
            writer.WriteEndObject();
        }
        try
        {
            return JsonSerializer.Deserialize(text.ToArray(), Info(types))!;
        }
        catch (Exception e) when (e is JsonException or ArgumentException)
        {
            throw new JsonException($"{where}: {e.Message}", e);
        }
    }

    private JsonTypeInfo Info(LayerTypes types) => (types.UserOptions ??= Options(types)).GetTypeInfo(Type);

    /// <summary>The rules of the library's own JSON, for what users' layers hold.</summary>
    private static JsonSerializerOptions Options(LayerTypes types)
    {
        JsonSerializerOptions options = new()
        {
            TypeInfoResolver = JsonTypeInfoResolver.Combine([.. types.Forms.OfType<UserForm>().Select(f => f.Resolver).Distinct()]),
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            AllowDuplicateProperties = false,
            RespectRequiredConstructorParameters = true,
            RespectNullableAnnotations = true,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            MaxDepth = LayerTypes.MaximumDepth,
            Converters =
            {
                new ValueConverter<Shape>(ArgumentJson.Write, ArgumentJson.Shape),
                new ValueConverter<Padding>(ArgumentJson.Write, ArgumentJson.Padding),
                new ValueConverter<Layer>(types.Write, types.ReadLayer),
                new ValueConverter<Layers>(types.Write, types.ReadLayers),
                new ValueConverter<Initializer>(types.Write, types.ReadInitializer),
                new JsonStringEnumConverter<GeluApproximation>(namingPolicy: null, allowIntegerValues: false),
            },
        };
        options.MakeReadOnly();
        return options;
    }

    private IJsonTypeInfoResolver? Resolver => info.OriginatingResolver;

    /// <summary>A value inside a user's layer, written as inside one of the library's.</summary>
    private sealed class ValueConverter<TValue>(Action<Utf8JsonWriter, TValue> write, Func<JsonElement, string, TValue> read) : JsonConverter<TValue>
    {
        public override TValue Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options)
        {
            using JsonDocument json = JsonDocument.ParseValue(ref reader);
            return read(json.RootElement, $"its {typeToConvert.Name}");
        }

        public override void Write(Utf8JsonWriter writer, TValue value, JsonSerializerOptions options) => write(writer, value);
    }
}
