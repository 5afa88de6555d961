using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MiniNet;

/// <summary>A kernel that can run at any vector width.</summary>
internal interface IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>;
}

/// <summary>Runs a kernel at the widest vectors that the processor has. Every kernel starts here, so every result has the same bits at any length.</summary>
internal static class Simd
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Run<T, TKernel>(TKernel kernel) where T : unmanaged, IFloatingPointIeee754<T> where TKernel : struct, IKernel<T>, allows ref struct
    {
        if (typeof(T) != typeof(float) && typeof(T) != typeof(double))
            kernel.Run<SimdScalar<T>, T>();
        else if (Vector512.IsHardwareAccelerated)
            kernel.Run<Simd512<T>, Vector512<T>>();
        else if (Vector256.IsHardwareAccelerated)
            kernel.Run<Simd256<T>, Vector256<T>>();
        else if (Vector128.IsHardwareAccelerated)
            kernel.Run<Simd128<T>, Vector128<T>>();
        else
            kernel.Run<SimdScalar<T>, T>();
    }
}
