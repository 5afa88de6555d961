using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MiniNet;

/// <summary>
/// The layers and initializers that a model's file may name: the library's, and those of your own that you add. A file names them by short names;
/// nothing is looked up by what a file says, and no other type is ever made.
/// </summary>
/// <example>
/// Your layer's JSON is made when your program is compiled, from its constructor: its arguments are named as its properties.
/// <code>
/// [JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
/// [JsonSerializable(typeof(Swish))]
/// partial class MyLayers : JsonSerializerContext;
///
/// LayerTypes types = LayerTypes.Default.With(MyLayers.Default.Swish);
/// model.Save("model.safetensors", types);
/// var again = Sequential&lt;float&gt;.Load("model.safetensors", types);
/// </code>
/// </example>
public sealed class LayerTypes
{
    private const int MaximumDepth = 64;                               // some thirty layers inside each other

    private readonly (JsonTypeInfo Type, string Name)[] layers, initializers;
    private readonly JsonSerializerOptions options;

    private LayerTypes((JsonTypeInfo Type, string Name)[] layers, (JsonTypeInfo Type, string Name)[] initializers)
    {
        (this.layers, this.initializers) = (layers, initializers);
        IEnumerable<IJsonTypeInfoResolver> resolvers = layers.Concat(initializers).Select(l => l.Type.OriginatingResolver).OfType<IJsonTypeInfoResolver>().Distinct();
        options = new()
        {
            TypeInfoResolver = JsonTypeInfoResolver.Combine([ArchitectureJson.Default, .. resolvers]).WithAddedModifier(AddNames),
            PropertyNamingPolicy = JsonNamingPolicy.CamelCase,
            UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
            AllowDuplicateProperties = false,
            RespectRequiredConstructorParameters = true,
            RespectNullableAnnotations = true,
            NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
            Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping,
            MaxDepth = MaximumDepth,
        };
        foreach (JsonConverter converter in ArchitectureJson.Converters)
            options.Converters.Add(converter);
        options.MakeReadOnly();
    }

    /// <summary>The library's own.</summary>
    public static LayerTypes Default { get; } = new(Named(ArchitectureJson.LayerInfos), Named(ArchitectureJson.InitializerInfos));

    /// <summary>These and a layer of your own.</summary>
    /// <param name="type">How its JSON is read and written: a property of your <see cref="JsonSerializerContext"/>.</param>
    /// <param name="name">What files call it; the name of the type if not given.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public LayerTypes With<TLayer>(JsonTypeInfo<TLayer> type, string? name = null) where TLayer : Layer => new(Added(layers, type, name), initializers);

    /// <summary>These and an initializer of your own.</summary>
    /// <inheritdoc cref="With{TLayer}(JsonTypeInfo{TLayer}, string?)"/>
    public LayerTypes WithInitializer<TInitializer>(JsonTypeInfo<TInitializer> type, string? name = null) where TInitializer : Initializer => new(layers, Added(initializers, type, name));

    /// <exception cref="NotSupportedException">A layer or initializer has not been registered.</exception>
    internal string Write(Architecture architecture)
    {
        try
        {
            return JsonSerializer.Serialize(architecture, Info<Architecture>());
        }
        catch (JsonException e)
        {
            throw new NotSupportedException($"The layers stand more than {MaximumDepth / 2} deep inside each other, which no file holds.", e);
        }
        catch (NotSupportedException e)
        {
            throw new NotSupportedException($"{Unknown(architecture.Layers)} cannot be saved by its name: register it, LayerTypes.Default.With(MyLayers.Default.{Unknown(architecture.Layers)}), or save the parameters alone with SaveParameters.", e);
        }
    }

    /// <exception cref="InvalidDataException">The text describes no layers, or some that are not registered.</exception>
    internal Architecture ReadArchitecture(string text, string file) => Read<Architecture>(text, file, "architecture");

    internal string Write(TrainingState state) => JsonSerializer.Serialize(state, Info<TrainingState>());

    internal TrainingState ReadTrainingState(string text, string file) => Read<TrainingState>(text, file, "training state");

    private static (JsonTypeInfo, string)[] Named(JsonTypeInfo[] types) => Array.ConvertAll(types, t => (t, t.Type.Name));

    private static (JsonTypeInfo, string)[] Added((JsonTypeInfo Type, string Name)[] types, JsonTypeInfo type, string? name)
    {
        ArgumentNullException.ThrowIfNull(type);
        name ??= type.Type.Name;
        if (Array.Exists(types, t => t.Name == name || t.Type.Type == type.Type))
            throw new ArgumentException($"{name} is registered already: give it another name, With(…, name: \"My{name}\").", nameof(name));
        return [.. types, (type, name)];
    }

    private void AddNames(JsonTypeInfo info)
    {
        (JsonTypeInfo Type, string Name)[] names = info.Type == typeof(Layer) ? layers : info.Type == typeof(Initializer) ? initializers : [];
        if (names.Length == 0)
            return;
        info.PolymorphismOptions = new() { UnknownDerivedTypeHandling = JsonUnknownDerivedTypeHandling.FailSerialization };
        foreach ((JsonTypeInfo type, string name) in names)
            info.PolymorphismOptions.DerivedTypes.Add(new(type.Type, name));
    }

    private JsonTypeInfo<TValue> Info<TValue>() => (JsonTypeInfo<TValue>)options.GetTypeInfo(typeof(TValue));

    private TValue Read<TValue>(string text, string file, string what) where TValue : class
    {
        try
        {
            return JsonSerializer.Deserialize(text, Info<TValue>()) ?? throw new JsonException("It is null.");
        }
        catch (Exception e) when (e is JsonException or ArgumentException or NotSupportedException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new InvalidDataException($"{file}: its {what} cannot be read. {e.Message}", e);
        }
    }

    /// <summary>The name of the first layer, here or further inside, that is not registered.</summary>
    private string Unknown(Layers among)
    {
        foreach (Layer layer in among)
        {
            if (!Array.Exists(layers, l => l.Type.Type == layer.GetType()))
                return layer.GetType().Name;
        }
        return "A layer or initializer inside a layer";
    }
}
