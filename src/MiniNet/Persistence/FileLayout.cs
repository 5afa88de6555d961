using System.Collections;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>
/// How files hold a parameter: which axis of memory each axis of the file is. Memory is features last; files are as PyTorch writes them.
/// A layer says it once, where it declares the parameter, and only reading and writing files knows of it.
/// </summary>
/// <remarks>
/// The dense layer's weight, [inputs, outputs] in memory and [outputs, inputs] in files, has <c>[1, 0]</c>. A convolution's kernel,
/// [height, width, inputs, outputs] in memory and [outputs, inputs, height, width] in files, has <c>[3, 2, 0, 1]</c>.
/// −1 stands for an axis of size 1 that memory does not have. <c>default</c>: the file is as memory is.
/// </remarks>
[CollectionBuilder(typeof(FileLayout), nameof(Create))]
public readonly record struct FileLayout : IEnumerable<int>
{
    private const int MaximumRank = 8, BlockBytes = 1 << 20, MostBytes = 8 * BlockBytes, LeastRows = 64;

    private readonly uint packed;                                      // four bits for each axis of the file: the axis of memory + 1, or 0

    private FileLayout(uint packed, int rank) => (this.packed, Rank) = (packed, rank);

    /// <summary>How many axes the file has; 0 for <c>default</c>: as many as memory.</summary>
    public int Rank { get; }

    /// <summary>Which axis of memory an axis of the file is; −1 for one of size 1 that memory does not have.</summary>
    public int this[int axis] => (uint)axis < (uint)Rank ? (int)((packed >> (4 * axis)) & 15) - 1 : throw new ArgumentOutOfRangeException(nameof(axis), axis, $"{this} has {Rank} axes.");

    /// <summary>What a collection expression calls.</summary>
    /// <exception cref="ArgumentException">An axis is given twice or is none that a shape has.</exception>
    public static FileLayout Create(ReadOnlySpan<int> axes)
    {
        uint packed = 0, seen = 0;
        bool isWrong = axes.Length > MaximumRank;
        for (int i = 0; i < axes.Length && !isWrong; i++)
        {
            isWrong = axes[i] is < -1 or > 3 || (axes[i] >= 0 && (seen >> axes[i] & 1) != 0);
            seen |= axes[i] < 0 ? 0 : 1u << axes[i];
            packed |= (uint)(axes[i] + 1) << (4 * i);
        }
        return isWrong
            ? throw new ArgumentException($"[{string.Join(", ", axes.ToArray())}] is no order of axes: each is an axis of memory, 0 to 3, once, or −1 for one of size 1.", nameof(axes))
            : new(packed, axes.Length);
    }

    /// <summary>The sizes of the file's axes for a shape in memory.</summary>
    /// <exception cref="ArgumentException">The layout does not name every axis of the shape once.</exception>
    public int[] Sizes(Shape shape)
    {
        Check(shape);
        int[] sizes = new int[Rank == 0 ? shape.Rank : Rank];
        for (int i = 0; i < sizes.Length; i++)
            sizes[i] = Axis(i) < 0 ? 1 : shape[Axis(i)];
        return sizes;
    }

    /// <summary>Copies from memory order to a part of the file's order.</summary>
    /// <param name="memory">[shape]</param>
    /// <param name="shape">The shape in memory.</param>
    /// <param name="from">Where in the file's order the part begins.</param>
    /// <param name="file">The part, to be written.</param>
    /// <exception cref="ArgumentException">A length or the layout does not fit the shape.</exception>
    public unsafe void ToFile<T>(ReadOnlySpan<T> memory, Shape shape, int from, Span<T> file) where T : unmanaged, IFloatingPointIeee754<T>
    {
        CheckLengths(memory.Length, shape, from, file.Length);
        Span<int> sizes = stackalloc int[MaximumRank], strides = stackalloc int[MaximumRank];
        int rank = Walk(shape, sizes, strides), columns = sizes[rank - 1], stride = strides[rank - 1];
        if (rank == 1 && stride == 1)
        {
            memory.Slice(from, file.Length).CopyTo(file);
            return;
        }
        int row = shape.Length / sizes[0];
        if (strides[0] == 1 && from % row == 0 && file.Length % row == 0)
        {
            fixed (T* source = memory, target = file)
                LayoutTiles<T>.ToFile(source + (from / row), target, file.Length / row, sizes[1..rank], strides[1..rank]);
            return;
        }
        for (int done = 0; done < file.Length;)
        {
            int column = (from + done) % columns, run = Math.Min(columns - column, file.Length - done);
            int place = LayoutTiles<T>.Place((from + done) / columns, sizes[..(rank - 1)], strides) + (column * stride);
            for (int k = 0; k < run; k++, place += stride)
                file[done + k] = memory[place];
            done += run;
        }
    }

    /// <summary>Copies a part of the file's order to memory order.</summary>
    /// <param name="file">The part.</param>
    /// <param name="shape">The shape in memory.</param>
    /// <param name="from">Where in the file's order the part begins.</param>
    /// <param name="memory">[shape], to be written where the part belongs.</param>
    /// <exception cref="ArgumentException">A length or the layout does not fit the shape.</exception>
    public unsafe void FromFile<T>(ReadOnlySpan<T> file, Shape shape, int from, Span<T> memory) where T : unmanaged, IFloatingPointIeee754<T>
    {
        CheckLengths(memory.Length, shape, from, file.Length);
        Span<int> sizes = stackalloc int[MaximumRank], strides = stackalloc int[MaximumRank];
        int rank = Walk(shape, sizes, strides), columns = sizes[rank - 1], stride = strides[rank - 1];
        if (rank == 1 && stride == 1)
        {
            file.CopyTo(memory[from..]);
            return;
        }
        int row = shape.Length / sizes[0];
        if (strides[0] == 1 && from % row == 0 && file.Length % row == 0)
        {
            fixed (T* source = file, target = memory)
                LayoutTiles<T>.FromFile(source, target + (from / row), file.Length / row, sizes[1..rank], strides[1..rank]);
            return;
        }
        for (int done = 0; done < file.Length;)
        {
            int column = (from + done) % columns, run = Math.Min(columns - column, file.Length - done);
            int place = LayoutTiles<T>.Place((from + done) / columns, sizes[..(rank - 1)], strides) + (column * stride);
            for (int k = 0; k < run; k++, place += stride)
                memory[place] = file[done + k];
            done += run;
        }
    }

    /// <summary>The axes, first to last.</summary>
    public IEnumerator<int> GetEnumerator()
    {
        for (int i = 0; i < Rank; i++)
            yield return this[i];
    }

    IEnumerator IEnumerable.GetEnumerator() => GetEnumerator();

    /// <summary>The code that makes it: <c>[1, 0]</c>.</summary>
    public override string ToString() => $"[{string.Join(", ", this)}]";

    /// <exception cref="ArgumentException">The layout does not name every axis of the shape once.</exception>
    internal void Check(Shape shape)
    {
        int named = 0;
        for (int i = 0; i < Rank; i++)
            named |= this[i] < 0 ? 0 : 1 << this[i];
        if (Rank > 0 && named != (1 << shape.Rank) - 1)
            throw new ArgumentException($"The file layout {this} does not name every axis of {shape} once: expected the axes 0 to {shape.Rank - 1}, and −1 for axes of size 1.");
    }

    /// <summary>How many numbers are best read or written at a time: whole rows of the file, and enough of them that they make a line of the cache in memory, or four; a megabyte or a few.</summary>
    /// <param name="row">The numbers under one index of the file's first axis.</param>
    /// <param name="size">The bytes of a number.</param>
    internal static int Block(int row, int size)
    {
        int rows = Math.Max(BlockBytes / size / row, Math.Min(LeastRows, MostBytes / size / row));
        return rows > 0 ? rows * row : BlockBytes / size;
    }

    private static void CheckLength(int actual, int expected, string name)
    {
        if (actual != expected)
            throw new ArgumentException($"{name} has {actual} values, expected {expected}.", name);
    }

    private int Axis(int axis) => Rank == 0 ? axis : this[axis];

    private void CheckLengths(int memory, Shape shape, int from, int file)
    {
        Check(shape);
        CheckLength(memory, shape.Length, "memory");
        if (from < 0 || file > shape.Length - from)
            throw new ArgumentException($"A part of {file} values from {from} on does not lie within the {shape.Length} of {shape}.", nameof(file));
    }

    /// <summary>The file's axes, those of size 1 left out and neighbours that lie in a row in memory made one: sizes, and how far apart in memory.</summary>
    private int Walk(Shape shape, Span<int> sizes, Span<int> strides)
    {
        Span<int> apart = [1, 1, 1, 1];
        for (int i = shape.Rank - 2; i >= 0; i--)
            apart[i] = apart[i + 1] * shape[i + 1];
        int rank = 0;
        for (int i = 0; i < (Rank == 0 ? shape.Rank : Rank); i++)
        {
            int axis = Axis(i), size = axis < 0 ? 1 : shape[axis];
            if (size == 1)
                continue;
            if (rank > 0 && strides[rank - 1] == size * apart[axis])
                (sizes[rank - 1], strides[rank - 1]) = (sizes[rank - 1] * size, apart[axis]);
            else
                (sizes[rank], strides[rank++]) = (size, apart[axis]);
        }
        if (rank == 0)
            (sizes[0], strides[0], rank) = (1, 1, 1);
        return rank;
    }
}
