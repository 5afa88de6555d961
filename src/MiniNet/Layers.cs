using System.Collections;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>An immutable list of layers with value equality, so that records made of layers compare and print by value.</summary>
/// <example><c>Layers body = [new Dense(4), new Tanh()];</c></example>
[CollectionBuilder(typeof(Layers), nameof(Create))]
public sealed class Layers : IReadOnlyList<Layer>, IEquatable<Layers>
{
    private readonly Layer[] items;

    private Layers(Layer[] items) => this.items = items;

    /// <summary>What a collection expression calls.</summary>
    /// <exception cref="ArgumentException">One of the layers is null.</exception>
    public static Layers Create(ReadOnlySpan<Layer> items)
    {
        for (int i = 0; i < items.Length; i++)
        {
            if (items[i] is null)
                throw new ArgumentException($"Layer {i} is null.", nameof(items));
        }
        return new(items.ToArray());
    }

    /// <summary>How many layers.</summary>
    public int Count => items.Length;

    /// <summary>The layer at a place, counted from 0.</summary>
    public Layer this[int index] => items[index];

    /// <summary>Some of the layers: what <c>layers[1..^1]</c> calls.</summary>
    /// <exception cref="ArgumentOutOfRangeException">There are not so many.</exception>
    public Layers Slice(int start, int length) => new(items.AsSpan(start, length).ToArray());

    /// <summary>The same layers in the same order.</summary>
    public bool Equals(Layers? other) => other is not null && items.AsSpan().SequenceEqual(other.items);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Layers);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        HashCode hash = default;
        foreach (Layer layer in items)
            hash.Add(layer);
        return hash.ToHashCode();
    }

    /// <summary>The layers, first to last.</summary>
    public IEnumerator<Layer> GetEnumerator() => ((IEnumerable<Layer>)items).GetEnumerator();

    IEnumerator IEnumerable.GetEnumerator() => items.GetEnumerator();

    /// <summary>The layers as code, with commas.</summary>
    public override string ToString() => string.Join(", ", (object[])items);
}
