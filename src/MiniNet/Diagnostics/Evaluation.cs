using System.Numerics;

namespace MiniNet;

/// <summary>What a model put out for a dataset, and the measures that follow.</summary>
public sealed class Evaluation<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly T[] outputs, targets;
    private readonly Shape outputShape;
    private readonly int decision;                        // how many outputs decide together between classes
    private readonly Dataset<T> dataset;

    internal Evaluation(double loss, T[] outputs, T[] targets, Shape outputShape, int decision, Dataset<T> dataset) =>
        (Loss, this.outputs, this.targets, this.outputShape, this.decision, this.dataset) = (loss, outputs, targets, outputShape, decision, dataset);

    /// <summary>The mean loss of the samples.</summary>
    public double Loss { get; }

    /// <summary>[samples, output]</summary>
    public ReadOnlySpan<T> Outputs => outputs;

    /// <summary>[samples, target]</summary>
    public ReadOnlySpan<T> Targets => targets;

    /// <summary>
    /// The share of rows with the right class, from 0 to 1: the largest output against the largest target or the class index; a single output against ½.
    /// </summary>
    public double Accuracy
    {
        get
        {
            long right = Classes.CountRight<T>(outputs, targets, decision, out int rows);
            return (double)right / rows;
        }
    }

    /// <summary>The share of rows whose right class is among the k largest outputs, from 0 to 1. Of equal outputs the earlier counts as larger.</summary>
    /// <exception cref="ArgumentOutOfRangeException">k is less than 1 or more than the classes.</exception>
    public double TopAccuracy(int k)
    {
        int classes = decision, rows = outputs.Length / classes, right = 0;
        if (k < 1 || k > classes)
            throw new ArgumentOutOfRangeException(nameof(k), k, $"k lies between 1 and the number of classes, {classes}, got {k}.");
        if (classes == 1)
            return Accuracy;                                               // a yes or no, whose two classes share one output
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<T> y = outputs.AsSpan(row * classes, classes);
            int target = Classes.Target<T>(targets, row, rows, classes), before = 0;
            for (int j = 0; j < classes; j++)
                before += y[j] > y[target] || (y[j] == y[target] && j < target) ? 1 : 0;
            right += before < k ? 1 : 0;
        }
        return (double)right / rows;
    }

    /// <summary>How often each class was taken for each, with precision, recall and F1.</summary>
    public ConfusionMatrix Confusion()
    {
        int classes = Math.Max(2, decision), rows = outputs.Length / decision;
        int[,] counts = new int[classes, classes];
        for (int row = 0; row < rows; row++)
            counts[Classes.Target<T>(targets, row, rows, decision), Classes.Of<T>(outputs, row, decision)]++;
        return new(counts, dataset.ClassNames);
    }

    /// <summary>
    /// R², the share of the targets' variance that the outputs explain: 1 − Σ (t − y)² / Σ (t − mean t)² for each output, and the mean over outputs.
    /// 1 is perfect, 0 as good as the mean; a constant target counts 1 if met exactly, else 0.
    /// </summary>
    /// <exception cref="InvalidOperationException">The targets are class indices.</exception>
    public double RSquared
    {
        get
        {
            CheckRegression();
            int n = outputShape.Length, samples = outputs.Length / n;
            double sum = 0;
            for (int j = 0; j < n; j++)
            {
                double mean = 0, residual = 0, total = 0;
                for (int i = j; i < targets.Length; i += n)
                    mean += double.CreateChecked(targets[i]) / samples;
                for (int i = j; i < targets.Length; i += n)
                {
                    double t = double.CreateChecked(targets[i]);
                    residual += Math.Pow(t - double.CreateChecked(outputs[i]), 2);
                    total += Math.Pow(t - mean, 2);
                }
                sum += total > 0 ? 1 - (residual / total) : residual == 0 ? 1 : 0;
            }
            return sum / n;
        }
    }

    /// <summary>Σ |y − t| / n over all n elements, in the units of the targets.</summary>
    /// <exception cref="InvalidOperationException">The targets are class indices.</exception>
    public double MeanAbsoluteError
    {
        get
        {
            CheckRegression();
            double sum = 0;
            for (int i = 0; i < outputs.Length; i++)
                sum += Math.Abs(double.CreateChecked(outputs[i]) - double.CreateChecked(targets[i]));
            return sum / outputs.Length;
        }
    }

    /// <summary>The loss and the accuracy.</summary>
    public override string ToString() => $"loss {Text.Number(Loss)}, accuracy {Text.Percent(Accuracy)} of {Text.Count(dataset.Count)} samples";

    private void CheckRegression()
    {
        if (targets.Length != outputs.Length)
            throw new InvalidOperationException("The targets are class indices: there is no distance to an output. Ask for Accuracy or Confusion().");
    }
}
