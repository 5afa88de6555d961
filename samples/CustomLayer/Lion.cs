using MiniNet;

namespace CustomLayerSample;

/// <summary>An optimizer of one's own: every weight moves by the same step, and only the sign of a smoothed gradient says which way.</summary>
/// <remarks>
/// w ← w − η·sign(β₁·m + (1 − β₁)·g), then m ← β₂·m + (1 − β₂)·g. Chen et al., "Symbolic discovery of optimization algorithms", 2023.
/// </remarks>
/// <param name="LearningRate">η: a number, or a schedule.</param>
/// <param name="Beta1">The share of the past in the step.</param>
/// <param name="Beta2">The share of the past that is kept.</param>
internal sealed record Lion(Schedule LearningRate, double Beta1 = 0.9, double Beta2 = 0.99) : Optimizer
{
    /// <summary>One vector to remember: m.</summary>
    public override int Slots() => 1;

    public override void Update<T>(in Update<T> update)
    {
        T rate = T.CreateChecked(LearningRate.At(update.Step - 1)), beta1 = T.CreateChecked(Beta1), beta2 = T.CreateChecked(Beta2);
        foreach (ParameterRun run in update.Runs)
        {
            Span<T> w = update.Parameters.Slice(run.Start, run.Length), g = update.Gradients.Slice(run.Start, run.Length), m = update.Slot(0).Slice(run.Start, run.Length);
            for (int i = 0; i < w.Length; i++)
            {
                T direction = (beta1 * m[i]) + ((T.One - beta1) * g[i]);
                w[i] -= rate * T.CreateChecked(T.Sign(direction));
                m[i] = (beta2 * m[i]) + ((T.One - beta2) * g[i]);
            }
        }
    }
}
