using System.Numerics;

namespace MiniNet;

/// <summary>The masks of <see cref="Dropout"/> and <see cref="Dropout2D"/>: 0 with the probability of the rate, else 1 / (1 − rate).</summary>
internal static class DropoutMask
{
    /// <summary>Fills mask[from … to]. Value i follows from the stream and i alone, whoever draws it.</summary>
    internal static void Fill<T>(RandomStream random, double rate, Span<T> mask, int from, int to) where T : unmanaged, IFloatingPointIeee754<T>
    {
        // 32 random bits a value, two values a draw, compared as whole numbers: value i takes half i % 2 of draw i / 2.
        uint limit = (uint)Math.Min(uint.MaxValue, rate * 4294967296.0);
        T keep = T.CreateChecked(1 / (1 - rate));
        for (int i = from; i < to;)
        {
            ulong draw = random.Bits(i >> 1);
            if ((i & 1) == 0)
                mask[i++] = (uint)draw < limit ? T.Zero : keep;
            if (i < to)
                mask[i++] = (uint)(draw >> 32) < limit ? T.Zero : keep;
        }
    }
}
