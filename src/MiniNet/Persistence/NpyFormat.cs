using System.Buffers.Binary;
using System.Globalization;
using System.Numerics;
using System.Text;
using System.Text.RegularExpressions;

namespace MiniNet;

/// <summary>One array in NumPy's format: eight bytes of signature and version, the length of a header, the header in Python's notation, the numbers.</summary>
internal static partial class NpyFormat
{
    internal const string Ending = ".npy";

    private const int Alignment = 64, MaximumHeader = 1 << 16, MaximumAxes = 32, Block = 1 << 20;

    private static ReadOnlySpan<byte> Signature => [0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y'];

    /// <exception cref="InvalidDataException">It is no such array, is cut short, or goes on after its end.</exception>
    internal static NumPyArray<T> Read<T>(Stream stream, string name) where T : unmanaged, IFloatingPointIeee754<T>
    {
        byte[] head = new byte[8];
        if (stream.ReadAtLeast(head, 8, throwOnEndOfStream: false) < 8 || !head.AsSpan(0, 6).SequenceEqual(Signature))
            throw new InvalidDataException($"{name} is no .npy file: it must begin with \\x93NUMPY and a version.");
        if (head[6] is < 1 or > 3)
            throw new InvalidDataException($"{name} is of version {head[6]}, expected 1 to 3.");
        byte[] lengthBytes = new byte[head[6] == 1 ? 2 : 4];
        if (stream.ReadAtLeast(lengthBytes, lengthBytes.Length, throwOnEndOfStream: false) < lengthBytes.Length)
            throw new InvalidDataException($"{name} is cut short: it ends within its header.");
        uint length = head[6] == 1 ? BinaryPrimitives.ReadUInt16LittleEndian(lengthBytes) : BinaryPrimitives.ReadUInt32LittleEndian(lengthBytes);
        if (length > MaximumHeader)
            throw new InvalidDataException($"{name} has a header of {length} bytes, expected at most {MaximumHeader}.");
        byte[] header = new byte[length];
        if (stream.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
            throw new InvalidDataException($"{name} is cut short: it ends within its header.");
        (ElementType type, bool isBigEndian, bool isFortran, int[] sizes) = ParseHeader(Encoding.UTF8.GetString(header), name);
        long count = 1;
        foreach (int size in sizes)
        {
            if ((count *= size) > Array.MaxLength)
                throw new InvalidDataException($"{name} claims [{string.Join(", ", sizes)}] values, more than an array holds.");
        }
        T[] values = ReadNumbers<T>(stream, name, type, isBigEndian, (int)count);
        return new(sizes, isFortran && sizes.Length > 1 ? ToRows(values, sizes) : values);
    }

    internal static void Write<T>(Stream stream, NumPyArray<T> array) where T : unmanaged, IFloatingPointIeee754<T>
    {
        string type = ElementTypes.Of<T>() switch { ElementType.Float64 => "<f8", ElementType.Float32 => "<f4", _ => "<f2" };
        string sizes = array.Sizes.Count == 1 ? $"{array.Sizes[0].ToString(CultureInfo.InvariantCulture)}," : string.Join(", ", array.Sizes);
        string header = $"{{'descr': '{type}', 'fortran_order': False, 'shape': ({sizes}), }}";
        int total = (Signature.Length + 4 + header.Length + 1 + Alignment - 1) / Alignment * Alignment;
        header = header.PadRight(total - Signature.Length - 5) + '\n';
        stream.Write(Signature);
        stream.Write([1, 0, (byte)header.Length, (byte)(header.Length >> 8)]);
        stream.Write(Encoding.ASCII.GetBytes(header));
        T[] block = new T[Math.Min(Block, array.Values.Length)];
        for (int from = 0; from < array.Values.Length; from += Block)
        {
            Span<T> part = block.AsSpan(0, Math.Min(Block, array.Values.Length - from));
            array.Values.AsSpan(from, part.Length).CopyTo(part);
            stream.Write(ElementTypes.ToBytes(part));
        }
    }

    internal static void Check<T>(NumPyArray<T> array, string name)
    {
        long count = 1;
        foreach (int size in array.Sizes)
            count *= size >= 0 ? size : throw new ArgumentException($"{name} has an axis of {size}, expected 0 or more.", name);
        if (count != array.Values.Length)
            throw new ArgumentException($"{name} has {array.Values.Length} values, expected {count}: [{string.Join(", ", array.Sizes)}].", name);
    }

    /// <summary>As many numbers as the header promises; memory grows with what has been read, not with what was promised.</summary>
    private static T[] ReadNumbers<T>(Stream stream, string name, ElementType type, bool isBigEndian, int count) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int size = type.Size(), done = 0;
        bool isKnown = stream.CanSeek && (stream.Length - stream.Position) / size >= count;
        T[] values = new T[isKnown ? count : Math.Min(count, Block / size)];
        byte[] bytes = new byte[(int)Math.Min(Block, (long)count * size)];
        while (done < count)
        {
            int wanted = Math.Min(Block / size, count - done) * size;
            int read = stream.ReadAtLeast(bytes.AsSpan(0, wanted), wanted, throwOnEndOfStream: false);
            if (read < wanted)
                throw new InvalidDataException($"{name} is cut short: it has {((long)done * size) + read} bytes of numbers, expected {(long)count * size}.");
            if (done + (wanted / size) > values.Length)
                Array.Resize(ref values, (int)Math.Min(count, Math.Max(2L * values.Length, done + (wanted / size))));
            int beyond = ElementTypes.Decode(bytes.AsSpan(0, wanted), type, isBigEndian, values.AsSpan(done, wanted / size));
            if (beyond >= 0)
                throw new InvalidDataException($"{name}: value {done + beyond} is beyond the range of {typeof(T).Name}: read the file with double.");
            done += wanted / size;
        }
        if (stream.ReadByte() >= 0)
            throw new InvalidDataException($"{name} goes on after its {count} numbers.");
        return values.Length == count ? values : values[..count];
    }

    /// <summary>{'descr': '&lt;f4', 'fortran_order': False, 'shape': (2, 3), }, and nothing else that Python knows.</summary>
    private static (ElementType Type, bool IsBigEndian, bool IsFortran, int[] Sizes) ParseHeader(string header, string name)
    {
        Match match = Header().Match(header);
        if (!match.Success)
            throw new InvalidDataException($"{name} has a header that is none of numbers: {(header.Length <= 100 ? header.Trim() : header[..100] + "…")}.");
        ElementType type = match.Groups["type"].Value switch
        {
            "b1" => ElementType.Boolean,
            "i1" => ElementType.Int8,
            "u1" => ElementType.UInt8,
            "i2" => ElementType.Int16,
            "u2" => ElementType.UInt16,
            "i4" => ElementType.Int32,
            "u4" => ElementType.UInt32,
            "i8" => ElementType.Int64,
            "u8" => ElementType.UInt64,
            "f2" => ElementType.Float16,
            "f4" => ElementType.Float32,
            "f8" => ElementType.Float64,
            string other => throw new InvalidDataException($"{name} holds '{other}', expected numbers: b1, i1 to i8, u1 to u8, or f2 to f8."),
        };
        string[] texts = match.Groups["shape"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        if (texts.Length > MaximumAxes)
            throw new InvalidDataException($"{name} has {texts.Length} axes, expected at most {MaximumAxes}.");
        int[] sizes = Array.ConvertAll(texts, t => int.TryParse(t, NumberStyles.None, CultureInfo.InvariantCulture, out int size) ? size : throw new InvalidDataException($"{name} claims {t} on an axis, more than an array holds."));
        return (type, match.Groups["order"].Value == ">", match.Groups["fortran"].Value == "True", sizes);
    }

    /// <summary>From Fortran order, the first axis fastest, to rows.</summary>
    private static T[] ToRows<T>(T[] columns, int[] sizes)
    {
        T[] rows = new T[columns.Length];
        int[] index = new int[sizes.Length];
        for (int i = 0; i < columns.Length; i++)
        {
            int place = 0;
            for (int axis = 0; axis < sizes.Length; axis++)
                place = (place * sizes[axis]) + index[axis];
            rows[place] = columns[i];
            for (int axis = 0; axis < sizes.Length && ++index[axis] == sizes[axis]; axis++)
                index[axis] = 0;
        }
        return rows;
    }

    [GeneratedRegex(@"^\{ ?'descr': ?'(?<order>[<>|=])(?<type>[a-zA-Z]\d{1,9})', ?'fortran_order': ?(?<fortran>True|False), ?'shape': ?\((?<shape>[\d, ]*)\),? ?\}\s*$", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Header();
}
