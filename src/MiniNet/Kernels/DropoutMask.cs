using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>The masks of <see cref="Dropout"/> and <see cref="Dropout2D"/>: 0 with the probability of the rate, else 1 / (1 − rate).</summary>
/// <remarks>
/// 32 random bits a value, two values a draw, compared as whole numbers: value i takes half i % 2 of draw i / 2, the lower one first. So a vector of draws,
/// read as a vector of halves, has the values in their order, and its width does not show in them.
/// </remarks>
internal static unsafe class DropoutMask
{
    /// <summary>Fills mask[from … to]. Value i follows from the stream and i alone, whoever draws it.</summary>
    internal static void Fill<T>(RandomStream random, double rate, Span<T> mask, int from, int to) where T : unmanaged, IFloatingPointIeee754<T>
    {
        uint limit = (uint)Math.Min(uint.MaxValue, rate * 4294967296.0);
        T keep = T.CreateChecked(1 / (1 - rate));
        int begin = from + (from % 2), end = begin;                     // between them whole vectors, of whole draws
        fixed (T* values = mask)
        {
            if (typeof(T) == typeof(float))
                end = Singles(random, limit, (float)(object)keep, (float*)values, begin, to);
            else if (typeof(T) == typeof(double))
                end = Doubles(random, limit, (double)(object)keep, (double*)values, begin, to);
        }
        if (from < Math.Min(begin, to))
            mask[from] = Value(random, limit, keep, from);
        for (int i = end; i < to; i++)
            mask[i] = Value(random, limit, keep, i);
    }

    private static T Value<T>(RandomStream random, uint limit, T keep, int i) where T : unmanaged, IFloatingPointIeee754<T> =>
        (uint)(random.Bits(i / 2) >> (i % 2 * 32)) < limit ? T.Zero : keep;

    /// <summary>Writes whole vectors from an even place on, and returns where it ended.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Singles(RandomStream random, uint limit, float keep, float* mask, int from, int to)
    {
        Vector<uint> limits = new(limit);
        Vector<float> kept = new(keep);
        for (; from <= to - Vector<float>.Count; from += Vector<float>.Count)
        {
            Vector<uint> isDropped = Vector.LessThan(Vector.AsVectorUInt32(random.ManyBits(from / 2)), limits);
            Vector.AndNot(kept, Vector.AsVectorSingle(isDropped)).Store(mask + from);
        }
        return from;
    }

    /// <summary>The same for doubles: a vector of draws has the values of two vectors.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static int Doubles(RandomStream random, uint limit, double keep, double* mask, int from, int to)
    {
        Vector<ulong> limits = new(limit);
        Vector<double> kept = new(keep);
        for (; from <= to - (2 * Vector<double>.Count); from += 2 * Vector<double>.Count)
        {
            Vector.Widen(Vector.AsVectorUInt32(random.ManyBits(from / 2)), out Vector<ulong> first, out Vector<ulong> second);
            Vector.AndNot(kept, Vector.AsVectorDouble(Vector.LessThan(first, limits))).Store(mask + from);
            Vector.AndNot(kept, Vector.AsVectorDouble(Vector.LessThan(second, limits))).Store(mask + from + Vector<double>.Count);
        }
        return from;
    }
}
