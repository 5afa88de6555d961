using System.Numerics;

namespace MiniNet;

/// <summary>Takes the measures of every layer while a pass runs.</summary>
internal sealed class InspectionProbe<T>(Plan root) : Probe<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly List<LayerInspection> layers = [];
    private readonly Dictionary<Plan, LayerInspection> byPlan = [];

    internal IReadOnlyList<LayerInspection> Layers => layers;

    internal override void AfterForward(in Pass<T> pass)
    {
        if (pass.Plan == root)
            return;
        ReadOnlySpan<T> y = pass.Output;
        int units = y.Length / pass.Batch, dead = 0;
        double sum = 0, squares = 0;
        foreach (T value in y)
            sum += double.CreateChecked(value);
        double mean = sum / y.Length;
        foreach (T value in y)
            squares += Math.Pow(double.CreateChecked(value) - mean, 2);
        for (int unit = 0; unit < units; unit++)
        {
            bool isDead = true;
            for (int i = unit; i < y.Length; i += units)
                isDead &= y[i] == T.Zero;
            dead += isDead ? 1 : 0;
        }
        LayerInspection layer = new()
        {
            Path = pass.Plan.Path,
            Layer = pass.Plan.Layer.ToString(),
            OutputMean = mean,
            OutputDeviation = Math.Sqrt(squares / y.Length),
            DeadUnits = (double)dead / units,
        };
        layers.Add(layer);
        byPlan[pass.Plan] = layer;
    }

    internal override void BeforeBackward(in Pass<T> pass)
    {
        if (byPlan.TryGetValue(pass.Plan, out LayerInspection? layer))
            layer.OutputGradientNorm = Norm(pass.OutputGradient, 0);
    }

    internal override void AfterBackward(in Pass<T> pass)
    {
        if (!byPlan.TryGetValue(pass.Plan, out LayerInspection? layer) || pass.Plan.Parameters.Length == 0)
            return;
        double parameters = 0, gradients = 0;
        for (int i = 0; i < pass.Plan.Parameters.Length; i++)
        {
            parameters = Norm(pass.Parameter(i), parameters);
            gradients = Norm(pass.ParameterGradient(i), gradients);
        }
        (layer.ParameterNorm, layer.ParameterGradientNorm) = (parameters, gradients);
    }

    /// <summary>The length of a vector that is put behind another of a known length.</summary>
    private static double Norm(ReadOnlySpan<T> values, double before)
    {
        double sum = before * before;
        foreach (T value in values)
            sum += double.CreateChecked(value) * double.CreateChecked(value);
        return Math.Sqrt(sum);
    }
}
