using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace MiniNet;

/// <summary>
/// The types that a file may name, and no others: every layer and initializer of the library has a line here and one in <see cref="LayerInfos"/> or
/// <see cref="InitializerInfos"/>. Their JSON is their constructor's arguments; the code for it is made when the library is compiled.
/// </summary>
/// <remarks>Metadata only: the faster code for writing would go around the converters and the layers that are registered at run time.</remarks>
[JsonSourceGenerationOptions(GenerationMode = JsonSourceGenerationMode.Metadata, PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Architecture))]
[JsonSerializable(typeof(TrainingState))]
[JsonSerializable(typeof(Layer[]))]
[JsonSerializable(typeof(AveragePool2D))]
[JsonSerializable(typeof(BatchNorm))]
[JsonSerializable(typeof(Branches))]
[JsonSerializable(typeof(Chain))]
[JsonSerializable(typeof(Conv1D))]
[JsonSerializable(typeof(Conv2D))]
[JsonSerializable(typeof(ConvTranspose2D))]
[JsonSerializable(typeof(Dense))]
[JsonSerializable(typeof(Dropout))]
[JsonSerializable(typeof(Dropout2D))]
[JsonSerializable(typeof(ELU))]
[JsonSerializable(typeof(Embedding))]
[JsonSerializable(typeof(Flatten))]
[JsonSerializable(typeof(Frozen))]
[JsonSerializable(typeof(GELU))]
[JsonSerializable(typeof(GlobalAveragePool2D))]
[JsonSerializable(typeof(GroupNorm))]
[JsonSerializable(typeof(HardSigmoid))]
[JsonSerializable(typeof(Identity))]
[JsonSerializable(typeof(LayerNorm))]
[JsonSerializable(typeof(LeakyReLU))]
[JsonSerializable(typeof(LogSoftmax))]
[JsonSerializable(typeof(MaxPool2D))]
[JsonSerializable(typeof(Normalize))]
[JsonSerializable(typeof(PReLU))]
[JsonSerializable(typeof(ReLU))]
[JsonSerializable(typeof(Reshape))]
[JsonSerializable(typeof(Residual))]
[JsonSerializable(typeof(RmsNorm))]
[JsonSerializable(typeof(Sigmoid))]
[JsonSerializable(typeof(SiLU))]
[JsonSerializable(typeof(Softmax))]
[JsonSerializable(typeof(Softplus))]
[JsonSerializable(typeof(SqueezeExcite))]
[JsonSerializable(typeof(Tanh))]
[JsonSerializable(typeof(Tied))]
[JsonSerializable(typeof(Upsample2D))]
[JsonSerializable(typeof(Constant))]
[JsonSerializable(typeof(GlorotNormal))]
[JsonSerializable(typeof(GlorotUniform))]
[JsonSerializable(typeof(HeNormal))]
[JsonSerializable(typeof(HeUniform))]
[JsonSerializable(typeof(LeCunNormal))]
[JsonSerializable(typeof(LeCunUniform))]
[JsonSerializable(typeof(Normal))]
[JsonSerializable(typeof(Orthogonal))]
[JsonSerializable(typeof(Uniform))]
[JsonSerializable(typeof(Zeros))]
internal sealed partial class ArchitectureJson : JsonSerializerContext
{
    /// <summary>The library's layers.</summary>
    internal static JsonTypeInfo[] LayerInfos =>
    [
        Default.AveragePool2D, Default.BatchNorm, Default.Branches, Default.Chain, Default.Conv1D, Default.Conv2D, Default.ConvTranspose2D,
        Default.Dense, Default.Dropout, Default.Dropout2D, Default.ELU, Default.Embedding, Default.Flatten, Default.Frozen, Default.GELU,
        Default.GlobalAveragePool2D, Default.GroupNorm, Default.HardSigmoid, Default.Identity, Default.LayerNorm, Default.LeakyReLU,
        Default.LogSoftmax, Default.MaxPool2D, Default.Normalize, Default.PReLU, Default.ReLU, Default.Reshape, Default.Residual, Default.RmsNorm,
        Default.Sigmoid, Default.SiLU, Default.Softmax, Default.Softplus, Default.SqueezeExcite, Default.Tanh, Default.Tied, Default.Upsample2D,
    ];

    /// <summary>The library's initializers.</summary>
    internal static JsonTypeInfo[] InitializerInfos =>
    [
        Default.Constant, Default.GlorotNormal, Default.GlorotUniform, Default.HeNormal, Default.HeUniform, Default.LeCunNormal, Default.LeCunUniform,
        Default.Normal, Default.Orthogonal, Default.Uniform, Default.Zeros,
    ];

    /// <summary>What has a JSON of its own: shapes as lists of sizes, layers as lists, choices by their names.</summary>
    internal static JsonConverter[] Converters => [new ShapeConverter(), new LayersConverter(), new PaddingConverter(), new JsonStringEnumConverter<GeluApproximation>(namingPolicy: null, allowIntegerValues: false)];
}
