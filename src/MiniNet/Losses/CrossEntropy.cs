using System.Globalization;
using System.Text;

namespace MiniNet;

/// <summary>−Σⱼ tⱼ·ln pⱼ, the mean over all rows of the batch: how surprised the model is by the right class. The model ends with <see cref="Softmax"/>.</summary>
/// <remarks>
/// The last axis is the classes; a row is one of them. Targets: probabilities (one-hot among them), [batch, …, classes], or class indices, [batch, …].
/// <para>
/// It is differentiated together with the softmax, from the logits z. With p = softmax(z) and ln pⱼ = zⱼ − ln Σₖ e^zₖ:
/// ∂/∂zᵢ of −Σⱼ tⱼ·ln pⱼ = −Σⱼ tⱼ·(δᵢⱼ − pᵢ) = pᵢ·Σⱼ tⱼ − tᵢ, which is p − t where the targets sum to 1. No quotient, no logarithm of a rounded 0:
/// logits of ±1000 are finite.
/// </para>
/// Label smoothing s replaces t by (1 − s)·t + s / classes (Szegedy et al., "Rethinking the Inception architecture for computer vision", 2015).
/// With a sample's weight w, its rows are multiplied by w; the mean still divides by the number of rows.
/// </remarks>
public sealed record CrossEntropy : Loss
{
    /// <summary>A cross-entropy.</summary>
    /// <param name="smoothing">The share of every target that is spread evenly over the classes: at least 0, less than 1.</param>
    /// <exception cref="ArgumentOutOfRangeException">smoothing is no such number.</exception>
    public CrossEntropy(double smoothing = 0) => Smoothing = Guard.BelowOne(smoothing);

    /// <summary>The share of every target that is spread evenly over the classes.</summary>
    public double Smoothing { get; }

    /// <inheritdoc/>
    public override bool Fuses(Layer last) => last is Softmax;

    /// <inheritdoc/>
    public override string Needs() => "Softmax()";

    /// <inheritdoc/>
    public override bool TakesClassIndices() => true;

    /// <inheritdoc/>
    public override int OutputsPerDecision(Shape outputs) => outputs.Last;

    /// <inheritdoc/>
    public override T Evaluate<T>(in LossPass<T> pass)
    {
        int classes = pass.Shape.Last, rows = pass.Output.Length / classes, rowsPerSample = rows / pass.Batch;
        bool isIndex = IsIndex(pass.Target.Length, pass.Output.Length, classes);
        T n = T.CreateChecked(rows), even = T.CreateChecked(Smoothing / classes), sharp = T.CreateChecked(1 - Smoothing), sum = T.Zero;
        CheckTargets(pass.Target, pass.Shape, pass.Batch);
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<T> z = pass.Output.Slice(row * classes, classes);
            Span<T> gradient = pass.Gradient.IsEmpty ? default : pass.Gradient.Slice(row * classes, classes);
            T logSum = gradient.IsEmpty ? Softmax.LogSum(z) : Softmax.Row(z, gradient);         // the gradient now holds p
            T weight = pass.Weight(row / rowsPerSample), scale = weight / n, loss = T.Zero, total = T.Zero;
            for (int j = 0; j < classes; j++)
            {
                T given = isIndex ? (T.CreateChecked(j) == pass.Target[row] ? T.One : T.Zero) : pass.Target[(row * classes) + j];
                total += given;
            }
            for (int j = 0; j < classes; j++)
            {
                T given = isIndex ? (T.CreateChecked(j) == pass.Target[row] ? T.One : T.Zero) : pass.Target[(row * classes) + j];
                T t = (sharp * given) + (even * total);
                if (t != T.Zero)
                    loss += t * (logSum - z[j]);
                if (!gradient.IsEmpty)
                    gradient[j] = scale * ((gradient[j] * total) - t);
            }
            sum += weight * loss;
        }
        return sum / n;
    }

    /// <inheritdoc/>
    public override void CheckTargets<T>(ReadOnlySpan<T> targets, Shape outputs, int samples)
    {
        int classes = IsIndex(targets.Length, samples * outputs.Length, outputs.Last) ? outputs.Last : 0;
        for (int i = 0; i < targets.Length; i++)
        {
            T t = targets[i];
            if (classes == 0 ? !(t >= T.Zero) : !(T.IsInteger(t) && t >= T.Zero && t < T.CreateChecked(classes)))
            {
                throw new ArgumentException(
                    $"targets[{i}] is {t.ToString(null, CultureInfo.InvariantCulture)}: CrossEntropy takes " + (classes == 0 ? "probabilities, 0 or more." : $"class indices, whole numbers from 0 to {classes - 1}. Count classes from 0, and give the last layer a unit for each."), nameof(targets));
            }
        }
    }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Argument("smoothing", Smoothing, unless: 0);
        return true;
    }

    private static bool IsIndex(int targets, int outputs, int classes) => classes > 1 && targets == outputs / classes;
}
