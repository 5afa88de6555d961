namespace MiniNet.Benchmarks;

/// <summary>The suites by name.</summary>
internal static class Suite
{
    public static readonly IReadOnlyList<string> Names = ["products"];

    public static void Run(string name, Options options)
    {
        switch (name)
        {
            case "products": Products.Run(options); break;
        }
    }
}
