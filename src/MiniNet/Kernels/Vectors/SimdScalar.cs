using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace MiniNet;

/// <summary>One number at a time: for processors without vectors, and for number types that have none (Half).</summary>
internal readonly unsafe struct SimdScalar<T> : ISimd<T, T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public static int Count => 1;

    public static int Registers => 16;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Create(T value) => value;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Load(T* address) => *address;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static void Store(T vector, T* address) => *address = vector;

    public static T LoadFirst(T* address, int n) => T.Zero;

    public static void StoreFirst(T vector, T* address, int n)
    {
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Add(T a, T b) => a + b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Subtract(T a, T b) => a - b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Multiply(T a, T b) => a * b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Divide(T a, T b) => a / b;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T MultiplyAdd(T a, T b, T c) =>
        // Not MultiplyAddEstimate: before it is optimised, that one does not fuse, whatever the processor can. A product of two Halfs is exact in any case.
        // (ArmBase, since to ask AdvSimd is to load its thousands of methods, half a millisecond of a cold start; ARM's processors have both.)
        Fma.IsSupported || ArmBase.IsSupported || (typeof(T) != typeof(float) && typeof(T) != typeof(double)) ? T.FusedMultiplyAdd(a, b, c) : (a * b) + c;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sqrt(T a) => T.Sqrt(a);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Abs(T a) => T.Abs(a);

    // float's own is written in vectors, which a cold start would have to load.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T CopySign(T a, T sign) => typeof(T) == typeof(float)
        ? (T)(object)BitConverter.Int32BitsToSingle((BitConverter.SingleToInt32Bits((float)(object)a) & int.MaxValue) | (BitConverter.SingleToInt32Bits((float)(object)sign) & int.MinValue))
        : T.CopySign(a, sign);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Max(T a, T b) => T.Max(a, b);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T IfGreater(T a, T b, T one, T other) => a > b ? one : other;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T IfEqual(T a, T b, T one, T other) => a == b ? one : other;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T AtLeast(T x, T low) => low > x ? low : x;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T AtMost(T x, T high) => x > high ? high : x;

    public static T KeepFirst(T a, int n) => T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Sum(T a) => a;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static bool IsZero(T a) => a == T.Zero;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T PowerOfTwo(T sum) => typeof(T) == typeof(float) ? (T)(object)BitConverter.Int32BitsToSingle(BitConverter.SingleToInt32Bits((float)(object)sum) << 23)
        : typeof(T) == typeof(double) ? (T)(object)BitConverter.Int64BitsToDouble(BitConverter.DoubleToInt64Bits((double)(object)sum) << 52)
        : T.ScaleB(T.One, int.CreateSaturating(sum - VectorMath<SimdScalar<T>, T, T>.Offset));

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static T Scale(T a, T n)
    {
        T half = T.Round(n * VectorMath<SimdScalar<T>, T, T>.Constant(0.5));
        return a * PowerOfTwo(half + VectorMath<SimdScalar<T>, T, T>.Offset) * PowerOfTwo(n - half + VectorMath<SimdScalar<T>, T, T>.Offset);
    }
}
