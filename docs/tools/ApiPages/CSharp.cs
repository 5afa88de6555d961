using System.Globalization;
using System.Reflection;
using System.Runtime.CompilerServices;
using System.Text;
using ParameterInfo = System.Reflection.ParameterInfo;

namespace ApiPages;

/// <summary>Types and members as one writes them in C#.</summary>
internal static class CSharp
{
    private static readonly Dictionary<Type, string> Keywords = new()
    {
        [typeof(void)] = "void",
        [typeof(bool)] = "bool",
        [typeof(int)] = "int",
        [typeof(long)] = "long",
        [typeof(ulong)] = "ulong",
        [typeof(uint)] = "uint",
        [typeof(byte)] = "byte",
        [typeof(short)] = "short",
        [typeof(float)] = "float",
        [typeof(double)] = "double",
        [typeof(string)] = "string",
        [typeof(object)] = "object",
        [typeof(char)] = "char",
    };

    private static readonly Dictionary<string, string> Operators = new()
    {
        ["op_Implicit"] = "implicit operator",
        ["op_Explicit"] = "explicit operator",
        ["op_Addition"] = "operator +",
        ["op_Subtraction"] = "operator -",
        ["op_Multiply"] = "operator *",
        ["op_Division"] = "operator /",
        ["op_Equality"] = "operator ==",
        ["op_Inequality"] = "operator !=",
    };

    /// <summary>A type with its arguments: <c>ReadOnlySpan&lt;T&gt;</c>.</summary>
    public static string Name(Type type)
    {
        if (type.IsByRef || type.IsPointer)
            return Name(type.GetElementType()!) + (type.IsPointer ? "*" : "");
        if (type.IsArray)
            return Name(type.GetElementType()!) + "[" + new string(',', type.GetArrayRank() - 1) + "]";
        if (Nullable.GetUnderlyingType(type) is { } value)
            return Name(value) + "?";
        if (Keywords.TryGetValue(type, out string? keyword))
            return keyword;
        if (typeof(ITuple).IsAssignableFrom(type) && type.IsGenericType)
            return "(" + string.Join(", ", type.GetGenericArguments().Select(Name)) + ")";
        string outer = type.IsNested && !type.IsGenericParameter ? Name(type.DeclaringType!) + "." : "", name = outer + type.Name;
        int tick = name.IndexOf('`', StringComparison.Ordinal);
        return tick < 0 ? name : name[..tick] + "<" + string.Join(", ", type.GetGenericArguments().Select(Name)) + ">";
    }

    /// <summary>The first line of a type: <c>public sealed record Dense : Layer</c>.</summary>
    public static string Declaration(Type type)
    {
        bool isRecord = type.GetMethod("<Clone>$") is not null || (type.IsValueType && type.GetMethod("PrintMembers", BindingFlags.NonPublic | BindingFlags.Instance) is not null);
        string kind = typeof(Delegate).IsAssignableFrom(type) ? "delegate " : type.IsEnum ? "enum " : type.IsInterface ? "interface " : type.IsValueType ? ValueKind(type, isRecord)
            : (type.IsAbstract && type.IsSealed ? "static " : type.IsAbstract ? "abstract " : type.IsSealed ? "sealed " : "") + (isRecord ? "record " : "class ");
        List<string> bases = [];
        if (type.BaseType is { } b && b != typeof(object) && b != typeof(ValueType) && b != typeof(Enum))
            bases.Add(Name(b));
        Type[] inherited = type.BaseType?.GetInterfaces() ?? [], direct = type.IsEnum ? [] : type.GetInterfaces();
        bases.AddRange(direct.Except(inherited).Where(i => !(isRecord && i.Name == "IEquatable`1") && !direct.Any(d => d.GetInterfaces().Contains(i))).Select(Name));
        return "public " + kind + Name(type) + (bases.Count > 0 ? " : " + string.Join(", ", bases) : "") + Constraints(type.GetGenericArguments());
    }

    /// <summary>A member as it is declared, without its body.</summary>
    public static string Signature(MemberInfo member) => member switch
    {
        ConstructorInfo c => Access(c) + Plain(c.DeclaringType!) + "(" + Parameters(c.GetParameters()) + ")",
        MethodInfo m when Operators.TryGetValue(m.Name, out string? op) => "public static " + (m.Name is "op_Implicit" or "op_Explicit"
            ? op + " " + Name(m.ReturnType) : Return(m) + " " + op) + "(" + Parameters(m.GetParameters()) + ")",
        MethodInfo m => Access(m) + Modifiers(m) + Return(m) + " " + MethodName(m) + "(" + Parameters(m.GetParameters()) + ")" + (IsOverride(m) ? "" : Constraints(m.GetGenericArguments())),
        PropertyInfo p => Property(p),
        FieldInfo { IsLiteral: true, DeclaringType.IsEnum: true } f => f.Name + " = " + Convert.ToInt64(f.GetRawConstantValue(), CultureInfo.InvariantCulture),
        FieldInfo f => "public " + (f.IsLiteral ? "const " : (f.IsStatic ? "static " : "") + (f.IsInitOnly ? "readonly " : "")) + Name(f.FieldType) + Question(new NullabilityInfoContext().Create(f)) + " " + f.Name,
        _ => member.Name,
    };

    /// <summary>A member as a heading: its name and the names of its arguments.</summary>
    public static string Heading(MemberInfo member) => member switch
    {
        ConstructorInfo c => Plain(c.DeclaringType!) + "(" + Names(c.GetParameters()) + ")",
        MethodInfo m when Operators.TryGetValue(m.Name, out string? op) => op + (m.Name is "op_Implicit" or "op_Explicit" ? " " + Name(m.ReturnType) + "(" + Name(m.GetParameters()[0].ParameterType) + ")" : ""),
        MethodInfo m => MethodName(m) + "(" + Names(m.GetParameters()) + ")",
        PropertyInfo p when p.GetIndexParameters().Length > 0 => "this[" + Names(p.GetIndexParameters()) + "]",
        _ => member.Name,
    };

    /// <summary>A parameter's type, with what stands before it.</summary>
    public static string ParameterType(ParameterInfo p)
    {
        string before = p.IsOut ? "out " : p.IsIn ? "in " : p.ParameterType.IsByRef ? "ref " : p.IsDefined(typeof(ParamArrayAttribute)) || p.IsDefined(typeof(ParamCollectionAttribute)) ? "params " : "";
        string scoped = p.CustomAttributes.Any(a => a.AttributeType.Name == "ScopedRefAttribute") && p.ParameterType.IsByRef && !p.IsOut ? "scoped " : "";
        return scoped + before + Name(p.ParameterType) + Question(new NullabilityInfoContext().Create(p));
    }

    private static string ValueKind(Type type, bool isRecord) =>
        (type.IsDefined(typeof(IsReadOnlyAttribute)) ? "readonly " : "") + (type.IsByRefLike ? "ref " : "") + (isRecord ? "record struct " : "struct ");

    private static string Plain(Type type) => type.Name.Split('`')[0];

    private static string Names(ParameterInfo[] parameters) => string.Join(", ", parameters.Select(p => p.Name));

    private static string MethodName(MethodInfo m) => m.Name + (m.IsGenericMethod ? "<" + string.Join(", ", m.GetGenericArguments().Select(Name)) + ">" : "");

    private static string Access(MethodBase m) => m.DeclaringType!.IsInterface ? "" : m.IsPublic ? "public " : "protected ";

    private static bool IsOverride(MethodInfo m) => m.GetBaseDefinition() != m;

    private static string Modifiers(MethodInfo m) => m.DeclaringType!.IsInterface ? "" : m.IsStatic ? "static " : m.IsAbstract ? "abstract "
        : IsOverride(m) ? (m.IsFinal && !m.DeclaringType.IsSealed ? "sealed " : "") + "override " : m.IsVirtual && !m.IsFinal ? "virtual " : "";

    private static string Return(MethodInfo m)
    {
        if (m.ReturnParameter.GetCustomAttribute<TupleElementNamesAttribute>() is { } names)
            return "(" + string.Join(", ", m.ReturnType.GetGenericArguments().Zip(names.TransformNames, (t, n) => Name(t) + " " + n)) + ")";
        return Name(m.ReturnType) + Question(new NullabilityInfoContext().Create(m.ReturnParameter));
    }

    private static string Property(PropertyInfo p)
    {
        MethodInfo accessor = p.GetMethod ?? p.SetMethod!;
        string name = p.GetIndexParameters() is { Length: > 0 } index ? "this[" + Parameters(index) + "]" : p.Name;
        bool isInit = p.SetMethod?.ReturnParameter.GetRequiredCustomModifiers().Contains(typeof(IsExternalInit)) == true;
        string accessors = (p.GetMethod is null ? "" : "get; ") + (p.SetMethod is null || !(p.SetMethod.IsPublic || p.SetMethod.IsFamily) ? "" : isInit ? "init; " : "set; ");
        string required = p.IsDefined(typeof(RequiredMemberAttribute)) ? "required " : "";
        return Access(accessor) + Modifiers(accessor) + required + Name(p.PropertyType) + Question(new NullabilityInfoContext().Create(p)) + " " + name + " { " + accessors + "}";
    }

    /// <summary>The parameters in a row, or each in a line of its own where the row would be long.</summary>
    private static string Parameters(ParameterInfo[] parameters)
    {
        string[] each = [.. parameters.Select(p => ParameterType(p) + " " + p.Name + Default(p))];
        return each.Sum(p => p.Length) <= 60 ? string.Join(", ", each) : "\n    " + string.Join(",\n    ", each);
    }

    private static string Default(ParameterInfo p) => !p.HasDefaultValue ? "" : " = " + p.DefaultValue switch
    {
        null => p.ParameterType.IsValueType && Nullable.GetUnderlyingType(p.ParameterType) is null ? "default" : "null",
        bool b => b ? "true" : "false",
        string s => "\"" + s + "\"",
        _ when p.ParameterType.IsEnum => Name(p.ParameterType) + "." + Enum.GetName(p.ParameterType, p.DefaultValue!),
        _ => Convert.ToString(p.DefaultValue, CultureInfo.InvariantCulture),
    };

    private static string Question(NullabilityInfo info) =>
        !info.Type.IsValueType && !info.Type.IsGenericParameter && !info.Type.IsByRef && (info.ReadState == NullabilityState.Nullable || info.WriteState == NullabilityState.Nullable) ? "?" : "";

    private static string Constraints(Type[] arguments)
    {
        StringBuilder text = new();
        foreach (Type t in arguments.Where(a => a.IsGenericParameter))
        {
            bool isUnmanaged = t.CustomAttributes.Any(a => a.AttributeType.Name == "IsUnmanagedAttribute"), isStruct = t.GenericParameterAttributes.HasFlag(GenericParameterAttributes.NotNullableValueTypeConstraint);
            List<string> parts = [.. isUnmanaged ? ["unmanaged"] : isStruct ? ["struct"] : Array.Empty<string>(), .. t.GetGenericParameterConstraints().Where(c => c != typeof(ValueType)).Select(Name)];
            if (t.GenericParameterAttributes.HasFlag(GenericParameterAttributes.AllowByRefLike))
                parts.Add("allows ref struct");
            if (parts.Count > 0)
                text.Append("\n    where ").Append(Name(t)).Append(" : ").AppendJoin(", ", parts);
        }
        return text.ToString();
    }
}
