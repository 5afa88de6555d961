namespace MiniNet;

/// <summary>Numbers as they come, in one array. Unlike a list it gives its memory away without a copy: a dataset may be large.</summary>
internal sealed class GrowingArray<T>
{
    private T[] values = new T[256];
    private int count;

    internal ReadOnlyMemory<T> Memory => values.AsMemory(0, count);

    internal void Add(T value)
    {
        if (count == values.Length)
            Array.Resize(ref values, (int)Math.Max(count + 1L, Math.Min(2L * count, Array.MaxLength)));
        values[count++] = value;
    }
}
