using System.Globalization;
using MiniNet;

namespace PlaygroundSample;

/// <summary>The program that does what the page does: copied into a console application, it reaches the same loss.</summary>
internal static class Listing
{
    private const int NumbersPerLine = 16;

    /// <param name="settings">What is trained.</param>
    /// <param name="epochs">How long; a program trains for at least one epoch.</param>
    public static string Of(Settings settings, int epochs) => string.Create(CultureInfo.InvariantCulture, $"""
        using MiniNet;

        {(settings.Data == "drawn" ? Drawn(settings) : Region(settings.Data))}

        var model = new Sequential<float>(inputs: 2, seed: {settings.Seed},
            {string.Join(", ", settings.CreateLayers().Select(layer => $"new {layer}"))});
        var history = model.Fit(x, y, new BinaryCrossEntropy(), new {settings.CreateOptimizer()}, epochs: {Math.Max(1, epochs)}, batchSize: {settings.BatchSize});

        Console.WriteLine(history[^1]);                   // loss and accuracy of the last epoch
        Console.WriteLine(model.Predict([1, 0])[0]);      // near 0 or near 1: the colour of this place

        """);

    /// <summary>What stands between two marks in Points.cs, which lies in the assembly as it was compiled.</summary>
    private static string Region(string name)
    {
        using StreamReader reader = new(typeof(Listing).Assembly.GetManifestResourceStream("Points.cs")!);
        string[] lines = reader.ReadToEnd().ReplaceLineEndings("\n").Split('\n');
        int from = Array.FindIndex(lines, line => line.Trim() == $"// <{name}>") + 1, to = Array.FindIndex(lines, line => line.Trim() == $"// </{name}>");
        int indent = lines[from].Length - lines[from].TrimStart().Length;
        return string.Join('\n', lines[from..to].Select(line => line[Math.Min(indent, line.Length)..]));
    }

    private static string Drawn(Settings settings)
    {
        (float[] x, float[] y) = settings.CreatePoints();
        return $"float[] x = {Array(x)};\nfloat[] y = {Array(y)};";

        static string Array(float[] values)
        {
            string[] numbers = [.. values.Select(value => value.ToString(CultureInfo.InvariantCulture) + (value == MathF.Round(value) ? "" : "f"))];
            return numbers.Length <= NumbersPerLine
                ? $"[{string.Join(", ", numbers)}]"
                : $"\n[\n{string.Join('\n', numbers.Chunk(NumbersPerLine).Select(line => $"    {string.Join(", ", line)},"))}\n]";
        }
    }
}
