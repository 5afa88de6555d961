using System.Reflection;
using ParameterInfo = System.Reflection.ParameterInfo;

namespace ApiPages;

/// <summary>The names by which the compiler's XML documentation knows types and members: <c>M:MiniNet.Plan.Scratch(System.Int32)</c>.</summary>
internal static class DocId
{
    public static string Of(MemberInfo member) => member switch
    {
        Type type => "T:" + Name(type),
        MethodBase method => "M:" + Name(method.DeclaringType!) + "." + method.Name.Replace('.', '#') + Arity(method) + Parameters(method.GetParameters()) + Conversion(method),
        PropertyInfo property => "P:" + Name(property.DeclaringType!) + "." + property.Name + Parameters(property.GetIndexParameters()),
        EventInfo => "E:" + Name(member.DeclaringType!) + "." + member.Name,
        _ => "F:" + Name(member.DeclaringType!) + "." + member.Name,
    };

    private static string Name(Type type)
    {
        Type definition = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        return definition.FullName!.Replace('+', '.');
    }

    private static string Arity(MethodBase method) => method.IsGenericMethod ? "``" + method.GetGenericArguments().Length : "";

    private static string Parameters(ParameterInfo[] parameters) =>
        parameters.Length == 0 ? "" : "(" + string.Join(',', parameters.Select(p => Reference(p.ParameterType))) + ")";

    private static string Conversion(MethodBase method) =>
        method is MethodInfo { Name: "op_Implicit" or "op_Explicit" } conversion ? "~" + Reference(conversion.ReturnType) : "";

    private static string Reference(Type type)
    {
        if (type.IsByRef)
            return Reference(type.GetElementType()!) + "@";
        if (type.IsPointer)
            return Reference(type.GetElementType()!) + "*";
        if (type.IsArray)
        {
            string axes = type.GetArrayRank() == 1 ? "" : string.Join(',', Enumerable.Repeat("0:", type.GetArrayRank()));
            return Reference(type.GetElementType()!) + "[" + axes + "]";
        }
        if (type.IsGenericMethodParameter)
            return "``" + type.GenericParameterPosition;
        if (type.IsGenericParameter)
            return "`" + type.GenericParameterPosition;
        if (!type.IsGenericType)
            return Name(type);
        string name = Name(type);
        return name[..name.IndexOf('`', StringComparison.Ordinal)] + "{" + string.Join(',', type.GetGenericArguments().Select(Reference)) + "}";
    }
}
