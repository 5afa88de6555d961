using System.Text.Json.Serialization;

namespace MiniNet.Tests.Persistence;

/// <summary>The JSON of the tests' own layers, made as a user makes it.</summary>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata)]
[JsonSerializable(typeof(Twice))]
[JsonSerializable(typeof(Thrice))]
[JsonSerializable(typeof(Siamese))]
[JsonSerializable(typeof(ChannelGate))]
[JsonSerializable(typeof(Doubled))]
[JsonSerializable(typeof(Squared))]
[JsonSerializable(typeof(SharedParts))]
[JsonSerializable(typeof(DenselyConnected))]
[JsonSerializable(typeof(PassOn))]
[JsonSerializable(typeof(Lookup))]
[JsonSerializable(typeof(Fours))]
internal sealed partial class TestLayersJson : JsonSerializerContext;

/// <summary>The library's layers and the tests' own.</summary>
internal static class TestTypes
{
    internal static LayerTypes All { get; } = LayerTypes.Default.With(TestLayersJson.Default.Twice).With(TestLayersJson.Default.Thrice).With(TestLayersJson.Default.Siamese)
        .With(TestLayersJson.Default.ChannelGate).With(TestLayersJson.Default.Doubled).With(TestLayersJson.Default.Squared).With(TestLayersJson.Default.SharedParts)
        .With(TestLayersJson.Default.DenselyConnected).With(TestLayersJson.Default.PassOn).With(TestLayersJson.Default.Lookup).WithInitializer(TestLayersJson.Default.Fours);
}

/// <summary>An initializer of a user's.</summary>
internal sealed record Fours : Initializer
{
    public override double Draw(RandomStream random, long index, int fanIn, int fanOut) => 4;
}
