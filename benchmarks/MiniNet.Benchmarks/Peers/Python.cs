namespace MiniNet.Benchmarks;

/// <summary>The Python on the path that has a package.</summary>
internal sealed record Python(string Program, string Version)
{
    /// <summary>The first python3 on the path that can import it: the first one found need not be the one that the package was installed for.</summary>
    public static Python? Find(string package, out string? missing)
    {
        int found = 0;
        string name = OperatingSystem.IsWindows() ? "python.exe" : "python3";
        foreach (string folder in (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries))
        {
            string program = Path.Combine(folder, name);
            if (!File.Exists(program))
                continue;
            found++;
            ProcessRun run = ProcessRun.Start(program, "-c", $"import platform, {package}; print('Python', platform.python_version() + ',', '{package}', {package}.__version__)");
            if (run.ExitCode == 0)
            {
                missing = null;
                return new(program, run.Output.Trim());
            }
        }
        missing = found == 0 ? $"{package}: there is no {name} on the path" : $"{package}: no {name} on the path can import it";
        return null;
    }
}
