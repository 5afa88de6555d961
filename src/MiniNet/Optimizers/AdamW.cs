using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace MiniNet;

/// <summary>Adam with weight decay apart from the gradient: w ← w − η·λ·w, then Adam's step.</summary>
/// <remarks>
/// m ← β₁·m + (1 − β₁)·g, v ← β₂·v + (1 − β₂)·g², both corrected for their start at zero: m̂ = m / (1 − β₁ᵗ), v̂ = v / (1 − β₂ᵗ);
/// w ← (1 − η·λ)·w − η·m̂ / (√v̂ + ε); biases do not decay.
/// As PyTorch's. Loshchilov and Hutter, "Decoupled weight decay regularization", 2017.
/// </remarks>
public sealed record AdamW : Optimizer
{
    private const double DefaultRate = 1e-3, DefaultBeta1 = 0.9, DefaultBeta2 = 0.999, DefaultEpsilon = 1e-8, DefaultDecay = 0.01;

    /// <summary>AdamW.</summary>
    /// <param name="learningRate">The rate η: a number, or a <see cref="Schedule"/>; 0.001 if not given.</param>
    /// <param name="beta1">How much of the mean of gradients is kept: at least 0, less than 1.</param>
    /// <param name="beta2">How much of the mean of squares is kept: at least 0, less than 1.</param>
    /// <param name="epsilon">ε, above 0: added to the root, outside of it.</param>
    /// <param name="weightDecay">λ, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public AdamW(Schedule? learningRate = null, double beta1 = DefaultBeta1, double beta2 = DefaultBeta2, double epsilon = DefaultEpsilon, double weightDecay = DefaultDecay)
    {
        LearningRate = learningRate ?? DefaultRate;
        (Beta1, Beta2, Epsilon, WeightDecay) = (Guard.BelowOne(beta1), Guard.BelowOne(beta2), Guard.Positive(epsilon), Guard.NotNegative(weightDecay));
    }

    /// <summary>The rate η.</summary>
    public Schedule LearningRate { get; }

    /// <summary>How much of the mean of gradients is kept.</summary>
    public double Beta1 { get; }

    /// <summary>How much of the mean of squares is kept.</summary>
    public double Beta2 { get; }

    /// <summary>What is added to the root.</summary>
    public double Epsilon { get; }

    /// <summary>How strongly weights are pulled to 0.</summary>
    public double WeightDecay { get; }

    /// <inheritdoc/>
    public override int Slots() => 2;

    /// <inheritdoc/>
    public override void Update<T>(in Update<T> update)
    {
        double rate = LearningRate.At(update.Step - 1), correction1 = BiasCorrection.At(Beta1, update.Step), correction2 = BiasCorrection.At(Beta2, update.Step);
        Rule<T> rule = new()
        {
            Beta1 = T.CreateChecked(Beta1),
            Rest1 = T.CreateChecked(1 - Beta1),
            Beta2 = T.CreateChecked(Beta2),
            Rest2 = T.CreateChecked(1 - Beta2),
            Rate = T.CreateChecked(rate / correction1),
            Root = T.CreateChecked(1 / Math.Sqrt(correction2)),
            Epsilon = T.Max(T.CreateChecked(Epsilon), T.Epsilon),
        };
        UpdateKernel.Run(update, ref rule, rate * WeightDecay);
    }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Argument(LearningRate).Argument("beta1", Beta1, unless: DefaultBeta1).Argument("beta2", Beta2, unless: DefaultBeta2).Argument("epsilon", Epsilon, unless: DefaultEpsilon).Argument("weightDecay", WeightDecay, unless: DefaultDecay);
        return true;
    }

    private struct Rule<T> : IUpdateRule<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public T Beta1, Rest1, Beta2, Rest2, Rate, Root, Epsilon;

        public readonly int SlotCount => 2;

        public T Decay { get; set; }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Invoke<TSimd, TVector>(ref TVector w, TVector g, ref TVector slot0, ref TVector slot1, ref TVector slot2) where TSimd : struct, ISimd<TVector, T>
        {
            w = TSimd.MultiplyAdd(TSimd.Create(-Decay), w, w);
            slot0 = TSimd.MultiplyAdd(TSimd.Create(Beta1), slot0, TSimd.Multiply(TSimd.Create(Rest1), g));
            slot1 = TSimd.MultiplyAdd(TSimd.Create(Beta2), slot1, TSimd.Multiply(TSimd.Create(Rest2), TSimd.Multiply(g, g)));
            TVector root = TSimd.MultiplyAdd(TSimd.Sqrt(slot1), TSimd.Create(Root), TSimd.Create(Epsilon));
            w = TSimd.MultiplyAdd(TSimd.Create(-Rate), TSimd.Divide(slot0, root), w);
        }
    }
}
