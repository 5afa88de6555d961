using MiniNet;

namespace CustomLayerSample;

/// <summary>A loss of one's own: the mean of ln cosh(y − t) over all n elements; a square near the target, an absolute value far from it, without a kink.</summary>
/// <remarks>With d = y − t: ln cosh d = |d| + ln(1 + e⁻²ᵈ) − ln 2 with |d| in the exponent, which cannot overflow. Gradient: tanh(d) / n.</remarks>
internal sealed record LogCosh : Loss
{
    public override T Evaluate<T>(in LossPass<T> pass)
    {
        T n = T.CreateChecked(pass.Output.Length), ln2 = T.Log(T.One + T.One), sum = T.Zero;
        for (int i = 0; i < pass.Output.Length; i++)
        {
            T d = pass.Output[i] - pass.Target[i], size = T.Abs(d), weight = pass.Weight(i / pass.Shape.Length);
            sum += weight * (size + T.LogP1(T.Exp(-size - size)) - ln2);
            if (!pass.Gradient.IsEmpty)
                pass.Gradient[i] = weight * T.Tanh(d) / n;
        }
        return sum / n;
    }
}
