namespace MiniNet;

/// <summary>Σ |y − t| / n, the mean over all n elements of the batch: outliers pull less than with squares.</summary>
/// <remarks>Gradient: sign(y − t) / n, and 0 where y = t. Goes with any last layer. With a sample's weight w, its terms are multiplied by w; the mean still divides by n.</remarks>
public sealed record MeanAbsoluteError : Loss
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
                part += T.Abs(d);
                if (!pass.Gradient.IsEmpty)
                    pass.Gradient[i] = d > T.Zero ? scale : d < T.Zero ? -scale : d * scale;
            }
            sum += weight * part;
        }
        return sum / n;
    }
}
