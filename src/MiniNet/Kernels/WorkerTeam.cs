using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;

namespace MiniNet;

/// <summary>
/// The threads that share out loops: one team for the process, made when first asked for, asleep when there is nothing to do.
/// </summary>
/// <remarks>
/// The caller works too, and never waits for a helper that has not begun: where the machine is busy, it simply does all of it.
/// If the team is taken (by another trainer, or by the caller's own outer loop), the caller also does all of it.
/// <para>
/// The loop body is copied to the caller's stack, and helpers get its address. The stack stands still until every helper has left, and the spans in
/// the body stay valid while the collector moves arrays: a collection stops all threads first, and then mends the caller's frame, which holds the spans,
/// and the helpers' frames, which hold what they read from it. So nothing is allocated and nothing is pinned.
/// </para>
/// </remarks>
internal static unsafe class WorkerTeam
{
    private const int MaximumHelpers = 255;
    private const int SpinsBeforeSleep = 2000;            // some 50 µs: the next layer of a training step comes sooner

    // One number says it all, so that one comparison decides: generation (32 bits), open (1), helpers that ever joined (15), helpers inside (16).
    private const long Inside = 1, Joined = 1L << 16, Open = 1L << 31, Generation = 1L << 32;
    private static long state;

    private static readonly Lock Growth = new();
    private static readonly SemaphoreSlim Wake = new(0);
    private static int helpers, sleeping, taken;

    // The loop at hand. Written before the state opens, read after a helper has joined.
    private static void* body;
    private static delegate*<void*, int, int, void> call;
    private static int grain, seats;
    private static long untaken;                          // the first item (upper half) and the one after the last (lower half) of those that nobody has taken yet
    private static ExceptionDispatchInfo? fault;

    /// <summary>Runs the items 0 to count − 1 on at most so many threads, the caller's among them.</summary>
    internal static void Run<TWork>(int threads, int count, int grain, scoped ref TWork work) where TWork : struct, IWork, allows ref struct
    {
        int pieces = (int)(((long)count + grain - 1) / grain);
        int wanted = Math.Min(Math.Min(threads, pieces) - 1, MaximumHelpers);
        if (wanted < 1 || !TryTake())
        {
            work.Run(0, count);
            return;
        }
        TWork local = work;                                            // on the stack, wherever the caller keeps it: memory that does not move
        Run(wanted, count, grain, Unsafe.AsPointer(ref local), &Invoke<TWork>);
        work = local;
    }

    private static bool TryTake() => !OperatingSystem.IsBrowser() && Interlocked.CompareExchange(ref taken, 1, 0) == 0;

    /// <summary>The same whatever the work is, so that there is one of it, not one for each kind of work.</summary>
    private static void Run(int wanted, int count, int grain, void* work, delegate*<void*, int, int, void> invoke)
    {
        try
        {
            EnsureHelpers(wanted);
            (WorkerTeam.grain, seats, untaken, fault) = (grain, wanted, count, null);
            body = work;
            call = invoke;
            try
            {
                Interlocked.Exchange(ref state, ((state & ~(Generation - 1)) + Generation) | Open);
                int woken = ClaimSleepers(wanted);
                if (woken > 0)
                    Wake.Release(woken);
                TakePieces(isHelper: false);
            }
            finally
            {
                Volatile.Write(ref untaken, 0);                    // after an exception: nobody begins another piece
                Interlocked.And(ref state, ~Open);
                SpinWait wait = default;
                while ((Volatile.Read(ref state) & (Joined - 1)) != 0)
                    wait.SpinOnce(sleep1Threshold: -1);
            }
            fault?.Throw();
        }
        finally
        {
            body = null;
            Volatile.Write(ref taken, 0);
        }
    }

    private static void Invoke<TWork>(void* work, int from, int to) where TWork : struct, IWork, allows ref struct =>
        Unsafe.AsRef<TWork>(work).Run(from, to);

    /// <summary>
    /// Large pieces first, since work is done better in large ones, then smaller ones, so that all end at about the same time: each takes about two thirds of its share
    /// of what is left, in whole grains. The caller takes them from the front and helpers from the back, so that in the next layer each finds in its cache what it wrote in this one.
    /// </summary>
    private static void TakePieces(bool isHelper)
    {
        long threads = seats + 1;
        while (true)
        {
            long now = Volatile.Read(ref untaken), from = now >> 32, to = (int)now;
            if (from >= to)
                return;
            long share = 2 * (to - from) / (3 * threads), size = Math.Max(grain, (share + grain - 1) / grain * grain);
            long cut = isHelper ? Math.Max(from, (to - size) / grain * grain) : Math.Min(from + size, to);
            if (Interlocked.CompareExchange(ref untaken, isHelper ? (from << 32) | cut : (cut << 32) | to, now) == now)
                call(body, (int)(isHelper ? cut : from), (int)(isHelper ? to : cut));
        }
    }

    private static void EnsureHelpers(int wanted)
    {
        if (Volatile.Read(ref helpers) >= wanted)
            return;
        lock (Growth)
        {
            for (; helpers < wanted; helpers++)
                new Thread(Help) { IsBackground = true, Name = "MiniNet worker" }.Start();
        }
    }

    private static void Help()
    {
        long seen = 0;
        while (true)
        {
            long now = WaitForWork(seen);
            if (((now >> 16) & 0x7FFF) >= seats)
            {
                seen = now >> 32;                                   // no seat left in this loop
                continue;
            }
            if (Interlocked.CompareExchange(ref state, now + Joined + Inside, now) != now)
                continue;
            seen = now >> 32;
            try
            {
                TakePieces(isHelper: true);
            }
            catch (Exception e)
            {
                fault ??= ExceptionDispatchInfo.Capture(e);
                Volatile.Write(ref untaken, 0);
            }
            Interlocked.Add(ref state, -Inside);
        }
    }

    /// <summary>Takes up to so many off the count of sleepers: each that is taken is woken once, by whoever took it.</summary>
    private static int ClaimSleepers(int wanted)
    {
        while (true)
        {
            int asleep = Volatile.Read(ref sleeping), claimed = Math.Min(asleep, wanted);
            if (claimed == 0 || Interlocked.CompareExchange(ref sleeping, asleep - claimed, asleep) == asleep)
                return claimed;
        }
    }

    /// <summary>Waits for an open loop of another generation: first awake, then asleep.</summary>
    private static long WaitForWork(long seen)
    {
        for (int spin = 0; ; spin++)
        {
            long now = Volatile.Read(ref state);
            if ((now & Open) != 0 && (now >> 32) != seen)
                return now;
            if (spin < SpinsBeforeSleep)
            {
                Thread.SpinWait(1);
                continue;
            }
            Interlocked.Increment(ref sleeping);
            now = Volatile.Read(ref state);
            bool hasWork = (now & Open) != 0 && (now >> 32) != seen;
            if (!hasWork || ClaimSleepers(1) == 0)
                Wake.Wait();                                        // if somebody has claimed this sleeper, the release is there or on its way
            spin = 0;
        }
    }
}
