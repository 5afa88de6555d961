using System.Globalization;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MiniNet.Benchmarks;

/// <summary>What the figures were measured on.</summary>
internal static class Machine
{
    /// <summary>How wide the widest vectors are that the runtime uses here, in bits.</summary>
    public static int VectorBits =>
        Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : Vector128.IsHardwareAccelerated ? 128 : 0;

    /// <summary>One line: processor, cores, runtime, vectors, threads, and how busy the machine was.</summary>
    public static string Describe(Options options)
    {
        string threads = options.Threads == 1 ? "1 thread" : $"{options.Threads} threads";
        return $"{Processor()}, {Environment.ProcessorCount} cores, {RuntimeInformation.FrameworkDescription}, {RuntimeInformation.RuntimeIdentifier}, "
            + $"{VectorBits}-bit vectors; {threads}, medians of {options.Rounds} rounds{Load()}";
    }

    private static string Processor()
    {
        const string names = "/proc/cpuinfo";
        string? line = File.Exists(names) ? File.ReadLines(names).FirstOrDefault(l => l.StartsWith("model name", StringComparison.Ordinal)) : null;
        return line is null ? $"{RuntimeInformation.ProcessArchitecture} processor" : line[(line.IndexOf(':', StringComparison.Ordinal) + 1)..].Trim();
    }

    private static string Load()
    {
        const string averages = "/proc/loadavg";
        if (!File.Exists(averages))
            return "";
        double load = double.Parse(File.ReadAllText(averages).Split(' ')[0], CultureInfo.InvariantCulture);
        return string.Create(CultureInfo.InvariantCulture, $"; load average {load:F1} before the start{(load > 1 ? ": a busy machine, trust the ratios only" : "")}");
    }
}
