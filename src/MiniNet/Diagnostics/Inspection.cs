namespace MiniNet;

/// <summary>What one batch looks like inside a model, layer by layer: see <see cref="Trainer{T}.Inspect"/>.</summary>
public sealed class Inspection
{
    internal Inspection(double loss, IReadOnlyList<LayerInspection> layers) => (Loss, Layers) = (loss, layers);

    /// <summary>The mean loss of the batch.</summary>
    public double Loss { get; }

    /// <summary>The layers in the order in which they ran, those inside composites included.</summary>
    public IReadOnlyList<LayerInspection> Layers { get; }

    /// <summary>A table.</summary>
    public override string ToString()
    {
        List<string[]> rows = [["layer", "", "output mean", "deviation", "dead units", "|dy|", "|weights|", "|gradient|"]];
        foreach (LayerInspection layer in Layers)
        {
            rows.Add([layer.Path, layer.Layer, Text.Number(layer.OutputMean), Text.Number(layer.OutputDeviation), Text.Percent(layer.DeadUnits),
                Optional(layer.OutputGradientNorm), Optional(layer.ParameterNorm), Optional(layer.ParameterGradientNorm)]);
        }
        return Text.Table(rows, rightAligned: 2) + $"loss {Text.Number(Loss)}";
    }

    private static string Optional(double? value) => value is { } number ? Text.Number(number) : "";
}
