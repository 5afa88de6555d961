using System.Buffers.Binary;
using System.IO.Compression;

namespace MiniNet;

/// <summary>An array of bytes in the IDX format (LeCun, Cortes and Burges, "The MNIST database"): two zeros, type 8, the number of axes, their sizes, the bytes.</summary>
internal sealed class IdxFile
{
    private const int UnsignedByte = 8, MaximumAxes = 4, Block = 1 << 20;

    private IdxFile(int[] sizes, byte[] bytes) => (Sizes, Bytes) = (sizes, bytes);

    internal int[] Sizes { get; }

    internal byte[] Bytes { get; }

    /// <exception cref="InvalidDataException">It is no such file, is cut short, or goes on after its end.</exception>
    internal static IdxFile Read(string path)
    {
        using FileStream file = File.OpenRead(path);
        bool isGzip = file.ReadByte() == 0x1F && file.ReadByte() == 0x8B;
        file.Position = 0;
        using Stream stream = isGzip ? new GZipStream(file, CompressionMode.Decompress) : file;
        return Read(stream, path);
    }

    internal static IdxFile Read(Stream stream, string name)
    {
        byte[] head = ReadUpTo(stream, 4);
        if (head.Length < 4 || head[0] != 0 || head[1] != 0)
            throw new InvalidDataException($"{name} is no IDX file: it must begin with two zero bytes.");
        if (head[2] != UnsignedByte)
            throw new InvalidDataException($"{name} holds IDX type 0x{head[2]:X2}, expected 0x08: unsigned bytes.");
        if (head[3] is 0 or > MaximumAxes)
            throw new InvalidDataException($"{name} has {head[3]} axes, expected 1 to {MaximumAxes}.");
        byte[] sizeBytes = ReadUpTo(stream, 4 * head[3]);
        if (sizeBytes.Length < 4 * head[3])
            throw new InvalidDataException($"{name} is cut short: it ends within its header.");
        int[] sizes = new int[head[3]];
        long length = 1;
        for (int axis = 0; axis < sizes.Length; axis++)
        {
            sizes[axis] = BinaryPrimitives.ReadInt32BigEndian(sizeBytes.AsSpan(4 * axis));
            if (sizes[axis] < 0 || (length *= sizes[axis]) > Array.MaxLength)
                throw new InvalidDataException($"{name} claims {sizes[axis]} on axis {axis}, more than an array holds.");
        }
        byte[] bytes = ReadUpTo(stream, length);
        if (bytes.Length < length)
            throw new InvalidDataException($"{name} is cut short: it has {bytes.Length} bytes of the {length} that its header promises ({string.Join(" × ", sizes)}).");
        if (ReadUpTo(stream, 1).Length > 0)
            throw new InvalidDataException($"{name} goes on after the {length} bytes that its header promises ({string.Join(" × ", sizes)}).");
        return new(sizes, bytes);
    }

    /// <summary>As many bytes as there are, up to a number; memory grows with what has been read, not with what was promised.</summary>
    private static byte[] ReadUpTo(Stream stream, long length)
    {
        using MemoryStream read = new();
        byte[] block = new byte[(int)Math.Min(length, Block)];
        while (read.Length < length)
        {
            int count = stream.Read(block, 0, (int)Math.Min(block.Length, length - read.Length));
            if (count == 0)
                break;
            read.Write(block, 0, count);
        }
        return read.ToArray();
    }
}
