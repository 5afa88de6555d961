using System.Globalization;

namespace MiniNet.Benchmarks;

/// <summary>A Markdown table, printed as its rows come.</summary>
internal sealed class Table
{
    private readonly int columns;

    /// <summary>Prints the heading.</summary>
    /// <param name="title">What is measured.</param>
    /// <param name="notes">What a reader must know, a line each.</param>
    /// <param name="missing">Who is not measured, and why; null where nobody is missing.</param>
    /// <param name="columns">The columns, first that of the rows' names.</param>
    public Table(string title, IEnumerable<string> notes, IEnumerable<string?> missing, params IReadOnlyList<string> columns)
    {
        this.columns = columns.Count;
        Console.WriteLine($"## {title}");
        Console.WriteLine();
        string[] lines = [.. notes, .. missing.OfType<string>().Select(m => $"Not measured: {m}.")];
        foreach (string line in lines)
            Console.WriteLine($"- {line}");
        if (lines.Length > 0)
            Console.WriteLine();
        Add(columns);
        Console.WriteLine($"| --- |{string.Concat(Enumerable.Repeat(" ---: |", columns.Count - 1))}");
    }

    public void Add(params IReadOnlyList<string> cells)
    {
        if (cells.Count != columns)
            throw new InvalidOperationException($"The row {cells[0]} has {cells.Count} cells, and the table {columns} columns.");
        Console.WriteLine($"| {string.Join(" | ", cells)} |");
    }

    /// <summary>Three digits and the unit that suits.</summary>
    public static string Time(double seconds)
    {
        (double value, string unit) = seconds switch
        {
            < 1e-6 => (seconds * 1e9, "ns"),
            < 1e-3 => (seconds * 1e6, "µs"),
            < 1 => (seconds * 1e3, "ms"),
            _ => (seconds, "s"),
        };
        return $"{Digits(value)} {unit}";
    }

    /// <summary>A peer's time over MiniNet's: above 1, MiniNet is faster.</summary>
    public static string Ratio(double peer, double own) => $"{Digits(peer / own)}×";

    public static string Percent(double share) => string.Create(CultureInfo.InvariantCulture, $"{100 * share:F0} %");

    public static string Digits(double value) =>
        value.ToString(value < 9.995 ? "F2" : value < 99.95 ? "F1" : "F0", CultureInfo.InvariantCulture);
}
