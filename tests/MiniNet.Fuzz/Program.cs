using System.Diagnostics;
using MiniNet.Fuzz;
using SharpFuzz;

const string Usage = """
    mutate TARGET COUNT     reads so many damaged files, the same ones at each run, in this process
    seeds TARGET FOLDER     writes the whole files, for afl-fuzz to begin with
    afl TARGET              reads what afl-fuzz hands over: see fuzz.sh
    kill COUNT              kills so many processes while they save a file, and looks whether it is whole
    """;

// Made when asked for: instrumented code runs only under afl-fuzz, which gives it the memory that it counts in.
static FuzzTarget[] Targets() => [.. CoreTargets.All, .. CsvTargets.All, .. OnnxTargets.All];
static FuzzTarget Target(string name) => Array.Find(Targets(), t => t.Name == name) ?? throw new ArgumentException($"There is no {name}, but {string.Join(", ", Targets().Select(t => t.Name))}.");

switch (args)
{
    case ["mutate", string name, string number] when int.TryParse(number, out int count):
        long start = Stopwatch.GetTimestamp();
        int taken = Mutations.Run(Target(name), count);
        Console.WriteLine($"{name}: {count} damaged files, {count - taken} refused with the documented exception, {taken} read; no other exception, at most {FuzzTarget.MostMemory >> 20} MB each; {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s");
        return 0;
    case ["seeds", string name, string folder]:
        byte[][] seeds = Target(name).Seeds;
        for (int i = 0; i < seeds.Length; i++)
            File.WriteAllBytes(Path.Combine(folder, $"{i}"), seeds[i]);
        return 0;
    case ["afl", string name]:
        FuzzTarget? target = null;
        Fuzzer.OutOfProcess.Run(stream =>
        {
            target ??= Target(name);
            using MemoryStream bytes = new();
            stream.CopyTo(bytes);
            target.TryRead(bytes.ToArray());
        });
        return 0;
    case ["kill", string number] when int.TryParse(number, out int count):
        return Kills.Run(count) ? 0 : 1;
    case ["save", string path]:
        Kills.SaveForever(path);
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 1;
}
