using System.Diagnostics;
using System.Runtime.InteropServices;

namespace MiniNet.Benchmarks;

/// <summary>A moment, on the clock on the wall and on that of the thread, which stands still while others have the processor.</summary>
internal readonly partial struct Clock
{
    private const int ThreadClock = 3;                                 // CLOCK_THREAD_CPUTIME_ID of Linux

    private readonly long wall;
    private readonly double thread;

    private Clock(long wall, double thread) => (this.wall, this.thread) = (wall, thread);

    private bool HasThread => !double.IsNaN(thread);

    /// <summary>Now. With several threads only the clock on the wall counts their work.</summary>
    public static Clock Now(int threads)
    {
        double time = threads == 1 && OperatingSystem.IsLinux() && GetTime(ThreadClock, out Time value) == 0 ? value.Seconds + (1e-9 * value.Nanoseconds) : double.NaN;
        return new(Stopwatch.GetTimestamp(), time);
    }

    /// <summary>The time since, and the share of it that the thread was on the processor (1 where nobody tells).</summary>
    public (double Seconds, double Share) Elapsed()
    {
        double seconds = Stopwatch.GetElapsedTime(wall).TotalSeconds;
        if (!HasThread)
            return (seconds, 1);
        double own = Now(threads: 1).thread - thread;
        return (own, own / seconds);
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int GetTime(int clock, out Time value);

    [StructLayout(LayoutKind.Sequential)]
    private struct Time
    {
        public nint Seconds, Nanoseconds;
    }
}
