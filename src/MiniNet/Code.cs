using System.Globalization;
using System.Text;

namespace MiniNet;

/// <summary>Prints a record as the code that makes it: <c>Conv2D(32, kernel: 3)</c>.</summary>
/// <remarks>
/// A record of the library overrides <c>PrintMembers</c> and appends its arguments with the methods below.
/// A record that leaves it to the compiler gives "Factor = 0.5, Shift = 2", from which the values are kept in their order: <c>Scale(0.5, 2)</c>.
/// </remarks>
internal static class Code
{
    internal delegate bool Members(StringBuilder builder);

    /// <summary>The name of the type and its arguments, whatever the culture of the thread.</summary>
    internal static string Of(object record, Members printMembers)
    {
        StringBuilder members = new();
        CultureInfo culture = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.InvariantCulture;      // the compiler's PrintMembers writes 0,5 elsewhere
            printMembers(members);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
        return $"{record.GetType().Name}({Values(members.ToString())})";
    }

    internal static StringBuilder Argument<TValue>(this StringBuilder builder, TValue value) =>
        Separate(builder).Append(Text(value));

    internal static StringBuilder Argument<TValue>(this StringBuilder builder, string name, TValue value) =>
        Separate(builder).Append(name).Append(": ").Append(Text(value));

    /// <summary>An argument that is left out when it has its default.</summary>
    internal static StringBuilder Argument<TValue>(this StringBuilder builder, string name, TValue value, TValue unless) =>
        EqualityComparer<TValue>.Default.Equals(value, unless) ? builder : builder.Argument(name, value);

    private static StringBuilder Separate(StringBuilder builder) => builder.Length > 0 ? builder.Append(", ") : builder;

    private static string Text<TValue>(TValue value) => value switch
    {
        string text => $"\"{text}\"",
        bool flag => flag ? "true" : "false",
        Shape shape => shape.ToCode(),
        IFormattable number => number.ToString(null, CultureInfo.InvariantCulture),
        _ => value?.ToString() ?? "null",
    };

    /// <summary>"Factor = 0.5, Shift = 2" to "0.5, 2"; what is code already stays as it is.</summary>
    private static string Values(string members)
    {
        if (!IsNamed(members))
            return members;
        StringBuilder values = new();
        int depth = 0;
        bool inName = true;
        for (int i = 0; i < members.Length; i++)
        {
            char c = members[i];
            if (inName)
            {
                if (members.AsSpan(i).StartsWith(" = "))
                    (inName, i) = (false, i + 2);
                continue;
            }
            depth += c is '(' or '[' or '{' ? 1 : c is ')' or ']' or '}' ? -1 : 0;
            if (depth == 0 && c == ',' && i + 2 <= members.Length && IsNamed(members.AsSpan(i + 2)))
            {
                values.Append(", ");
                (inName, i) = (true, i + 1);
                continue;
            }
            values.Append(c);
        }
        return values.ToString();
    }

    private static bool IsNamed(ReadOnlySpan<char> text)
    {
        int i = 0;
        while (i < text.Length && (char.IsLetterOrDigit(text[i]) || text[i] == '_'))
            i++;
        return i > 0 && text[i..].StartsWith(" = ");
    }
}
