using System.Text;

namespace MiniNet;

/// <summary>The mean over all n elements of ½·d² where |d| ≤ δ, else δ·(|d| − ½·δ), with d = y − t: squares near the target, absolute values far from it.</summary>
/// <remarks>Gradient: d / n, cut off at ±δ / n. Goes with any last layer. With a sample's weight w, its terms are multiplied by w; the mean still divides by n. Huber, "Robust estimation of a location parameter", 1964.</remarks>
public sealed record Huber : Loss
{
    /// <summary>A Huber loss.</summary>
    /// <param name="delta">Where squares end and absolute values begin.</param>
    /// <exception cref="ArgumentOutOfRangeException">delta is not a finite number above 0.</exception>
    public Huber(double delta = 1) => Delta = Guard.Positive(delta);

    /// <summary>Where squares end and absolute values begin.</summary>
    public double Delta { get; }

    /// <inheritdoc/>
    public override T Evaluate<T>(in LossPass<T> pass)
    {
        int length = pass.Shape.Length;
        T n = T.CreateChecked(pass.Output.Length), sum = T.Zero, half = T.CreateChecked(0.5), delta = T.CreateChecked(Delta);
        for (int sample = 0; sample < pass.Batch; sample++)
        {
            T weight = pass.Weight(sample), scale = weight / n, part = T.Zero;
            for (int i = sample * length; i < (sample + 1) * length; i++)
            {
                T d = pass.Output[i] - pass.Target[i];
                T size = T.Abs(d);
                part += size > delta ? delta * (size - (half * delta)) : half * d * d;
                if (!pass.Gradient.IsEmpty)
                    pass.Gradient[i] = (d > delta ? delta : d < -delta ? -delta : d) * scale;
            }
            sum += weight * part;
        }
        return sum / n;
    }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        if (Delta != 1)
            builder.Argument(Delta);
        return true;
    }
}
