using System.Numerics;

namespace MiniNet;

/// <summary>
/// The vector operations that kernels are written in. A kernel is generic over a struct that implements them, so one source serves 512, 256 and 128 bits,
/// float and double, and plain numbers: the compiler makes a version of each that is used, with every call inlined.
/// </summary>
/// <typeparam name="TVector">The vector: so many numbers side by side.</typeparam>
/// <typeparam name="T">The number.</typeparam>
internal unsafe interface ISimd<TVector, T> : IArithmetic<TVector, T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>How many numbers a vector has.</summary>
    static abstract int Count { get; }

    /// <summary>How many vectors the processor keeps in registers: 32 or 16.</summary>
    static abstract int Registers { get; }

    static abstract TVector Load(T* address);

    static abstract void Store(TVector vector, T* address);

    /// <summary>The first n numbers, n &lt; Count, with zeros after them; reads no further.</summary>
    static abstract TVector LoadFirst(T* address, int n);

    /// <summary>Stores the first n numbers, n &lt; Count; writes no further.</summary>
    static abstract void StoreFirst(TVector vector, T* address, int n);

    /// <summary>The first n numbers of a, n &lt; Count, with zeros after them.</summary>
    static abstract TVector KeepFirst(TVector a, int n);

    /// <summary>The sum of all numbers, in an order that the vector's width decides.</summary>
    static abstract T Sum(TVector a);

    /// <summary>Whether all numbers are 0, of whatever sign; NaN is not.</summary>
    static abstract bool IsZero(TVector a);
}
