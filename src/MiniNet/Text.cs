using System.Globalization;
using System.Text;

namespace MiniNet;

/// <summary>Numbers and tables as the reports print them, the same in every culture.</summary>
internal static class Text
{
    internal static string Count(long number) => number.ToString("N0", CultureInfo.InvariantCulture);

    internal static string Number(double number) => number.ToString("G4", CultureInfo.InvariantCulture);

    internal static string Percent(double share) => (100 * share).ToString("F2", CultureInfo.InvariantCulture) + " %";

    /// <summary>Rows of cells in columns, two spaces between them; from some column on the cells stand right.</summary>
    internal static string Table(IReadOnlyList<string[]> rows, int rightAligned)
    {
        int[] widths = new int[rows[0].Length];
        foreach (string[] row in rows)
        {
            for (int i = 0; i < row.Length; i++)
                widths[i] = Math.Max(widths[i], row[i].Length);
        }
        StringBuilder table = new();
        foreach (string[] row in rows)
        {
            StringBuilder line = new();
            for (int i = 0; i < row.Length; i++)
                line.Append(i > 0 ? "  " : "").Append(i >= rightAligned ? row[i].PadLeft(widths[i]) : row[i].PadRight(widths[i]));
            table.Append(line.ToString().TrimEnd()).Append('\n');
        }
        return table.ToString();
    }
}
