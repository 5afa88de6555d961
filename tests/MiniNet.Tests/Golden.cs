using System.Text.Json;

namespace MiniNet.Tests;

/// <summary>Values that another framework computed: see golden/make_golden.py.</summary>
internal static class Golden
{
    internal static JsonElement Read(string name)
    {
        using FileStream file = File.OpenRead(Path.Combine(AppContext.BaseDirectory, "golden", name + ".json"));
        return JsonDocument.Parse(file).RootElement;
    }

    internal static JsonElement Case(string file, string name) =>
        Read(file).EnumerateArray().First(c => c.GetProperty("name").GetString() == name);

    internal static double[] Numbers(this JsonElement element, string property) => element.TryGetProperty(property, out JsonElement values) ? values.Numbers() : [];

    internal static double[] Numbers(this JsonElement element) => [.. element.EnumerateArray().Select(v => v.GetDouble())];

    internal static Shape Shape(this JsonElement element, string property) => element.GetProperty(property).EnumerateArray().Select(v => v.GetInt32()).ToArray() switch
    {
        [int a] => a,
        [int a, int b] => (a, b),
        [int a, int b, int c] => (a, b, c),
        int[] other => throw new InvalidDataException($"A shape of {other.Length} axes."),
    };

    /// <summary>The named arrays of an object, given as arrays or as { shape, values }.</summary>
    internal static IEnumerable<(string Name, double[] Values)> Named(this JsonElement element, string property)
    {
        if (!element.TryGetProperty(property, out JsonElement group))
            yield break;
        foreach (JsonProperty member in group.EnumerateObject())
            yield return (member.Name, member.Value.ValueKind == JsonValueKind.Array ? member.Value.Numbers() : member.Value.Numbers("values"));
    }

    internal static void AssertClose(ReadOnlySpan<double> expected, ReadOnlySpan<double> actual, double tolerance, string what)
    {
        Assert.Equal(expected.Length, actual.Length);
        for (int i = 0; i < expected.Length; i++)
        {
            double error = Math.Abs(expected[i] - actual[i]) / Math.Max(1, Math.Abs(expected[i]));
            Assert.True(error <= tolerance, $"{what}[{i}]: expected {expected[i]:R}, got {actual[i]:R}.");
        }
    }
}
