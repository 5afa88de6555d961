using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>What an optimizer does to one parameter w with the gradient g and its slots, written once for every vector width.</summary>
internal interface IUpdateRule<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>How many of the slots it uses, from 0 to 3.</summary>
    int SlotCount { get; }

    void Invoke<TSimd, TVector>(ref TVector w, TVector g, ref TVector slot0, ref TVector slot1, ref TVector slot2) where TSimd : struct, ISimd<TVector, T>;
}

/// <summary>One pass over weights, gradient and state: each is read once and written once.</summary>
internal static class UpdateKernel
{
    internal static void Run<T, TRule>(in Update<T> update, ParameterRun run, TRule rule) where T : unmanaged, IFloatingPointIeee754<T> where TRule : struct, IUpdateRule<T>
    {
        int slots = rule.SlotCount;
        Simd.Run<T, Kernel<T, TRule>>(new()
        {
            Rule = rule,
            Weights = update.Parameters.Slice(run.Start, run.Length),
            Gradients = update.Gradients.Slice(run.Start, run.Length),
            Slot0 = slots > 0 ? update.Slot(0).Slice(run.Start, run.Length) : default,
            Slot1 = slots > 1 ? update.Slot(1).Slice(run.Start, run.Length) : default,
            Slot2 = slots > 2 ? update.Slot(2).Slice(run.Start, run.Length) : default,
        });
    }

    private ref struct Kernel<T, TRule> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T> where TRule : struct, IUpdateRule<T>
    {
        public TRule Rule;
        public Span<T> Weights, Gradients, Slot0, Slot1, Slot2;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly unsafe void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
        {
            TRule rule = Rule;
            int slots = rule.SlotCount, n = Weights.Length, i = 0;
            TVector none = TSimd.Create(T.Zero), s0 = none, s1 = none, s2 = none;
            fixed (T* weights = Weights, gradients = Gradients, slot0 = Slot0, slot1 = Slot1, slot2 = Slot2)
            {
                for (; i <= n - TSimd.Count; i += TSimd.Count)
                {
                    TVector w = TSimd.Load(weights + i);
                    if (slots > 0)
                        s0 = TSimd.Load(slot0 + i);
                    if (slots > 1)
                        s1 = TSimd.Load(slot1 + i);
                    if (slots > 2)
                        s2 = TSimd.Load(slot2 + i);
                    rule.Invoke<TSimd, TVector>(ref w, TSimd.Load(gradients + i), ref s0, ref s1, ref s2);
                    TSimd.Store(w, weights + i);
                    if (slots > 0)
                        TSimd.Store(s0, slot0 + i);
                    if (slots > 1)
                        TSimd.Store(s1, slot1 + i);
                    if (slots > 2)
                        TSimd.Store(s2, slot2 + i);
                }
                int left = n - i;
                if (left > 0)
                {
                    TVector w = TSimd.LoadFirst(weights + i, left);
                    if (slots > 0)
                        s0 = TSimd.LoadFirst(slot0 + i, left);
                    if (slots > 1)
                        s1 = TSimd.LoadFirst(slot1 + i, left);
                    if (slots > 2)
                        s2 = TSimd.LoadFirst(slot2 + i, left);
                    rule.Invoke<TSimd, TVector>(ref w, TSimd.LoadFirst(gradients + i, left), ref s0, ref s1, ref s2);
                    TSimd.StoreFirst(w, weights + i, left);
                    if (slots > 0)
                        TSimd.StoreFirst(s0, slot0 + i, left);
                    if (slots > 1)
                        TSimd.StoreFirst(s1, slot1 + i, left);
                    if (slots > 2)
                        TSimd.StoreFirst(s2, slot2 + i, left);
                }
            }
        }
    }
}
