namespace MiniNet.Benchmarks;

/// <summary>The rows of a suite whose cells are times: MiniNet first, then each peer with its time over MiniNet's.</summary>
internal static class Comparison
{
    /// <summary>Times the contestants of one row. The first is MiniNet; null is a peer that has no such thing.</summary>
    public static IReadOnlyList<string> Cells(Contest contest, IReadOnlyList<Contestant?> contestants)
    {
        Timing[] timings = contest.Run([.. contestants.OfType<Contestant>()]);
        double own = timings[0].Seconds;
        List<string> cells = [Table.Time(own), Table.Percent(timings[0].Spread)];
        int next = 1;
        foreach (Contestant? peer in contestants.Skip(1))
            cells.Add(peer is null ? "" : Cell(timings[next++].Seconds, own));
        return cells;
    }

    public static string Cell(double peer, double own) => $"{Table.Time(peer)} · {Table.Ratio(peer, own)}";
}
