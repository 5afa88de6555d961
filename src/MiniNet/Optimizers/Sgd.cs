using System.Numerics;
using System.Runtime.CompilerServices;
using System.Text;

namespace MiniNet;

/// <summary>Stochastic gradient descent: w ← w − η·g, with momentum if asked for.</summary>
/// <remarks>
/// With weight decay λ (not for biases): g ← g + λ·w. With momentum µ: v ← µ·v + g, w ← w − η·v; Nesterov's form: w ← w − η·(g + µ·v).
/// As PyTorch's. Robbins and Monro, "A stochastic approximation method", 1951; Sutskever et al., "On the importance of initialization and momentum", 2013.
/// </remarks>
public sealed record Sgd : Optimizer
{
    /// <summary>Gradient descent.</summary>
    /// <param name="learningRate">The rate η: a number, or a <see cref="Schedule"/>.</param>
    /// <param name="momentum">The share µ of the last step that is kept: at least 0, less than 1.</param>
    /// <param name="nesterov">Whether to look ahead along the momentum.</param>
    /// <param name="weightDecay">λ, 0 or more.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    /// <exception cref="ArgumentException">nesterov without momentum.</exception>
    public Sgd(Schedule learningRate, double momentum = 0, bool nesterov = false, double weightDecay = 0)
    {
        (LearningRate, Momentum, Nesterov, WeightDecay) = (Guard.NotNull(learningRate), Guard.BelowOne(momentum), nesterov, Guard.NotNegative(weightDecay));
        if (nesterov && momentum == 0)
            throw new ArgumentException("nesterov looks ahead along the momentum: give a momentum above 0, such as 0.9.", nameof(nesterov));
    }

    /// <summary>The rate η.</summary>
    public Schedule LearningRate { get; }

    /// <summary>The share of the last step that is kept.</summary>
    public double Momentum { get; }

    /// <summary>Whether to look ahead along the momentum.</summary>
    public bool Nesterov { get; }

    /// <summary>How strongly weights are pulled to 0.</summary>
    public double WeightDecay { get; }

    /// <inheritdoc/>
    public override int Slots() => Momentum == 0 ? 0 : 1;

    /// <inheritdoc/>
    public override void Update<T>(in Update<T> update)
    {
        T descent = -T.CreateChecked(LearningRate.At(update.Step - 1));
        if (Momentum == 0)
        {
            Rule<T> plain = new() { Descent = descent };
            UpdateKernel.Run(update, ref plain, WeightDecay);
            return;
        }
        MomentumRule<T> rule = new() { Descent = descent, Momentum = T.CreateChecked(Momentum), Nesterov = Nesterov };
        UpdateKernel.Run(update, ref rule, WeightDecay);
    }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Argument(LearningRate).Argument("momentum", Momentum, unless: 0).Argument("nesterov", Nesterov, unless: false).Argument("weightDecay", WeightDecay, unless: 0);
        return true;
    }

    private struct Rule<T> : IUpdateRule<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public T Descent;

        public readonly int SlotCount => 0;

        public T Decay { get; set; }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Invoke<TSimd, TVector>(ref TVector w, TVector g, ref TVector slot0, ref TVector slot1, ref TVector slot2) where TSimd : struct, ISimd<TVector, T> =>
            w = TSimd.MultiplyAdd(TSimd.Create(Descent), TSimd.MultiplyAdd(TSimd.Create(Decay), w, g), w);
    }

    private struct MomentumRule<T> : IUpdateRule<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public T Descent, Momentum;
        public bool Nesterov;

        public readonly int SlotCount => 1;

        public T Decay { get; set; }

        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public readonly void Invoke<TSimd, TVector>(ref TVector w, TVector g, ref TVector slot0, ref TVector slot1, ref TVector slot2) where TSimd : struct, ISimd<TVector, T>
        {
            g = TSimd.MultiplyAdd(TSimd.Create(Decay), w, g);
            TVector momentum = TSimd.Create(Momentum);
            slot0 = TSimd.MultiplyAdd(momentum, slot0, g);
            w = TSimd.MultiplyAdd(TSimd.Create(Descent), Nesterov ? TSimd.MultiplyAdd(momentum, slot0, g) : slot0, w);
        }
    }
}
