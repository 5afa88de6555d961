namespace MiniNet;

/// <summary>An array of a NumPy file: its numbers in row-major order, whatever order the file had.</summary>
/// <param name="Sizes">The sizes of the axes; none for a single number.</param>
/// <param name="Values">[sizes]</param>
public sealed record NumPyArray<T>(IReadOnlyList<int> Sizes, T[] Values);
