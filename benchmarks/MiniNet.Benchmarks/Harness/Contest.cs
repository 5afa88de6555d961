namespace MiniNet.Benchmarks;

/// <summary>Someone who does the work of a row, once a call.</summary>
internal sealed record Contestant(string Name, Action Run);

/// <summary>What a contestant needed for one call.</summary>
/// <param name="Seconds">The median over the rounds.</param>
/// <param name="Spread">How far apart the quartiles of the rounds lie, as a share of the median: the noise.</param>
internal readonly record struct Timing(double Seconds, double Spread);

/// <summary>
/// Times contestants in turn: A B C A B C …, each turn long enough for the clock, medians over the rounds.
/// A neighbour's load, a lower clock or a hot processor then meets all of them alike, and ratios stay what they are.
/// </summary>
/// <remarks>
/// With one thread, and where the system tells it, the time is that of the thread on the processor: what others computed meanwhile does not count.
/// A turn that was interrupted for a tenth of its time or more is run again, since the caches are not what they were.
/// </remarks>
internal sealed class Contest(Options options)
{
    private const double TurnSeconds = 2e-3, WarmUpSeconds = 10e-3, SlowSeconds = 50e-3;
    private const double Undisturbed = 0.9;
    private const int Attempts = 10;
    private const int SlowRounds = 3;                                  // of a contestant so slow that more would take minutes; the clock's noise is no matter there

    /// <summary>The timings, in the order of the contestants.</summary>
    public Timing[] Run(IReadOnlyList<Contestant> contestants)
    {
        int[] repetitions = [.. contestants.Select(c => Calibrate(c.Run))];
        List<double>[] times = [.. contestants.Select(_ => new List<double>())];
        for (int round = 0; round < options.Rounds; round++)
        {
            for (int i = 0; i < contestants.Count; i++)
            {
                if (times[i].Count >= SlowRounds && times[i][^1] >= SlowSeconds)
                    continue;
                for (int j = 0; j < repetitions[i] / 2; j++)
                    contestants[i].Run();                               // not timed: caches, and the clock after somebody's widest vectors, settle
                times[i].Add(Time(contestants[i].Run, repetitions[i]) / repetitions[i]);
            }
        }
        return [.. times.Select(Summarize)];
    }

    /// <summary>
    /// The managed bytes that one call allocates, or with several threads that the process does meanwhile. What native code allocates does not show.
    /// </summary>
    public long Allocated(Action run)
    {
        const int calls = 100;
        run();
        long before = Bytes();
        for (int i = 0; i < calls; i++)
            run();
        return (Bytes() - before) / calls;

        long Bytes() => options.Threads == 1 ? GC.GetAllocatedBytesForCurrentThread() : GC.GetTotalAllocatedBytes(precise: true);
    }

    /// <summary>How many calls make a turn. The calls before the last measurement are the warm-up.</summary>
    private int Calibrate(Action run)
    {
        run();
        int repetitions = 1;
        double seconds = Time(run, 1), spent = seconds;
        while (spent < WarmUpSeconds || (seconds < TurnSeconds / 2 && repetitions < 1 << 24))
        {
            if (seconds < TurnSeconds / 2)
                repetitions *= 2;
            spent += seconds = Time(run, repetitions);
        }
        return Math.Max(1, (int)Math.Round(repetitions * TurnSeconds / seconds));
    }

    /// <summary>The seconds of a turn.</summary>
    private double Time(Action run, int repetitions)
    {
        for (int attempt = 1; ; attempt++)
        {
            Clock start = Clock.Now(options.Threads);
            for (int i = 0; i < repetitions; i++)
                run();
            (double seconds, double share) = start.Elapsed();
            if (share > Undisturbed || attempt == Attempts || seconds > SlowSeconds)
                return seconds;
        }
    }

    private static Timing Summarize(List<double> times)
    {
        times.Sort();
        double median = Statistics.Median(times);
        return new(median, (times[times.Count * 3 / 4] - times[times.Count / 4]) / median);
    }
}
