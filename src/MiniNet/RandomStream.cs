using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>
/// Random numbers without state: value <i>i</i> of a stream is a function of the stream's key and <i>i</i>.
/// So any thread may draw any of them, in any order, and a resumed training needs no random state.
/// </summary>
/// <remarks>
/// The function is the finaliser of SplitMix64 (Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014), applied twice to a counter.
/// It is not for cryptography.
/// </remarks>
/// <param name="seed">The key. Streams of different keys are independent.</param>
public readonly struct RandomStream(long seed)
{
    private const ulong GoldenRatio = 0x9E3779B97F4A7C15;          // 2^64 / φ: consecutive counters land far apart
    private const ulong InsteadOfZero = 0xD1B54A32D192ED03;        // the finaliser maps 0 to 0: with the key 0, a stream would be its own first split

    private readonly ulong key = seed == 0 ? InsteadOfZero : (ulong)seed;

    /// <summary>64 random bits.</summary>
    public ulong Bits(long index) => Mix(Mix(key + (GoldenRatio * (ulong)(index + 1))));

    /// <summary>The bits of so many indices, one after the other, at once.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal Vector<ulong> ManyBits(long first) =>
        Mix(Mix(new Vector<ulong>(key + (GoldenRatio * (ulong)(first + 1))) + (Vector<ulong>.Indices * GoldenRatio)));

    /// <summary>A number from [0, 1), a multiple of 2⁻⁵³.</summary>
    public double Uniform(long index) => (Bits(index) >> 11) * (1.0 / (1ul << 53));

    /// <summary>A number from the standard normal distribution: √(−2 ln(1 − u₁)) · cos(2π u₂) (Box and Muller, 1958).</summary>
    public double Normal(long index) =>
        Math.Sqrt(-2 * Math.Log(1 - Uniform(2 * index))) * Math.Cos(2 * Math.PI * Uniform((2 * index) + 1));

    /// <summary>A stream of its own, independent of this one and of its other splits.</summary>
    public RandomStream Split(long index) => new((long)Bits(~index));

    /// <summary>The numbers 0 to count − 1 in random order (Fisher and Yates, 1938).</summary>
    internal int[] Permutation(int count)
    {
        int[] order = new int[count];
        for (int i = 0; i < count; i++)
            order[i] = i;
        Shuffle(order);
        return order;
    }

    internal void Shuffle(Span<int> items)
    {
        for (int i = items.Length - 1; i > 0; i--)
        {
            int j = (int)(Bits(i) % (ulong)(i + 1));
            (items[i], items[j]) = (items[j], items[i]);
        }
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector<ulong> Mix(Vector<ulong> z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
