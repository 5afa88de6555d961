using System.Globalization;
using System.Runtime.InteropServices;

namespace MiniNet.Benchmarks;

/// <summary>Whole processes from start to end: XOR in 1,000 epochs, the numbers of the NumPy tutorial, and what .NET needs to say hello.</summary>
internal sealed class ColdStart
{
    private const int WarmRounds = 3;
    private const string WarmSeconds = "2";
    private static readonly float[] Predicted = [0.2778f, 0.6228f, 0.5457f, 0.6157f];

    private readonly string root = Root();
    private readonly List<string> missing = [];
    private readonly List<(string Name, string Program, string[] Arguments, bool Trains)> processes = [];

    public static void Run(Options options)
    {
        ColdStart suite = new();
        suite.Prepare();
        suite.Measure(options.Rounds);
    }

    private void Prepare()
    {
        AddPython("numpy", "xor_numpy.py");
        AddPython("torch", "xor_torch.py");
        AddProgram(".NET hello world", "Hello", trains: false);
        AddProgram("MiniNet, JIT compiler", "ColdStart", trains: true);
        AddProgram("MiniNet, ReadyToRun", "ColdStart", trains: true, "-p:PublishReadyToRun=true", "--self-contained", "false");
        AddProgram("MiniNet, ReadyToRun with the runtime (composite)", "ColdStart", trains: true, "-p:PublishReadyToRun=true", "-p:PublishReadyToRunComposite=true", "--self-contained", "true");
        AddProgram("MiniNet, Native AOT", "ColdStart", trains: true, "-p:PublishAot=true");
    }

    private void AddPython(string package, string script)
    {
        if (Python.Find(package, out string? reason) is { } python)
            processes.Add((python.Version, python.Program, [Path.Combine(root, "benchmarks", "peers", script)], true));
        else
            missing.Add(reason!);
    }

    private void AddProgram(string name, string project, bool trains, params string[] options)
    {
        string folder = Path.Combine(root, "artifacts", "coldstart", name.Split(' ')[^1].Trim('(', ')')), rid = RuntimeInformation.RuntimeIdentifier;
        Console.Error.WriteLine($"publishing {name} …");
        string compiled = Path.Combine(root, "benchmarks", project, "obj", "Release", "net10.0", rid, "R2R");
        if (Directory.Exists(compiled))
            Directory.Delete(compiled, recursive: true);                // what one kind of ReadyToRun has left there does not run as another
        ProcessRun publish = ProcessRun.Start(
            "dotnet", ["publish", Path.Combine(root, "benchmarks", project), "-c", "Release", "-r", rid, "-o", folder, "-v", "quiet", "--nologo", .. options]);
        string program = Path.Combine(folder, OperatingSystem.IsWindows() ? $"{project}.exe" : project);
        if (publish.ExitCode == 0 && File.Exists(program))
        {
            processes.Add((name, program, [], trains));
            return;
        }
        string line = (publish.Output + publish.Error).Split('\n').FirstOrDefault(l => l.Contains("error", StringComparison.Ordinal)) ?? "no error was told";
        int error = line.IndexOf("error", StringComparison.Ordinal);
        missing.Add($"{name}: its publish failed: {(error < 0 ? line : line[error..]).Replace(root, "", StringComparison.Ordinal).Trim()}");
    }

    private void Measure(int rounds)
    {
        List<double>[] whole = [.. processes.Select(_ => new List<double>())], first = [.. processes.Select(_ => new List<double>())], warm = [.. processes.Select(_ => new List<double>())];
        string[] compiled = [.. processes.Select(_ => "")];
        for (int round = -1; round < rounds; round++)                   // the first brings the files into the system's cache and is not counted
        {
            for (int i = 0; i < processes.Count; i++)
            {
                double seconds = Check(processes[i].Name, processes[i].Trains, ProcessRun.Start(processes[i].Program, processes[i].Arguments)).Seconds;
                if (round >= 0)
                    whole[i].Add(seconds);
            }
        }
        for (int round = 0; round < WarmRounds; round++)
        {
            for (int i = 0; i < processes.Count; i++)
            {
                if (!processes[i].Trains)
                    continue;
                ProcessRun run = Check(processes[i].Name, trains: true, ProcessRun.Start(processes[i].Program, [.. processes[i].Arguments, "warm", WarmSeconds]));
                string[] times = run.Output.Split('\n')[1].Split(' ');
                first[i].Add(double.Parse(times[0], CultureInfo.InvariantCulture));
                warm[i].Add(double.Parse(times[1], CultureInfo.InvariantCulture));
                compiled[i] = times.Length > 2 ? times[2].Trim() : "";
            }
        }

        Table table = new("coldstart: XOR, 1,000 epochs", [], missing, "process", "start to end", "spread", "NumPy's time over it", "it over hello world's", "the epochs, first time in the process", "the same, warm", "methods compiled at run time");
        int numpy = processes.FindIndex(p => p.Arguments is [var script] && script.Contains("numpy", StringComparison.Ordinal)), hello = processes.FindIndex(p => !p.Trains);
        for (int i = 0; i < processes.Count; i++)
        {
            double median = Statistics.Median(whole[i]);
            List<double> sorted = [.. whole[i].Order()];
            double spread = (sorted[sorted.Count * 3 / 4] - sorted[sorted.Count / 4]) / median;
            table.Add(
                processes[i].Name, Table.Time(median), Table.Percent(spread),
                numpy < 0 ? "" : Table.Ratio(Statistics.Median(whole[numpy]), median),
                hello < 0 ? "" : Table.Ratio(median, Statistics.Median(whole[hello])),
                processes[i].Trains ? Table.Time(Statistics.Median(first[i])) : "", processes[i].Trains ? Table.Time(Statistics.Median(warm[i])) : "",
                compiled[i]);
        }
    }

    // A process that did something else, or failed early, is fast and says nothing.
    private static ProcessRun Check(string name, bool trains, ProcessRun run)
    {
        if (run.ExitCode != 0)
            throw new InvalidOperationException($"{name} failed: {run.Error}");
        if (trains)
        {
            float[] outputs = [.. run.Output.Split('\n')[0].Trim().Split(' ').Select(v => float.Parse(v, CultureInfo.InvariantCulture))];
            Agreement.Check<float>(name, outputs, Predicted, 5e-4);
        }
        return run;
    }

    private static string Root()
    {
        for (DirectoryInfo? folder = new(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
        {
            if (File.Exists(Path.Combine(folder.FullName, "MiniNet.sln")))
                return folder.FullName;
        }
        throw new InvalidOperationException("coldstart publishes projects of the repository, and this program does not lie in it: run it with dotnet run.");
    }
}
