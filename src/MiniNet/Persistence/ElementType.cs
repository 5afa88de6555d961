using System.Numerics;
using System.Runtime.InteropServices;

namespace MiniNet;

/// <summary>What the numbers in a file are.</summary>
internal enum ElementType
{
    Boolean,
    Int8,
    UInt8,
    Int16,
    UInt16,
    Int32,
    UInt32,
    Int64,
    UInt64,
    Float16,
    BFloat16,
    Float32,
    Float64,
    Other,
}

/// <summary>From the bytes of files to numbers and back.</summary>
internal static class ElementTypes
{
    internal static bool IsFloat(this ElementType type) => type is ElementType.Float16 or ElementType.BFloat16 or ElementType.Float32 or ElementType.Float64;

    /// <summary>How many bytes one number takes.</summary>
    internal static int Size(this ElementType type) => type switch
    {
        ElementType.Boolean or ElementType.Int8 or ElementType.UInt8 => 1,
        ElementType.Int16 or ElementType.UInt16 or ElementType.Float16 or ElementType.BFloat16 => 2,
        ElementType.Int32 or ElementType.UInt32 or ElementType.Float32 => 4,
        _ => 8,
    };

    /// <summary>The type that holds a model's numbers bit by bit.</summary>
    /// <exception cref="NotSupportedException">No file format has one.</exception>
    internal static ElementType Of<T>() where T : unmanaged =>
        typeof(T) == typeof(float) ? ElementType.Float32
        : typeof(T) == typeof(double) ? ElementType.Float64
        : typeof(T) == typeof(Half) ? ElementType.Float16
        : throw new NotSupportedException($"Files hold float, double and Half, but not {typeof(T).Name}.");

    /// <summary>Little-endian bytes of numbers, as files hold them; on a machine of the other order they are turned around in place.</summary>
    internal static ReadOnlySpan<byte> ToBytes<T>(Span<T> values) where T : unmanaged
    {
        Span<byte> bytes = MemoryMarshal.AsBytes(values);
        if (!BitConverter.IsLittleEndian)
            Reverse(bytes, bytes.Length / Math.Max(1, values.Length));
        return bytes;
    }

    /// <summary>Numbers from bytes, which may be turned around in place.</summary>
    /// <returns>The place of the first number that is beyond the range of T; −1 if there is none.</returns>
    internal static int Decode<T>(Span<byte> bytes, ElementType type, bool isBigEndian, Span<T> values) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (isBigEndian == BitConverter.IsLittleEndian)
            Reverse(bytes, type.Size());
        switch (type)
        {
            case ElementType.Boolean or ElementType.UInt8: return Convert<byte, T>(bytes, values);
            case ElementType.Int8: return Convert<sbyte, T>(bytes, values);
            case ElementType.Int16: return Convert<short, T>(bytes, values);
            case ElementType.UInt16: return Convert<ushort, T>(bytes, values);
            case ElementType.Int32: return Convert<int, T>(bytes, values);
            case ElementType.UInt32: return Convert<uint, T>(bytes, values);
            case ElementType.Int64: return Convert<long, T>(bytes, values);
            case ElementType.UInt64: return Convert<ulong, T>(bytes, values);
            case ElementType.Float16: return Convert<Half, T>(bytes, values);
            case ElementType.Float32: return Convert<float, T>(bytes, values);
            case ElementType.Float64: return Convert<double, T>(bytes, values);
            case ElementType.BFloat16:
                ReadOnlySpan<ushort> halves = MemoryMarshal.Cast<byte, ushort>(bytes);      // the upper half of a float
                for (int i = 0; i < values.Length; i++)
                    values[i] = T.CreateTruncating(BitConverter.UInt32BitsToSingle((uint)halves[i] << 16));
                return -1;
            default: throw new NotSupportedException($"{type} is no number.");
        }
    }

    private static int Convert<TFrom, T>(ReadOnlySpan<byte> bytes, Span<T> values) where TFrom : unmanaged, INumberBase<TFrom> where T : unmanaged, IFloatingPointIeee754<T>
    {
        ReadOnlySpan<TFrom> from = MemoryMarshal.Cast<byte, TFrom>(bytes);
        if (typeof(TFrom) == typeof(T))
        {
            MemoryMarshal.Cast<TFrom, T>(from).CopyTo(values);
            return -1;
        }
        int beyond = -1;
        for (int i = values.Length - 1; i >= 0; i--)
        {
            values[i] = T.CreateTruncating(from[i]);
            if (T.IsInfinity(values[i]) && TFrom.IsFinite(from[i]))
                beyond = i;
        }
        return beyond;
    }

    private static void Reverse(Span<byte> bytes, int size)
    {
        for (int i = 0; i < bytes.Length; i += size)
            bytes.Slice(i, size).Reverse();
    }
}
