using System.Globalization;
using System.Numerics;
using System.Text;
using Sylvan.Data.Csv;

namespace MiniNet;

/// <summary>The rows of a CSV text after its header, with the line that each begins on; every fault becomes a message that says where.</summary>
internal sealed class CsvRows : IDisposable
{
    internal const int MaximumRow = 1 << 23;
    internal const string NameOfText = "The CSV text";

    private const int MaximumShown = 40, MaximumListed = 30;

    private readonly CsvDataReader reader;
    private readonly Func<bool> readRow;                            // kept: a delegate for each row would be garbage
    private readonly string[] columns;
    private readonly char separator;
    private readonly int headerLine;
    private int line = 1, nextLine = 1;                             // where the row at hand begins, and the one after it
    private bool hasRows;

    internal CsvRows(TextReader text, string name, char? separator)
    {
        Name = name;
        CsvText lines = Guarded(() => new CsvText(text));
        this.separator = separator ?? lines.Separator;
        CsvDataReaderOptions options = new()
        {
            HasHeaders = false,                                     // the header is our first row: then its faults have a line too
            Delimiter = this.separator,
            MaxBufferSize = MaximumRow,
            Comment = '\0',                                         // a comment sign there must be; with the default, rows that begin with # would vanish
            CommentHandler = (CommentHandler)((_, _) => throw Nul()),
        };
        reader = Guarded(() => CsvDataReader.Create(lines, options));
        readRow = reader.Read;
        if (!ReadRow())
            throw new InvalidDataException($"{Name} is empty, expected a header row of column names, then one sample a row.");
        headerLine = line;
        columns = Header();
    }

    internal string Name { get; }

    /// <summary>The next row that is not blank.</summary>
    /// <exception cref="InvalidDataException">The row is malformed or has another number of fields than the header, or there was none at all.</exception>
    internal bool Read()
    {
        if (!ReadRow())
            return hasRows ? false : throw new InvalidDataException($"{Name} has a header on line {headerLine} but no rows, expected at least one sample after it.");
        hasRows = true;
        if (reader.RowFieldCount != columns.Length)
        {
            throw new InvalidDataException(
                $"{Name}, line {line}: expected {columns.Length} fields separated by {Show([separator])}, as in the header, got {reader.RowFieldCount}. " +
                "Mend the row; a field that holds the separator or a line break stands in double quotes.");
        }
        return true;
    }

    /// <summary>A field of the row at hand, without the spaces around it.</summary>
    internal ReadOnlySpan<char> Field(int column) => reader.GetFieldSpan(column).Trim();

    /// <exception cref="InvalidDataException">A field is not a finite number.</exception>
    internal void ReadNumbers<T>(int[] fromColumns, GrowingArray<T> destination) where T : unmanaged, IFloatingPointIeee754<T>
    {
        foreach (int column in fromColumns)
        {
            ReadOnlySpan<char> field = Field(column);
            if (field.IsEmpty)
                throw Wrong(column, "the field is empty, expected a number. Fill it in, remove the row, or leave the column out with features.");
            if (!T.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out T value))
                throw Wrong(column, $"expected a number, got {Show(field)}. Write numbers as 1.5 or -2e-3, encode text as numbers, or leave the column out with features.");
            if (!T.IsFinite(value))
                throw Wrong(column, $"expected a finite {typeof(T).Name}, got {Show(field)}. Mend the value or remove the row: one such value would spoil every weight.");
            destination.Add(value);
        }
    }

    /// <summary>Where some columns stand.</summary>
    /// <exception cref="ArgumentException">One is not there.</exception>
    internal int[] Find(IReadOnlyList<string> names, string argument)
    {
        int[] found = new int[names.Count];
        for (int i = 0; i < found.Length; i++)
        {
            found[i] = Array.IndexOf(columns, names[i]);
            if (found[i] < 0)
                throw new ArgumentException($"{argument}: {Name} has no column {Show(names[i])}. Its columns, separated by {Show([separator])}, are {Show(columns)}.{Hint()}", argument);
        }
        return found;
    }

    /// <summary>The columns of the input: those that are named, or all but those of the target.</summary>
    /// <exception cref="ArgumentException">One is not there or is a target too, or none is left.</exception>
    internal int[] Inputs(IReadOnlyList<string>? features, string argument, int[] targets)
    {
        int[] inputs = features is null ? [.. Enumerable.Range(0, columns.Length).Except(targets)] : Find(features, argument);
        if (inputs.Length == 0)
            throw new ArgumentException($"{Name} has no column left for the input: its columns, separated by {Show([separator])}, are {Show(columns)}.{Hint()}", argument);
        if (inputs.Intersect(targets).Any())
            throw new ArgumentException($"{argument} has {Show(columns[inputs.Intersect(targets).First()])}, which is what is to be predicted. Leave it out.", argument);
        return inputs;
    }

    internal string NameOf(int column) => $"column {column + 1} {Show(columns[column])}";

    internal InvalidDataException Wrong(int column, string message) => new($"{Name}, line {line}, {NameOf(column)}: {message}");

    public void Dispose() => reader.Dispose();

    /// <summary>Opens a file as strict UTF-8, or as what its byte order mark says.</summary>
    /// <exception cref="FileNotFoundException">The file is not there.</exception>
    internal static StreamReader OpenText(string path)
    {
        ArgumentException.ThrowIfNullOrEmpty(path);
        if (!File.Exists(path))
        {
            throw new FileNotFoundException(Directory.Exists(path)
                ? $"{path} is a folder, expected a CSV file."
                : $"{path} is not there. A relative path begins at the working directory, {Environment.CurrentDirectory}.", path);
        }
        return new(path, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true);
    }

    /// <summary>A text as a message shows it: in quotes, signs that would not print as their code, cut where it is long.</summary>
    internal static string Show(ReadOnlySpan<char> text)
    {
        StringBuilder shown = new("\"");
        foreach (char c in text[..Math.Min(text.Length, MaximumShown)])
        {
            _ = c switch
            {
                '\t' => shown.Append("\\t"),
                '\r' => shown.Append("\\r"),
                '\n' => shown.Append("\\n"),
                _ when char.IsControl(c) => shown.Append(CultureInfo.InvariantCulture, $"\\u{(int)c:X4}"),
                _ => shown.Append(c),
            };
        }
        return shown.Append(text.Length > MaximumShown ? "…\"" : "\"").ToString();
    }

    internal static string Show(IReadOnlyList<string> names) =>
        string.Join(", ", names.Take(MaximumListed).Select(name => Show(name))) + (names.Count > MaximumListed ? $" and {names.Count - MaximumListed} more" : "");

    private string[] Header()
    {
        string[] names = new string[reader.RowFieldCount];
        Dictionary<string, int> seen = new(StringComparer.Ordinal);
        for (int i = 0; i < names.Length; i++)
        {
            names[i] = Field(i).ToString();
            if (names[i].Length == 0)
                throw new InvalidDataException($"{Name}, line {line}: column {i + 1} has no name, expected one in the header row. Name it, or export without the column of row numbers.");
            if (!seen.TryAdd(names[i], i))
                throw new InvalidDataException($"{Name}, line {line}: columns {seen[names[i]] + 1} and {i + 1} are both called {Show(names[i])}, expected a name of its own for each.{HeaderHint(names[i])}");
        }
        return names;
    }

    private string Hint() =>
        columns.Length == 1 ? " Pass the separator if it is another." : columns.Select(HeaderHint).FirstOrDefault(hint => hint.Length > 0, "");

    private static string HeaderHint(string name) =>
        double.TryParse(name, NumberStyles.Float, CultureInfo.InvariantCulture, out _) ? " If that row is data, put a row of column names before it." : "";

    private bool ReadRow()
    {
        while (true)
        {
            line = nextLine;
            if (!Guarded(readRow))
                return false;
            ReadOnlySpan<char> raw = reader.GetRawRecordSpan();
            if (raw.Contains('\0'))
                throw Nul();
            nextLine += raw.Count('\n');                          // those within quotes too
            if (reader.RowFieldCount > 1 || !Field(0).IsEmpty)
                return true;
        }
    }

    private InvalidDataException Nul() =>
        new($"{Name}, line {nextLine}: a NUL character, expected text. It may be a binary file, or UTF-16 without a byte order mark: save it as UTF-8, or pass a TextReader with its encoding.");

    private TResult Guarded<TResult>(Func<TResult> read)
    {
        try
        {
            return read();
        }
        catch (CsvRecordTooLargeException exception)
        {
            throw new InvalidDataException($"{Name}, line {nextLine}: the row has more than 8,388,608 characters. Close the quote that was left open in it, if there is one; else it is no CSV file.", exception);
        }
        catch (CsvInvalidCharacterException exception) when (exception.InvalidCharacter == '"')
        {
            throw new InvalidDataException($"{Name}, line {nextLine}, column {exception.FieldOrdinal + 1}: a quote is opened and never closed. Close it, and write a quote within a quoted field twice.", exception);
        }
        catch (CsvInvalidCharacterException exception)
        {
            throw new InvalidDataException(
                $"{Name}, line {nextLine}, column {exception.FieldOrdinal + 1}: expected {Show([separator])} or the end of the row after a closing quote, got {Show([exception.InvalidCharacter])}. " +
                "Write a quote within a quoted field twice.", exception);
        }
        catch (DecoderFallbackException exception)
        {
            string bytes = string.Join(' ', (exception.BytesUnknown ?? []).Select(b => $"0x{b:X2}"));
            throw new InvalidDataException($"{Name}, line {nextLine} or after: bytes that its encoding does not know, {bytes}. Save it as UTF-8, or pass a TextReader with its encoding.", exception);
        }
    }
}
