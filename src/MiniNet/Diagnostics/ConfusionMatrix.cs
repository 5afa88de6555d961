using System.Globalization;

namespace MiniNet;

/// <summary>How often each class (row) was taken for each (column), with the measures that follow.</summary>
public sealed class ConfusionMatrix
{
    private readonly int[,] counts;
    private readonly IReadOnlyList<string>? names;

    internal ConfusionMatrix(int[,] counts, IReadOnlyList<string>? names) => (this.counts, this.names) = (counts, names);

    /// <summary>How many classes.</summary>
    public int Classes => counts.GetLength(0);

    /// <summary>How many samples of the class <paramref name="actual"/> were taken for <paramref name="predicted"/>.</summary>
    public int this[int actual, int predicted] => counts[actual, predicted];

    /// <summary>The share of all samples that were taken for what they are.</summary>
    public double Accuracy
    {
        get
        {
            int right = 0, all = 0;
            for (int i = 0; i < Classes; i++)
            {
                right += counts[i, i];
                all += RowSum(i);
            }
            return Ratio(right, all);
        }
    }

    /// <summary>The mean of F1 over the classes.</summary>
    public double MacroF1
    {
        get
        {
            double sum = 0;
            for (int i = 0; i < Classes; i++)
                sum += F1(i);
            return sum / Classes;
        }
    }

    /// <summary>Of the samples taken for this class, the share that belong to it; 0 if none was taken for it.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double Precision(int label) => Ratio(counts[Class(label), label], ColumnSum(label));

    /// <summary>Of the samples of this class, the share that were taken for it; 0 if there is none.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double Recall(int label) => Ratio(counts[Class(label), label], RowSum(label));

    /// <summary>2·precision·recall / (precision + recall); 0 if both are 0.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There is no such class.</exception>
    public double F1(int label) => Ratio(2 * counts[Class(label), label], RowSum(label) + ColumnSum(label));

    /// <summary>A table: a row for each class, a column for what it was taken for, then precision, recall and F1.</summary>
    public override string ToString()
    {
        List<string[]> rows = [["", .. Enumerable.Range(0, Classes).Select(Name), "precision", "recall", "F1"]];
        for (int i = 0; i < Classes; i++)
        {
            int actual = i;
            rows.Add([Name(i), .. Enumerable.Range(0, Classes).Select(j => counts[actual, j].ToString(CultureInfo.InvariantCulture)),
                Text.Percent(Precision(i)), Text.Percent(Recall(i)), Text.Percent(F1(i))]);
        }
        return Text.Table(rows, rightAligned: 1) + $"accuracy {Text.Percent(Accuracy)}, macro F1 {Text.Percent(MacroF1)}";
    }

    private int Class(int label) =>
        (uint)label < (uint)Classes ? label : throw new ArgumentOutOfRangeException(nameof(label), label, $"There are {Classes} classes, 0 to {Classes - 1}, got {label}.");

    private static double Ratio(int part, int whole) => whole == 0 ? 0 : (double)part / whole;

    internal string Name(int label) => names is not null && label < names.Count ? names[label] : label.ToString(CultureInfo.InvariantCulture);

    private int RowSum(int label)
    {
        int sum = 0;
        for (int j = 0; j < Classes; j++)
            sum += counts[label, j];
        return sum;
    }

    private int ColumnSum(int label)
    {
        int sum = 0;
        for (int i = 0; i < Classes; i++)
            sum += counts[i, label];
        return sum;
    }
}
