using System.Diagnostics;

namespace MiniNet.Benchmarks;

/// <summary>A process from its start to its end.</summary>
internal sealed record ProcessRun(double Seconds, int ExitCode, string Output, string Error)
{
    public static ProcessRun Start(string program, params IReadOnlyList<string> arguments)
    {
        ProcessStartInfo info = new(program) { RedirectStandardOutput = true, RedirectStandardError = true, UseShellExecute = false };
        foreach (string argument in arguments)
            info.ArgumentList.Add(argument);
        info.Environment.Remove("LD_PRELOAD");                         // what this process may need for a peer is none of the others' business
        long start = Stopwatch.GetTimestamp();
        using Process process = Process.Start(info)!;
        Task<string> error = process.StandardError.ReadToEndAsync();
        string output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return new(Stopwatch.GetElapsedTime(start).TotalSeconds, process.ExitCode, output, error.Result);
    }
}
