using System.Diagnostics;

namespace MiniNet.Fuzz;

/// <summary>
/// Processes that are killed at random moments while they save, over and over, to the same file: afterwards it holds the model before or the model after, as a whole.
/// </summary>
internal static class Kills
{
    private const int LongestWait = 200;                               // milliseconds: several saves

    /// <summary>Saves one model after the other to a file, each with all its parameters equal to its number, until the process ends.</summary>
    public static void SaveForever(string path)
    {
        for (int number = 1; ; number++)
        {
            Sequential<float> model = Model();
            model.Parameters.Fill(number);
            if (number % 2 == 0)
                new Trainer<float>(model, new MeanSquaredError(), new Adam()).Save(path);
            else
                model.Save(path);
            if (number == 1)
                Console.WriteLine("saved");
        }
    }

    /// <summary>Starts and kills so many processes.</summary>
    /// <returns>Whether the file was whole each time.</returns>
    public static bool Run(int count)
    {
        string folder = Directory.CreateTempSubdirectory("mininet").FullName, path = Path.Combine(folder, "model.safetensors");
        string host = Environment.ProcessPath!;                        // this program, or dotnet with it
        string[] arguments = Path.GetFileNameWithoutExtension(host) == "dotnet" ? [typeof(Kills).Assembly.Location, "save", path] : ["save", path];
        Random random = new(1);
        int lost = 0, unfinished = 0;
        for (int i = 0; i < count; i++)
        {
            using (Process child = Process.Start(new ProcessStartInfo(host, arguments) { RedirectStandardOutput = true })!)
            {
                child.StandardOutput.ReadLine();                       // it has begun
                Thread.Sleep(random.Next(LongestWait));
                child.Kill();
                child.WaitForExit();
            }
            unfinished += Directory.GetFiles(folder, "*.tmp").Length;  // killed while it wrote
            try
            {
                Span<float> parameters = Sequential<float>.Load(path).Parameters;
                if (parameters[0] < 1 || parameters.ContainsAnyExcept(parameters[0]))
                    throw new InvalidDataException("It holds numbers of two models.");
            }
            catch (Exception e)
            {
                lost++;
                Console.WriteLine($"kill {i}: {e.Message}");
            }
            foreach (string file in Directory.GetFiles(folder, "*.tmp"))
                File.Delete(file);
        }
        Directory.Delete(folder, recursive: true);
        Console.WriteLine($"{count} processes killed, {unfinished} of them while they wrote; {lost} files lost or half");
        return lost == 0;
    }

    private static Sequential<float> Model() => new(500, seed: 1, new Dense(1000), new ReLU(), new Dense(1000));      // 6 MB
}
