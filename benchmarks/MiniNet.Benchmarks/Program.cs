using MiniNet.Benchmarks;

if (ModelFiles.IsMemoryRun(args))
    return 0;
Options options;
try
{
    options = Options.Parse(args);
}
catch (ArgumentException e)
{
    Console.Error.WriteLine($"{e.Message}\n\n{Options.Usage}");
    return 1;
}

Console.WriteLine(Machine.Describe(options));
foreach (string suite in options.Suites)
{
    Console.WriteLine();
    Suite.Run(suite, options);
}
return 0;
