namespace MiniNet;

/// <summary>A value of the exported program: the input, the output of a layer.</summary>
/// <param name="name">The variable that holds it.</param>
/// <param name="length">How many numbers.</param>
internal sealed class CSharpValue(string name, int length)
{
    public readonly int Length = length;

    /// <summary>The variable that holds it: <c>x</c> for the input, <c>y</c> for the output.</summary>
    public string Name = name;

    /// <summary>Where in the scratch memory it lies, and the last statement that reads it.</summary>
    public int Offset = -1, LastUse = -1;
}

/// <summary>A statement of the exported program.</summary>
/// <param name="Code">Its lines, with {x}, {z} and {y} for what it reads and writes.</param>
/// <param name="Layer">What it stands for.</param>
/// <param name="X">What it reads.</param>
/// <param name="Z">What else it reads; null where there is nothing else.</param>
/// <param name="Y">What it writes.</param>
/// <param name="MayOverwrite">Whether y may lie where x did: each number of y needs the same one of x only.</param>
internal sealed record CSharpStatement(string Code, string Layer, CSharpValue X, CSharpValue? Z, CSharpValue Y, bool MayOverwrite);
