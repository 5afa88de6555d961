using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace MiniNet;

/// <summary>Each parameter's step is its gradient over the root of its mean squared gradient.</summary>
/// <remarks>
/// v ← β₂·v + (1 − β₂)·g²; w ← w − η·g / (√v + ε). Centred: the mean m ← β₂·m + (1 − β₂)·g is taken out of the square, √(v − m²).
/// With momentum µ: b ← µ·b + g / (√v + ε), w ← w − η·b. Weight decay λ (not for biases): g ← g + λ·w.
/// As PyTorch's, which calls β₂ alpha. Tieleman and Hinton, lecture 6.5 of "Neural networks for machine learning", 2012.
/// </remarks>
public sealed record RmsProp : Optimizer
{
    private const double DefaultRate = 0.01, DefaultBeta2 = 0.99, DefaultEpsilon = 1e-8;

    /// <summary>RMSprop.</summary>
    /// <param name="learningRate">The rate η: a number, or a <see cref="Schedule"/>; 0.01 if not given.</param>
    /// <param name="beta2">How much of the mean of squares is kept: at least 0, less than 1.</param>
    /// <param name="momentum">The share µ of the last step that is kept: at least 0, less than 1.</param>
    /// <param name="centered">Whether to divide by the root of the variance instead of the mean square.</param>
    /// <param name="epsilon">ε, above 0: added to the root, outside of it.</param>
    /// <param name="weightDecay">λ, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public RmsProp(Schedule? learningRate = null, double beta2 = DefaultBeta2, double momentum = 0, bool centered = false, double epsilon = DefaultEpsilon, double weightDecay = 0)
    {
        (LearningRate, Beta2, Momentum, Centered) = (learningRate ?? DefaultRate, Guard.BelowOne(beta2), Guard.BelowOne(momentum), centered);
        (Epsilon, WeightDecay) = (Guard.Positive(epsilon), Guard.NotNegative(weightDecay));
    }

    /// <summary>The rate η.</summary>
    public Schedule LearningRate { get; }

    /// <summary>How much of the mean of squares is kept.</summary>
    public double Beta2 { get; }

    /// <summary>The share of the last step that is kept.</summary>
    public double Momentum { get; }

    /// <summary>Whether to divide by the root of the variance.</summary>
    public bool Centered { get; }

    /// <summary>What is added to the root.</summary>
    public double Epsilon { get; }

    /// <summary>How strongly weights are pulled to 0.</summary>
    public double WeightDecay { get; }

    /// <inheritdoc/>
    public override int Slots() => Centered ? 3 : Momentum != 0 ? 2 : 1;

    /// <inheritdoc/>
    public override void Update<T>(in Update<T> update)
    {
        Rule<T> rule = new()
        {
            Rate = T.CreateChecked(LearningRate.At(update.Step - 1)),
            Beta2 = T.CreateChecked(Beta2),
            Rest2 = T.CreateChecked(1 - Beta2),
            Epsilon = T.Max(T.CreateChecked(Epsilon), T.Epsilon),
            Momentum = T.CreateChecked(Momentum),
            Centered = Centered,
            SlotCount = Slots(),
        };
        UpdateKernel.Run(update, ref rule, WeightDecay);
    }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Argument(LearningRate).Argument("beta2", Beta2, unless: DefaultBeta2).Argument("momentum", Momentum, unless: 0).Argument("centered", Centered, unless: false).Argument("epsilon", Epsilon, unless: DefaultEpsilon).Argument("weightDecay", WeightDecay, unless: 0);
        return true;
    }

    private struct Rule<T> : IUpdateRule<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public T Rate, Beta2, Rest2, Epsilon, Momentum;
        public bool Centered;

        public int SlotCount { get; init; }

        public T Decay { get; set; }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Invoke<TSimd, TVector>(ref TVector w, TVector g, ref TVector slot0, ref TVector slot1, ref TVector slot2) where TSimd : struct, ISimd<TVector, T>
        {
            TVector beta2 = TSimd.Create(Beta2), rest2 = TSimd.Create(Rest2);
            g = TSimd.MultiplyAdd(TSimd.Create(Decay), w, g);
            slot0 = TSimd.MultiplyAdd(beta2, slot0, TSimd.Multiply(rest2, TSimd.Multiply(g, g)));
            TVector variance = slot0;
            if (Centered)
            {
                slot2 = TSimd.MultiplyAdd(beta2, slot2, TSimd.Multiply(rest2, g));
                variance = TSimd.Subtract(slot0, TSimd.Multiply(slot2, slot2));
                variance = TSimd.IfGreater(TSimd.Create(T.Zero), variance, TSimd.Create(T.Zero), variance);       // rounding may leave it below 0
            }
            TVector step = TSimd.Divide(g, TSimd.Add(TSimd.Sqrt(variance), TSimd.Create(Epsilon)));
            if (SlotCount > 1)
            {
                slot1 = TSimd.MultiplyAdd(TSimd.Create(Momentum), slot1, step);
                step = slot1;
            }
            w = TSimd.MultiplyAdd(TSimd.Create(-Rate), step, w);
        }
    }
}
