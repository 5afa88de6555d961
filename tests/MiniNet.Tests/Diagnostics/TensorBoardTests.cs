namespace MiniNet.Tests.Diagnostics;

public class TensorBoardTests
{
    [Fact]
    public void The_file_is_that_of_an_independent_writer_to_the_byte()
    {
        using MemoryStream stream = new();
        TensorBoard board = new(stream, new Noon());
        board.Report(new Epoch { Number = 1, Count = 2, Loss = 0.5, ValidationLoss = 0.625, Accuracy = 0.75, ValidationAccuracy = 0.125, Samples = 8, SampleCount = 8, Elapsed = default, TotalElapsed = default });
        board.Report(new Epoch { Number = 2, Count = 2, Loss = 9, Samples = 4, SampleCount = 8, Elapsed = default, TotalElapsed = default });         // not complete: not written
        board.Report(new Epoch { Number = 300, Count = 300, Loss = 0.25, Samples = 8, SampleCount = 8, Elapsed = default, TotalElapsed = default });
        board.Scalar("Größe", -1e30, step: 1L << 40);
        Assert.Equal(File.ReadAllBytes(Path.Combine(AppContext.BaseDirectory, "golden", "events.tfevents")), stream.ToArray());
    }

    [Fact]
    public void A_run_writes_a_file_that_TensorBoard_finds()
    {
        string folder = Path.Combine(Path.GetTempPath(), Path.GetRandomFileName(), "runs", "first");
        try
        {
            using (TensorBoard board = new(folder))
                new Sequential<float>(1, seed: 1, new Dense(1)).Fit([1, 2], [2, 4], new MeanSquaredError(), new Sgd(0.1), epochs: 3, progress: board);
            string file = Assert.Single(Directory.GetFiles(folder));
            Assert.Contains("tfevents", Path.GetFileName(file), StringComparison.Ordinal);
            byte[] bytes = File.ReadAllBytes(file);
            int records = 0;
            for (int i = 0; i < bytes.Length; i += 16 + (int)BitConverter.ToInt64(bytes, i))
                records++;
            Assert.Equal(4, records);                                    // the version, and a loss for each epoch
        }
        finally
        {
            Directory.Delete(Path.GetDirectoryName(Path.GetDirectoryName(folder))!, recursive: true);
        }
    }

    [Fact]
    public void A_curve_without_a_name_is_refused() =>
        Assert.Throws<ArgumentException>(() => new TensorBoard(new MemoryStream(), new Noon()).Scalar("", 1, 1));

    private sealed class Noon : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.UnixEpoch.AddSeconds(1_700_000_000.25);
    }
}
