using System.Numerics;
using System.Numerics.Tensors;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MiniNet;

/// <summary>Makes a <see cref="Dataset{T}"/> from matrices, tensors, class labels and IDX files.</summary>
public static class Dataset
{
    /// <summary>From the rows of two matrices, which are copied.</summary>
    /// <param name="x">[samples, inputs]</param>
    /// <param name="y">[samples, targets]</param>
    /// <exception cref="ArgumentException">The numbers of rows differ, there is none, or a value is not finite.</exception>
    public static Dataset<T> From<T>(T[,] x, T[,] y) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(y);
        CheckRows(x.GetLength(0), y.GetLength(0));
        return new(Flat(x).ToArray(), x.GetLength(1), Flat(y).ToArray(), y.GetLength(1));
    }

    /// <summary>From two tensors whose first axis is the samples; they are copied.</summary>
    /// <param name="x">[samples, …], one to four axes after the first</param>
    /// <param name="y">[samples, …], one to four axes after the first</param>
    /// <exception cref="ArgumentException">The numbers of samples differ, there is none, an axis is missing, or a value is not finite.</exception>
    public static Dataset<T> From<T>(in ReadOnlyTensorSpan<T> x, in ReadOnlyTensorSpan<T> y) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Shape inputShape = SampleShape(x.Lengths, nameof(x)), targetShape = SampleShape(y.Lengths, nameof(y));
        CheckRows((long)x.Lengths[0], (long)y.Lengths[0]);
        return new(Copy(x), inputShape, Copy(y), targetShape);
    }

    /// <summary>From samples with a class each, as one-hot targets: they go with every loss.</summary>
    /// <param name="inputs">[samples, input]; not copied</param>
    /// <param name="inputShape">The shape of one sample's input.</param>
    /// <param name="labels">[samples], from 0 to classes − 1</param>
    /// <param name="classes">How many classes: at least 2.</param>
    /// <param name="classNames">What they are called, for reports.</param>
    /// <exception cref="ArgumentException">A length does not fit, a label is none of the classes, or a value is not finite.</exception>
    public static Dataset<T> FromClasses<T>(ReadOnlyMemory<T> inputs, Shape inputShape, ReadOnlySpan<int> labels, int classes, IReadOnlyList<string>? classNames = null)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (classes < 2)
            throw new ArgumentOutOfRangeException(nameof(classes), classes, $"classes must be at least 2, got {classes}.");
        if (classNames is not null && classNames.Count != classes)
            throw new ArgumentException($"classNames has {classNames.Count} names, expected {classes}: one for each class.", nameof(classNames));
        T[] targets = new T[checked(labels.Length * classes)];
        for (int i = 0; i < labels.Length; i++)
        {
            if ((uint)labels[i] >= (uint)classes)
                throw new ArgumentException($"The label of sample {i} is {labels[i]}, expected one from 0 to {classes - 1}: count classes from 0, and give classes as many as there are.", nameof(labels));
            targets[(i * classes) + labels[i]] = T.One;
        }
        return new(inputs, inputShape, targets, classes, classNames: classNames);
    }

    /// <summary>From a pair of IDX files, the format of MNIST, plain or gzip: images with bytes scaled to 0 … 1, and labels as one-hot targets.</summary>
    /// <param name="imagesPath">[samples, height, width] gives (height, width, 1); [samples, height, width, channels] and [samples, features] stay.</param>
    /// <param name="labelsPath">[samples]</param>
    /// <param name="classes">How many classes; the greatest label + 1 if not given.</param>
    /// <exception cref="FileNotFoundException">A file is not there.</exception>
    /// <exception cref="InvalidDataException">A file is no IDX file of bytes, is cut short, or the two do not belong together.</exception>
    public static Dataset<T> FromIdx<T>(string imagesPath, string labelsPath, int? classes = null) where T : unmanaged, IFloatingPointIeee754<T>
    {
        IdxFile images = IdxFile.Read(imagesPath), labels = IdxFile.Read(labelsPath);
        if (labels.Sizes.Length != 1)
            throw new InvalidDataException($"{labelsPath} has {labels.Sizes.Length} axes, expected 1: one label for each sample.");
        if (labels.Sizes[0] != images.Sizes[0])
            throw new InvalidDataException($"{labelsPath} has {labels.Sizes[0]} labels, but {imagesPath} has {images.Sizes[0]} samples.");
        if (images.Bytes.Length == 0)
            throw new InvalidDataException($"{imagesPath} has no samples.");
        Shape shape = images.Sizes switch
        {
            [_, int features] => features,
            [_, int height, int width] => (height, width, 1),
            [_, int height, int width, int channels] => (height, width, channels),
            _ => throw new InvalidDataException($"{imagesPath} has {images.Sizes.Length} axes, expected 2 to 4: samples, then features or height, width and channels."),
        };
        int count = classes ?? Math.Max(2, labels.Bytes.Max() + 1);
        int[] classOf = new int[labels.Bytes.Length];
        for (int i = 0; i < classOf.Length; i++)
        {
            classOf[i] = labels.Bytes[i];
            if (count >= 2 && classOf[i] >= count)
                throw new InvalidDataException($"{labelsPath}: the label of sample {i} is {classOf[i]}, expected one from 0 to {count - 1}.");
        }
        T[] pixels = new T[images.Bytes.Length];
        for (int i = 0; i < pixels.Length; i++)
            pixels[i] = T.CreateTruncating(images.Bytes[i]) / T.CreateTruncating(255);
        return FromClasses<T>(pixels, shape, classOf, count);
    }

    /// <summary>From two arrays of NumPy, .npy files: [samples, …] each. A second axis that the targets lack is 1: a class index or a single number.</summary>
    /// <param name="inputsPath">[samples, …], one to four axes after the first</param>
    /// <param name="targetsPath">[samples], or [samples, …] with one to four axes after the first</param>
    /// <exception cref="FileNotFoundException">A file is not there.</exception>
    /// <exception cref="InvalidDataException">A file is no such file, is damaged, or the two do not belong together.</exception>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public static Dataset<T> FromNumPy<T>(string inputsPath, string targetsPath) where T : unmanaged, IFloatingPointIeee754<T> =>
        FromNumPy(NumPy.Read<T>(inputsPath), inputsPath, NumPy.Read<T>(targetsPath), targetsPath);

    /// <summary>From two arrays of one .npz file.</summary>
    /// <param name="archivePath">The file.</param>
    /// <param name="inputs">The name of the inputs: [samples, …].</param>
    /// <param name="targets">The name of the targets: [samples] or [samples, …].</param>
    /// <exception cref="FileNotFoundException">The file is not there.</exception>
    /// <exception cref="InvalidDataException">It is no such file, is damaged, lacks an array, or the two do not belong together.</exception>
    /// <exception cref="ArgumentException">A value is not finite.</exception>
    public static Dataset<T> FromNumPy<T>(string archivePath, string inputs, string targets) where T : unmanaged, IFloatingPointIeee754<T>
    {
        IReadOnlyDictionary<string, NumPyArray<T>> arrays = NumPy.ReadArchive<T>(archivePath);
        foreach (string name in (string[])[inputs, targets])
        {
            if (!arrays.ContainsKey(name))
                throw new InvalidDataException($"{archivePath} has no array {name}; it has {string.Join(", ", arrays.Keys)}.");
        }
        return FromNumPy(arrays[inputs], $"{archivePath}, {inputs},", arrays[targets], $"{archivePath}, {targets},");
    }

    private static Dataset<T> FromNumPy<T>(NumPyArray<T> x, string inputs, NumPyArray<T> y, string targets) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (x.Sizes.Count is < 2 or > 5 || x.Values.Length == 0)
            throw new InvalidDataException($"{inputs} has the sizes [{string.Join(", ", x.Sizes)}], expected 2 to 5 axes, none of them 0: samples, then the shape of one.");
        if (y.Sizes.Count is < 1 or > 5 || y.Values.Length == 0 || y.Sizes[0] != x.Sizes[0])
            throw new InvalidDataException($"{targets} has the sizes [{string.Join(", ", y.Sizes)}], expected 1 to 5 axes, none of them 0, beginning with {x.Sizes[0]}: each sample needs its target.");
        return new(x.Values, SampleShape([.. x.Sizes.Select(s => (nint)s)], nameof(inputs)), y.Values, y.Sizes.Count == 1 ? 1 : SampleShape([.. y.Sizes.Select(s => (nint)s)], nameof(targets)));
    }

    internal static void CheckFinite<T>(ReadOnlySpan<T> values, int perSample, string name) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (Finite.All(values))
            return;
        int i = 0;
        while (T.IsFinite(values[i]))
            i++;
        throw new ArgumentException($"{name}: value {i % perSample} of sample {i / perSample} is {values[i]}. Clean the data: one such value would spoil every weight.", name);
    }

    internal static Span<T> Flat<T>(T[,] matrix) where T : unmanaged =>
        MemoryMarshal.CreateSpan(ref Unsafe.As<byte, T>(ref MemoryMarshal.GetArrayDataReference(matrix)), matrix.Length);

    internal static ReadOnlySpan<T> Rows<T>(T[,] matrix, int columns, string name) where T : unmanaged
    {
        if (matrix is null)
            throw new ArgumentNullException(name);
        if (matrix.GetLength(1) != columns)
            throw new ArgumentException($"{name} has {matrix.GetLength(1)} columns, expected {columns}: a row is a sample.", name);
        return Flat(matrix);
    }

    internal static ReadOnlySpan<T> Rows<T>(in ReadOnlyTensorSpan<T> tensor, int perSample, string name) where T : unmanaged
    {
        long samples = tensor.Rank < 1 ? 0 : (long)tensor.Lengths[0], values = (long)tensor.FlattenedLength;
        if (samples == 0 || values / samples != perSample)
            throw new ArgumentException($"{name} has the axes [{string.Join(", ", tensor.Lengths.ToArray())}], expected samples first and {perSample} values for each.", name);
        return Copy(tensor);
    }

    private static T[] Copy<T>(in ReadOnlyTensorSpan<T> tensor)
    {
        T[] values = new T[checked((int)tensor.FlattenedLength)];
        tensor.FlattenTo(values);
        return values;
    }

    private static Shape SampleShape(ReadOnlySpan<nint> lengths, string name) => lengths switch
    {
        [_, var a] => (int)a,
        [_, var a, var b] => ((int)a, (int)b),
        [_, var a, var b, var c] => ((int)a, (int)b, (int)c),
        [_, var a, var b, var c, var d] => ((int)a, (int)b, (int)c, (int)d),
        _ => throw new ArgumentException($"{name} has {lengths.Length} axes, expected 2 to 5: samples, then the shape of one.", name),
    };

    private static void CheckRows(long x, long y)
    {
        if (x != y)
            throw new ArgumentException($"x has {x} samples and y has {y}: each sample needs its target.", nameof(y));
    }
}
