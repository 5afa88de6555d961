using System.Numerics;
using System.Runtime.ExceptionServices;

namespace MiniNet;

// How a batch that puts out more than the processor's cache holds is learned: in parts, one after the other, or some of them at the same time, a thread each.
public sealed partial class Trainer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private Trainer<T>[] others = [];                                   // who take parts at the same time: each on one thread, with memory and a gradient of its own
    private ExceptionDispatchInfo? fault;                               // of the part that it took
    private T partLoss;
    private int firstSample;                                            // of the part at hand, in its batch: for messages

    /// <summary>One that takes parts for another trainer, and moves nothing itself.</summary>
    private Trainer(Trainer<T> first)
    {
        (Model, loss, head, evaluate, optimizer, move, seed) = (first.Model, first.loss, first.head, first.evaluate, first.optimizer, first.move, first.seed);
        (circuit, plan, Threads, Part) = (first.circuit, first.plan, 1, int.MaxValue);
        (gradientStore, gradientBase) = AlignedArray.Create<T>(plan.ParameterLength);
        (observed, Slots, Runs, RunsWithoutDecay) = (new T[plan.Observed], [], [], []);
    }

    private T LearnInParts(ReadOnlySpan<T> x, ReadOnlySpan<T> targets, ReadOnlySpan<T> sampleWeights, int samples, ref Tally tally)
    {
        CheckLengths(targets.Length, sampleWeights.Length, samples);
        loss!.CheckTargets(targets, Model.OutputShape, samples);
        int parts = ((samples - 1) / Part) + 1, size = ((samples - 1) / parts) + 1, t = targets.Length / samples;
        double sum = 0;
        Trainer<T> one = this;
        ClearFrozen();
        try
        {
            for (int from = 0; from < samples;)
            {
                PartWork work = new() { First = this, X = x, Targets = targets, SampleWeights = sampleWeights, From = from, Size = size, Samples = samples };
                int count = PartsAtOnce((samples - from + size - 1) / size, size);
                CallOthers(count - 1);
                WorkerTeam.Run(count, count, 1, ref work);
                // In the order of the samples, so that sums and complaints are those of one part after the other.
                for (int i = 0; i < count; i++)
                {
                    one = i == 0 ? this : others[i - 1];
                    one.fault?.Throw();
                    sum += one.batch * double.CreateChecked(one.partLoss);
                    tally.Count(one.workspace!.Output.AsSpan(0, one.batch * Model.OutputShape.Length), targets.Slice(from * t, one.batch * t));
                    from += one.batch;
                    Add(one);
                }
            }
        }
        catch
        {
            Discard();                                                  // half a batch is no gradient
            if (one != this)
                one.Gradients.CopyTo(Gradients);                        // who looks at them sees those of the part that failed
            throw;
        }
        finally
        {
            DismissOthers();
        }
        return LastLoss = T.CreateChecked(sum / samples);
    }

    /// <summary>
    /// How many of the parts that are left are learned next: one for each thread, if that is as soon done as one part after the other, when all threads share out the samples of each
    /// layer; but no more than may be in memory together. It decides on time only: parts are added up in their order.
    /// </summary>
    private int PartsAtOnce(int left, int size)
    {
        long atOnce = Math.Min(Math.Min(Threads, left), Math.Max(1, MostValues / (size * Math.Max(1L, plan.PerSampleValues))));
        return size <= atOnce * ((size - 1) / Threads + 1) ? (int)atOnce : 1;
    }

    private unsafe void CallOthers(int count)
    {
        while (others.Length < count)
            Arrays.Append(ref others, new(this));
        for (int i = 0; i < count; i++)
        {
            others[i].StepCount = StepCount;
            others[i].pinned = pinned;
            others[i].pinnedLength = pinnedLength;
        }
    }

    /// <summary>The gradient of one part, or what went wrong with it.</summary>
    private void LearnPart(ReadOnlySpan<T> x, ReadOnlySpan<T> targets, ReadOnlySpan<T> sampleWeights, int from)
    {
        firstSample = accumulated = from;                               // where the random numbers of dropout go on, too
        try
        {
            Forward(x);
            partLoss = Backward(targets, default, sampleWeights);
        }
        catch (Exception e)
        {
            fault = ExceptionDispatchInfo.Capture(e);
        }
    }

    /// <summary>Gradients that nobody writes, and that the caller may have changed.</summary>
    private void ClearFrozen()
    {
        int end = 0;
        foreach (ParameterRun run in RunsWithoutDecay)
        {
            Gradients[end..run.Start].Clear();
            end = run.Start + run.Length;
        }
        Gradients[end..].Clear();
    }

    private void Add(Trainer<T> one)
    {
        one.CheckGradients();
        AddTo(ref gradientSum, one.Gradients, one.batch);
        AddTo(ref observedSum, one.observed, one.batch);
        accumulated += one.batch;
        one.stage = Stage.Idle;
    }

    /// <summary>The step is over, and its samples may move.</summary>
    private unsafe void DismissOthers()
    {
        (fault, firstSample) = (null, 0);
        foreach (Trainer<T> other in others)
        {
            other.fault = null;
            other.pinned = other.borrowed = null;
        }
    }

    private ref struct PartWork : IWork
    {
        public Trainer<T> First;
        public ReadOnlySpan<T> X, Targets, SampleWeights;
        public int From, Size, Samples;

        public readonly void Run(int from, int to)
        {
            int n = X.Length / Samples, t = Targets.Length / Samples;
            for (int i = from; i < to; i++)
            {
                int start = From + (i * Size), count = Math.Min(Size, Samples - start);
                Trainer<T> one = i == 0 ? First : First.others[i - 1];
                one.LearnPart(X.Slice(start * n, count * n), Targets.Slice(start * t, count * t), SampleWeights.IsEmpty ? default : SampleWeights.Slice(start, count), start);
            }
        }
    }
}
