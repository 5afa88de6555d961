using System.Reflection;
using System.Text;
using System.Xml.Linq;
using ParameterInfo = System.Reflection.ParameterInfo;

namespace ApiPages;

/// <summary>The page of one type.</summary>
internal sealed class TypePage(Documentation documentation, SourceFiles sources, Mathematics mathematics)
{
    private readonly Prose prose = new(documentation);

    public string Write(Type type)
    {
        StringBuilder page = new();
        XElement element = documentation.Of(type)!;
        prose.Current = type;
        string name = CSharp.Name(type);
        page.AppendLine("---").AppendLine($"title: {(name.Contains('<', StringComparison.Ordinal) ? $"\"{name}\"" : name)}").AppendLine("outline: [2, 3]").AppendLine("editLink: false").AppendLine("---").AppendLine();
        page.AppendLine($"# {Prose.Escape(name)}").AppendLine();
        Paragraph(page, element.Element("summary"));
        Code(page, CSharp.Declaration(type));
        Formula(page, type);
        Paragraph(page, element.Element("remarks"));
        Parameters(page, element, "typeparam", [.. type.GetGenericArguments().Select(t => (t.Name, ""))]);
        foreach (XElement example in element.Elements("example"))
            Paragraph(page, example);
        Relatives(page, type);
        foreach (var group in Surface.Members(type).Where(m => !IsAsInherited(m)).GroupBy(Kind))
        {
            page.AppendLine($"## {group.Key}").AppendLine();
            foreach (MemberInfo member in group)
                Member(page, member, type);
        }
        Inherited(page, type);
        return page.ToString();
    }

    private static string Kind(MemberInfo member) => member switch
    {
        ConstructorInfo => "Constructors",
        FieldInfo { DeclaringType.IsEnum: true } => "Values",
        FieldInfo => "Fields",
        PropertyInfo => "Properties",
        MethodInfo { IsSpecialName: true } => "Operators",
        _ => "Methods",
    };

    /// <summary>Whether a member does what the one that it overrides says, and nothing is to be added.</summary>
    private bool IsAsInherited(MemberInfo member) => member is MethodInfo method && method.GetBaseDefinition() != method && !documentation.IsItsOwn(member);

    private void Inherited(StringBuilder page, Type type)
    {
        MethodInfo[] methods = [.. Surface.Members(type).Where(IsAsInherited).Cast<MethodInfo>()];
        if (methods.Length == 0)
            return;
        page.AppendLine("## Overrides").AppendLine().AppendLine("| Method | What it does |").AppendLine("| --- | --- |");
        foreach (MethodInfo method in methods)
            page.AppendLine($"| <span id=\"{Prose.Anchor(method)}\"></span>{prose.Link(DocId.Of(method.GetBaseDefinition()), Prose.Code(method.Name))} | {prose.Line(documentation.Of(method)!.Element("summary"))} |");
        page.AppendLine();
    }

    private void Paragraph(StringBuilder page, XElement? element)
    {
        string text = prose.Text(element);
        if (text.Length > 0)
            page.AppendLine(text).AppendLine();
    }

    private void Formula(StringBuilder page, Type type)
    {
        if (mathematics.Of(type) is not { } section)
            return;
        page.AppendLine(section.Formula).AppendLine().AppendLine($"[Where this comes from, and the code that does it]({section.Link}).").AppendLine();
    }

    private void Relatives(StringBuilder page, Type type)
    {
        List<Type> above = [];
        for (Type? t = type.BaseType; t is not null && t != typeof(object) && t != typeof(ValueType) && t != typeof(Enum); t = t.BaseType)
            above.Insert(0, t);
        Type[] below = [.. documentation.Types.Where(t => t.BaseType == type || (type.IsInterface && t.GetInterfaces().Contains(type)))];
        if (above.Count > 0)
            page.AppendLine("**Inherits** " + string.Join(" → ", above.Select(t => prose.TypeLink(t))) + " → " + Prose.Code(CSharp.Name(type))).AppendLine();
        if (below.Length > 0)
            page.AppendLine("**Inherited by** " + string.Join(", ", below.Select(t => prose.TypeLink(t)))).AppendLine();
        page.AppendLine($"**Source** `{sources.Of(type)}`").AppendLine();
    }

    private void Member(StringBuilder page, MemberInfo member, Type type)
    {
        bool isDefault = Surface.IsDefault(member) && documentation.Of(member) is null;
        page.AppendLine($"### {Prose.Escape(CSharp.Heading(member))} {{#{Prose.Anchor(member)}}}").AppendLine();
        Code(page, CSharp.Signature(member));
        if (isDefault)
        {
            page.AppendLine(type.IsValueType ? "The default value." : type.IsAbstract ? "For derived types." : "It takes no arguments.").AppendLine();
            return;
        }
        XElement element = documentation.Of(member)!;
        Paragraph(page, element.Element("summary"));
        Paragraph(page, element.Element("remarks"));
        ParameterInfo[] parameters = member is MethodBase m ? m.GetParameters() : member is PropertyInfo p ? p.GetIndexParameters() : [];
        Parameters(page, element, "typeparam", member is MethodInfo { IsGenericMethod: true } g ? [.. g.GetGenericArguments().Select(t => (t.Name, ""))] : []);
        Parameters(page, element, "param", [.. parameters.Select(p => (p.Name!, prose.TypeLink(p.ParameterType, CSharp.ParameterType(p))))]);
        if (element.Element("returns") is { } returns)
            page.AppendLine("**Returns** " + prose.Text(returns)).AppendLine();
        foreach (XElement example in element.Elements("example"))
            Paragraph(page, example);
        XElement[] exceptions = [.. element.Elements("exception")];
        if (exceptions.Length > 0)
        {
            page.AppendLine("| Exception | When |").AppendLine("| --- | --- |");
            foreach (XElement exception in exceptions)
                page.AppendLine($"| {prose.Link(exception.Attribute("cref")!.Value)} | {prose.Line(exception)} |");
            page.AppendLine();
        }
    }

    private void Parameters(StringBuilder page, XElement element, string tag, (string Name, string Type)[] parameters)
    {
        var written = parameters.Where(p => Find(p.Name) is not null).ToArray();
        if (written.Length == 0)
            return;
        page.AppendLine(tag == "param" ? "| Parameter | Type | Meaning |" : "| Type parameter | | Meaning |").AppendLine("| --- | --- | --- |");
        foreach ((string name, string type) in written)
            page.AppendLine($"| {Prose.Code(name)} | {type} | {prose.Line(Find(name))} |");
        page.AppendLine();

        XElement? Find(string name) => element.Elements(tag).FirstOrDefault(e => e.Attribute("name")?.Value == name);
    }

    private static void Code(StringBuilder page, string code) => page.AppendLine("```csharp").AppendLine(code).AppendLine("```").AppendLine();
}
