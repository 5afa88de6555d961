using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace MiniNet;

/// <summary>Each parameter's step is its gradient over the root of the sum of its squared gradients so far.</summary>
/// <remarks>
/// s ← s + g²; w ← w − η·g / (√s + ε). Weight decay λ (not for biases): g ← g + λ·w.
/// As PyTorch's. Duchi, Hazan and Singer, "Adaptive subgradient methods for online learning and stochastic optimization", 2011.
/// </remarks>
public sealed record AdaGrad : Optimizer
{
    private const double DefaultRate = 0.01, DefaultEpsilon = 1e-10;

    /// <summary>AdaGrad.</summary>
    /// <param name="learningRate">The rate η: a number, or a <see cref="Schedule"/>; 0.01 if not given.</param>
    /// <param name="epsilon">ε, above 0: added to the root, outside of it.</param>
    /// <param name="weightDecay">λ, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public AdaGrad(Schedule? learningRate = null, double epsilon = DefaultEpsilon, double weightDecay = 0) =>
        (LearningRate, Epsilon, WeightDecay) = (learningRate ?? DefaultRate, Guard.Positive(epsilon), Guard.NotNegative(weightDecay));

    /// <summary>The rate η.</summary>
    public Schedule LearningRate { get; }

    /// <summary>What is added to the root.</summary>
    public double Epsilon { get; }

    /// <summary>How strongly weights are pulled to 0.</summary>
    public double WeightDecay { get; }

    /// <inheritdoc/>
    public override int Slots() => 1;

    /// <inheritdoc/>
    public override void Update<T>(in Update<T> update)
    {
        Rule<T> rule = new() { Rate = T.CreateChecked(LearningRate.At(update.Step - 1)), Epsilon = T.Max(T.CreateChecked(Epsilon), T.Epsilon) };
        UpdateKernel.Run(update, ref rule, WeightDecay);
    }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Argument(LearningRate).Argument("epsilon", Epsilon, unless: DefaultEpsilon).Argument("weightDecay", WeightDecay, unless: 0);
        return true;
    }

    private struct Rule<T> : IUpdateRule<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public T Rate, Epsilon;

        public readonly int SlotCount => 1;

        public T Decay { get; set; }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Invoke<TSimd, TVector>(ref TVector w, TVector g, ref TVector slot0, ref TVector slot1, ref TVector slot2) where TSimd : struct, ISimd<TVector, T>
        {
            g = TSimd.MultiplyAdd(TSimd.Create(Decay), w, g);
            slot0 = TSimd.MultiplyAdd(g, g, slot0);
            TVector step = TSimd.Divide(g, TSimd.Add(TSimd.Sqrt(slot0), TSimd.Create(Epsilon)));
            w = TSimd.MultiplyAdd(TSimd.Create(-Rate), step, w);
        }
    }
}
