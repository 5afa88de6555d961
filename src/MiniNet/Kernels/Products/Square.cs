using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;
using System.Runtime.Intrinsics.Arm;
using System.Runtime.Intrinsics.X86;

namespace MiniNet;

/// <summary>
/// A small square of a matrix, transposed in registers: 4 × 4 floats or 2 × 2 doubles, or a single number where there are no vectors.
/// </summary>
/// <remarks>
/// Interleaving rows 0 with 2 and 1 with 3, twice over, puts first numbers beside first numbers:
/// <code>
/// a0 a1 a2 a3       a0 c0 a1 c1      a0 b0 c0 d0
/// b0 b1 b2 b3  →    b0 d0 b1 d1  →   a1 b1 c1 d1
/// c0 c1 c2 c3       a2 c2 a3 c3      a2 b2 c2 d2
/// d0 d1 d2 d3       b2 d2 b3 d3      a3 b3 c3 d3
/// </code>
/// Vectors of 256 bits take two squares at once: they have the same row of both in their halves, and interleave each half by itself.
/// </remarks>
internal static unsafe class Square<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>How many rows and columns a square has.</summary>
    internal static int Side
    {
        [MethodImpl(MethodImplOptions.AggressiveInlining)]
        get => !Sse2.IsSupported && !AdvSimd.Arm64.IsSupported ? 1 : typeof(T) == typeof(float) ? 4 : typeof(T) == typeof(double) ? 2 : 1;
    }

    /// <summary>to[i, j] = from[j, i], for i and j &lt; Side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void Transpose(T* from, nint fromRow, T* to, nint toRow)
    {
        if (Side == 1)
        {
            *to = *from;
            return;
        }
        Vector128<T> a = Vector128.Load(from), b = Vector128.Load(from + fromRow);
        if (Side == 2)
        {
            Low(a, b).Store(to);
            High(a, b).Store(to + toRow);
            return;
        }
        Vector128<T> c = Vector128.Load(from + (2 * fromRow)), d = Vector128.Load(from + (3 * fromRow));
        Vector128<T> ac = Low(a, c), bd = Low(b, d), lastAC = High(a, c), lastBD = High(b, d);
        Low(ac, bd).Store(to);
        High(ac, bd).Store(to + toRow);
        Low(lastAC, lastBD).Store(to + (2 * toRow));
        High(lastAC, lastBD).Store(to + (3 * toRow));
    }

    /// <summary>The same for two squares, one below the other: i &lt; Side and j &lt; 2 · Side.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static void TransposeTwo(T* from, nint fromRow, T* to, nint toRow)
    {
        if (!Avx.IsSupported || Side == 1)
        {
            Transpose(from, fromRow, to, toRow);
            Transpose(from + (Side * fromRow), fromRow, to + Side, toRow);
            return;
        }
        nint below = Side * fromRow;
        Vector256<T> a = Load(from, below), b = Load(from + fromRow, below);
        if (Side == 2)
        {
            Low(a, b).Store(to);
            High(a, b).Store(to + toRow);
            return;
        }
        Vector256<T> c = Load(from + (2 * fromRow), below), d = Load(from + (3 * fromRow), below);
        Vector256<T> ac = Low(a, c), bd = Low(b, d), lastAC = High(a, c), lastBD = High(b, d);
        Low(ac, bd).Store(to);
        High(ac, bd).Store(to + toRow);
        Low(lastAC, lastBD).Store(to + (2 * toRow));
        High(lastAC, lastBD).Store(to + (3 * toRow));
    }

    /// <summary>The same row of both squares.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Load(T* row, nint below) => Vector256.Create(Vector128.Load(row), Vector128.Load(row + below));

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

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> Low(Vector256<T> a, Vector256<T> b) => typeof(T) == typeof(float)
        ? Avx.UnpackLow(a.AsSingle(), b.AsSingle()).As<float, T>()
        : Avx.UnpackLow(a.AsDouble(), b.AsDouble()).As<double, T>();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<T> High(Vector256<T> a, Vector256<T> b) => typeof(T) == typeof(float)
        ? Avx.UnpackHigh(a.AsSingle(), b.AsSingle()).As<float, T>()
        : Avx.UnpackHigh(a.AsDouble(), b.AsDouble()).As<double, T>();
}
