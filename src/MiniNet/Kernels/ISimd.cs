using System.Numerics;

namespace MiniNet;

/// <summary>
/// The vector operations that kernels are written in. A kernel is generic over a struct that implements them, so one source serves 512, 256 and 128 bits,
/// float and double, and plain numbers: the compiler makes a version of each that is used, with every call inlined.
/// </summary>
/// <typeparam name="TVector">The vector: so many numbers side by side.</typeparam>
/// <typeparam name="T">The number.</typeparam>
internal unsafe interface ISimd<TVector, T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>How many numbers a vector has.</summary>
    static abstract int Count { get; }

    /// <summary>How many vectors the processor keeps in registers: 32 or 16.</summary>
    static abstract int Registers { get; }

    static abstract TVector Create(T value);

    static abstract TVector Load(T* address);

    static abstract void Store(TVector vector, T* address);

    /// <summary>The first n numbers, n &lt; Count, with zeros after them; reads no further.</summary>
    static abstract TVector LoadFirst(T* address, int n);

    /// <summary>Stores the first n numbers, n &lt; Count; writes no further.</summary>
    static abstract void StoreFirst(TVector vector, T* address, int n);

    static abstract TVector Add(TVector a, TVector b);

    static abstract TVector Subtract(TVector a, TVector b);

    static abstract TVector Multiply(TVector a, TVector b);

    static abstract TVector Divide(TVector a, TVector b);

    /// <summary>a · b + c, fused where the processor can: the same bits at every width.</summary>
    static abstract TVector MultiplyAdd(TVector a, TVector b, TVector c);

    static abstract TVector Sqrt(TVector a);

    static abstract TVector Abs(TVector a);

    /// <summary>|a| with the sign of the other, ±0 and NaN included.</summary>
    static abstract TVector CopySign(TVector a, TVector sign);

    /// <summary>The greater of both; NaN where one of them is.</summary>
    static abstract TVector Max(TVector a, TVector b);

    /// <summary>Where a &gt; b the one, elsewhere (NaN included) the other.</summary>
    static abstract TVector IfGreater(TVector a, TVector b, TVector one, TVector other);

    /// <summary>Where a = b the one, elsewhere (NaN included) the other.</summary>
    static abstract TVector IfEqual(TVector a, TVector b, TVector one, TVector other);

    /// <summary>x, but at least low and at most high; NaN stays NaN.</summary>
    static abstract TVector Clamp(TVector x, TVector low, TVector high);

    /// <summary>The first n numbers of a, n &lt; Count, with zeros after them.</summary>
    static abstract TVector KeepFirst(TVector a, int n);

    /// <summary>The sum of all numbers, in an order that the vector's width decides.</summary>
    static abstract T Sum(TVector a);

    /// <summary>Whether all numbers are 0, of whatever sign; NaN is not.</summary>
    static abstract bool IsZero(TVector a);

    /// <summary>The whole number nearest to a, for |a| &lt; 2²² (float) or 2⁵¹ (double).</summary>
    static abstract TVector Round(TVector a);

    /// <summary>2ⁿ for whole n from −126 to 127 (float) or −1022 to 1023 (double).</summary>
    static abstract TVector PowerOfTwo(TVector n);

    /// <summary>a · 2ⁿ, rounded once, for whole n of at most twice the range of <see cref="PowerOfTwo"/>.</summary>
    static abstract TVector Scale(TVector a, TVector n);
}
