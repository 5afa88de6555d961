using System.Globalization;

namespace MiniNet;

/// <summary>Tells of training on the console: one line that is written over on a terminal; a plain line after each epoch where the output goes elsewhere.</summary>
public sealed class ConsoleProgress : IProgress<Epoch>
{
    private readonly TextWriter writer;
    private readonly bool isTerminal;
    private int lastLength;

    /// <summary>Writes to the standard output.</summary>
    public ConsoleProgress() : this(Console.Out, !Console.IsOutputRedirected)
    {
    }

    internal ConsoleProgress(TextWriter writer, bool isTerminal) => (this.writer, this.isTerminal) = (writer, isTerminal);

    /// <summary>Writes the epoch with its samples a second and the time left.</summary>
    public void Report(Epoch value)
    {
        bool isLast = value.IsComplete && value.Number == value.Count;
        if (!isTerminal && !value.IsComplete)
            return;
        string line = value + $"  {Text.Count((long)value.SamplesPerSecond)} samples/s  "
            + (isLast ? $"{Time(value.TotalElapsed)} in all" : $"{Time(value.Remaining)} left")
            + (value.IsComplete ? "" : $"  ({Text.Percent((double)value.Samples / value.SampleCount)} of the epoch)");
        if (!isTerminal)
        {
            writer.WriteLine(line);
            return;
        }
        writer.Write("\r" + line.PadRight(lastLength));
        lastLength = line.Length;
        if (isLast)
        {
            writer.WriteLine();
            lastLength = 0;
        }
    }

    private static string Time(TimeSpan time) =>
        time.TotalSeconds < 60 ? time.TotalSeconds.ToString("F1", CultureInfo.InvariantCulture) + " s" : time.ToString(time.TotalHours < 1 ? @"m\:ss" : @"h\:mm\:ss", CultureInfo.InvariantCulture);
}
