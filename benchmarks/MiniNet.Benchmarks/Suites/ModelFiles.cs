using System.Diagnostics;
using System.Globalization;

namespace MiniNet.Benchmarks;

/// <summary>A large model's file: how long it takes to load and to save, and how much memory, beside the reading and writing of as many bytes.</summary>
internal sealed class ModelFiles
{
    private const string Memory = "files-memory";                      // what this program is asked to be in a process of its own

    private readonly int rounds;
    private readonly Table table;

    private ModelFiles(Options options)
    {
        rounds = options.Rounds;
        table = new("files", ["The file lies in the system's cache. A cell of load and save: the time, and the time over that of the plain bytes: below 1.5 is what is wanted.",
            "Peak memory: what a process of its own took at most while it loaded, less what one takes that loads nothing, over the size of the file: below 2 is what is wanted."], [],
            ["model", "file", "File.ReadAllBytes", "load", "File.WriteAllBytes", "save", "peak memory of load"]);
    }

    public static void Run(Options options)
    {
        ModelFiles suite = new(options);
        suite.Measure(new(1024, seed: 1, new Dense(4096), new ReLU(), new Dense(4096), new ReLU(), new Dense(1024)));
        suite.Measure(new((16, 16, 512), seed: 1, new Conv2D(1024, kernel: 3), new Conv2D(1024, kernel: 3), new Conv2D(1024, kernel: 3)));
    }

    /// <summary>In a process of its own: loads the model, if there is a path, and prints the most memory that the process took.</summary>
    public static bool IsMemoryRun(string[] args)
    {
        if (args is not [Memory, ..])
            return false;
        Sequential<float>? model = args.Length > 1 ? Sequential<float>.Load(args[1]) : null;
        Console.WriteLine(Process.GetCurrentProcess().PeakWorkingSet64);
        GC.KeepAlive(model);
        return true;
    }

    private void Measure(Sequential<float> model)
    {
        string folder = Directory.CreateTempSubdirectory("mininet").FullName, path = Path.Combine(folder, "model.safetensors"), plain = Path.Combine(folder, "plain");
        try
        {
            model.Save(path);
            if (!Sequential<float>.Load(path).Parameters.SequenceEqual(model.Parameters))
                throw new InvalidOperationException("The file does not hold the model.");
            byte[] bytes = File.ReadAllBytes(path);
            Action[] contestants = [() => Sequential<float>.Load(path), () => File.ReadAllBytes(path), () => model.Save(path), () => Write(plain, bytes)];
            List<double>[] times = [.. contestants.Select(_ => new List<double>())];
            for (int round = 0; round <= rounds; round++)
            {
                for (int i = 0; i < contestants.Length; i++)
                {
                    long start = Stopwatch.GetTimestamp();
                    contestants[i]();
                    if (round > 0)                                     // the first warms up
                        times[i].Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
                }
            }
            double[] medians = [.. times.Select(Statistics.Median)];
            double megabytes = bytes.Length / 1e6, memory = Peak(path) - Peak();
            table.Add(model.Layers.ToString(), string.Create(CultureInfo.InvariantCulture, $"{megabytes:F0} MB"), Table.Time(medians[1]), Cell(medians[0], medians[1]),
                Table.Time(medians[3]), Cell(medians[2], medians[3]), string.Create(CultureInfo.InvariantCulture, $"{memory / bytes.Length:F2}×"));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private static string Cell(double own, double plain) => $"{Table.Time(own)} · {Table.Ratio(own, plain)}";

    /// <summary>Until the bytes are on the disk, as Save does.</summary>
    private static void Write(string path, byte[] bytes)
    {
        using FileStream stream = new(path, FileMode.Create, FileAccess.Write, FileShare.None, bufferSize: 0);
        stream.Write(bytes);
        stream.Flush(flushToDisk: true);
    }

    private static double Peak(params string[] path)
    {
        ProcessRun run = ProcessRun.Start(Environment.ProcessPath!, [Memory, .. path]);
        return run.ExitCode == 0 ? double.Parse(run.Output, CultureInfo.InvariantCulture) : throw new InvalidOperationException(run.Error);
    }
}
