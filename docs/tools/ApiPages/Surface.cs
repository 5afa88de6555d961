using System.Reflection;
using System.Runtime.CompilerServices;

namespace ApiPages;

/// <summary>What of an assembly its users see: public and protected, without what the compiler adds to records.</summary>
internal static class Surface
{
    private const BindingFlags Declared = BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.Instance | BindingFlags.Static | BindingFlags.DeclaredOnly;

    // What a record overrides to print itself says nothing to those who use it.
    private static readonly HashSet<string> RecordNoise = ["EqualityContract", "PrintMembers", "Equals", "GetHashCode", "Deconstruct", "Finalize", "op_Equality", "op_Inequality"];

    public static IReadOnlyList<Type> Types(Assembly assembly) =>
        [.. assembly.GetExportedTypes().Where(t => !IsGenerated(t)).OrderBy(t => t.Name, StringComparer.Ordinal)];

    public static IReadOnlyList<MemberInfo> Members(Type type) => typeof(Delegate).IsAssignableFrom(type) ? [] :
        [.. type.GetMembers(Declared).Where(m => IsVisible(m, type) && !IsGenerated(m) && !IsNoise(m, type)).OrderBy(Order).ThenBy(m => m.MetadataToken)];

    /// <summary>A constructor without arguments that nobody wrote: there is nothing to say of it.</summary>
    public static bool IsDefault(MemberInfo member) => member is ConstructorInfo constructor && constructor.GetParameters().Length == 0;

    private static int Order(MemberInfo member) => member switch { ConstructorInfo => 0, FieldInfo => 1, PropertyInfo => 2, EventInfo => 3, _ => 4 };

    private static bool IsVisible(MemberInfo member, Type type) => member switch
    {
        MethodBase method => IsVisible(method, type) && (!method.IsSpecialName || method is ConstructorInfo || method.Name.StartsWith("op_", StringComparison.Ordinal)),
        PropertyInfo property => property.GetAccessors(nonPublic: true).Any(a => IsVisible(a, type)),
        FieldInfo field => (field.IsPublic || ((field.IsFamily || field.IsFamilyOrAssembly) && !type.IsSealed)) && !field.IsSpecialName,
        EventInfo e => IsVisible(e.AddMethod!, type),
        _ => false,                                                  // nested types have pages of their own
    };

    private static bool IsVisible(MethodBase method, Type type) => method.IsPublic || ((method.IsFamily || method.IsFamilyOrAssembly) && !type.IsSealed);

    private static bool IsGenerated(MemberInfo member) => member.IsDefined(typeof(CompilerGeneratedAttribute), inherit: false) && member is not PropertyInfo and not FieldInfo;

    private static bool IsNoise(MemberInfo member, Type type) =>
        RecordNoise.Contains(member.Name) || member.Name.Contains('<', StringComparison.Ordinal)
        || (member is ConstructorInfo constructor && constructor.GetParameters() is [{ } only] && only.ParameterType == type);
}
