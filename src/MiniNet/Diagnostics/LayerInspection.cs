namespace MiniNet;

/// <summary>What one batch looks like in one layer.</summary>
public sealed record LayerInspection
{
    internal LayerInspection()
    {
    }

    /// <summary>Where the layer stands: <c>3</c>, <c>3.0</c> inside a composite.</summary>
    public required string Path { get; init; }

    /// <summary>The layer as code.</summary>
    public required string Layer { get; init; }

    /// <summary>The mean of all elements of its output.</summary>
    public required double OutputMean { get; init; }

    /// <summary>Their standard deviation.</summary>
    public required double OutputDeviation { get; init; }

    /// <summary>The share of outputs that are 0 for every sample of the batch, from 0 to 1: a rectifier's dead units.</summary>
    public required double DeadUnits { get; init; }

    /// <summary>‖∂loss/∂output‖; null where nobody needs it.</summary>
    public double? OutputGradientNorm { get; internal set; }

    /// <summary>‖parameters‖; null where it has none.</summary>
    public double? ParameterNorm { get; internal set; }

    /// <summary>‖∂loss/∂parameters‖; null where it has none.</summary>
    public double? ParameterGradientNorm { get; internal set; }
}
