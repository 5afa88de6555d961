using System.Globalization;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace MiniNet.Tests.Diagnostics;

public class TrainingReportTests
{
    private static readonly Epoch[] History = [Epoch(1, 0.8, 0.5, 0.9, 0.4), Epoch(2, 0.4, 0.75, 0.7, 0.6), Epoch(3, 0.2, 1, 0.75, 0.65)];

    [Fact]
    public void The_page_stands_alone_and_is_well_formed()
    {
        string page = new TrainingReport(History) { Title = "a < b & c", Model = "[2] -> Dense(4)", Confusion = Confusion(), LearningRate = Schedule.Cosine(0.1, 12), BatchSize = 2 }.ToHtml();
        XDocument.Parse(Regex.Replace(page, "<!doctype html>|<meta[^>]*>", ""));
        Assert.DoesNotContain("http", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.Contains("<h1>a &lt; b &amp; c</h1>", page, StringComparison.Ordinal);
        Assert.Contains("[2] -&gt; Dense(4)", page, StringComparison.Ordinal);
        Assert.Equal(["Loss", "Accuracy", "Learning rate", "Confusion", "Epochs"], Regex.Matches(page, "<h2>(.*?)</h2>").Select(m => m.Groups[1].Value));
    }

    [Fact]
    public void The_curve_of_the_loss_goes_where_the_loss_went()
    {
        // The scale goes from the least value, 0.2, at the height 260, to the next round number above the greatest, 1, at 32: 285 pixels for 1.
        double[][] training = Curve(new TrainingReport(History).ToHtml(), 0);
        Assert.Equal([64.0, 344, 624], training.Select(p => p[0]));
        Assert.Equal([260 - (0.6 * 285), 260 - (0.2 * 285), 260], training.Select(p => p[1]), (a, b) => Math.Abs(a - b) < 0.06);
    }

    [Fact]
    public void The_learning_rate_is_that_of_the_last_step_of_each_epoch()
    {
        // 8 samples in batches of 3 are 3 steps; a rate that halves every 3 steps is 1, ½, ¼ at steps 2, 5 and 8.
        string page = new TrainingReport(History) { LearningRate = Schedule.Step(1, every: 3, factor: 0.5), BatchSize = 3 }.ToHtml();
        double[][] rate = Curve(page[page.IndexOf("Learning rate", StringComparison.Ordinal)..], 0);
        Assert.Equal([32.0, 260 - (0.3 * 285), 260 - (0.05 * 285)], rate.Select(p => p[1]), (a, b) => Math.Abs(a - b) < 0.06);
    }

    [Theory]
    [InlineData(0.1968, 1.179, "0 0.5 1 1.5")]
    [InlineData(-0.3, 0.1, "-0.3 -0.2 -0.1 0 0.1")]
    [InlineData(0, 1, "0 0.5 1")]
    [InlineData(1e-8, 0.02, "0 0.005 0.01 0.015 0.02")]
    [InlineData(1200, 9900, "0 5000 1E+04")]
    public void The_scale_has_round_numbers(double least, double greatest, string ticks) =>
        Assert.Equal(ticks, string.Join(' ', Regex.Matches(new TrainingReport([Epoch(1, least, null, null, null), Epoch(2, greatest, null, null, null)]).ToHtml(), "class=\"end\">([^<]*)</text>").Select(m => m.Groups[1].Value).SkipLast(1)));

    [Fact]
    public void A_cell_of_the_confusion_matrix_is_as_dark_as_its_share_of_the_row()
    {
        string page = new TrainingReport(History) { Confusion = Confusion() }.ToHtml();
        Assert.Contains("<th>cat</th><td style=\"background: rgb(42 134 166 / 0.50)\">2</td><td style=\"background: rgb(208 102 47 / 0.25)\">1</td><td>66.67 %</td>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_that_are_missing_or_not_finite_leave_gaps()
    {
        Epoch[] broken = [Epoch(1, 0.5, null, null, null), Epoch(2, double.NaN, null, null, null), Epoch(3, 0.25, null, null, null), Epoch(4, 0.125, null, null, null)];
        string page = new TrainingReport(broken).ToHtml();
        Assert.Equal(2, Regex.Match(page, "class=\"curve c0\" d=\"([^\"]*)\"").Groups[1].Value.Count(c => c == 'M'));
        Assert.DoesNotContain("Accuracy", page, StringComparison.Ordinal);
        Assert.DoesNotContain("validation</text>", page, StringComparison.Ordinal);
    }

    [Fact]
    public void One_epoch_and_a_constant_loss_are_drawn_too()
    {
        Assert.DoesNotContain("NaN", new TrainingReport([Epoch(1, 0, null, null, null)]).ToHtml(), StringComparison.Ordinal);
        Assert.DoesNotContain("NaN", new TrainingReport([Epoch(1, 3, null, null, null), Epoch(2, 3, null, null, null)]).ToHtml(), StringComparison.Ordinal);
    }

    [Fact]
    public void A_report_of_nothing_is_refused() =>
        Assert.StartsWith("The history has no epoch", Assert.Throws<ArgumentException>(() => new TrainingReport([])).Message, StringComparison.Ordinal);

    [Fact]
    public void It_is_saved_as_a_file()
    {
        string path = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName() + ".html");
        try
        {
            TrainingReport report = new(History);
            report.Save(path);
            Assert.Equal(report.ToHtml(), File.ReadAllText(path));
        }
        finally
        {
            File.Delete(path);
        }
    }

    private static double[][] Curve(string page, int number)
    {
        string path = Regex.Match(page, $"class=\"curve c{number}\" d=\"([^\"]*)\"").Groups[1].Value;
        return [.. Regex.Matches(path, @"[ML]([\d.]+) ([\d.]+)").Select(m => new[] { double.Parse(m.Groups[1].Value, CultureInfo.InvariantCulture), double.Parse(m.Groups[2].Value, CultureInfo.InvariantCulture) })];
    }

    private static ConfusionMatrix Confusion() => new(new[,] { { 2, 1 }, { 0, 4 } }, ["cat", "dog"]);

    private static Epoch Epoch(int number, double loss, double? accuracy, double? validationLoss, double? validationAccuracy) => new()
    {
        Number = number,
        Count = 3,
        Loss = loss,
        Accuracy = accuracy,
        ValidationLoss = validationLoss,
        ValidationAccuracy = validationAccuracy,
        Samples = 8,
        SampleCount = 8,
        Elapsed = TimeSpan.FromSeconds(1),
        TotalElapsed = TimeSpan.FromSeconds(number),
    };
}
