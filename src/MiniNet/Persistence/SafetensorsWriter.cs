using System.Buffers.Binary;
using System.Numerics;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace MiniNet;

/// <summary>A tensor on its way to a file.</summary>
internal readonly record struct SavedTensor<T>(string Name, Shape Shape, FileLayout Layout, ReadOnlyMemory<T> Values);

/// <summary>Writes safetensors files. The bytes of the tensors begin at a multiple of 8, so that they can be mapped into memory.</summary>
internal static class SafetensorsWriter
{
    private const int Alignment = 8;

    internal static void Write<T>(Stream stream, IReadOnlyList<SavedTensor<T>> tensors, IEnumerable<KeyValuePair<string, string>> metadata) where T : unmanaged, IFloatingPointIeee754<T>
    {
        byte[] header = Header(tensors, metadata);
        Span<byte> length = stackalloc byte[8];
        BinaryPrimitives.WriteInt64LittleEndian(length, header.Length);
        stream.Write(length);
        stream.Write(header);
        int size = ElementTypes.Of<T>().Size();
        foreach (SavedTensor<T> tensor in tensors)
        {
            int block = FileLayout.Block(tensor.Shape.Length / tensor.Layout.Sizes(tensor.Shape)[0], size);
            T[] values = new T[Math.Min(block, tensor.Shape.Length)];
            for (int from = 0; from < tensor.Shape.Length; from += block)
            {
                Span<T> part = values.AsSpan(0, Math.Min(block, tensor.Shape.Length - from));
                tensor.Layout.ToFile(tensor.Values.Span, tensor.Shape, from, part);
                stream.Write(ElementTypes.ToBytes(part));
            }
        }
    }

    private static byte[] Header<T>(IReadOnlyList<SavedTensor<T>> tensors, IEnumerable<KeyValuePair<string, string>> metadata) where T : unmanaged
    {
        (string type, int size) = ElementTypes.Of<T>() switch
        {
            ElementType.Float64 => ("F64", 8),
            ElementType.Float32 => ("F32", 4),
            _ => ("F16", 2),
        };
        using MemoryStream text = new();
        using (Utf8JsonWriter writer = new(text, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping }))      // no page of HTML: quotes need no \u0022
        {
            writer.WriteStartObject();
            writer.WriteStartObject(SafetensorsFile.MetadataName);
            foreach ((string key, string value) in metadata)
                writer.WriteString(key, value);
            writer.WriteEndObject();
            long offset = 0;
            foreach (SavedTensor<T> tensor in tensors)
            {
                writer.WriteStartObject(tensor.Name);
                writer.WriteString("dtype", type);
                writer.WriteStartArray("shape");
                foreach (int axis in tensor.Layout.Sizes(tensor.Shape))
                    writer.WriteNumberValue(axis);
                writer.WriteEndArray();
                writer.WriteStartArray("data_offsets");
                writer.WriteNumberValue(offset);
                writer.WriteNumberValue(offset += (long)tensor.Shape.Length * size);
                writer.WriteEndArray();
                writer.WriteEndObject();
            }
            writer.WriteEndObject();
        }
        while (text.Length % Alignment != 0)
            text.WriteByte((byte)' ');
        return text.ToArray();
    }
}
