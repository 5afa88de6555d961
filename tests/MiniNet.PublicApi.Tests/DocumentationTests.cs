using System.Reflection;
using System.Xml.Linq;
using ApiPages;

namespace MiniNet.PublicApi.Tests;

/// <summary>Everything that users see is documented, in words of its own, with links that lead somewhere.</summary>
public class DocumentationTests
{
    private static readonly Assembly Core = typeof(Layer).Assembly;

    public static TheoryData<string> Packages => [.. Directory.GetFiles(AppContext.BaseDirectory, "MiniNet*.xml").Select(f => Path.GetFileNameWithoutExtension(f)).Where(n => !n.Contains("Tests", StringComparison.Ordinal))];

    [Theory]
    [MemberData(nameof(Packages))]
    public void Every_public_member_is_documented(string package)
    {
        Documentation documentation = new([.. new[] { "MiniNet", package }.Distinct().Select(Assembly.Load)]);
        Assert.Empty(Coverage.Faults(documentation));
        Assert.NotEmpty(documentation.Types);
    }

    [Theory]
    [InlineData("T:MiniNet.Dense", "", "Dense has an empty summary.")]
    [InlineData("T:MiniNet.Dense", "  \n ", "Dense has an empty summary.")]
    [InlineData("T:MiniNet.Dense", "Dense.", "Dense has a summary that only repeats its name.")]
    [InlineData("P:MiniNet.Dense.Units", "How the weights begin.", "Dense.Initializer has the summary of Dense.Units")]
    [InlineData("M:MiniNet.Dense.#ctor(System.Int32,MiniNet.Initializer,MiniNet.Initializer)", "See <see cref=\"M:MiniNet.Guard.BelowOne(System.Double,System.String)\"/>.", "links to M:MiniNet.Guard.BelowOne")]
    [InlineData("P:MiniNet.Sgd.Momentum", "See <see cref=\"!:Momentun\"/>.", "Sgd.Momentum links to !:Momentun")]
    public void A_summary_that_is_empty_or_copied_or_links_nowhere_is_a_fault(string id, string summary, string fault)
    {
        XDocument document = Written();
        Member(document, id).Element("summary")!.ReplaceWith(XElement.Parse($"<summary>{summary}</summary>"));
        Assert.Contains(Coverage.Faults(new(Core, document)), f => f.Contains(fault, StringComparison.Ordinal));
    }

    [Fact]
    public void The_summary_of_another_type_is_a_fault()
    {
        XDocument document = Written();
        Member(document, "T:MiniNet.Tanh").Element("summary")!.ReplaceWith(Member(document, "T:MiniNet.Sigmoid").Element("summary"));
        Assert.Contains(Coverage.Faults(new(Core, document)), f => f.StartsWith("Tanh has the summary of Sigmoid", StringComparison.Ordinal));
    }

    [Fact]
    public void A_member_without_documentation_is_a_fault()
    {
        XDocument document = Written();
        Member(document, "M:MiniNet.Plan.Scratch(System.Int32)").Remove();
        Assert.Equal(["Plan.Scratch(perSample) has no documentation, or inherits from where there is none."], Coverage.Faults(new(Core, document)));
    }

    [Theory]
    [InlineData(typeof(Layer), typeof(Activation))]
    [InlineData(typeof(Layer), typeof(Dense))]
    [InlineData(typeof(Loss), typeof(MeanSquaredError))]
    [InlineData(typeof(Optimizer), typeof(Adam))]
    [InlineData(typeof(Initializer), typeof(HeNormal))]
    public void What_computes_says_its_formula_and_what_shapes_it_takes(Type kind, Type example)
    {
        Documentation documentation = new(Core, Written());
        Type[] types = [.. documentation.Types.Where(t => !t.IsAbstract && kind.IsAssignableFrom(t) && !typeof(Composite).IsAssignableFrom(t))];
        Assert.Contains(types, t => example.IsAssignableFrom(t));
        foreach (Type type in types)
        {
            string text = documentation.Of(type)!.Value;
            Assert.True(text.Contains('=', StringComparison.Ordinal) || text.Contains('←', StringComparison.Ordinal) || text.Contains('Σ', StringComparison.Ordinal) || kind == typeof(Initializer), $"{type.Name} has no formula.");
            Assert.True(kind != typeof(Layer) || text.Contains('[', StringComparison.Ordinal) || text.Contains("Shape:", StringComparison.Ordinal), $"{type.Name} does not say what shape it takes.");
        }
    }

    private static XDocument Written() => XDocument.Load(Path.ChangeExtension(Core.Location, ".xml"));

    private static XElement Member(XDocument document, string id) => document.Descendants("member").Single(m => m.Attribute("name")!.Value == id);
}
