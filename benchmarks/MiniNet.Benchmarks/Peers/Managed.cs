using MathNet.Numerics;

namespace MiniNet.Benchmarks;

/// <summary>Math.NET Numerics with its managed provider: what a .NET program without native code has had so far.</summary>
internal static class Managed
{
    public static void Start(int threads)
    {
        Control.UseManaged();
        if (threads == 1)
            Control.UseSingleThread();
        else
            Control.MaxDegreeOfParallelism = threads;
    }
}
