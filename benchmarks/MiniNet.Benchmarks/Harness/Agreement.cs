using System.Globalization;
using System.Numerics;

namespace MiniNet.Benchmarks;

/// <summary>Contestants are only timed if they compute the same.</summary>
internal static class Agreement
{
    /// <summary>Compares what a contestant computed with what is right.</summary>
    /// <param name="who">The contestant and the row.</param>
    /// <param name="got">Its values.</param>
    /// <param name="expected">The right ones.</param>
    /// <param name="tolerance">How far apart they may lie, as a share of the largest value.</param>
    /// <exception cref="InvalidOperationException">They lie further apart.</exception>
    public static void Check<T>(string who, ReadOnlySpan<T> got, ReadOnlySpan<T> expected, double tolerance) where T : INumber<T>
    {
        if (got.Length != expected.Length)
            throw new InvalidOperationException($"{who}: {got.Length} values, expected {expected.Length}.");
        double scale = 0;
        foreach (T value in expected)
            scale = Math.Max(scale, Math.Abs(double.CreateChecked(value)));
        for (int i = 0; i < got.Length; i++)
        {
            double difference = Math.Abs(double.CreateChecked(got[i]) - double.CreateChecked(expected[i]));
            if (!(difference <= tolerance * scale))
                throw new InvalidOperationException(string.Create(CultureInfo.InvariantCulture, $"{who}: value {i} is {got[i]}, expected {expected[i]}. A contestant that computes something else must not be timed."));
        }
    }
}
