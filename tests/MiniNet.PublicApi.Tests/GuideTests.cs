using System.Globalization;
using System.Reflection;
using System.Text.RegularExpressions;

namespace MiniNet.PublicApi.Tests;

/// <summary>
/// The guides say what is so: each block of C# in docs/guides/*.md is a region (<c>// &lt;name&gt;</c> to <c>// &lt;/name&gt;</c>) of a file that is compiled here,
/// and each block of output, <c>```text FirstNetwork.Xor</c>, is what that method prints.
/// </summary>
[Collection("Console")]                  // one at a time: programs print, and tests listen
public partial class GuideTests
{
    private static readonly string Pages = Path.Combine(AppContext.BaseDirectory, "docs-guides"), Programs = Path.Combine(AppContext.BaseDirectory, "Guides");
    private static readonly HashSet<string> Compiled = [.. Files(Programs, "*.cs").SelectMany(f => Regions(Read(f)))];
    private static readonly HashSet<string> Python = [.. Files(Path.Combine(AppContext.BaseDirectory, "interop"), "*.py").SelectMany(f => Regions(Read(f)))];

    // Blocks that are neither C# nor output: what one types into a terminal, project files, formulas' neighbours in other languages.
    // What Python prints, txt, is compared by tests/interop/guide.sh, where there is PyTorch.
    private static readonly string[] Other = ["sh", "xml", "json", "python", "html", "txt"];

    public static TheoryData<string> Guides => [.. Files(Pages, "*.md").Select(f => Path.GetFileName(f))];

    [Theory]
    [MemberData(nameof(Guides))]
    public void The_code_of_a_guide_is_compiled_code(string guide)
    {
        foreach ((string info, string body) in Blocks(Read(Path.Combine(Pages, guide))))
        {
            string language = info.Split(' ')[0];
            Assert.True(language is "csharp" or "text" || Other.Contains(language), $"{guide} has a block of {(language.Length == 0 ? "no language" : language)}, which nothing checks:\n{body}");
            if (language == "csharp")
                Assert.True(Compiled.Contains(body), $"{guide} has code that is no region of a file in Guides/:\n{body}");
            if (language == "python")
                Assert.True(Python.Contains(body), $"{guide} has Python that is no region of a script in tests/interop:\n{body}");
        }
    }

    [Theory]
    [MemberData(nameof(Guides))]
    public void The_output_in_a_guide_is_what_its_program_prints(string guide)
    {
        foreach (var program in Blocks(Read(Path.Combine(Pages, guide))).Where(b => b.Info.StartsWith("text", StringComparison.Ordinal)).GroupBy(b => b.Info))
        {
            Assert.True(program.Key.Split(' ') is [_, { } name] && name.Contains('.', StringComparison.Ordinal), $"{guide}: ```{program.Key} names no program: write ```text Class.Method.");
            string printed = Squeezed(Printed(Method(program.Key.Split(' ')[1])));
            int from = 0;
            foreach (string block in program.Select(b => Squeezed(b.Body)))
            {
                int at = Find(printed, block, from);
                Assert.True(at >= 0, $"{guide}: {program.Key} does not print\n{block}\nafter what came before, but\n{printed[from..]}");
                from = at;
            }
        }
    }

    [Fact]
    public void The_code_that_pages_take_from_the_sources_is_there()
    {
        string sources = Path.Combine(AppContext.BaseDirectory, "docs-sources");
        int count = 0;
        foreach (string page in Files(Pages, "*.md").Concat(Files(Path.Combine(AppContext.BaseDirectory, "docs-mathematics"), "*.md")))
        {
            foreach (Match link in CodeLink().Matches(Read(page)))
            {
                string file = Path.Combine(sources, link.Groups[3].Value), text = File.Exists(file) ? Read(file) : "";
                int type = text.Length == 0 ? -1 : Regex.Match(text, $@"\b(class|record|struct|interface) {link.Groups[1].Value}\b") is { Success: true } m ? m.Index : -1;
                Assert.True(type >= 0 && Regex.IsMatch(text[type..], $@"\b{link.Groups[2].Value}(<[^>]*>)?\("), $"{Path.GetFileName(page)}: {link.Value} is not there");
                count++;
            }
        }
        Assert.True(count > 20, $"{count} links to code");
    }

    [Fact]
    public void The_pages_of_mathematics_have_every_function_of_the_library()
    {
        string pages = string.Join('\n', Files(Path.Combine(AppContext.BaseDirectory, "docs-mathematics"), "*.md").Select(Read));
        Type[] kinds = [typeof(Layer), typeof(Loss), typeof(Optimizer), typeof(Initializer)];
        foreach (Type type in typeof(Layer).Assembly.GetExportedTypes().Where(t => !t.IsAbstract && kinds.Any(k => t.IsSubclassOf(k))))
            Assert.True(Regex.IsMatch(pages, $@"^## {type.Name}$|`{type.Name}\b", RegexOptions.Multiline), $"No page in docs/mathematics has a section ## {type.Name}, or names `{type.Name}`.");
    }

    [Fact]
    public void Every_program_of_the_guides_runs()
    {
        foreach (MethodInfo method in typeof(GuideTests).Assembly.GetTypes().Where(t => t.Namespace == "MiniNet.PublicApi.Tests.Guides").SelectMany(PublicMethods))
            Printed(method);
    }

    [Fact]
    public void Wrong_output_would_be_found()
    {
        const string Printed = "epoch 1 loss 0.2706\naccuracy 98.00 %\n";
        Assert.True(Find(Printed, "epoch 1 loss 0.2707", 0) > 0);                      // the last digits depend on the processor
        Assert.True(Find(Printed, "epoch 1 loss 0.28", 0) < 0);
        Assert.True(Find(Printed, "epoch 2 loss 0.2706", 0) < 0);
        Assert.True(Find(Printed, "accuracy 98.00 %\nepoch 1 loss 0.2706", 0) < 0);    // another order
    }

    private static IEnumerable<MethodInfo> PublicMethods(Type type) => type.GetMethods(BindingFlags.Static | BindingFlags.NonPublic | BindingFlags.DeclaredOnly)
        .Where(m => m.GetParameters().Length == 0 && !m.Name.Contains('<', StringComparison.Ordinal) && m.ReturnType == typeof(void));

    private static MethodInfo Method(string name)
    {
        Type? type = typeof(GuideTests).Assembly.GetType("MiniNet.PublicApi.Tests.Guides." + name.Split('.')[0]);
        return type?.GetMethod(name.Split('.')[1], BindingFlags.Static | BindingFlags.NonPublic) ?? throw new ArgumentException($"There is no program Guides.{name}.");
    }

    private static string Printed(MethodInfo program)
    {
        TextWriter console = Console.Out;
        using StringWriter writer = new(CultureInfo.InvariantCulture);
        try
        {
            Console.SetOut(writer);
            program.Invoke(null, null);
        }
        finally
        {
            Console.SetOut(console);
        }
        return writer.ToString();
    }

    /// <summary>Where the lines after those that match begin, or −1. Whole numbers match exactly, others to a hundredth of their size: the last digits depend on the processor.</summary>
    private static int Find(string printed, string block, int from)
    {
        string[] expected = block.Split('\n'), actual = printed[from..].Split('\n');
        for (int i = 0; i + expected.Length <= actual.Length; i++)
        {
            if (expected.Zip(actual.Skip(i)).All(pair => Same(pair.First, pair.Second)))
                return printed.Length - string.Join('\n', actual.Skip(i + expected.Length)).Length;
        }
        return -1;
    }

    private static bool Same(string expected, string actual)
    {
        if (Number().Replace(expected, "#") != Number().Replace(actual, "#"))
            return false;
        return Number().Matches(expected).Zip(Number().Matches(actual)).All(pair =>
        {
            double a = double.Parse(pair.First.Value, CultureInfo.InvariantCulture), b = double.Parse(pair.Second.Value, CultureInfo.InvariantCulture);
            return Math.Abs(a - b) <= (pair.First.Value.Contains('.', StringComparison.Ordinal) ? 1e-4 + (0.01 * Math.Abs(a)) : 0);
        });
    }

    private static string Squeezed(string text) => string.Join('\n', text.ReplaceLineEndings("\n").TrimEnd().Split('\n').Select(l => Spaces().Replace(l, " ").Trim()));

    private static IEnumerable<(string Info, string Body)> Blocks(string page)
    {
        string[] lines = page.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            if (!lines[i].StartsWith("```", StringComparison.Ordinal))
                continue;
            string[] body = [.. lines.Skip(i + 1).TakeWhile(l => l != "```")];
            yield return (lines[i][3..].Trim(), string.Join('\n', body));
            i += body.Length + 1;
        }
    }

    private static IEnumerable<string> Regions(string program)
    {
        string[] lines = program.Split('\n');
        for (int i = 0; i < lines.Length; i++)
        {
            if (RegionStart().Match(lines[i]) is not { Success: true } start)
                continue;
            string[] body = [.. lines.Skip(i + 1).TakeWhile(l => l.Trim().TrimStart('/', '#', ' ') != $"</{start.Groups[1].Value}>")];
            int indent = body.Where(l => l.Trim().Length > 0).Min(l => l.Length - l.TrimStart().Length);
            yield return string.Join('\n', body.Select(l => l.Length > indent ? l[indent..] : ""));
        }
    }

    private static string[] Files(string folder, string pattern) => [.. Directory.GetFiles(folder, pattern).Order(StringComparer.Ordinal)];

    private static string Read(string path) => File.ReadAllText(path).ReplaceLineEndings("\n");

    [GeneratedRegex(@"(?<![\w.])-?[0-9][0-9,]*(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?")]
    private static partial Regex Number();

    [GeneratedRegex(@"^\[(\w+)\.(\w+)\]\(\.\./\.\./src/(\S+\.cs) ""code""\)$", RegexOptions.Multiline)]
    private static partial Regex CodeLink();

    [GeneratedRegex(" +")]
    private static partial Regex Spaces();

    [GeneratedRegex(@"^\s*(?://|#) <([a-z0-9-]+)>\s*$")]
    private static partial Regex RegionStart();
}
