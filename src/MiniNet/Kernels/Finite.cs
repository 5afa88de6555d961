using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>Whether numbers are finite, all of them, in one pass: x · 0 is 0 for each that is, and NaN for each that is not, and NaN stays in a sum.</summary>
internal static class Finite
{
    private const int WorthAThread = 1 << 16;                // numbers

    internal static bool All<T>(ReadOnlySpan<T> values) where T : unmanaged, IFloatingPointIeee754<T>
    {
        bool all = true;
        Simd.Run<T, Kernel<T>>(new() { Values = values, All = ref all }, values.Length);
        return all;
    }

    /// <summary>The same on several threads, if there are many.</summary>
    internal static bool All<T>(ReadOnlySpan<T> values, int threads) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (threads == 1 || values.Length <= WorthAThread)
            return All(values);
        Work<T> work = new(values);
        WorkerTeam.Run(threads, values.Length, WorthAThread, ref work);
        return !work.HasFound;
    }

    private ref struct Work<T>(ReadOnlySpan<T> values) : IWork where T : unmanaged, IFloatingPointIeee754<T>
    {
        public bool HasFound;                                // that one is not; set by any thread, by none reset

        private readonly ReadOnlySpan<T> values = values;

        public void Run(int from, int to)
        {
            if (!All(values[from..to]))
                HasFound = true;
        }
    }

    private ref struct Kernel<T> : IPlainKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public ReadOnlySpan<T> Values;
        public ref bool All;

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly unsafe void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
        {
            TVector zero = TSimd.Create(T.Zero), sum0 = zero, sum1 = zero;
            int i = 0, n = Values.Length;
            fixed (T* x = Values)
            {
                for (; i <= n - (2 * TSimd.Count); i += 2 * TSimd.Count)
                {
                    sum0 = TSimd.MultiplyAdd(TSimd.Load(x + i), zero, sum0);
                    sum1 = TSimd.MultiplyAdd(TSimd.Load(x + i + TSimd.Count), zero, sum1);
                }
                for (; i <= n - TSimd.Count; i += TSimd.Count)
                    sum0 = TSimd.MultiplyAdd(TSimd.Load(x + i), zero, sum0);
                if (i < n)
                    sum1 = TSimd.MultiplyAdd(TSimd.LoadFirst(x + i, n - i), zero, sum1);
            }
            All = TSimd.IsZero(TSimd.Add(sum0, sum1));
        }

        [MethodImpl(MethodImplOptions.AggressiveOptimization)]
        public readonly void RunPlain()
        {
            T sum = T.Zero;
            foreach (T value in Values)
                sum += value * T.Zero;
            All = sum == T.Zero;
        }
    }
}
