using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace ApiPages;

/// <summary>The list of all types by family, as a page and as the site's side bar.</summary>
internal static class IndexPage
{
    public static string Write(Documentation documentation, SourceFiles sources)
    {
        Prose prose = new(documentation);
        StringBuilder page = new();
        page.AppendLine("---").AppendLine("title: API reference").AppendLine("outline: 2").AppendLine("editLink: false").AppendLine("---").AppendLine();
        page.AppendLine("# API reference").AppendLine();
        page.AppendLine($"Every public type, {documentation.Types.Count} of them, written from the assemblies and their documentation. One `using MiniNet;` brings them all.").AppendLine();
        foreach (var family in Families(documentation, sources))
        {
            page.AppendLine($"## {family.Key}").AppendLine().AppendLine("| Type | What it is |").AppendLine("| --- | --- |");
            foreach (Type type in family)
                page.AppendLine($"| {prose.TypeLink(type)} | {prose.Line(documentation.Of(type)!.Element("summary"))} |");
            page.AppendLine();
        }
        return page.ToString();
    }

    public static string SideBar(Documentation documentation, SourceFiles sources)
    {
        JsonArray families = [new JsonObject { ["text"] = "All types", ["link"] = "/api/" }];
        foreach (var family in Families(documentation, sources))
        {
            JsonNode[] items = [.. family.Select(type => new JsonObject { ["text"] = CSharp.Name(type), ["link"] = "/api/" + Prose.Page(type) })];
            families.Add(new JsonObject { ["text"] = family.Key, ["collapsed"] = true, ["items"] = new JsonArray(items) });
        }
        return families.ToJsonString(new JsonSerializerOptions { WriteIndented = true });
    }

    private static IEnumerable<IGrouping<string, Type>> Families(Documentation documentation, SourceFiles sources) =>
        documentation.Types.Select(t => (Type: t, Family: sources.Family(t))).OrderBy(t => t.Family.Order).ThenBy(t => t.Family.Family, StringComparer.Ordinal).GroupBy(t => t.Family.Family, t => t.Type);
}
