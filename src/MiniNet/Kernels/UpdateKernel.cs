using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>What an optimizer does to one parameter w with the gradient g and its slots, written once for every vector width.</summary>
internal interface IUpdateRule<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>How many of the slots it uses, from 0 to 3.</summary>
    int SlotCount { get; }

    /// <summary>How strongly weight decay pulls at the parameters that come next; 0 for those that it spares.</summary>
    T Decay { set; }

    void Invoke<TSimd, TVector>(ref TVector w, TVector g, ref TVector slot0, ref TVector slot1, ref TVector slot2) where TSimd : struct, ISimd<TVector, T>;
}

/// <summary>One pass over weights, gradient and state: each is read once and written once.</summary>
internal static class UpdateKernel
{
    private const int WorthAThread = 1 << 16;                        // parameters

    /// <param name="update">What the optimizer was given.</param>
    /// <param name="rule">What to do to each parameter.</param>
    /// <param name="decay">The rule's weight decay, for those parameters that decay.</param>
    internal static unsafe void Run<T, TRule>(in Update<T> update, scoped ref TRule rule, double decay) where T : unmanaged, IFloatingPointIeee754<T> where TRule : struct, IUpdateRule<T>
    {
        int slots = rule.SlotCount;
        fixed (T* weights = update.Parameters, gradients = update.Gradients, slot0 = slots > 0 ? update.Slot(0) : default, slot1 = slots > 1 ? update.Slot(1) : default, slot2 = slots > 2 ? update.Slot(2) : default)
        {
            foreach (ParameterRun run in decay == 0 ? update.RunsWithoutDecay : update.Runs)
            {
                rule.Decay = T.CreateChecked(run.Decays ? decay : 0);
                int start = run.Start;
                Kernel<T, TRule> kernel = new(ref rule, weights + start, gradients + start, slot0 + start, slot1 + start, slot2 + start, run.Length);
                if (update.Threads == 1 || run.Length <= WorthAThread)
                {
                    Simd.Run<T, Kernel<T, TRule>>(ref kernel, run.Length);
                    continue;
                }
                Work<T, TRule> work = new() { Kernel = kernel };
                WorkerTeam.Run(update.Threads, run.Length, WorthAThread, ref work);
            }
        }
    }

    private ref struct Work<T, TRule> : IWork where T : unmanaged, IFloatingPointIeee754<T> where TRule : struct, IUpdateRule<T>
    {
        public Kernel<T, TRule> Kernel;

        public readonly void Run(int from, int to) => Simd.Run<T, Kernel<T, TRule>>(Kernel with { From = from, To = to }, to - from);
    }

    private unsafe ref struct Kernel<T, TRule>(ref TRule rule, T* weights, T* gradients, T* slot0, T* slot1, T* slot2, int length) : IPlainKernel<T>
        where T : unmanaged, IFloatingPointIeee754<T> where TRule : struct, IUpdateRule<T>
    {
        public int From, To = length;

        private readonly ref TRule rule = ref rule;
        private readonly T* weights = weights, gradients = gradients, slot0 = slot0, slot1 = slot1, slot2 = slot2;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
        {
            TRule rule = this.rule;
            int i = From, length = To, slots = rule.SlotCount;
            T* weights = this.weights, gradients = this.gradients, slot0 = this.slot0, slot1 = this.slot1, slot2 = this.slot2;
            TVector w, s0 = TSimd.Create(T.Zero), s1 = s0, s2 = s0;
            for (; i <= length - TSimd.Count; i += TSimd.Count)
            {
                w = TSimd.Load(weights + i);
                TVector g = TSimd.Load(gradients + i);
                if (slots > 0)
                    s0 = Settled<TSimd, TVector>(TSimd.Load(slot0 + i), g);
                if (slots > 1)
                    s1 = Settled<TSimd, TVector>(TSimd.Load(slot1 + i), g);
                if (slots > 2)
                    s2 = Settled<TSimd, TVector>(TSimd.Load(slot2 + i), g);
                rule.Invoke<TSimd, TVector>(ref w, g, ref s0, ref s1, ref s2);
                TSimd.Store(w, weights + i);
                if (slots > 0)
                    TSimd.Store(s0, slot0 + i);
                if (slots > 1)
                    TSimd.Store(s1, slot1 + i);
                if (slots > 2)
                    TSimd.Store(s2, slot2 + i);
            }
            int n = length - i;
            if (n == 0)
                return;

            // What is left over, in vectors filled up with zeros.
            w = TSimd.LoadFirst(weights + i, n);
            TVector last = TSimd.LoadFirst(gradients + i, n);
            if (slots > 0)
                s0 = Settled<TSimd, TVector>(TSimd.LoadFirst(slot0 + i, n), last);
            if (slots > 1)
                s1 = Settled<TSimd, TVector>(TSimd.LoadFirst(slot1 + i, n), last);
            if (slots > 2)
                s2 = Settled<TSimd, TVector>(TSimd.LoadFirst(slot2 + i, n), last);
            rule.Invoke<TSimd, TVector>(ref w, last, ref s0, ref s1, ref s2);
            TSimd.StoreFirst(w, weights + i, n);
            if (slots > 0)
                TSimd.StoreFirst(s0, slot0 + i, n);
            if (slots > 1)
                TSimd.StoreFirst(s1, slot1 + i, n);
            if (slots > 2)
                TSimd.StoreFirst(s2, slot2 + i, n);
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void RunPlain()
        {
            TRule rule = this.rule;
            T unused = T.Zero;
            int slots = rule.SlotCount;
            for (int i = From; i < To; i++)
            {
                if (slots > 0)
                    slot0[i] = Settled<SimdScalar<T>, T>(slot0[i], gradients[i]);
                if (slots > 1)
                    slot1[i] = Settled<SimdScalar<T>, T>(slot1[i], gradients[i]);
                if (slots > 2)
                    slot2[i] = Settled<SimdScalar<T>, T>(slot2[i], gradients[i]);
                rule.Invoke<SimdScalar<T>, T>(
                    ref weights[i], gradients[i], ref slots > 0 ? ref slot0[i] : ref unused, ref slots > 1 ? ref slot1[i] : ref unused, ref slots > 2 ? ref slot2[i] : ref unused);
            }
        }

        /// <summary>
        /// A slot, but zero where nothing is added to it and it is below the smallest normal number (of float or double; of Half that is half of the range). An average that
        /// decays ends there and stays: 0.9 times four of the smallest is rounded to four. Processors take a hundred times as long for such numbers.
        /// </summary>
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        private static TVector Settled<TSimd, TVector>(TVector slot, TVector g) where TSimd : struct, ISimd<TVector, T>
        {
            if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
                return slot;
            TVector zero = TSimd.Create(T.Zero), normal = VectorMath<TSimd, TVector, T>.Constant(typeof(T) == typeof(float) ? 1.17549435e-38 : 2.2250738585072014e-308);
            return TSimd.IfEqual(g, zero, TSimd.IfGreater(normal, TSimd.Abs(slot), zero, slot), slot);
        }
    }
}
