using System.Text;
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
    internal const int MaximumDepth = 64;                              // some thirty layers inside each other

    private static readonly JsonDocumentOptions Strict = new() { MaxDepth = MaximumDepth, AllowDuplicateProperties = false };
    private static readonly JsonWriterOptions Relaxed = new() { MaxDepth = MaximumDepth, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    private readonly LayerForm[] layers, initializers;

    private LayerTypes(LayerForm[] layers, LayerForm[] initializers) => (this.layers, this.initializers) = (layers, initializers);

    /// <summary>The library's own.</summary>
    public static LayerTypes Default { get; } = new(LayerForms.Layers, LayerForms.Initializers);

    /// <summary>These and a layer of your own.</summary>
    /// <param name="type">How its JSON is read and written: a property of your <see cref="JsonSerializerContext"/>.</param>
    /// <param name="name">What files call it; the name of the type if not given.</param>
    /// <exception cref="ArgumentException">The name is taken.</exception>
    public LayerTypes With<TLayer>(JsonTypeInfo<TLayer> type, string? name = null) where TLayer : Layer => new(Added(layers, type, name), initializers);

    /// <summary>These and an initializer of your own.</summary>
    /// <inheritdoc cref="With{TLayer}(JsonTypeInfo{TLayer}, string?)"/>
    public LayerTypes WithInitializer<TInitializer>(JsonTypeInfo<TInitializer> type, string? name = null) where TInitializer : Initializer => new(layers, Added(initializers, type, name));

    internal IEnumerable<LayerForm> Forms => layers.Concat(initializers);

    /// <summary>What <see cref="UserForm"/> keeps here.</summary>
    internal JsonSerializerOptions? UserOptions { get; set; }

    /// <exception cref="NotSupportedException">A layer or initializer has not been registered.</exception>
    internal string Write(Architecture architecture) => Write(a => Architecture(a, architecture));

    internal string Write(TrainingState state) => Write(a => TrainingState(a, state));

    internal void Write(Utf8JsonWriter writer, Layer layer) =>
        (Form(layers, layer) ?? throw NotRegistered(layer.GetType(), nameof(With))).Write(this, writer, layer);

    internal void Write(Utf8JsonWriter writer, Layers items)
    {
        writer.WriteStartArray();
        foreach (Layer layer in items)
            Write(writer, layer);
        writer.WriteEndArray();
    }

    internal void Write(Utf8JsonWriter writer, Initializer initializer) =>
        (Form(initializers, initializer) ?? throw NotRegistered(initializer.GetType(), nameof(WithInitializer))).Write(this, writer, initializer);

    /// <exception cref="InvalidDataException">The text describes no layers, or some that are not registered.</exception>
    internal Architecture ReadArchitecture(string text, string file) => Read<Architecture>(text, file, "architecture", Architecture, new(1, 0, []));

    internal TrainingState ReadTrainingState(string text, string file) => Read<TrainingState>(text, file, "training state", TrainingState, new(0, 0, 0, "", null, null));

    internal Layer ReadLayer(JsonElement json, string where) => (Layer)ReadTyped(layers, json, where, nameof(With));

    internal Layers ReadLayers(JsonElement json, string where)
    {
        if (json.ValueKind != JsonValueKind.Array)
            throw ArgumentJson.Wrong(where, "a list of layers", json);
        List<Layer> read = [];
        foreach (JsonElement layer in json.EnumerateArray())
            read.Add(ReadLayer(layer, $"{where}[{read.Count}]"));
        return [.. read];
    }

    internal Initializer ReadInitializer(JsonElement json, string where) => (Initializer)ReadTyped(initializers, json, where, nameof(WithInitializer));

    private static Architecture Architecture(Arguments a, Architecture given) => new(a.Shape("inputs", given.Inputs), a.Long("seed", given.Seed), a.Layers("layers", given.Layers));

    private static TrainingState TrainingState(Arguments a, TrainingState given) =>
        new(a.Long("steps", given.Steps), a.Whole("epochs", given.Epochs), a.Long("seed", given.Seed), a.Text("optimizer", given.Optimizer), a.TextOrNone("loss", given.Loss), a.NumberOrNone("bestValidationLoss", given.BestValidationLoss));

    private static LayerForm[] Added(LayerForm[] forms, JsonTypeInfo type, string? name)
    {
        ArgumentNullException.ThrowIfNull(type);
        name ??= type.Type.Name;
        if (Array.Exists(forms, f => f.Name == name || f.Type == type.Type))
            throw new ArgumentException($"{name} is registered already: give it another name, With(…, name: \"My{name}\").", nameof(name));
        return [.. forms, new UserForm(type, name)];
    }

    private static LayerForm? Form(LayerForm[] forms, object value)
    {
        ArgumentNullException.ThrowIfNull(value);
        return Array.Find(forms, f => f.Type == value.GetType());
    }

    private static NotSupportedException NotRegistered(Type type, string method) =>
        new($"{type.Name} cannot be saved by its name: register it, LayerTypes.Default.{method}(MyLayers.Default.{type.Name}), or save the parameters alone with SaveParameters.");

    private object ReadTyped(LayerForm[] forms, JsonElement json, string where, string method)
    {
        if (json.ValueKind != JsonValueKind.Object || !json.TryGetProperty(LayerForm.TypeKey, out JsonElement type) || type.ValueKind != JsonValueKind.String)
            throw ArgumentJson.Wrong(where, $"an object with a {LayerForm.TypeKey}", json);
        string name = type.GetString()!;
        LayerForm form = Array.Find(forms, f => f.Name == name) ?? throw new JsonException($"{where} is of the type {name}, which is not registered: LayerTypes.Default.{method}(…), if it is yours.");
        return form.Read(this, json, $"{where}, {name}");
    }

    private string Write(Action<Arguments> arguments)
    {
        using MemoryStream text = new();
        using Utf8JsonWriter writer = new(text, Relaxed);
        try
        {
            writer.WriteStartObject();
            arguments(new(this, writer));
            writer.WriteEndObject();
        }
        catch (InvalidOperationException e) when (writer.CurrentDepth >= MaximumDepth)
        {
            throw new NotSupportedException($"The layers stand more than {MaximumDepth / 2} deep inside each other, which no file holds.", e);
        }
        writer.Flush();
        return Encoding.UTF8.GetString(text.GetBuffer(), 0, (int)text.Length);
    }

    private TValue Read<TValue>(string text, string file, string what, Func<Arguments, TValue, TValue> arguments, TValue sample)
    {
        try
        {
            using JsonDocument json = JsonDocument.Parse(text, Strict);
            Arguments from = new(this, json.RootElement, "");
            TValue value = arguments(from, sample);
            from.End();
            return value;
        }
        catch (Exception e) when (e is JsonException or ArgumentException or NotSupportedException or InvalidOperationException or FormatException or OverflowException)
        {
            throw new InvalidDataException($"{file}: its {what} cannot be read. {e.Message}", e);
        }
    }
}
