using System.IO.Compression;
using System.Numerics;

namespace MiniNet;

/// <summary>Reads and writes the files of NumPy: .npy holds one array, .npz several under names.</summary>
/// <remarks>
/// Read are floating-point numbers, whole numbers and truth values, of either byte order, in C or Fortran order; written are little-endian ones in C order.
/// Whole numbers beyond 2²⁴ (float) or 2⁵³ (double) are rounded. Objects (pickles) are refused: nothing in a file is ever run.
/// Format: "The NPY format", NumPy's documentation (numpy.lib.format).
/// </remarks>
public static class NumPy
{
    /// <summary>Reads a .npy file.</summary>
    /// <exception cref="FileNotFoundException">The file is not there.</exception>
    /// <exception cref="InvalidDataException">It is no such file, is damaged, or holds no numbers.</exception>
    public static NumPyArray<T> Read<T>(string path) where T : unmanaged, IFloatingPointIeee754<T>
    {
        using FileStream stream = File.OpenRead(path);
        return NpyFormat.Read<T>(stream, path);
    }

    /// <summary>Writes a .npy file, as a whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="values">[sizes]</param>
    /// <param name="sizes">The sizes of the axes.</param>
    /// <exception cref="ArgumentException">The sizes do not multiply to the number of values.</exception>
    public static void Write<T>(string path, ReadOnlySpan<T> values, params ReadOnlySpan<int> sizes) where T : unmanaged, IFloatingPointIeee754<T>
    {
        NumPyArray<T> array = new(sizes.ToArray(), values.ToArray());
        NpyFormat.Check(array, nameof(sizes));
        WholeFile.Write(path, stream => NpyFormat.Write(stream, array));
    }

    /// <summary>Reads all arrays of a .npz file.</summary>
    /// <returns>The arrays by their names, without the ending .npy.</returns>
    /// <exception cref="FileNotFoundException">The file is not there.</exception>
    /// <exception cref="InvalidDataException">It is no such file, is damaged, or an array holds no numbers.</exception>
    public static IReadOnlyDictionary<string, NumPyArray<T>> ReadArchive<T>(string path) where T : unmanaged, IFloatingPointIeee754<T>
    {
        using FileStream stream = File.OpenRead(path);
        return ReadArchive<T>(stream, path);
    }

    /// <summary>Writes a .npz file without compression, as numpy.savez does, as a whole or not at all.</summary>
    /// <param name="path">The file.</param>
    /// <param name="arrays">The arrays by their names.</param>
    /// <exception cref="ArgumentException">The sizes of an array do not multiply to the number of its values.</exception>
    public static void WriteArchive<T>(string path, IEnumerable<KeyValuePair<string, NumPyArray<T>>> arrays) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ArgumentNullException.ThrowIfNull(arrays);
        KeyValuePair<string, NumPyArray<T>>[] all = [.. arrays];
        foreach ((string name, NumPyArray<T> array) in all)
            NpyFormat.Check(array, name);
        WholeFile.Write(path, stream =>
        {
            using ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true);
            foreach ((string name, NumPyArray<T> array) in all)
            {
                using Stream entry = archive.CreateEntry(name + NpyFormat.Ending, CompressionLevel.NoCompression).Open();
                NpyFormat.Write(entry, array);
            }
        });
    }

    internal static Dictionary<string, NumPyArray<T>> ReadArchive<T>(Stream stream, string path) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Dictionary<string, NumPyArray<T>> arrays = [];
        try
        {
            using ZipArchive archive = new(stream, ZipArchiveMode.Read, leaveOpen: true);
            foreach (ZipArchiveEntry entry in archive.Entries)
            {
                if (!entry.FullName.EndsWith(NpyFormat.Ending, StringComparison.Ordinal))
                    throw new InvalidDataException($"{path} holds {entry.FullName}, expected arrays only: names that end with {NpyFormat.Ending}.");
                using Stream content = entry.Open();
                if (!arrays.TryAdd(entry.FullName[..^NpyFormat.Ending.Length], NpyFormat.Read<T>(content, $"{path}, {entry.FullName}")))
                    throw new InvalidDataException($"{path} holds {entry.FullName} twice.");
            }
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException or OverflowException)
        {
            throw new InvalidDataException($"{path} is no .npz file, or damaged. {e.Message}", e);
        }
        return arrays;
    }
}
