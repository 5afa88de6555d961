using System.Numerics;

namespace MiniNet;

/// <summary>
/// Makes a <see cref="Dataset{T}"/> from a CSV file (RFC 4180): a header row of column names, then one sample a row.
/// <see cref="LoadClasses{T}(string, string, IReadOnlyList{string}?, IReadOnlyList{string}?, char?)"/> for classification,
/// <see cref="LoadValues{T}(string, IReadOnlyList{string}, IReadOnlyList{string}?, char?)"/> for regression.
/// </summary>
/// <remarks>
/// <para>
/// Numbers are written in the invariant culture: <c>1.5</c>, <c>-2e-3</c>, never <c>1,5</c> or <c>1,000</c>. A field in double quotes may hold separators, doubled quotes and line breaks, each of which is read as a line feed.
/// Spaces around names, labels and numbers do not count. Blank lines are skipped; no line is a comment. A row has at most 8,388,608 characters.
/// </para>
/// <para>
/// The separator, if not given, is the one of comma, semicolon, tab and bar that the header has most of outside quotes; the comma, if two are level.
/// A file is read as UTF-8, or as what its byte order mark says. For another encoding, open a <see cref="StreamReader"/> and pass that.
/// </para>
/// <para>
/// What is wrong with the call is an <see cref="ArgumentException"/>, what is wrong with the content an <see cref="InvalidDataException"/> that names the file, the line and the column.
/// Lines are counted from 1 as an editor counts them, blank ones and those within quotes included; a row that spans several is named by its first.
/// </para>
/// </remarks>
public static class CsvDataset
{
    /// <summary>The greatest number of classes that is taken from a file without being told their names.</summary>
    internal const int MaximumFoundClasses = 1000;

    /// <summary>Samples with a class each, from a file: the label column holds text, the targets are one-hot, and <see cref="Dataset{T}.ClassNames"/> has the labels.</summary>
    /// <remarks>
    /// Classes found in the file are sorted, by number if all labels are finite numbers, else by character code: files with the same labels get the same classes, whatever the order of their rows.
    /// A test file may lack one, so give it those of the training file:
    /// <code>
    /// Dataset&lt;float&gt; train = CsvDataset.LoadClasses&lt;float&gt;("train.csv", label: "species");
    /// Dataset&lt;float&gt; test = CsvDataset.LoadClasses&lt;float&gt;("test.csv", label: "species", classNames: train.ClassNames);
    /// </code>
    /// </remarks>
    /// <param name="path">The file.</param>
    /// <param name="label">The name of the column that holds the class.</param>
    /// <param name="features">The columns that are the input, in this order; all but the label, in the order of the file, if not given.</param>
    /// <param name="classNames">The classes in their order, at least 2; those found in the file, at most 1000, if not given.</param>
    /// <param name="separator">What stands between fields; found in the header if not given.</param>
    /// <returns>Inputs of shape [features], targets of shape [classes].</returns>
    /// <exception cref="ArgumentException">A column is not in the file or is named twice, no column is left for the input, class names are fewer than 2, empty or repeated, or the separator cannot be one.</exception>
    /// <exception cref="FileNotFoundException">The file is not there.</exception>
    /// <exception cref="InvalidDataException">
    /// The content is wrong: no header, a column without a name or with that of another, no rows, a row with more or fewer fields than the header, an empty field, a feature that is not a finite number,
    /// a label that is none of the given classes, fewer than two classes or too many, a quote that is not closed, a row that is too long, a NUL, bytes that are not UTF-8.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static Dataset<T> LoadClasses<T>(string path, string label, IReadOnlyList<string>? features = null, IReadOnlyList<string>? classNames = null, char? separator = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        CheckClasses(label, features, classNames, separator);
        using StreamReader reader = CsvRows.OpenText(path);
        return Classes<T>(new(reader, path, separator), label, features, classNames);
    }

    /// <summary>Samples with a class each, from a text: as <see cref="LoadClasses{T}(string, string, IReadOnlyList{string}?, IReadOnlyList{string}?, char?)"/>.</summary>
    /// <param name="reader">The text, read to its end and left open.</param>
    /// <param name="label">The name of the column that holds the class.</param>
    /// <param name="features">The columns that are the input, in this order; all but the label, in the order of the text, if not given.</param>
    /// <param name="classNames">The classes in their order, at least 2; those found in the text, at most 1000, if not given.</param>
    /// <param name="separator">What stands between fields; found in the header if not given.</param>
    /// <returns>Inputs of shape [features], targets of shape [classes].</returns>
    /// <exception cref="ArgumentException">A column is not in the text or is named twice, no column is left for the input, class names are fewer than 2, empty or repeated, or the separator cannot be one.</exception>
    /// <exception cref="InvalidDataException">The content is wrong, as for a file.</exception>
    public static Dataset<T> LoadClasses<T>(TextReader reader, string label, IReadOnlyList<string>? features = null, IReadOnlyList<string>? classNames = null, char? separator = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(reader);
        CheckClasses(label, features, classNames, separator);
        return Classes<T>(new(reader, CsvRows.NameOfText, separator), label, features, classNames);
    }

    /// <summary>Samples with one or more numbers to predict, from a file.</summary>
    /// <remarks><code>Dataset&lt;float&gt; houses = CsvDataset.LoadValues&lt;float&gt;("houses.csv", targets: ["price"]);</code></remarks>
    /// <param name="path">The file.</param>
    /// <param name="targets">The columns that are the target, in this order.</param>
    /// <param name="features">The columns that are the input, in this order; all but the targets, in the order of the file, if not given.</param>
    /// <param name="separator">What stands between fields; found in the header if not given.</param>
    /// <returns>Inputs of shape [features], targets of shape [targets].</returns>
    /// <exception cref="ArgumentException">A column is not in the file or is named twice, no target is named, no column is left for the input, or the separator cannot be one.</exception>
    /// <exception cref="FileNotFoundException">The file is not there.</exception>
    /// <exception cref="InvalidDataException">
    /// The content is wrong: no header, a column without a name or with that of another, no rows, a row with more or fewer fields than the header, an empty field, a feature or target that is not a finite number,
    /// a quote that is not closed, a row that is too long, a NUL, bytes that are not UTF-8.
    /// </exception>
    /// <exception cref="IOException">The file cannot be read.</exception>
    /// <exception cref="UnauthorizedAccessException">The file may not be read.</exception>
    public static Dataset<T> LoadValues<T>(string path, IReadOnlyList<string> targets, IReadOnlyList<string>? features = null, char? separator = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        CheckValues(targets, features, separator);
        using StreamReader reader = CsvRows.OpenText(path);
        return Values<T>(new(reader, path, separator), targets, features);
    }

    /// <summary>Samples with one or more numbers to predict, from a text: as <see cref="LoadValues{T}(string, IReadOnlyList{string}, IReadOnlyList{string}?, char?)"/>.</summary>
    /// <param name="reader">The text, read to its end and left open.</param>
    /// <param name="targets">The columns that are the target, in this order.</param>
    /// <param name="features">The columns that are the input, in this order; all but the targets, in the order of the text, if not given.</param>
    /// <param name="separator">What stands between fields; found in the header if not given.</param>
    /// <returns>Inputs of shape [features], targets of shape [targets].</returns>
    /// <exception cref="ArgumentException">A column is not in the text or is named twice, no target is named, no column is left for the input, or the separator cannot be one.</exception>
    /// <exception cref="InvalidDataException">The content is wrong, as for a file.</exception>
    public static Dataset<T> LoadValues<T>(TextReader reader, IReadOnlyList<string> targets, IReadOnlyList<string>? features = null, char? separator = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(reader);
        CheckValues(targets, features, separator);
        return Values<T>(new(reader, CsvRows.NameOfText, separator), targets, features);
    }

    private static Dataset<T> Classes<T>(CsvRows rows, string label, IReadOnlyList<string>? features, IReadOnlyList<string>? classNames) where T : unmanaged, IFloatingPointIeee754<T>
    {
        using (rows)
        {
            int[] labelColumn = rows.Find([label], nameof(label));
            int[] inputColumns = rows.Inputs(features, nameof(features), labelColumn);
            CsvLabels labels = new(classNames);
            GrowingArray<T> inputs = new();
            while (rows.Read())
            {
                rows.ReadNumbers(inputColumns, inputs);
                labels.Add(rows, labelColumn[0]);
            }
            (string[] names, int[] classes) = labels.Finish(rows, labelColumn[0]);
            return Dataset.FromClasses<T>(inputs.Memory, inputColumns.Length, classes, names.Length, names);
        }
    }

    private static Dataset<T> Values<T>(CsvRows rows, IReadOnlyList<string> targets, IReadOnlyList<string>? features) where T : unmanaged, IFloatingPointIeee754<T>
    {
        using (rows)
        {
            int[] targetColumns = rows.Find(targets, nameof(targets));
            int[] inputColumns = rows.Inputs(features, nameof(features), targetColumns);
            GrowingArray<T> x = new(), y = new();
            while (rows.Read())
            {
                rows.ReadNumbers(inputColumns, x);
                rows.ReadNumbers(targetColumns, y);
            }
            return new(x.Memory, inputColumns.Length, y.Memory, targetColumns.Length);
        }
    }

    private static void CheckClasses(string label, IReadOnlyList<string>? features, IReadOnlyList<string>? classNames, char? separator)
    {
        ArgumentNullException.ThrowIfNull(label);
        CheckNames(features, nameof(features), least: 1);
        CheckNames(classNames, nameof(classNames), least: 2);
        CheckSeparator(separator);
    }

    private static void CheckValues(IReadOnlyList<string> targets, IReadOnlyList<string>? features, char? separator)
    {
        ArgumentNullException.ThrowIfNull(targets);
        CheckNames(targets, nameof(targets), least: 1);
        CheckNames(features, nameof(features), least: 1);
        CheckSeparator(separator);
    }

    private static void CheckNames(IReadOnlyList<string>? names, string argument, int least)
    {
        if (names is null)
            return;
        if (names.Count < least)
            throw new ArgumentException($"{argument} has {names.Count} names, expected at least {least}.", argument);
        HashSet<string> seen = new(StringComparer.Ordinal);
        for (int i = 0; i < names.Count; i++)
        {
            if (string.IsNullOrWhiteSpace(names[i]))
                throw new ArgumentException($"{argument}[{i}] is empty, expected a name.", argument);
            if (!seen.Add(names[i]))
                throw new ArgumentException($"{argument} has {CsvRows.Show(names[i])} twice, expected each name once.", argument);
        }
    }

    private static void CheckSeparator(char? separator)
    {
        if (separator is char c && !(c is ' ' or '\t' || (char.IsAscii(c) && !char.IsControl(c) && !char.IsLetterOrDigit(c) && c is not ('"' or '.' or '+' or '-'))))
            throw new ArgumentException($"separator is {CsvRows.Show([c])}, expected a comma, semicolon, tab, bar, space or another ASCII sign that is not part of numbers or quotes.", nameof(separator));
    }
}
