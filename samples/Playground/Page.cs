using System.Runtime.InteropServices.JavaScript;
using System.Runtime.Versioning;

[assembly: SupportedOSPlatform("browser")]

namespace PlaygroundSample;

/// <summary>What worker.js calls.</summary>
internal static partial class Page
{
    private static Session session = new(Settings.Of("xor"));

    public static void Main()
    {
    }

    /// <summary>Begins anew.</summary>
    /// <returns>The settings in full.</returns>
    [JSExport]
    internal static string Start(string text)
    {
        Settings settings = Settings.Parse(text);
        session = new(settings);
        return settings.ToString();
    }

    /// <summary>Trains for so many epochs, or until so many milliseconds are over.</summary>
    /// <returns>The number of the last epoch, its loss and its accuracy.</returns>
    [JSExport]
    internal static double[] Train(int epochs, double milliseconds)
    {
        session.Train(epochs, TimeSpan.FromMilliseconds(milliseconds));
        return [session.Epoch.Number, session.Epoch.Loss, session.Epoch.Accuracy ?? 0];
    }

    [JSExport]
    internal static byte[] Responses() => session.Responses();

    [JSExport]
    internal static double[] Parameters() => [.. session.Parameters.ToArray().Select(value => (double)value)];

    /// <summary>How many epochs lie between two losses of the curve, then the losses.</summary>
    [JSExport]
    internal static double[] Curve() => [session.Curve.Every, .. session.Curve.ToArray()];

    /// <summary>How many cells a picture has along a side, where its axes begin and end, then x₁, x₂ and the colour of every point.</summary>
    [JSExport]
    internal static double[] Scene() =>
        [Session.Cells, session.From, session.To, .. session.Y.SelectMany((colour, i) => new double[] { session.X[2 * i], session.X[(2 * i) + 1], colour })];

    [JSExport]
    internal static string Listing() => session.Listing;
}
