using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;

namespace MiniNet.Benchmarks;

/// <summary>
/// The processor's limit, measured and not looked up: fused multiply-adds on registers, with enough of them independent of one another to fill every pipe.
/// It is a contestant in the same rounds as the products, so a clock that drifts cannot blur a share of it.
/// </summary>
internal static class Peak
{
    private const int Iterations = 4096, Few = 12, Many = 24;

    // 4 cycles of latency in 2 pipes need 8 sums at once: 12 fit into 16 registers. A processor with 4 pipes needs 16, and has 32 registers.
    private static readonly bool HasManyRegisters = Vector512.IsHardwareAccelerated || AdvSimd.IsSupported;

    private static float floatSink;
    private static double doubleSink;

    /// <summary>The floating-point operations of one call: a fused multiply-add is two for each lane.</summary>
    public static double Operations(bool isDouble) =>
        2.0 * Iterations * (HasManyRegisters ? Many : Few) * Math.Max(Machine.VectorBits, 128) / (isDouble ? 64 : 32);

    public static Contestant Contestant(bool isDouble) => new("peak", isDouble ? RunDouble : RunFloat);

    private static void RunFloat() => floatSink =
        Vector512.IsHardwareAccelerated ? Run<Vector512<float>, Float512>(Vector512.Create(0.9f), Vector512.Create(1e-3f), default).ToScalar()
        : Vector256.IsHardwareAccelerated ? Run<Vector256<float>, Float256>(Vector256.Create(0.9f), Vector256.Create(1e-3f), default).ToScalar()
        : Run<Vector128<float>, Float128>(Vector128.Create(0.9f), Vector128.Create(1e-3f), default).ToScalar();

    private static void RunDouble() => doubleSink =
        Vector512.IsHardwareAccelerated ? Run<Vector512<double>, Double512>(Vector512.Create(0.9), Vector512.Create(1e-3), default).ToScalar()
        : Vector256.IsHardwareAccelerated ? Run<Vector256<double>, Double256>(Vector256.Create(0.9), Vector256.Create(1e-3), default).ToScalar()
        : Run<Vector128<double>, Double128>(Vector128.Create(0.9), Vector128.Create(1e-3), default).ToScalar();

    private static TVector Run<TVector, TFma>(TVector x, TVector y, TVector zero) where TFma : IFma<TVector> =>
        HasManyRegisters ? RunMany<TVector, TFma>(x, y, zero) : RunFew<TVector, TFma>(x, y, zero);

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static TVector RunFew<TVector, TFma>(TVector x, TVector y, TVector zero) where TFma : IFma<TVector>
    {
        TVector a0 = zero, a1 = zero, a2 = zero, a3 = zero, a4 = zero, a5 = zero, a6 = zero, a7 = zero, a8 = zero, a9 = zero, a10 = zero, a11 = zero;
        for (int i = 0; i < Iterations; i++)
        {
            a0 = TFma.Invoke(x, y, a0); a1 = TFma.Invoke(x, y, a1); a2 = TFma.Invoke(x, y, a2); a3 = TFma.Invoke(x, y, a3);
            a4 = TFma.Invoke(x, y, a4); a5 = TFma.Invoke(x, y, a5); a6 = TFma.Invoke(x, y, a6); a7 = TFma.Invoke(x, y, a7);
            a8 = TFma.Invoke(x, y, a8); a9 = TFma.Invoke(x, y, a9); a10 = TFma.Invoke(x, y, a10); a11 = TFma.Invoke(x, y, a11);
        }
        a0 = TFma.Invoke(a1, y, a0); a0 = TFma.Invoke(a2, y, a0); a0 = TFma.Invoke(a3, y, a0); a0 = TFma.Invoke(a4, y, a0);
        a0 = TFma.Invoke(a5, y, a0); a0 = TFma.Invoke(a6, y, a0); a0 = TFma.Invoke(a7, y, a0); a0 = TFma.Invoke(a8, y, a0);
        a0 = TFma.Invoke(a9, y, a0); a0 = TFma.Invoke(a10, y, a0); a0 = TFma.Invoke(a11, y, a0);
        return a0;
    }

    [MethodImpl(MethodImplOptions.NoInlining | MethodImplOptions.AggressiveOptimization)]
    private static TVector RunMany<TVector, TFma>(TVector x, TVector y, TVector zero) where TFma : IFma<TVector>
    {
        TVector a0 = zero, a1 = zero, a2 = zero, a3 = zero, a4 = zero, a5 = zero, a6 = zero, a7 = zero, a8 = zero, a9 = zero, a10 = zero, a11 = zero, a12 = zero, a13 = zero, a14 = zero, a15 = zero, a16 = zero, a17 = zero, a18 = zero, a19 = zero, a20 = zero, a21 = zero, a22 = zero, a23 = zero;
        for (int i = 0; i < Iterations; i++)
        {
            a0 = TFma.Invoke(x, y, a0); a1 = TFma.Invoke(x, y, a1); a2 = TFma.Invoke(x, y, a2); a3 = TFma.Invoke(x, y, a3);
            a4 = TFma.Invoke(x, y, a4); a5 = TFma.Invoke(x, y, a5); a6 = TFma.Invoke(x, y, a6); a7 = TFma.Invoke(x, y, a7);
            a8 = TFma.Invoke(x, y, a8); a9 = TFma.Invoke(x, y, a9); a10 = TFma.Invoke(x, y, a10); a11 = TFma.Invoke(x, y, a11);
            a12 = TFma.Invoke(x, y, a12); a13 = TFma.Invoke(x, y, a13); a14 = TFma.Invoke(x, y, a14); a15 = TFma.Invoke(x, y, a15);
            a16 = TFma.Invoke(x, y, a16); a17 = TFma.Invoke(x, y, a17); a18 = TFma.Invoke(x, y, a18); a19 = TFma.Invoke(x, y, a19);
            a20 = TFma.Invoke(x, y, a20); a21 = TFma.Invoke(x, y, a21); a22 = TFma.Invoke(x, y, a22); a23 = TFma.Invoke(x, y, a23);
        }
        a0 = TFma.Invoke(a1, y, a0); a0 = TFma.Invoke(a2, y, a0); a0 = TFma.Invoke(a3, y, a0); a0 = TFma.Invoke(a4, y, a0);
        a0 = TFma.Invoke(a5, y, a0); a0 = TFma.Invoke(a6, y, a0); a0 = TFma.Invoke(a7, y, a0); a0 = TFma.Invoke(a8, y, a0);
        a0 = TFma.Invoke(a9, y, a0); a0 = TFma.Invoke(a10, y, a0); a0 = TFma.Invoke(a11, y, a0); a0 = TFma.Invoke(a12, y, a0);
        a0 = TFma.Invoke(a13, y, a0); a0 = TFma.Invoke(a14, y, a0); a0 = TFma.Invoke(a15, y, a0); a0 = TFma.Invoke(a16, y, a0);
        a0 = TFma.Invoke(a17, y, a0); a0 = TFma.Invoke(a18, y, a0); a0 = TFma.Invoke(a19, y, a0); a0 = TFma.Invoke(a20, y, a0);
        a0 = TFma.Invoke(a21, y, a0); a0 = TFma.Invoke(a22, y, a0); a0 = TFma.Invoke(a23, y, a0);
        return a0;
    }

    private interface IFma<TVector>
    {
        static abstract TVector Invoke(TVector x, TVector y, TVector z);
    }

    private struct Float512 : IFma<Vector512<float>>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<float> Invoke(Vector512<float> x, Vector512<float> y, Vector512<float> z) => Vector512.FusedMultiplyAdd(x, y, z);
    }

    private struct Double512 : IFma<Vector512<double>>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector512<double> Invoke(Vector512<double> x, Vector512<double> y, Vector512<double> z) => Vector512.FusedMultiplyAdd(x, y, z);
    }

    private struct Float256 : IFma<Vector256<float>>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<float> Invoke(Vector256<float> x, Vector256<float> y, Vector256<float> z) => Vector256.FusedMultiplyAdd(x, y, z);
    }

    private struct Double256 : IFma<Vector256<double>>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector256<double> Invoke(Vector256<double> x, Vector256<double> y, Vector256<double> z) => Vector256.FusedMultiplyAdd(x, y, z);
    }

    private struct Float128 : IFma<Vector128<float>>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<float> Invoke(Vector128<float> x, Vector128<float> y, Vector128<float> z) => Vector128.FusedMultiplyAdd(x, y, z);
    }

    private struct Double128 : IFma<Vector128<double>>
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        public static Vector128<double> Invoke(Vector128<double> x, Vector128<double> y, Vector128<double> z) => Vector128.FusedMultiplyAdd(x, y, z);
    }
}
