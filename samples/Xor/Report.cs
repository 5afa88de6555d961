using System.Globalization;
using MiniNet;

namespace XorSample;

/// <summary>What the sample prints of its own training.</summary>
internal static class Report
{
    /// <summary>The loss after epochs 1, 10, 100, … and the last.</summary>
    public static void Loss(IReadOnlyList<Epoch> history)
    {
        for (int number = 1; number < history.Count; number *= 10)
            Line(history[number - 1]);
        Line(history[^1]);
        Console.WriteLine($"Trained in {history[^1].TotalElapsed.TotalMilliseconds:F0} ms.");

        static void Line(Epoch epoch) => Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"epoch {epoch.Number,5:N0}   loss {epoch.Loss:F5}"));
    }

    /// <summary>One line for each sample.</summary>
    /// <param name="x">[samples, 2]</param>
    /// <param name="y">[samples]</param>
    /// <param name="predicted">[samples]</param>
    public static void Predictions(float[] x, float[] y, float[] predicted)
    {
        for (int i = 0; i < y.Length; i++)
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{x[2 * i]} XOR {x[(2 * i) + 1]} = {y[i]}   predicted {predicted[i]:F4}"));
    }

    /// <summary>Draws the picture, or says why there is none: the sample goes on without it.</summary>
    public static void Picture(Sequential<float> model, IReadOnlyList<Epoch> history, string path)
    {
        try
        {
            XorSample.Picture.Save(model, history, path);
            Console.WriteLine($"The picture is in {Path.GetFullPath(path)}");
        }
        catch (Exception e) when (e is DllNotFoundException or TypeInitializationException or BadImageFormatException)
        {
            Console.WriteLine($"No picture: the native library that draws it cannot be loaded here ({e.GetBaseException().Message.Split('\n')[0]}).");
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Console.WriteLine($"No picture: {path} cannot be written ({e.Message}).");
        }
    }
}
