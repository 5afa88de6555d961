using System.Numerics;

namespace MiniNet;

/// <summary>A file of named tensors, whatever its format: what it holds is known, and read tensor by tensor.</summary>
internal abstract class TensorSource(string name, StoredTensor[] tensors)
{
    /// <summary>What messages call it: the path.</summary>
    internal string Name => name;

    /// <summary>The tensors in the order in which they lie.</summary>
    internal StoredTensor[] Tensors => tensors;

    internal StoredTensor? Find(string tensor) => Array.Find(tensors, t => t.Name == tensor);

    /// <summary>Reads a tensor to where a model keeps it. With no memory given it only checks that its numbers are within the range of T.</summary>
    /// <param name="tensor">One of <see cref="Tensors"/>; as many numbers as the shape has.</param>
    /// <param name="shape">The shape in memory.</param>
    /// <param name="layout">How the file holds it.</param>
    /// <param name="memory">[shape], to be written; or empty.</param>
    /// <exception cref="InvalidDataException">A number is beyond the range of T.</exception>
    internal abstract void Read<T>(StoredTensor tensor, Shape shape, FileLayout layout, Span<T> memory) where T : unmanaged, IFloatingPointIeee754<T>;

    private protected InvalidDataException Beyond<T>(StoredTensor tensor, long place) =>
        new($"{name}: value {place} of {tensor.Name} is beyond the range of {typeof(T).Name}: load the file with double.");
}
