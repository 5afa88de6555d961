using System.Diagnostics;
using MiniNet.Fuzz;
using SharpFuzz;

const string Usage = """
    mutate TARGET COUNT     reads so many damaged files, the same ones at each run, in this process
    seeds TARGET FOLDER     writes the whole files, for afl-fuzz to begin with
    afl TARGET              reads what afl-fuzz hands over: see fuzz.sh
    kill COUNT              kills so many processes while they save a file, and looks whether it is whole
    """;

switch (args)
{
    case ["kill", string number] when int.TryParse(number, out int count):
        return Kills.Run(count) ? 0 : 1;
    case ["save", string path]:
        Kills.SaveForever(path);
        return 0;
}

FuzzTarget[] targets = [.. CoreTargets.All, .. CsvTargets.All, .. OnnxTargets.All];
FuzzTarget? target = args.Length < 2 ? null : Array.Find(targets, t => t.Name == args[1]);
if (target is null)
{
    Console.Error.WriteLine($"{Usage}\n\nTargets: {string.Join(", ", targets.Select(t => t.Name))}");
    return 1;
}
switch (args)
{
    case ["mutate", _, string number] when int.TryParse(number, out int count):
        long start = Stopwatch.GetTimestamp();
        int taken = Mutations.Run(target, count);
        Console.WriteLine($"{target.Name}: {count} damaged files, {count - taken} refused with the documented exception, {taken} read; no other exception, at most {FuzzTarget.MostMemory >> 20} MB each; {Stopwatch.GetElapsedTime(start).TotalSeconds:F0} s");
        return 0;
    case ["seeds", _, string folder]:
        for (int i = 0; i < target.Seeds.Length; i++)
            File.WriteAllBytes(Path.Combine(folder, $"{i}"), target.Seeds[i]);
        return 0;
    case ["afl", _]:
        Fuzzer.OutOfProcess.Run(stream =>
        {
            using MemoryStream bytes = new();
            stream.CopyTo(bytes);
            target.TryRead(bytes.ToArray());
        });
        return 0;
    default:
        Console.Error.WriteLine(Usage);
        return 1;
}
