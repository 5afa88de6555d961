using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace MiniNet;

/// <summary>A small square of a matrix, transposed in registers: 4 × 4 floats or 2 × 2 doubles, or a single number where there are no vectors.</summary>
/// <remarks>
/// With 128 bits on every processor: a wider vector would move as many numbers in as many steps, since each step would have to cross its halves.
/// Interleaving rows 0 with 2 and 1 with 3, twice over, puts first numbers beside first numbers:
/// <code>
/// a0 a1 a2 a3       a0 c0 a1 c1      a0 b0 c0 d0
/// b0 b1 b2 b3  →    b0 d0 b1 d1  →   a1 b1 c1 d1
/// c0 c1 c2 c3       a2 c2 a3 c3      a2 b2 c2 d2
/// d0 d1 d2 d3       b2 d2 b3 d3      a3 b3 c3 d3
/// </code>
/// </remarks>
internal static unsafe class Square<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>How many rows and columns a square has.</summary>
    internal static int Side
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => !Sse2.IsSupported && !AdvSimd.Arm64.IsSupported ? 1 : typeof(T) == typeof(float) ? 4 : typeof(T) == typeof(double) ? 2 : 1;
    }

    /// <summary>to[i, j] = from[j, i].</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Transpose(T* from, nint fromRow, T* to, nint toRow)
    {
        if (Side == 4)
        {
            Vector128<T> a = Vector128.Load(from), b = Vector128.Load(from + fromRow), c = Vector128.Load(from + (2 * fromRow)), d = Vector128.Load(from + (3 * fromRow));
            Vector128<T> ac = Low(a, c), bd = Low(b, d), lastAC = High(a, c), lastBD = High(b, d);
            Low(ac, bd).Store(to);
            High(ac, bd).Store(to + toRow);
            Low(lastAC, lastBD).Store(to + (2 * toRow));
            High(lastAC, lastBD).Store(to + (3 * toRow));
        }
        else if (Side == 2)
        {
            Vector128<T> a = Vector128.Load(from), b = Vector128.Load(from + fromRow);
            Low(a, b).Store(to);
            High(a, b).Store(to + toRow);
        }
        else
            *to = *from;
    }

    /// <summary>The first halves of a and b, interleaved.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> Low(Vector128<T> a, Vector128<T> b)
    {
        if (typeof(T) == typeof(float))
            return (Sse.IsSupported ? Sse.UnpackLow(a.AsSingle(), b.AsSingle()) : AdvSimd.Arm64.ZipLow(a.AsSingle(), b.AsSingle())).As<float, T>();
        return (Sse2.IsSupported ? Sse2.UnpackLow(a.AsDouble(), b.AsDouble()) : AdvSimd.Arm64.ZipLow(a.AsDouble(), b.AsDouble())).As<double, T>();
    }

    /// <summary>The second halves of a and b, interleaved.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector128<T> High(Vector128<T> a, Vector128<T> b)
    {
        if (typeof(T) == typeof(float))
            return (Sse.IsSupported ? Sse.UnpackHigh(a.AsSingle(), b.AsSingle()) : AdvSimd.Arm64.ZipHigh(a.AsSingle(), b.AsSingle())).As<float, T>();
        return (Sse2.IsSupported ? Sse2.UnpackHigh(a.AsDouble(), b.AsDouble()) : AdvSimd.Arm64.ZipHigh(a.AsDouble(), b.AsDouble())).As<double, T>();
    }
}
