using System.Numerics;
using System.Numerics.Tensors;
using System.Text;

namespace MiniNet;

/// <summary>
/// Limited-memory BFGS: Newton's method with a Hessian estimated from the last steps. For small problems whose whole data are one batch:
/// regressions, a few hundred parameters, without noise such as dropout.
/// </summary>
/// <remarks>
/// The direction d = −H·g comes from the two-loop recursion over the last pairs s = Δw, y = Δg with sᵀy &gt; 0. The step begins at the learning rate
/// (at the first update at η·min(1, 1 / ‖g‖₁)) and is halved until the loss falls by at least 10⁻⁴·step·|gᵀd| (Armijo).
/// It needs a trainer with a loss, since it evaluates the batch again. Liu and Nocedal, "On the limited memory BFGS method for large scale optimization", 1989.
/// </remarks>
public sealed record Lbfgs : Optimizer
{
    private const int MaximumHalvings = 30;
    private const double SufficientDecrease = 1e-4;
    private const int DefaultHistory = 10;

    /// <summary>L-BFGS.</summary>
    /// <param name="history">How many pairs it remembers: 1 to 100. It takes 2·history + 3 slots.</param>
    /// <param name="learningRate">The first step that a line search tries, above 0: 1 is Newton's.</param>
    /// <exception cref="ArgumentOutOfRangeException">An argument is out of its range.</exception>
    public Lbfgs(int history = DefaultHistory, double learningRate = 1)
    {
        History = history is >= 1 and <= 100 ? history : throw new ArgumentOutOfRangeException(nameof(history), history, $"history must lie between 1 and 100, got {history}.");
        LearningRate = Guard.Positive(learningRate);
    }

    /// <summary>How many pairs it remembers.</summary>
    public int History { get; }

    /// <summary>The first step that a line search tries.</summary>
    public double LearningRate { get; }

    /// <inheritdoc/>
    public override int Slots() => (2 * History) + 3;

    /// <inheritdoc/>
    public override bool Reevaluates() => true;

    /// <inheritdoc/>
    public override void Update<T>(in Update<T> update)
    {
        // Slots: s in 0 … m−1 and y in m … 2m−1, rings by the number of the step; the last gradient; the direction; where the step began.
        int m = History;
        long k = update.Step - 1;
        Span<T> w = update.Parameters, g = update.Gradients;
        Span<T> lastGradient = update.Slot(2 * m), d = update.Slot((2 * m) + 1), start = update.Slot((2 * m) + 2);
        if (k > 0)
            TensorPrimitives.Subtract(g, lastGradient, update.Slot(m + (int)((k - 1) % m)));

        g.CopyTo(d);                                                     // d = H·g; the step is −d
        TwoLoops(update, d, k);
        T slope = TensorPrimitives.Dot<T>(g, d);
        if (!(slope > T.Zero))                                           // no way down: fall back on the gradient
        {
            g.CopyTo(d);
            slope = TensorPrimitives.Dot<T>(g, g);
        }
        w.CopyTo(start);
        g.CopyTo(lastGradient);
        T step = T.CreateChecked(k == 0 ? LearningRate * Math.Min(1, 1 / double.CreateChecked(TensorPrimitives.SumOfMagnitudes<T>(g))) : LearningRate);
        T half = T.CreateChecked(0.5), decrease = T.CreateChecked(SufficientDecrease), loss = update.Loss;
        for (int halving = 0; slope > T.Zero; halving++)
        {
            foreach (ParameterRun run in update.Runs)
            {
                for (int i = run.Start; i < run.Start + run.Length; i++)
                    w[i] = start[i] - (step * d[i]);
            }
            if (update.Reevaluate() <= loss - (decrease * step * slope))
                break;
            if (halving == MaximumHalvings)
            {
                start.CopyTo(w);                                         // rounding leaves nothing to gain: stay
                break;
            }
            step *= half;
        }
        TensorPrimitives.Subtract<T>(w, start, update.Slot((int)(k % m)));
    }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Argument("history", History, unless: DefaultHistory).Argument("learningRate", LearningRate, unless: 1);
        return true;
    }

    /// <summary>d ← H·d, with H built from the remembered pairs, newest first and then back.</summary>
    private void TwoLoops<T>(in Update<T> update, Span<T> d, long k) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int m = History, remembered = (int)Math.Min(k, m);
        Span<T> alpha = stackalloc T[remembered];
        T scale = T.Zero;
        for (int j = 1; j <= remembered; j++)
        {
            int pair = (int)((k - j) % m);
            Span<T> s = update.Slot(pair), y = update.Slot(m + pair);
            T sy = TensorPrimitives.Dot<T>(s, y);
            if (!(sy > T.Zero))
                continue;
            if (scale == T.Zero)
                scale = sy / TensorPrimitives.Dot<T>(y, y);              // the newest curvature, as the first guess of H
            T a = TensorPrimitives.Dot<T>(s, d) / sy;
            alpha[j - 1] = a;
            TensorPrimitives.MultiplyAdd(y, -a, d, d);
        }
        if (scale > T.Zero)
            TensorPrimitives.Multiply(d, scale, d);
        for (int j = remembered; j >= 1; j--)
        {
            int pair = (int)((k - j) % m);
            Span<T> s = update.Slot(pair), y = update.Slot(m + pair);
            T sy = TensorPrimitives.Dot<T>(s, y);
            if (sy > T.Zero)
                TensorPrimitives.MultiplyAdd(s, alpha[j - 1] - (TensorPrimitives.Dot<T>(y, d) / sy), d, d);
        }
    }
}
