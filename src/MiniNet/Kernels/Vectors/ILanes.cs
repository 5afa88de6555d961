using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>How much of a vector there is in memory: a kernel's body is written once, and compiled for whole vectors, without a question in its loops, and for the rest of a row.</summary>
internal unsafe interface ILanes<TVector, T> where T : unmanaged, IFloatingPointIeee754<T>
{
    TVector Load(T* address);

    void Store(TVector vector, T* address);
}

internal readonly unsafe struct WholeLanes<T, TSimd, TVector> : ILanes<TVector, T> where T : unmanaged, IFloatingPointIeee754<T> where TSimd : struct, ISimd<TVector, T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Load(T* address) => TSimd.Load(address);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(TVector vector, T* address) => TSimd.Store(vector, address);
}

internal readonly unsafe struct FirstLanes<T, TSimd, TVector>(int count) : ILanes<TVector, T> where T : unmanaged, IFloatingPointIeee754<T> where TSimd : struct, ISimd<TVector, T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Load(T* address) => TSimd.LoadFirst(address, count);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public void Store(TVector vector, T* address) => TSimd.StoreFirst(vector, address, count);
}
