using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using TorchSharp;

namespace MiniNet.Benchmarks;

/// <summary>TorchSharp, if its native library loads.</summary>
internal static class Torch
{
    private static string? missing;

    /// <summary>Loads it, and gives it so many threads; says why it cannot be measured, or null if it can.</summary>
    public static string? WhyMissing(int threads)
    {
        if (missing is not null)
            return missing;
        try
        {
            Start(threads);
        }
        catch (Exception e)                                            // whatever a native library's start may throw, the others are still to be measured
        {
            missing = $"TorchSharp does not load here: {Reason(e)}";
        }
        return missing;
    }

    /// <summary>The values of a tensor, row by row.</summary>
    public static float[] Values(torch.Tensor tensor)
    {
        using torch.Tensor plain = tensor.detach().contiguous();
        return plain.data<float>().ToArray();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Start(int threads)
    {
        // Before TorchSharp tries: what it says when it fails is pages long, and the loader's own complaint is not among it.
        string library = Path.Combine(AppContext.BaseDirectory, OperatingSystem.IsWindows() ? "LibTorchSharp.dll" : OperatingSystem.IsMacOS() ? "libLibTorchSharp.dylib" : "libLibTorchSharp.so");
        if (File.Exists(library))
            NativeLibrary.Load(library);
        torch.set_num_threads(threads);
        using torch.Tensor one = torch.ones(1);
    }

    // A line such as "/…/libstdc++.so.6: version `GLIBCXX_3.4.32' not found (required by /…/libLibTorchSharp.so)", without the folders.
    private static string Reason(Exception e)
    {
        string[] lines = e.Message.Split('\n');
        string line = lines.FirstOrDefault(l => l.Contains("not found", StringComparison.Ordinal)) ?? lines[0];
        return string.Join(' ', line.Trim().Split(' ').Select(word => word[(word.LastIndexOf('/') + 1)..]));
    }
}
