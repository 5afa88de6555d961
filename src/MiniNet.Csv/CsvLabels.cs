using System.Globalization;

namespace MiniNet;

/// <summary>Turns the labels of a column into classes: those that were given, or those that are found.</summary>
internal sealed class CsvLabels
{
    private readonly Dictionary<string, int> classOf = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int>.AlternateLookup<ReadOnlySpan<char>> classOfText;      // a look-up without a string for each row
    private readonly List<string> names = [];
    private readonly List<int> classes = [];                                                        // [rows]
    private readonly bool areGiven;

    internal CsvLabels(IReadOnlyList<string>? classNames)
    {
        classOfText = classOf.GetAlternateLookup<ReadOnlySpan<char>>();
        areGiven = classNames is not null;
        foreach (string name in classNames ?? [])
        {
            classOf.Add(name, names.Count);
            names.Add(name);
        }
    }

    /// <exception cref="InvalidDataException">The label is empty, is none of the given classes, or is one class too many.</exception>
    internal void Add(CsvRows rows, int column)
    {
        ReadOnlySpan<char> label = rows.Field(column);
        if (label.IsEmpty)
            throw rows.Wrong(column, "the label is empty, expected a class. Fill it in, or remove the row.");
        if (!classOfText.TryGetValue(label, out int found))
        {
            if (areGiven)
                throw rows.Wrong(column, $"expected one of the {names.Count} classes {CsvRows.Show(names)}, got {CsvRows.Show(label)}. Mend the label, or add it to classNames here and where the model was trained.");
            if (names.Count == CsvDataset.MaximumFoundClasses)
                throw rows.Wrong(column, $"more than {CsvDataset.MaximumFoundClasses} different labels, expected classes. Use LoadValues if the column holds a number to predict, or pass classNames if there are as many classes.");
            found = names.Count;
            names.Add(label.ToString());
            classOf.Add(names[found], found);
        }
        classes.Add(found);
    }

    /// <summary>The names of the classes in their order, and the class of each row.</summary>
    /// <exception cref="InvalidDataException">There are fewer than two classes, or more one-hot targets than an array holds.</exception>
    internal (string[] Names, int[] Classes) Finish(CsvRows rows, int column)
    {
        if (names.Count < 2)
            throw new InvalidDataException($"{rows.Name}, {rows.NameOf(column)}: every row has the label {CsvRows.Show(names[0])}, expected at least 2 classes. Choose another label column, or pass classNames.");
        if ((long)classes.Count * names.Count > Array.MaxLength)
            throw new InvalidDataException($"{rows.Name}, {rows.NameOf(column)}: {classes.Count} rows × {names.Count} classes are more one-hot targets than an array holds. Load it in parts.");
        string[] ordered = [.. names];
        if (!areGiven)
            Sort(ordered);
        int[] place = new int[ordered.Length];                      // from the order of appearance to the sorted one
        for (int i = 0; i < ordered.Length; i++)
            place[classOf[ordered[i]]] = i;
        return (ordered, [.. classes.Select(found => place[found])]);
    }

    /// <summary>By number if all are finite numbers, so that 10 comes after 9; else by character code, the same on every machine.</summary>
    private static void Sort(string[] labels)
    {
        Array.Sort(labels, StringComparer.Ordinal);                 // also decides between 1 and 1.0, since the order below is stable
        double[] numbers = new double[labels.Length];
        for (int i = 0; i < labels.Length; i++)
        {
            if (!double.TryParse(labels[i], NumberStyles.Float, CultureInfo.InvariantCulture, out numbers[i]) || !double.IsFinite(numbers[i]))
                return;
        }
        string[] byNumber = [.. Enumerable.Range(0, labels.Length).OrderBy(i => numbers[i]).Select(i => labels[i])];
        byNumber.CopyTo(labels, 0);
    }
}
