using System.Numerics;

namespace MiniNet.Benchmarks;

/// <summary>Data without a pattern that a branch predictor could learn.</summary>
internal static class Noise
{
    /// <summary>Values between −scale and scale that follow from the seed.</summary>
    public static void Fill<T>(Span<T> values, int seed, double scale = 1) where T : IFloatingPointIeee754<T>
    {
        Random random = new(seed);
        foreach (ref T value in values)
            value = T.CreateChecked(scale * ((2 * random.NextDouble()) - 1));
    }

    public static T[] Array<T>(int length, int seed, double scale = 1) where T : IFloatingPointIeee754<T>
    {
        T[] values = new T[length];
        Fill<T>(values, seed, scale);
        return values;
    }
}
