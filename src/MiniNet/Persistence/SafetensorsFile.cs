using System.Buffers;
using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace MiniNet;

/// <summary>
/// A safetensors file: eight bytes with the length of a JSON header, the header, and the bytes of the tensors. Nothing that it says is believed before it has been
/// compared with how long the file is.
/// </summary>
/// <remarks>Format: the README of the safetensors project (Hugging Face): names to dtype, shape and data_offsets, without gaps; texts under __metadata__.</remarks>
internal sealed class SafetensorsFile : TensorSource
{
    internal const string MetadataName = "__metadata__";
    private const int MaximumHeader = 100_000_000, MaximumRank = 8, BlocksWorthThreads = 4;

    private readonly Stream stream;
    private readonly long dataStart;

    private SafetensorsFile(Stream stream, string name, StoredTensor[] tensors, Dictionary<string, string> metadata, long dataStart, long dataLength) : base(name, tensors) =>
        (this.stream, Metadata, this.dataStart, DataLength) = (stream, metadata, dataStart, dataLength);

    /// <summary>The texts that came with the tensors.</summary>
    internal Dictionary<string, string> Metadata { get; }

    /// <summary>How many bytes of tensors the file has.</summary>
    internal long DataLength { get; }

    /// <summary>Reads the header. The file goes from where the stream stands to its end.</summary>
    /// <exception cref="InvalidDataException">It is no such file, or damaged.</exception>
    internal static SafetensorsFile Open(Stream stream, string name)
    {
        if (!stream.CanSeek)
        {
            MemoryStream copy = new();                                 // grows with what comes, not with what is promised
            stream.CopyTo(copy);
            copy.Position = 0;
            stream = copy;
        }
        long length = stream.Length - stream.Position;
        if (length < 8)
            throw new InvalidDataException($"{name} is no safetensors file: it has {length} bytes, and the length of the header alone takes 8.");
        Span<byte> head = stackalloc byte[8];
        stream.ReadExactly(head);
        if (Known(head) is { } other)
            throw new InvalidDataException($"{name} is no safetensors file, but {other}.");
        ulong headerLength = BinaryPrimitives.ReadUInt64LittleEndian(head);
        if (headerLength > (ulong)(length - 8))
            throw new InvalidDataException($"{name} is no safetensors file, or cut short: its header has {headerLength} bytes by its own account, but only {length - 8} follow.");
        if (headerLength > MaximumHeader)
            throw new InvalidDataException($"{name} has a header of {headerLength} bytes, expected at most {MaximumHeader}.");
        byte[] header = new byte[(int)headerLength];
        stream.ReadExactly(header);
        long dataLength = length - 8 - header.Length;
        try
        {
            List<StoredTensor> tensors = [];
            Dictionary<string, string> metadata = [];
            ReadHeader(header, name, tensors, metadata);
            tensors.Sort((a, b) => a.Offset != b.Offset ? a.Offset.CompareTo(b.Offset) : a.Length.CompareTo(b.Length));
            CheckOffsets(tensors, name, dataLength);
            return new(stream, name, [.. tensors], metadata, stream.Position, dataLength);
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException or FormatException)      // FormatException: a number that is no whole one
        {
            throw new InvalidDataException($"{name} is no safetensors file: its header is no valid JSON of tensors. {e.Message}", e);
        }
    }

    internal override void Read<T>(StoredTensor tensor, Shape shape, FileLayout layout, Span<T> memory)
    {
        bool isSame = tensor.Type == ElementTypes.Of<T>() && BitConverter.IsLittleEndian;
        if (isSame && layout.Rank == 0)
        {
            ReadAt(tensor.Offset, MemoryMarshal.AsBytes(memory));
            return;
        }
        int size = tensor.Type.Size(), row = shape.Length / (int)(tensor.Sizes.Length == 0 ? 1 : tensor.Sizes[0]);
        int block = Math.Min(FileLayout.Block(row, size), shape.Length);
        int blocks = (shape.Length - 1) / block + 1, threads = isSame && blocks >= BlocksWorthThreads && stream is FileStream ? Environment.ProcessorCount : 1;
        BlockWork<T> work = new() { File = this, Tensor = tensor, Shape = shape, Layout = layout, Memory = memory, Block = block, IsSame = isSame };
        WorkerTeam.Run(threads, blocks, 1, ref work);
    }

    /// <summary>Reads so many bytes from a place among the tensors. Where the stream is a file, several threads may.</summary>
    private void ReadAt(long offset, Span<byte> bytes)
    {
        if (stream is not FileStream file)
        {
            stream.Position = dataStart + offset;
            stream.ReadExactly(bytes);
            return;
        }
        for (int done = 0; done < bytes.Length;)
        {
            int read = RandomAccess.Read(file.SafeFileHandle, bytes[done..], dataStart + offset + done);
            done += read > 0 ? read : throw new EndOfStreamException($"{Name} has been cut short while it was read.");
        }
    }

    /// <summary>What a file of another kind is that people take for a model's, and what to do with it.</summary>
    private static string? Known(ReadOnlySpan<byte> head) =>
        head.StartsWith("PK\u0003\u0004"u8) ? "a zip archive, as torch.save, numpy.savez and Keras write them: in Python, write the weights with safetensors.torch.save_file or safetensors.numpy.save_file"
        : head[1..].StartsWith("NUMPY"u8) ? "NumPy's: NumPy.Read reads it"
        : head[1..].StartsWith("HDF"u8) ? "an HDF5 file, as Keras writes them: in Python, write the weights with safetensors.numpy.save_file"
        : null;

    private static void ReadHeader(ReadOnlySpan<byte> header, string name, List<StoredTensor> tensors, Dictionary<string, string> metadata)
    {
        Utf8JsonReader reader = new(header, new JsonReaderOptions { MaxDepth = 4 });
        HashSet<string> names = [];
        Expect(ref reader, JsonTokenType.StartObject);
        while (ReadName(ref reader) is { } key)
        {
            if (!names.Add(key))
                throw new InvalidDataException($"{name} names {Shown(key)} twice.");
            Expect(ref reader, JsonTokenType.StartObject);
            if (key == MetadataName)
            {
                while (ReadName(ref reader) is { } text)
                {
                    Expect(ref reader, JsonTokenType.String);
                    if (!metadata.TryAdd(text, reader.GetString()!))
                        throw new InvalidDataException($"{name} has the metadata {Shown(text)} twice.");
                }
            }
            else
            {
                tensors.Add(ReadTensor(ref reader, name, key));
            }
        }
        if (reader.Read())
            throw new JsonException("Something follows the header's last brace.");
    }

    private static StoredTensor ReadTensor(ref Utf8JsonReader reader, string name, string tensor)
    {
        string? type = null;
        long[]? sizes = null, offsets = null;
        while (ReadName(ref reader) is { } key)
        {
            switch (key)
            {
                case "dtype" when type is null:
                    Expect(ref reader, JsonTokenType.String);
                    type = reader.GetString();
                    break;
                case "shape" when sizes is null:
                    sizes = ReadNumbers(ref reader, MaximumRank);
                    break;
                case "data_offsets" when offsets is null:
                    offsets = ReadNumbers(ref reader, 2);
                    break;
                default:
                    throw new InvalidDataException($"{name}: {Shown(tensor)} has {Shown(key)}, expected dtype, shape and data_offsets, each once.");
            }
        }
        if (type is null || sizes is null || offsets is not { Length: 2 })
            throw new InvalidDataException($"{name}: {Shown(tensor)} lacks its dtype, its shape or its two data_offsets.");
        (ElementType element, int size) = TypeOf(type);
        if (size == 0)
            throw new InvalidDataException($"{name}: {Shown(tensor)} is of the type {Shown(type)}, which is none of the format's.");
        Int128 length = size;
        foreach (long axis in sizes)
        {
            length *= axis;
            if (length > long.MaxValue)
                break;
        }
        if (offsets[1] < offsets[0] || length != offsets[1] - offsets[0])
            throw new InvalidDataException($"{name}: {Shown(tensor)}, {type} [{string.Join(", ", sizes)}], takes {(length > long.MaxValue ? "too many" : length.ToString())} bytes, but lies from {offsets[0]} to {offsets[1]}.");
        return new(tensor, element, type, sizes, offsets[0], offsets[1] - offsets[0]);
    }

    private static void CheckOffsets(List<StoredTensor> tensors, string name, long dataLength)
    {
        long end = 0;
        foreach (StoredTensor tensor in tensors)
        {
            if (tensor.Offset != end)
                throw new InvalidDataException($"{name}: {Shown(tensor.Name)} begins at {tensor.Offset}, expected {end}: tensors lie one after the other, without a gap and without overlapping.");
            end += tensor.Length;
            if (end > dataLength)
                throw new InvalidDataException($"{name} is cut short: {Shown(tensor.Name)} ends at {end}, but there are {dataLength} bytes of tensors.");
        }
        if (end != dataLength)
            throw new InvalidDataException($"{name} goes on after its last tensor: {dataLength} bytes of tensors, expected {end}.");
    }

    private static (ElementType Type, int Size) TypeOf(string name) => name switch
    {
        "F64" => (ElementType.Float64, 8),
        "F32" => (ElementType.Float32, 4),
        "F16" => (ElementType.Float16, 2),
        "BF16" => (ElementType.BFloat16, 2),
        "I64" => (ElementType.Int64, 8),
        "I32" => (ElementType.Int32, 4),
        "I16" => (ElementType.Int16, 2),
        "I8" => (ElementType.Int8, 1),
        "U64" => (ElementType.UInt64, 8),
        "U32" => (ElementType.UInt32, 4),
        "U16" => (ElementType.UInt16, 2),
        "U8" => (ElementType.UInt8, 1),
        "BOOL" => (ElementType.Boolean, 1),
        "C64" => (ElementType.Other, 8),
        "F8_E4M3" or "F8_E5M2" or "F8_E8M0" => (ElementType.Other, 1),
        _ => (ElementType.Other, 0),
    };

    /// <summary>A name out of a file, as long as a message can bear.</summary>
    private static string Shown(string name) => name.Length <= 80 ? $"\"{name}\"" : $"\"{name[..77]}...\"";

    private static void Expect(ref Utf8JsonReader reader, JsonTokenType token)
    {
        if (!reader.Read() || reader.TokenType != token)
            throw new JsonException($"Expected {token} at byte {reader.TokenStartIndex}, got {reader.TokenType}.");
    }

    /// <summary>The next name of an object; null at its end.</summary>
    private static string? ReadName(ref Utf8JsonReader reader)
    {
        if (!reader.Read() || reader.TokenType is not (JsonTokenType.PropertyName or JsonTokenType.EndObject))
            throw new JsonException($"Expected a name or the end of an object at byte {reader.TokenStartIndex}, got {reader.TokenType}.");
        return reader.TokenType == JsonTokenType.EndObject ? null : reader.GetString();
    }

    private static long[] ReadNumbers(ref Utf8JsonReader reader, int most)
    {
        Expect(ref reader, JsonTokenType.StartArray);
        List<long> numbers = [];
        while (reader.Read() && reader.TokenType == JsonTokenType.Number)
        {
            long number = reader.GetInt64();
            if (number < 0 || numbers.Count == most)
                throw new JsonException($"Expected at most {most} numbers, none below 0, at byte {reader.TokenStartIndex}.");
            numbers.Add(number);
        }
        return reader.TokenType == JsonTokenType.EndArray ? [.. numbers] : throw new JsonException($"Expected a number at byte {reader.TokenStartIndex}, got {reader.TokenType}.");
    }

    /// <summary>The blocks of a tensor, from the file to where the model has them.</summary>
    private ref struct BlockWork<T> : IWork where T : unmanaged, IFloatingPointIeee754<T>
    {
        public SafetensorsFile File;
        public StoredTensor Tensor;
        public Shape Shape;
        public FileLayout Layout;
        public Span<T> Memory;         // [shape], or empty
        public int Block;
        public bool IsSame;            // the file's numbers are the model's, byte by byte

        public readonly void Run(int from, int to)
        {
            int size = Tensor.Type.Size();
            T[] values = ArrayPool<T>.Shared.Rent(Block);
            byte[] bytes = IsSame ? [] : ArrayPool<byte>.Shared.Rent(Block * size);
            for (int i = from; i < to; i++)
            {
                int begin = i * Block;
                Span<T> part = values.AsSpan(0, Math.Min(Block, Shape.Length - begin));
                Span<byte> read = IsSame ? MemoryMarshal.AsBytes(part) : bytes.AsSpan(0, part.Length * size);
                File.ReadAt(Tensor.Offset + ((long)begin * size), read);
                if (!IsSame && ElementTypes.Decode(read, Tensor.Type, isBigEndian: false, part) is int beyond and >= 0)
                    throw File.Beyond<T>(Tensor, begin + beyond);
                if (!Memory.IsEmpty)
                    Layout.FromFile(part, Shape, begin, Memory);
            }
            ArrayPool<T>.Shared.Return(values);                        // not after an exception: then the collector has it
            ArrayPool<byte>.Shared.Return(bytes);
        }
    }
}
