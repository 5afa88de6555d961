using System.Globalization;
using System.Net;
using System.Text;

namespace MiniNet;

/// <summary>
/// What a training was like, as one HTML page that needs nothing else: curves of loss, accuracy and learning rate, the figures of each epoch,
/// the confusion matrix. It can be sent by mail and opened in any browser.
/// </summary>
/// <example><code>
/// var history = model.Fit(train, loss, optimizer, epochs: 20, validation: test);
/// new TrainingReport(history) { Model = model.Summary(), Confusion = model.Evaluate(test, loss).Confusion() }.Save("report.html");
/// </code></example>
public sealed class TrainingReport
{
    private const string Style = """
        :root { color-scheme: light dark; --ink: #2b2f36; --soft: #d7dce2; --back: #ffffff; }
        @media (prefers-color-scheme: dark) { :root { --ink: #d9dde3; --soft: #3a4048; --back: #1b1d21; } }
        body { font: 15px/1.5 system-ui, sans-serif; color: var(--ink); background: var(--back); max-width: 720px; margin: 2rem auto; padding: 0 1rem; }
        svg { width: 100%; height: auto; } svg text { font-size: 12px; fill: var(--ink); } .end { text-anchor: end; } .middle { text-anchor: middle; }
        .grid { stroke: var(--soft); } .curve { fill: none; stroke-width: 2; } .c0 { stroke: #2a86a6; } .c1 { stroke: #d0662f; }
        .scroll { overflow-x: auto; } table { border-collapse: collapse; } th, td { padding: 2px 10px; text-align: right; border-bottom: 1px solid var(--soft); } pre { overflow-x: auto; }
        """;

    private readonly IReadOnlyList<Epoch> history;

    /// <summary>A report of these epochs.</summary>
    /// <param name="history">What <see cref="Sequential{T}.Fit(Dataset{T}, Loss, Optimizer, int, int, Dataset{T}?, bool, IProgress{Epoch}?, long?, int, CancellationToken)"/> returned.</param>
    /// <exception cref="ArgumentException">There is no epoch.</exception>
    public TrainingReport(IReadOnlyList<Epoch> history)
    {
        ArgumentNullException.ThrowIfNull(history);
        if (history.Count == 0)
            throw new ArgumentException("The history has no epoch: there is nothing to report.", nameof(history));
        this.history = history;
    }

    /// <summary>The heading of the page.</summary>
    public string Title { get; init; } = "Training";

    /// <summary>What was trained, as text: <see cref="Sequential{T}.Summary"/>.</summary>
    public string? Model { get; init; }

    /// <summary>Which class was taken for which.</summary>
    public ConfusionMatrix? Confusion { get; init; }

    /// <summary>The schedule of the optimizer, for a curve of its rate at the end of each epoch.</summary>
    public Schedule? LearningRate { get; init; }

    /// <summary>How many samples made one step: what the curve of the learning rate needs. 32, as for Fit, if not given.</summary>
    public int BatchSize { get; init; } = 32;

    /// <summary>Writes the page to a file.</summary>
    /// <param name="path">The file; one that is there is replaced.</param>
    /// <exception cref="IOException">The file cannot be written.</exception>
    public void Save(string path) => File.WriteAllText(path, ToHtml());

    /// <summary>The page.</summary>
    public string ToHtml()
    {
        StringBuilder page = new();
        page.Append(CultureInfo.InvariantCulture, $"<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n<title>{Escape(Title)}</title>\n<style>\n{Style}\n</style>\n</head>\n<body>\n<h1>{Escape(Title)}</h1>\n");
        Epoch last = history[^1];
        page.Append(CultureInfo.InvariantCulture, $"<p>{Escape(last.ToString())}; {last.TotalElapsed.TotalSeconds:F1} s in all.</p>\n");
        if (Model is not null)
            page.Append(CultureInfo.InvariantCulture, $"<pre>{Escape(Model)}</pre>\n");
        Curves(page, "Loss", Text.Number, e => e.Loss, e => e.ValidationLoss);
        if (history.Any(e => e.Accuracy is not null))
            Curves(page, "Accuracy", Text.Percent, e => e.Accuracy, e => e.ValidationAccuracy);
        if (LearningRate is { } rate)
            page.Append("<h2>Learning rate</h2>\n").Append(Chart.Draw(history[0].Number, Text.Number, ("rate", [.. history.Select(e => (double?)RateAtEnd(rate, e))]))).Append('\n');
        if (Confusion is not null)
            Matrix(page, Confusion);
        Epochs(page);
        return page.Append("</body>\n</html>\n").ToString();
    }

    private double RateAtEnd(Schedule rate, Epoch epoch)
    {
        int steps = (epoch.SampleCount + BatchSize - 1) / BatchSize;
        return rate.At(((long)epoch.Number * steps) - 1);
    }

    private void Curves(StringBuilder page, string heading, Func<double, string> format, Func<Epoch, double?> training, Func<Epoch, double?> validation)
    {
        double?[] first = [.. history.Select(training)], second = [.. history.Select(validation)];
        bool isValidated = second.Any(v => v is not null);
        page.Append(CultureInfo.InvariantCulture, $"<h2>{heading}</h2>\n");
        page.Append(isValidated ? Chart.Draw(history[0].Number, format, ("training", first), ("validation", second)) : Chart.Draw(history[0].Number, format, ("training", first))).Append('\n');
    }

    private static void Matrix(StringBuilder page, ConfusionMatrix confusion)
    {
        page.Append("<h2>Confusion</h2>\n<p>A row for what a sample is, a column for what it was taken for.</p>\n<div class=\"scroll\"><table>\n<tr><th></th>");
        for (int j = 0; j < confusion.Classes; j++)
            page.Append(CultureInfo.InvariantCulture, $"<th>{Escape(confusion.Name(j))}</th>");
        page.Append("<th>recall</th></tr>\n");
        for (int i = 0; i < confusion.Classes; i++)
        {
            page.Append(CultureInfo.InvariantCulture, $"<tr><th>{Escape(confusion.Name(i))}</th>");
            int all = Math.Max(1, Enumerable.Range(0, confusion.Classes).Sum(j => confusion[i, j]));
            for (int j = 0; j < confusion.Classes; j++)
                page.Append(CultureInfo.InvariantCulture, $"<td style=\"background: rgb({(i == j ? "42 134 166" : "208 102 47")} / {0.75 * confusion[i, j] / all:F2})\">{confusion[i, j]}</td>");
            page.Append(CultureInfo.InvariantCulture, $"<td>{Text.Percent(confusion.Recall(i))}</td></tr>\n");
        }
        page.Append("</table></div>\n");
    }

    private void Epochs(StringBuilder page)
    {
        page.Append("<h2>Epochs</h2>\n<div class=\"scroll\"><table>\n<tr><th>epoch</th><th>loss</th><th>accuracy</th><th>validation loss</th><th>accuracy</th><th>seconds</th></tr>\n");
        foreach (Epoch e in history)
            page.Append(CultureInfo.InvariantCulture, $"<tr><td>{e.Number}</td><td>{Text.Number(e.Loss)}</td><td>{Optional(e.Accuracy, Text.Percent)}</td><td>{Optional(e.ValidationLoss, Text.Number)}</td><td>{Optional(e.ValidationAccuracy, Text.Percent)}</td><td>{e.Elapsed.TotalSeconds:F3}</td></tr>\n");
        page.Append("</table></div>\n");
    }

    private static string Optional(double? value, Func<double, string> format) => value is { } number ? format(number) : "";

    private static string Escape(string text) => WebUtility.HtmlEncode(text);
}
