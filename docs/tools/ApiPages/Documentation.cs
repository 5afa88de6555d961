using System.Reflection;
using System.Xml.Linq;

namespace ApiPages;

/// <summary>The XML documentation of assemblies, with everything that is inherited put in its place.</summary>
internal sealed class Documentation
{
    private readonly Dictionary<string, XElement> elements = [];
    private readonly Dictionary<string, MemberInfo> members = [];

    /// <param name="assemblies">Assemblies whose XML files lie beside them.</param>
    public Documentation(IEnumerable<Assembly> assemblies)
    {
        foreach (Assembly assembly in assemblies)
            Add(assembly, XDocument.Load(Path.ChangeExtension(assembly.Location, ".xml"), LoadOptions.PreserveWhitespace));
    }

    /// <param name="assembly">The assembly that is documented.</param>
    /// <param name="document">Its documentation.</param>
    public Documentation(Assembly assembly, XDocument document) => Add(assembly, document);

    /// <summary>All types, by assembly, then by name.</summary>
    public List<Type> Types { get; } = [];

    /// <summary>The type or member of such a name, if users see it.</summary>
    public MemberInfo? Find(string id) => members.GetValueOrDefault(id);

    /// <summary>What is written of a member, and where it says <c>inheritdoc</c>, what is written there; null if nothing is.</summary>
    public XElement? Of(MemberInfo member)
    {
        if (!elements.TryGetValue(DocId.Of(member), out XElement? own))
            return null;
        if (own.Element("inheritdoc") is not { } inherit)
            return own;
        XElement? from = inherit.Attribute("cref") is { } cref ? Written(cref.Value) : Bases(member).Select(Of).FirstOrDefault(e => e is not null);
        if (from is null)
            return null;
        XElement merged = new(own.Name, own.Attributes());
        foreach (XElement element in from.Elements())
            merged.Add(own.Elements(element.Name).FirstOrDefault(e => Key(e) == Key(element) && !e.IsEmpty) ?? element);
        merged.Add(own.Elements().Where(e => !e.IsEmpty && !merged.Elements(e.Name).Any(m => Key(m) == Key(e))));
        return merged;
    }

    /// <summary>Whether a member says itself what it does, and not by <c>inheritdoc</c>.</summary>
    public bool IsItsOwn(MemberInfo member) => elements.TryGetValue(DocId.Of(member), out XElement? own) && own.Element("inheritdoc") is null;

    private static string? Key(XElement element) => (element.Attribute("name") ?? element.Attribute("cref"))?.Value;

    private XElement? Written(string id) => Find(id) is { } member ? Of(member) : elements.GetValueOrDefault(id);

    private void Add(Assembly assembly, XDocument document)
    {
        foreach (XElement member in document.Descendants("member"))
            elements[member.Attribute("name")!.Value] = member;
        foreach (Type type in Surface.Types(assembly))
        {
            Types.Add(type);
            members[DocId.Of(type)] = type;
            foreach (MemberInfo member in Surface.Members(type))
                members[DocId.Of(member)] = member;
        }
    }

    /// <summary>The members that one overrides or implements, nearest first.</summary>
    private static IEnumerable<MemberInfo> Bases(MemberInfo member)
    {
        Type type = member as Type ?? member.DeclaringType!;
        for (Type? t = type.BaseType; t is not null; t = t.BaseType)
        {
            if (Same(Definition(t), member) is { } found)
                yield return found;
        }
        foreach (Type contract in type.GetInterfaces())
        {
            if (Same(Definition(contract), member) is { } found)
                yield return found;
        }
    }

    private static Type Definition(Type type) => type.IsGenericType ? type.GetGenericTypeDefinition() : type;

    private static MemberInfo? Same(Type type, MemberInfo member) => member is Type ? type : Surface.Members(type)
        .FirstOrDefault(m => m.MemberType == member.MemberType && m.Name == member.Name
            && (m as MethodBase)?.GetParameters().Length == (member as MethodBase)?.GetParameters().Length);
}
