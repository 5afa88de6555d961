using System.Runtime.InteropServices;

namespace MiniNet.Tests;

/// <summary>Comparisons of numbers by their bits: 0 is not −0, and a NaN equals itself.</summary>
internal static class Bits
{
    internal static bool AreSame<T>(T a, T b) where T : unmanaged => AreSame<T>([a], [b]);

    internal static bool AreSame<T>(ReadOnlySpan<T> a, ReadOnlySpan<T> b) where T : unmanaged =>
        MemoryMarshal.AsBytes(a).SequenceEqual(MemoryMarshal.AsBytes(b));

    internal static void AssertSame<T>(ReadOnlySpan<T> expected, ReadOnlySpan<T> actual, string what) where T : unmanaged
    {
        Assert.True(expected.Length == actual.Length, $"{what}: {expected.Length} values expected, got {actual.Length}.");
        if (AreSame(expected, actual))
            return;
        int i = 0;
        while (AreSame(expected[i], actual[i]))
            i++;
        Assert.Fail($"{what}[{i}]: expected {expected[i]}, got {actual[i]}.");
    }
}
