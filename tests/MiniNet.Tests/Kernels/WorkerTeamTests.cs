using System.Runtime.CompilerServices;

namespace MiniNet.Tests.Kernels;

/// <summary>Alone: there is one team for the process, and these tests need its helpers to be free.</summary>
[CollectionDefinition(nameof(WorkerTeamTests), DisableParallelization = true)]
public class WorkerTeamCollection;

[Collection(nameof(WorkerTeamTests))]
public class WorkerTeamTests
{
    [Fact]
    public void Every_item_is_done_exactly_once()
    {
        foreach (int count in (int[])[0, 1, 2, 3, 7, 8, 9, 31, 100, 1000, 4099])
        {
            foreach (int grain in (int[])[1, 2, 3, 7, 64, 1000, 5000, int.MaxValue])
            {
                for (int threads = 1; threads <= 8; threads++)
                {
                    int[] done = new int[count];
                    Counting work = new() { Done = done };
                    WorkerTeam.Run(threads, count, grain, ref work);
                    Assert.All(done, times => Assert.Equal(1, times));
                }
            }
        }
    }

    [Theory]
    [InlineData(1000, 7, 2)]
    [InlineData(784, 32, 4)]
    [InlineData(5, 1, 3)]
    [InlineData(2_000_000_000, 100_000_000, 2)]
    public void Pieces_are_whole_grains_get_shorter_and_come_from_the_front_for_the_caller_and_from_the_back_for_others(int count, int grain, int threads)
    {
        // Of the piece that begins with grain k, Ends[k] is the end, and Owners[k] the thread.
        int[] ends = new int[(count / grain) + 1], owners = new int[ends.Length];
        Pieces work = new() { Ends = ends, Owners = owners, Grain = grain };
        WorkerTeam.Run(threads, count, grain, ref work);
        int[] begins = [.. Enumerable.Range(0, ends.Length).Where(k => ends[k] != 0).Select(k => k * grain)];
        bool isOthers = false;
        for (int i = 0, covered = 0; i < begins.Length; covered = ends[begins[i++] / grain])
        {
            Assert.Equal(covered, begins[i]);
            isOthers |= owners[begins[i] / grain] != Environment.CurrentManagedThreadId;
            Assert.Equal(isOthers, owners[begins[i] / grain] != Environment.CurrentManagedThreadId);
        }
        Assert.Equal(count, ends[begins[^1] / grain]);

        // In the order in which they were taken, which can be told from their lengths: each is about two thirds of a share of what was left.
        for (int front = 0, back = begins.Length; front < back;)
        {
            long from = begins[front], to = ends[begins[back - 1] / grain], share = 2 * (to - from) / (3 * threads), length = Math.Max(grain, (share + grain - 1) / grain * grain);
            bool isFront = ends[from / grain] == Math.Min(from + length, to) && owners[from / grain] == Environment.CurrentManagedThreadId;
            Assert.True(isFront || begins[back - 1] == Math.Max(from, (to - length) / grain * grain), $"Of {from} to {to}, neither the first piece nor the last is {length} long.");
            (front, back) = isFront ? (front + 1, back) : (front, back - 1);
        }
    }

    [Fact]
    public void A_second_thread_takes_part()
    {
        Meeting work = new() { Threads = new int[2] };
        WorkerTeam.Run(2, 2, 1, ref work);
        Assert.Contains(Environment.CurrentManagedThreadId, work.Threads);
        Assert.Equal(2, work.Threads.Distinct().Count());
    }

    [Fact]
    public void Never_more_threads_than_asked_for_work_on_a_loop()
    {
        for (int threads = 1; threads <= 4; threads++)
        {
            for (int repeat = 0; repeat < 20; repeat++)
            {
                Recording all = new() { Threads = new int[8], Pause = 4 };
                WorkerTeam.Run(8, 8, 1, ref all);               // now there are helpers to spare, and still awake
                Recording work = new() { Threads = new int[12], Pause = 1 };
                WorkerTeam.Run(threads, 12, 1, ref work);
                Assert.InRange(work.Threads.Distinct().Count(), 1, threads);
                Assert.DoesNotContain(0, work.Threads);
            }
        }
    }

    [Theory]
    [InlineData("caller")]
    [InlineData("helper")]
    [InlineData("caller or helper")]
    public void An_exception_surfaces_once_no_further_piece_is_begun_and_the_team_works_on(string who)
    {
        const int Threads = 4, Many = 20;                       // of the 90 pieces or so
        for (int repeat = 0; repeat < 25; repeat++)
        {
            int[] state = new int[3];
            InvalidOperationException e = Assert.Throws<InvalidOperationException>(() =>
            {
                Throwing work = new() { Who = who, Caller = Environment.CurrentManagedThreadId, State = state };
                WorkerTeam.Run(Threads, 3_000_000, 1, ref work);
            });
            Assert.Contains(e.Message, who);
            Assert.True(state[Throwing.Late] < Many, $"{state[Throwing.Late]} pieces were begun after one had failed.");
            AssertWorks();
        }
    }

    [Fact]
    public void A_loop_inside_a_loop_is_done_by_the_thread_that_runs_into_it()
    {
        int[] done = new int[40 * 30];
        Nesting work = new() { Done = done };
        WorkerTeam.Run(4, 40, 1, ref work);
        Assert.All(done, times => Assert.Equal(1, times));
        AssertWorks();
    }

    [Fact]
    public void Threads_that_use_the_team_at_the_same_time_all_get_their_loops_done()
    {
        Exception?[] faults = new Exception?[3];
        Thread[] users = [.. faults.Select((_, user) => new Thread(() =>
        {
            try
            {
                for (int repeat = 0; repeat < 500; repeat++)
                    AssertWorks();
            }
            catch (Exception e)
            {
                faults[user] = e;
            }
        }))];
        foreach (Thread user in users)
            user.Start();
        foreach (Thread user in users)
            user.Join();
        Assert.All(faults, Assert.Null);
    }

    [Fact]
    public void A_loop_allocates_nothing_once_the_team_is_there()
    {
        int[] done = new int[256];
        Counting work = new() { Done = done };
        int loops = 0;
        for (; loops < 100; loops++)
            WorkerTeam.Run(3, done.Length, 4, ref work);

        // The runtime makes what a lock waits with when two threads first meet at it, once: what a loop allocates it allocates each time.
        long least = long.MaxValue;
        for (int end = 1100; end <= 5100 && least > 0; end += 1000)
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            for (; loops < end; loops++)
                WorkerTeam.Run(3, done.Length, 4, ref work);
            least = Math.Min(least, GC.GetAllocatedBytesForCurrentThread() - before);
        }
        Assert.Equal(0, least);
        Assert.All(done, times => Assert.Equal(loops, times));
    }

    [Fact]
    public unsafe void Arrays_may_move_while_a_loop_runs_over_them()
    {
        int moved = 0;
        for (int repeat = 0; repeat < 60; repeat++)
        {
            byte[][] gaps = new byte[64][];
            for (int i = 0; i < gaps.Length; i++)
                gaps[i] = new byte[500];
            int[] x = [.. Enumerable.Range(repeat, 10_000)], y = new int[x.Length];
            gaps = [];                                          // what lay before the arrays is free now, so they move there
            void* before = Unsafe.AsPointer(ref x[0]);
            Mapping work = new() { X = x, Y = y };
            WorkerTeam.Run(3, x.Length, 16, ref work);
            if (Unsafe.AsPointer(ref x[0]) != before)
                moved++;
            Assert.Empty(gaps);
            Assert.Equal(Enumerable.Range(repeat, 10_000).Select(value => (3 * value) + 1), y);
        }
        Assert.True(moved > 0, "No collection moved the arrays: this test has shown nothing.");
    }

    private static void AssertWorks()
    {
        int[] done = new int[101];
        Counting work = new() { Done = done };
        WorkerTeam.Run(4, done.Length, 3, ref work);
        Assert.All(done, times => Assert.Equal(1, times));
    }

    private ref struct Counting : IWork
    {
        public Span<int> Done;

        public readonly void Run(int from, int to)
        {
            for (int i = from; i < to; i++)
                Interlocked.Increment(ref Done[i]);
        }
    }

    private struct Pieces : IWork
    {
        public int[] Ends, Owners;
        public int Grain;

        public readonly void Run(int from, int to)
        {
            Owners[from / Grain] = Environment.CurrentManagedThreadId;
            Thread.Sleep(1);                                               // so that helpers wake up in time
            if (from % Grain != 0 || Interlocked.Exchange(ref Ends[from / Grain], to) != 0)
                throw new InvalidOperationException($"The piece from {from} to {to} begins amid a grain, or comes twice.");
        }
    }

    /// <summary>Two items, each of which waits for the other to have begun: only two threads get through.</summary>
    private struct Meeting : IWork
    {
        public int[] Threads;

        public readonly void Run(int from, int to)
        {
            Volatile.Write(ref Threads[from], Environment.CurrentManagedThreadId);
            int[] threads = Threads;
            SpinWait.SpinUntil(() => Volatile.Read(ref threads[1 - from]) != 0, TimeSpan.FromSeconds(20));
        }
    }

    private struct Recording : IWork
    {
        public int[] Threads;
        public int Pause;

        public readonly void Run(int from, int to)
        {
            Threads.AsSpan(from, to - from).Fill(Environment.CurrentManagedThreadId);
            Thread.Sleep(Pause);
        }
    }

    /// <summary>Throws on the thread that is named, once another has joined where another is to go on; the others wait until that has happened.</summary>
    private struct Throwing : IWork
    {
        public const int Thrown = 0, Late = 1, Joined = 2;

        public string Who;
        public int Caller;
        public int[] State;

        public readonly void Run(int from, int to)
        {
            int[] state = State;
            string me = Environment.CurrentManagedThreadId == Caller ? "caller" : "helper";
            if (Who.Contains(me, StringComparison.Ordinal))
            {
                if (Who == me)
                    SpinWait.SpinUntil(() => Volatile.Read(ref state[Joined]) != 0, TimeSpan.FromSeconds(20));
                Volatile.Write(ref State[Thrown], 1);
                throw new InvalidOperationException(me);
            }
            Volatile.Write(ref state[Joined], 1);
            if (Volatile.Read(ref state[Thrown]) == 0)
            {
                SpinWait.SpinUntil(() => Volatile.Read(ref state[Thrown]) != 0, TimeSpan.FromSeconds(20));
                return;
            }
            Interlocked.Increment(ref state[Late]);
            Thread.Sleep(20);                                   // long enough for the exception to be caught meanwhile
        }
    }

    private ref struct Nesting : IWork
    {
        public Span<int> Done;

        public readonly void Run(int from, int to)
        {
            for (int i = from; i < to; i++)
            {
                Counting inner = new() { Done = Done.Slice(i * 30, 30) };
                WorkerTeam.Run(4, 30, 2, ref inner);
            }
        }
    }

    /// <summary>Now and then collects in the middle of a piece, on whatever thread has it, so that the spans of all threads must follow their arrays.</summary>
    private ref struct Mapping : IWork
    {
        public ReadOnlySpan<int> X;
        public Span<int> Y;

        public readonly void Run(int from, int to)
        {
            ReadOnlySpan<int> x = X[from..to];
            Span<int> y = Y[from..to];
            for (int i = 0; i < x.Length; i++)
            {
                if ((from + i) % 1001 == 500)
                    GC.Collect(2, GCCollectionMode.Forced, blocking: true, compacting: true);
                y[i] = (3 * x[i]) + 1;
            }
        }
    }
}
