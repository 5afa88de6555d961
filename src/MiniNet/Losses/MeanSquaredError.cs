namespace MiniNet;

/// <summary>Σ (y − t)² / n, the mean over all n elements of the batch.</summary>
/// <remarks>Gradient: 2·(y − t) / n. Goes with any last layer. With a sample's weight w, its terms are multiplied by w; the mean still divides by n.</remarks>
public sealed record MeanSquaredError : Loss
{
    /// <inheritdoc/>
    public override T Evaluate<T>(in LossPass<T> pass)
    {
        int length = pass.Shape.Length;
        T n = T.CreateChecked(pass.Output.Length), sum = T.Zero;
        for (int sample = 0; sample < pass.Batch; sample++)
        {
            T weight = pass.Weight(sample), scale = weight / n, part = T.Zero;
            for (int i = sample * length; i < (sample + 1) * length; i++)
            {
                T d = pass.Output[i] - pass.Target[i];
                part += d * d;
                if (!pass.Gradient.IsEmpty)
                    pass.Gradient[i] = (d + d) * scale;
            }
            sum += weight * part;
        }
        return sum / n;
    }
}
