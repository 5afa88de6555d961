namespace MiniNet;

/// <summary>A tensor of a file: what it is called, what it holds, and where its bytes lie.</summary>
internal sealed record StoredTensor(string Name, ElementType Type, string TypeName, long[] Sizes, long Offset, long Length)
{
    internal string SizesText => $"[{string.Join(", ", Sizes)}]";
}
