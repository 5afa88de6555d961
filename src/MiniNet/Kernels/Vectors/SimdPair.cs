using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>Two vectors side by side.</summary>
internal struct Pair<TVector>(TVector low, TVector high)
{
    public TVector Low = low, High = high;
}

/// <summary>
/// Two vectors at a time. A function such as tanh is a chain of some twenty operations, each of which waits for the one before; a processor looks ahead, but not far
/// enough to find the next vector's chain. Here every operation is done for both before the next one: two chains, one step after the other.
/// </summary>
internal readonly unsafe struct SimdPair<TSimd, TVector, T> : IArithmetic<Pair<TVector>, T>
    where T : unmanaged, IFloatingPointIeee754<T> where TSimd : struct, ISimd<TVector, T>
{
    public static int Count
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => 2 * TSimd.Count;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> Create(T value) => new(TSimd.Create(value), TSimd.Create(value));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> Load(T* address) => new(TSimd.Load(address), TSimd.Load(address + TSimd.Count));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(Pair<TVector> vector, T* address)
    {
        TSimd.Store(vector.Low, address);
        TSimd.Store(vector.High, address + TSimd.Count);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> Add(Pair<TVector> a, Pair<TVector> b) => new(TSimd.Add(a.Low, b.Low), TSimd.Add(a.High, b.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> Subtract(Pair<TVector> a, Pair<TVector> b) => new(TSimd.Subtract(a.Low, b.Low), TSimd.Subtract(a.High, b.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> Multiply(Pair<TVector> a, Pair<TVector> b) => new(TSimd.Multiply(a.Low, b.Low), TSimd.Multiply(a.High, b.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> Divide(Pair<TVector> a, Pair<TVector> b) => new(TSimd.Divide(a.Low, b.Low), TSimd.Divide(a.High, b.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> MultiplyAdd(Pair<TVector> a, Pair<TVector> b, Pair<TVector> c) =>
        new(TSimd.MultiplyAdd(a.Low, b.Low, c.Low), TSimd.MultiplyAdd(a.High, b.High, c.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> Sqrt(Pair<TVector> a) => new(TSimd.Sqrt(a.Low), TSimd.Sqrt(a.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> Abs(Pair<TVector> a) => new(TSimd.Abs(a.Low), TSimd.Abs(a.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> CopySign(Pair<TVector> a, Pair<TVector> sign) => new(TSimd.CopySign(a.Low, sign.Low), TSimd.CopySign(a.High, sign.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> Max(Pair<TVector> a, Pair<TVector> b) => new(TSimd.Max(a.Low, b.Low), TSimd.Max(a.High, b.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> IfGreater(Pair<TVector> a, Pair<TVector> b, Pair<TVector> one, Pair<TVector> other) =>
        new(TSimd.IfGreater(a.Low, b.Low, one.Low, other.Low), TSimd.IfGreater(a.High, b.High, one.High, other.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> IfEqual(Pair<TVector> a, Pair<TVector> b, Pair<TVector> one, Pair<TVector> other) =>
        new(TSimd.IfEqual(a.Low, b.Low, one.Low, other.Low), TSimd.IfEqual(a.High, b.High, one.High, other.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> AtLeast(Pair<TVector> x, Pair<TVector> low) => new(TSimd.AtLeast(x.Low, low.Low), TSimd.AtLeast(x.High, low.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> AtMost(Pair<TVector> x, Pair<TVector> high) => new(TSimd.AtMost(x.Low, high.Low), TSimd.AtMost(x.High, high.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> PowerOfTwo(Pair<TVector> sum) => new(TSimd.PowerOfTwo(sum.Low), TSimd.PowerOfTwo(sum.High));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static Pair<TVector> Scale(Pair<TVector> a, Pair<TVector> n) => new(TSimd.Scale(a.Low, n.Low), TSimd.Scale(a.High, n.High));
}
