using System.Reflection;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ApiPages;

/// <summary>What is missing in the documentation of what users see.</summary>
internal static partial class Coverage
{
    /// <summary>A line for each fault: a summary that is missing, empty or a copy, a parameter with empty words, a link that leads nowhere.</summary>
    public static IReadOnlyList<string> Faults(Documentation documentation)
    {
        List<string> faults = [];
        Dictionary<string, string> seen = [];
        foreach (Type type in documentation.Types)
        {
            Check(documentation, type, seen, faults);
            Dictionary<string, string> seenHere = [];
            foreach (MemberInfo member in Surface.Members(type).Where(m => !Surface.IsDefault(m)))
                Check(documentation, member, seenHere, faults);
        }
        return faults;
    }

    private static void Check(Documentation documentation, MemberInfo member, Dictionary<string, string> seen, List<string> faults)
    {
        string name = member is Type ? member.Name : $"{member.DeclaringType!.Name}.{CSharp.Heading(member)}";
        if (documentation.Of(member) is not { } element)
        {
            faults.Add($"{name} has no documentation, or inherits from where there is none.");
            return;
        }
        string summary = Words(element.Element("summary"));
        if (summary.Length == 0)
            faults.Add($"{name} has an empty summary.");
        else if (string.Equals(Letters(summary), Letters(member.Name), StringComparison.OrdinalIgnoreCase))
            faults.Add($"{name} has a summary that only repeats its name.");
        else if (documentation.IsItsOwn(member) && !seen.TryAdd(summary, name))
            faults.Add($"{name} has the summary of {seen[summary]}: \"{summary}\"");
        foreach (XElement empty in element.Elements().Where(e => e.Name.LocalName is "param" or "returns" or "typeparam" or "exception" or "remarks" && Words(e).Length == 0))
            faults.Add($"{name} has an empty <{empty.Name}> {empty.FirstAttribute?.Value}.");
        foreach (string cref in element.Descendants().Attributes("cref").Select(a => a.Value))
        {
            if (cref.StartsWith("!:", StringComparison.Ordinal) || (cref[2..].StartsWith("MiniNet", StringComparison.Ordinal) && documentation.Find(cref) is null))
                faults.Add($"{name} links to {cref}, which users do not see.");
        }
    }

    private static string Words(XElement? element) => element is null ? "" : Spaces().Replace(string.Concat(element.DescendantNodes().Select(n => n switch
    {
        XText text => text.Value,
        XElement { Name.LocalName: "see" or "paramref" or "typeparamref" } link => " " + link.FirstAttribute?.Value + " ",
        _ => "",
    })), " ").Trim();

    private static string Letters(string text) => NotLetters().Replace(text, "");

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex("[^A-Za-z]")]
    private static partial Regex NotLetters();
}
