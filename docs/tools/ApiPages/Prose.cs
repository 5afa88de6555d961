using System.Net;
using System.Reflection;
using System.Text;
using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace ApiPages;

/// <summary>XML documentation as Markdown.</summary>
/// <param name="documentation">Where links lead to.</param>
internal sealed partial class Prose(Documentation documentation)
{
    /// <summary>The type whose page is being written: its members need no name before theirs.</summary>
    public Type? Current { get; set; }

    /// <summary>The content of an element, paragraphs apart.</summary>
    public string Text(XElement? element)
    {
        StringBuilder text = new();
        foreach (XNode node in element?.Nodes() ?? [])
            Append(text, node);
        return Blank().Replace(text.ToString(), "\n\n").Trim();
    }

    /// <summary>The same in one line, for tables.</summary>
    public string Line(XElement? element) => Spaces().Replace(Text(element), " ").Replace("|", "&#124;", StringComparison.Ordinal);

    /// <summary>The file name of a type's page, without its ending.</summary>
    public static string Page(Type type)
    {
        string name = type.IsNested ? Page(type.DeclaringType!) + "." + type.Name : type.Name;
        return name.Split('`') is [{ } plain, { } arity] ? $"{plain}-{arity}" : name;
    }

    /// <summary>The place of a member on its page.</summary>
    public static string Anchor(MemberInfo member)
    {
        string id = DocId.Of(member), name = id[(id.IndexOf(member.Name.Replace('.', '#'), DocId.Of(member.DeclaringType!).Length, StringComparison.Ordinal))..];
        return NotInAnchors().Replace(name.Replace("#ctor", "constructor", StringComparison.Ordinal).Replace("System.", "", StringComparison.Ordinal), "-").Trim('-').ToLowerInvariant();
    }

    /// <summary>A type or member as a link to its page, or as code where it has none.</summary>
    public string Link(string id, string? words = null)
    {
        if (documentation.Find(id) is not { } member)
            return words ?? Code(Foreign(id));
        string name = words ?? Code(member is Type type ? CSharp.Name(type) : Short(member));
        string page = Page(member as Type ?? member.DeclaringType!);
        return member is Type || Surface.IsDefault(member) ? $"[{name}](./{page}.md)" : $"[{name}](./{page}.md#{Anchor(member)})";
    }

    /// <summary>A type as a link, with its arguments.</summary>
    public string TypeLink(Type type, string? words = null)
    {
        Type plain = type.HasElementType ? type.GetElementType()! : Nullable.GetUnderlyingType(type) ?? type;
        string code = Code(words ?? CSharp.Name(type));
        if (plain.IsGenericParameter)
            return code;
        string id = DocId.Of(plain.IsGenericType ? plain.GetGenericTypeDefinition() : plain);
        return documentation.Find(id) is null ? code : Link(id, code);
    }

    /// <summary>Inline code. (In a table a bar would end the cell.)</summary>
    public static string Code(string text) => text.Contains('|', StringComparison.Ordinal) || text.Contains('`', StringComparison.Ordinal)
        ? "<code v-pre>" + Escape(text) + "</code>" : "`" + text + "`";

    /// <summary>Text in which nothing is Markdown, a formula, or a template.</summary>
    public static string Escape(string text)
    {
        StringBuilder escaped = new();
        foreach (char c in text)
            escaped.Append("<>&{}*_|[]#`$~\\^".Contains(c, StringComparison.Ordinal) ? $"&#{(int)c};" : c.ToString());
        return escaped.ToString();
    }

    private void Append(StringBuilder text, XNode node)
    {
        if (node is XText plain)
        {
            // A dash or a number at the beginning of a line would start a list: lines are joined. What a layer's remarks list by name gets a paragraph each.
            text.Append(Topic().Replace(Escape(Spaces().Replace(plain.Value, " ")), "\n\n**$1**"));
            return;
        }
        if (node is not XElement element)
            return;
        switch (element.Name.LocalName)
        {
            case "see" or "seealso":
                text.Append(See(element));
                break;
            case "paramref" or "typeparamref":
                text.Append(Code(element.Attribute("name")!.Value));
                break;
            case "c":
                text.Append(Code(element.Value));
                break;
            case "i":
                text.Append('*').Append(Text(element)).Append('*');
                break;
            case "b":
                text.Append("**").Append(Text(element)).Append("**");
                break;
            case "code":
                text.Append("\n\n```csharp\n").Append(Unindented(element.Value)).Append("\n```\n\n");
                break;
            case "para":
                text.Append("\n\n").Append(Text(element)).Append("\n\n");
                break;
            case "list":
                foreach (XElement item in element.Elements("item"))
                    text.Append("\n- ").Append(Text(item.Element("term")) is { Length: > 0 } term ? $"**{term}**: " : "").Append(Text(item.Element("description") ?? item));
                text.Append("\n\n");
                break;
            default:
                throw new InvalidDataException($"The documentation has <{element.Name}>, which the pages do not know.");
        }
    }

    private string See(XElement element)
    {
        if (element.Attribute("langword") is { } word)
            return Code(word.Value);
        string? words = element.IsEmpty ? null : Text(element);
        if (element.Attribute("href") is { } address)
            return $"[{words ?? Escape(address.Value)}]({address.Value})";
        return Link(element.Attribute("cref")!.Value, words);
    }

    private string Short(MemberInfo member) => (member.DeclaringType == Current ? "" : CSharp.Name(member.DeclaringType!) + ".") + member switch
    {
        ConstructorInfo => member.DeclaringType!.Name.Split('`')[0],
        PropertyInfo p when p.GetIndexParameters().Length > 0 => "this[]",
        _ => member.Name,
    };

    /// <summary>The last part of the name of something that is not ours: <c>KeyNotFoundException</c>, <c>Span&lt;T&gt;</c>.</summary>
    private static string Foreign(string id)
    {
        string name = id[2..].Split('(')[0], last = id.StartsWith("T:", StringComparison.Ordinal) ? name[(name.LastIndexOf('.') + 1)..] : string.Join('.', name.Split('.')[^2..]);
        return GenericArity().Replace(last, m => m.Groups[1].Value == "1" ? "<T>" : "<…>");
    }

    private static string Unindented(string code)
    {
        string[] lines = code.Trim('\n', '\r').TrimEnd().Split('\n');
        int indent = lines.Where(l => l.Trim().Length > 0).Min(l => l.Length - l.TrimStart().Length);
        return WebUtility.HtmlDecode(string.Join('\n', lines.Select(l => l.Length > indent ? l[indent..].TrimEnd() : "")));
    }

    [GeneratedRegex(@"\s+")]
    private static partial Regex Spaces();

    [GeneratedRegex(@" *\n{2,} *")]
    private static partial Regex Blank();

    [GeneratedRegex(@"(?<=^ ?|[.)] )(Shapes?|Parameters?|Statistics|Gradients?)(?=[:,] )")]
    private static partial Regex Topic();

    [GeneratedRegex("[^A-Za-z0-9]+")]
    private static partial Regex NotInAnchors();

    [GeneratedRegex("`+([0-9]+)")]
    private static partial Regex GenericArity();
}
