using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MiniNet;

/// <summary>A kernel that can run at any vector width.</summary>
internal interface IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>;
}

/// <summary>A kernel that a fresh process can also run number by number, in a few short methods.</summary>
internal interface IPlainKernel<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>The same by <see cref="SimdScalar{T}"/>, to the same bits.</summary>
    void RunPlain();
}

/// <summary>Runs a kernel at the widest vectors that the processor has. Every kernel starts here, so every result has the same bits at any length.</summary>
/// <remarks>
/// To compile the vectors of one kernel takes the JIT compiler 2 to 10 ms, to run it over the sixteen numbers of XOR 10 ns. So what is short runs plainly at first:
/// slowly, but at once. Once a process has spent about as long on that as compiling takes, it is worth compiling, and everything runs on vectors.
/// </remarks>
internal static class Simd
{
    /// <summary>How many elements (of a product: multiplications) may still run plainly, in the whole process. It decides on time only, never on a result.</summary>
    internal static int PlainElements = 1 << 18;

    private const int Short = 128;

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Run<T, TKernel>(TKernel kernel) where T : unmanaged, IFloatingPointIeee754<T> where TKernel : struct, IKernel<T>, allows ref struct =>
        OnVectors<T, TKernel>(ref kernel);

    /// <summary>The same for a kernel whose rows have so many numbers, on vectors half as wide where they hold a row.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void RunRows<T, TKernel>(TKernel kernel, int columns) where T : unmanaged, IFloatingPointIeee754<T> where TKernel : struct, IKernel<T>
    {
        if (Vector512.IsHardwareAccelerated && IsHalfEnough<T, Simd512<T>>(columns))
            kernel.Run<Simd256<T>, Vector256<T>>();
        else
            OnVectors<T, TKernel>(ref kernel);
    }

    /// <summary>Whether half of a vector of 512 bits holds a row of so many numbers: then half as wide ones load it, and spread a number over it, in two thirds to three quarters of the time.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static bool IsHalfEnough<T, TSimd>(int columns) where T : unmanaged, IFloatingPointIeee754<T> =>
        typeof(TSimd) == typeof(Simd512<T>) && (typeof(T) == typeof(float) || typeof(T) == typeof(double)) && columns <= Vector256<T>.Count;

    /// <summary>The same for a kernel over so many elements, which may run plainly while the process is young.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Run<T, TKernel>(TKernel kernel, int length) where T : unmanaged, IFloatingPointIeee754<T> where TKernel : struct, IPlainKernel<T>, allows ref struct =>
        Run<T, TKernel>(ref kernel, length);

    // By reference, and so are kernels from here on: who copies what has just been written field by field waits until it has reached the cache, five nanoseconds each time.

    /// <inheritdoc cref="Run{T,TKernel}(TKernel,int)"/>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Run<T, TKernel>(scoped ref TKernel kernel, int length) where T : unmanaged, IFloatingPointIeee754<T> where TKernel : struct, IPlainKernel<T>, allows ref struct
    {
        // Where nothing is compiled at run time, ahead of time or in the browser, there is nothing to save.
        if (RuntimeFeature.IsDynamicCodeCompiled && PlainElements > 0 && length <= Short)
        {
            PlainElements -= length;
            kernel.RunPlain();
        }
        else
        {
            OnVectors<T, TKernel>(ref kernel);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OnVectors<T, TKernel>(scoped ref TKernel kernel) where T : unmanaged, IFloatingPointIeee754<T> where TKernel : struct, IKernel<T>, allows ref struct
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
