using System.Globalization;
using System.Text;

namespace MiniNet;

/// <summary>Draws curves as SVG, for a <see cref="TrainingReport"/>: a value for each epoch, with the scales beside them.</summary>
internal static class Chart
{
    private const int Width = 640, Height = 300, Left = 64, Right = 16, Top = 32, Bottom = 40;

    /// <summary>A picture of curves over the same epochs; points that are not finite are left out.</summary>
    /// <param name="first">The number of the first epoch.</param>
    /// <param name="format">How values are written at the scale.</param>
    /// <param name="curves">Name and values.</param>
    internal static string Draw(int first, Func<double, string> format, params ReadOnlySpan<(string Name, double?[] Values)> curves)
    {
        double least = double.PositiveInfinity, greatest = double.NegativeInfinity;
        int count = 0;
        foreach ((_, double?[] values) in curves)
        {
            count = Math.Max(count, values.Length);
            foreach (double? value in values)
            {
                if (value is { } v && double.IsFinite(v))
                    (least, greatest) = (Math.Min(least, v), Math.Max(greatest, v));
            }
        }
        if (!(least <= greatest))
            (least, greatest) = (0, 1);
        if (least == greatest)
            (least, greatest) = (least - Math.Max(Math.Abs(least), 1e-9), greatest + Math.Max(Math.Abs(greatest), 1e-9));

        // The scale goes from a round number to a round number.
        double step = Step((greatest - least) / 4);
        int from = (int)Math.Floor((least / step) + 1e-9), to = (int)Math.Ceiling((greatest / step) - 1e-9);
        (least, greatest) = (from * step, to * step);

        StringBuilder svg = new();
        svg.Append(CultureInfo.InvariantCulture, $"<svg viewBox=\"0 0 {Width} {Height}\" role=\"img\">");
        for (int tick = from; tick <= to; tick++)
        {
            double y = Y(tick * step);
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"grid\" d=\"M{Left} {y:F1}H{Width - Right}\"/><text x=\"{Left - 8}\" y=\"{y + 4:F1}\" class=\"end\">{format(tick * step)}</text>");
        }
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{Left}\" y=\"{Height - 16}\">{first}</text><text x=\"{Width - Right}\" y=\"{Height - 16}\" class=\"end\">{first + count - 1}</text>");
        svg.Append(CultureInfo.InvariantCulture, $"<text x=\"{(Left + Width - Right) / 2}\" y=\"{Height - 16}\" class=\"middle\">epoch</text>");
        for (int i = 0; i < curves.Length; i++)
        {
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"curve c{i}\" d=\"{Path(curves[i].Values)}\"/>");
            svg.Append(CultureInfo.InvariantCulture, $"<path class=\"curve c{i}\" d=\"M{Left + (110 * i)} 12h20\"/><text x=\"{Left + 26 + (110 * i)}\" y=\"16\">{curves[i].Name}</text>");
        }
        return svg.Append("</svg>").ToString();

        double Y(double value) => Height - Bottom - ((value - least) / (greatest - least) * (Height - Bottom - Top));

        string Path(double?[] values)
        {
            StringBuilder path = new();
            bool draws = false;
            for (int i = 0; i < values.Length; i++)
            {
                if (values[i] is not { } value || !double.IsFinite(value))
                {
                    draws = false;
                    continue;
                }
                double x = Left + ((count == 1 ? 0.5 : i / (count - 1.0)) * (Width - Left - Right));
                path.Append(CultureInfo.InvariantCulture, $"{(draws ? 'L' : 'M')}{x:F1} {Y(value):F1}{(count == 1 ? "h1" : "")}");
                draws = true;
            }
            return path.ToString();
        }
    }

    /// <summary>The next of 1, 2 and 5 times a power of ten.</summary>
    private static double Step(double least)
    {
        double power = Math.Pow(10, Math.Floor(Math.Log10(least)));
        return (least / power) switch { <= 1 => 1, <= 2 => 2, <= 5 => 5, _ => 10 } * power;
    }
}
