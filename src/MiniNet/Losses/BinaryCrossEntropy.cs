using System.Globalization;

namespace MiniNet;

/// <summary>−t·ln p − (1 − t)·ln(1 − p), the mean over all n elements of the batch: each output a yes or no of its own. The model ends with <see cref="Sigmoid"/>.</summary>
/// <remarks>
/// Targets from 0 to 1. It is differentiated together with the sigmoid, from the logit z: with p = 1 / (1 + e⁻ᶻ), ln p = z − ln(1 + eᶻ), so the loss is
/// ln(1 + eᶻ) − t·z = max(z, 0) − t·z + ln(1 + e^−|z|), and its derivative is p − t: logits of ±1000 are finite. Gradient: (p − t) / n.
/// With a sample's weight w, its terms are multiplied by w; the mean still divides by n.
/// </remarks>
public sealed record BinaryCrossEntropy : Loss
{
    /// <inheritdoc/>
    public override bool Fuses(Layer last) => last is Sigmoid;

    /// <inheritdoc/>
    public override string Needs() => "Sigmoid()";

    /// <inheritdoc/>
    public override int OutputsPerDecision(Shape outputs) => 1;

    /// <inheritdoc/>
    public override void CheckTargets<T>(ReadOnlySpan<T> targets, Shape outputs, int samples)
    {
        for (int i = 0; i < targets.Length; i++)
        {
            if (!(targets[i] >= T.Zero && targets[i] <= T.One))
                throw new ArgumentException($"targets[{i}] is {targets[i].ToString(null, CultureInfo.InvariantCulture)}: BinaryCrossEntropy takes probabilities from 0 to 1: write 0 for no and 1 for yes.", nameof(targets));
        }
    }

    /// <inheritdoc/>
    public override T Evaluate<T>(in LossPass<T> pass)
    {
        CheckTargets(pass.Target, pass.Shape, pass.Batch);
        int length = pass.Shape.Length;
        T n = T.CreateChecked(pass.Output.Length), sum = T.Zero;
        for (int sample = 0; sample < pass.Batch; sample++)
        {
            T weight = pass.Weight(sample), scale = weight / n, part = T.Zero;
            for (int i = sample * length; i < (sample + 1) * length; i++)
            {
                T z = pass.Output[i], t = pass.Target[i], e = T.Exp(-T.Abs(z));
                part += T.Max(z, T.Zero) - (t * z) + T.LogP1(e);
                if (!pass.Gradient.IsEmpty)
                    pass.Gradient[i] = (((z < T.Zero ? e : T.One) / (T.One + e)) - t) * scale;
            }
            sum += weight * part;
        }
        return sum / n;
    }
}
