using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>Loads and stores where a row may end within a vector: the whole vector while enough is left, else what there is.</summary>
internal static unsafe class Lanes<T, TSimd, TVector> where T : unmanaged, IFloatingPointIeee754<T> where TSimd : struct, ISimd<TVector, T>
{
    /// <summary>Up to so many numbers, with zeros after them.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static TVector Load(T* address, int count) => count >= TSimd.Count ? TSimd.Load(address) : TSimd.LoadFirst(address, count);

    /// <summary>Stores up to so many numbers.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Store(TVector vector, T* address, int count)
    {
        if (count >= TSimd.Count)
            TSimd.Store(vector, address);
        else
            TSimd.StoreFirst(vector, address, count);
    }
}
