using System.Globalization;
using MiniNet;
using ScottPlot;
using ScottPlot.TickGenerators;

namespace XorSample;

/// <summary>How training went and what came of it, side by side: the loss of every epoch, and the output over the plane of the inputs.</summary>
internal static class Picture
{
    private const int Width = 1100, Height = 500;
    private const double From = -0.5, To = 1.5;                // the part of the plane that is drawn
    private const int Cells = 100;                             // along each axis of it

    private static readonly Color Zero = Color.FromHex("#2b6cb0"), Half = Colors.White, One = Color.FromHex("#dd6b20"), Ink = Color.FromHex("#1a202c");

    /// <summary>Draws both as a PNG file.</summary>
    public static void Save(Sequential<float> model, IReadOnlyList<Epoch> history, string path)
    {
        Multiplot picture = new();
        picture.AddPlots(2);
        picture.Layout = new ScottPlot.MultiplotLayouts.Columns();
        DrawLoss(picture.GetPlot(0), history);
        DrawOutput(picture.GetPlot(1), model);
        picture.SavePng(path, Width, Height);
    }

    /// <summary>The loss over the epochs, both in powers of ten: first a plateau, then a long fall.</summary>
    private static void DrawLoss(Plot plot, IReadOnlyList<Epoch> history)
    {
        var curve = plot.Add.ScatterLine(
            history.Select(epoch => Math.Log10(epoch.Number)).ToArray(),
            history.Select(epoch => Math.Log10(epoch.Loss)).ToArray(), Zero);
        curve.LineWidth = 3;
        plot.Axes.SetLimits(0, Math.Log10(history.Count), Math.Floor(Math.Log10(history.Min(epoch => epoch.Loss))), 0);
        plot.Axes.Bottom.TickGenerator = PowersOfTen("N0");
        plot.Axes.Left.TickGenerator = PowersOfTen("0.#####");
        plot.Layout.Fixed(new PixelPadding(90, 30, 70, 50));
        Label(plot, "Training: the loss falls", "epoch", "mean squared error");
    }

    /// <summary>The output for every point of the plane, with the four samples on it; white is ½, the border between the classes.</summary>
    private static void DrawOutput(Plot plot, Sequential<float> model)
    {
        var map = plot.Add.Heatmap(Outputs(model));
        map.Extent = new CoordinateRect(From, To, From, To);
        map.Colormap = new ScottPlot.Colormaps.CustomInterpolated([Zero, Half, One]);
        map.ManualRange = new ScottPlot.Range(0, 1);
        map.Smooth = true;
        var bar = plot.Add.ColorBar(map);
        bar.Axis.TickGenerator = Ticks(0, 0.25, 0.5, 0.75, 1);
        bar.Axis.TickLabelStyle.FontSize = 14;
        foreach ((int x1, int x2) in new[] { (0, 0), (0, 1), (1, 0), (1, 1) })
            DrawSample(plot, x1, x2, x1 ^ x2);
        plot.Axes.SetLimits(From, To, From, To);
        plot.Axes.Bottom.TickGenerator = Ticks(-0.5, 0, 0.5, 1, 1.5);
        plot.Axes.Left.TickGenerator = Ticks(-0.5, 0, 0.5, 1, 1.5);
        plot.HideGrid();
        plot.Layout.Fixed(new PixelPadding(70, 100, 70, 50));
        Label(plot, "Output: white is the border", "first input", "second input");
    }

    private static void DrawSample(Plot plot, int x1, int x2, int target)
    {
        var point = plot.Add.Marker(x1, x2, MarkerShape.FilledCircle, 34, target == 0 ? Zero : One);
        point.MarkerStyle.OutlineColor = Colors.White;
        point.MarkerStyle.OutlineWidth = 3;
        var text = plot.Add.Text(target.ToString(CultureInfo.InvariantCulture), x1, x2);
        text.Alignment = Alignment.MiddleCenter;
        text.LabelFontColor = Colors.White;
        text.LabelFontSize = 18;
        text.LabelBold = true;
        text.OffsetY = 2;                                      // a digit has no descender: centred, it would sit high
    }

    /// <summary>The model's output at the middle of every cell, the greatest second input in the first row, as images have it.</summary>
    private static double[,] Outputs(Sequential<float> model)
    {
        const double Step = (To - From) / Cells;
        float[,] x = new float[Cells * Cells, 2];
        for (int i = 0; i < Cells * Cells; i++)
        {
            x[i, 0] = (float)(From + (Step * ((i % Cells) + 0.5)));
            x[i, 1] = (float)(To - (Step * ((i / Cells) + 0.5)));
        }
        float[,] y = model.Predict(x);
        double[,] outputs = new double[Cells, Cells];
        for (int i = 0; i < Cells * Cells; i++)
            outputs[i / Cells, i % Cells] = y[i, 0];
        return outputs;
    }

    private static void Label(Plot plot, string title, string horizontal, string vertical)
    {
        plot.Title(title, size: 20);
        plot.XLabel(horizontal, size: 16);
        plot.YLabel(vertical, size: 16);
        plot.Axes.Bottom.TickLabelStyle.FontSize = 14;
        plot.Axes.Left.TickLabelStyle.FontSize = 14;
        plot.Axes.Color(Ink);
        if (SansSerif() is { } font)
            plot.Font.Set(font);
    }

    private static NumericManual PowersOfTen(string format)
    {
        NumericManual ticks = new();
        for (int exponent = -6; exponent <= 6; exponent++)
        {
            ticks.AddMajor(exponent, Math.Pow(10, exponent).ToString(format, CultureInfo.InvariantCulture));
            for (int digit = 2; digit <= 9; digit++)
                ticks.AddMinor(exponent + Math.Log10(digit));
        }
        return ticks;
    }

    private static NumericManual Ticks(params double[] values) =>
        new(values, [.. values.Select(value => value.ToString(CultureInfo.InvariantCulture))]);

    /// <summary>A common font that this machine has, or null: then the drawing library takes what it finds.</summary>
    private static string? SansSerif() =>
        new[] { "Open Sans", "Segoe UI", "Helvetica Neue", "DejaVu Sans", "Liberation Sans", "Arial" }.FirstOrDefault(name => Fonts.GetTypeface(name, bold: false, italic: false) is { } face && face.FamilyName == name);
}
