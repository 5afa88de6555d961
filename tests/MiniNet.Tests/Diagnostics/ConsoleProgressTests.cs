namespace MiniNet.Tests.Diagnostics;

public class ConsoleProgressTests
{
    private static readonly Epoch Middle = new()
    {
        Number = 2,
        Count = 4,
        Loss = 0.07123456,
        Accuracy = 0.9,
        Samples = 50,
        SampleCount = 200,
        Elapsed = TimeSpan.FromSeconds(0.5),
        TotalElapsed = TimeSpan.FromSeconds(2.5),
    };

    private static readonly Epoch End = Middle with { Samples = 200, Elapsed = TimeSpan.FromSeconds(2), TotalElapsed = TimeSpan.FromSeconds(80), ValidationLoss = 12, ValidationAccuracy = 0.97555 };

    private static readonly Epoch Last = End with { Number = 4, TotalElapsed = TimeSpan.FromSeconds(3 * 3600 + 62) };

    private const string MiddleLine = "epoch 2/4  loss 0.07123  accuracy 90.00 %  100 samples/s  5.5 s left  (25.00 % of the epoch)";
    private const string EndLine = "epoch 2/4  loss 0.07123  accuracy 90.00 %  validation loss 12  accuracy 97.56 %  100 samples/s  1:20 left";
    private const string LastLine = "epoch 4/4  loss 0.07123  accuracy 90.00 %  validation loss 12  accuracy 97.56 %  100 samples/s  3:01:02 in all";

    [Fact]
    public void A_terminal_shows_one_line_that_is_written_over()
    {
        using StringWriter writer = new() { NewLine = "\n" };
        ConsoleProgress progress = new(writer, isTerminal: true);
        progress.Report(Middle);
        progress.Report(End with { Accuracy = null, ValidationLoss = null, ValidationAccuracy = null });
        progress.Report(Last);
        const string shorter = "epoch 2/4  loss 0.07123  100 samples/s  1:20 left";
        Assert.Equal($"\r{MiddleLine}\r{shorter.PadRight(MiddleLine.Length)}\r{LastLine}\n", writer.ToString());
    }

    [Fact]
    public void Elsewhere_there_is_a_plain_line_after_each_epoch()
    {
        using StringWriter writer = new() { NewLine = "\n" };
        ConsoleProgress progress = new(writer, isTerminal: false);
        progress.Report(Middle);
        progress.Report(End);
        progress.Report(Last);
        Assert.Equal($"{EndLine}\n{LastLine}\n", writer.ToString());
    }

    [Fact]
    public void The_time_left_counts_from_where_the_loop_began() =>
        Assert.Equal(TimeSpan.FromSeconds(2.5 * 2.75 / 0.25), (Middle with { Number = 12, Count = 14, First = 11 }).Remaining);
}
