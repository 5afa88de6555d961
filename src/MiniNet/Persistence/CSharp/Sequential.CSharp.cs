using System.Numerics;
using System.Text;

namespace MiniNet;

public sealed partial class Sequential<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>
    /// The trained model as C#: one static class with a method Predict for one sample, which depends on nothing, not on this library either, and allocates nothing.
    /// For small networks in controllers, on small devices, in another program.
    /// </summary>
    /// <remarks>
    /// It computes what <see cref="Predict(ReadOnlySpan{T}, Span{T}, int)"/> does, to the same bits on a processor with fused multiply-add, but for <see cref="LayerNorm"/>, <see cref="RmsNorm"/> and depthwise convolutions, which sum in another order, and for those that are computed with fewer multiplications (see <see cref="Conv2D"/>).
    /// The numbers stand in it as literals, which the compiler puts into the program as they are. Taken are Dense, Conv2D, pooling, Upsample2D, Flatten, Reshape, every activation, Softmax, LogSoftmax, BatchNorm, LayerNorm,
    /// RmsNorm and Normalize, dropout as nothing, and every composite of these.
    /// </remarks>
    /// <param name="name">The name of the class, with its namespace if it has one: <c>MyProgram.Digits</c>.</param>
    /// <exception cref="ArgumentException">The name is none that a class can have.</exception>
    /// <exception cref="NotSupportedException">A layer, which is named, has no form in C# source; or T is neither float nor double.</exception>
    public string ToCSharp(string name) => CSharpSource.Of(this, name);

    /// <summary>Writes <see cref="ToCSharp"/> to a file, as a whole or not at all.</summary>
    /// <param name="path">The file: <c>Digits.cs</c>.</param>
    /// <param name="name">The name of the class, with its namespace if it has one: <c>MyProgram.Digits</c>.</param>
    /// <exception cref="ArgumentException">The name is none that a class can have.</exception>
    /// <exception cref="NotSupportedException">A layer, which is named, has no form in C# source; or T is neither float nor double. Nothing has been written then.</exception>
    /// <exception cref="IOException">The file cannot be written. The old one is unchanged.</exception>
    public void ExportCSharp(string path, string name)
    {
        byte[] source = Encoding.UTF8.GetBytes(ToCSharp(name));
        WholeFile.Write(path, stream => stream.Write(source));
    }
}
