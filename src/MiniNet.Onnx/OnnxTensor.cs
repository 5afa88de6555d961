using System.Buffers.Binary;
using System.Numerics;
using MiniNet.OnnxSchema;

namespace MiniNet;

/// <summary>A tensor of a file, whose sizes have been held against the values that are really there.</summary>
internal sealed class OnnxTensor
{
    private readonly TensorProto proto;
    private readonly int elementSize;

    /// <exception cref="InvalidDataException">Its type is not known, its values are in another file, or they are not as many as its sizes say.</exception>
    internal OnnxTensor(TensorProto proto)
    {
        this.proto = proto;
        (elementSize, int listed) = (TensorProto.Types.DataType)proto.DataType switch
        {
            TensorProto.Types.DataType.Float => (sizeof(float), proto.FloatData.Count),
            TensorProto.Types.DataType.Double => (sizeof(double), proto.DoubleData.Count),
            TensorProto.Types.DataType.Int64 => (sizeof(long), proto.Int64Data.Count),
            _ => throw Fault($"holds {(TensorProto.Types.DataType)proto.DataType}: only float, double and int64 are read"),
        };
        if (proto.DataLocation == TensorProto.Types.DataLocation.External)
            throw Fault("lies in another file: export the model as one file");
        long length = 1;
        Sizes = new int[proto.Dims.Count];
        for (int i = 0; i < Sizes.Length; i++)
        {
            if (proto.Dims[i] is < 0 or > int.MaxValue || (length *= proto.Dims[i]) > int.MaxValue)
                throw Fault($"has the sizes [{string.Join(", ", proto.Dims)}]");
            Sizes[i] = (int)proto.Dims[i];
        }
        Length = (int)length;
        if (proto.HasRawData ? proto.RawData.Length != length * elementSize : listed != length)
            throw Fault($"has the sizes [{string.Join(", ", Sizes)}], so {length} values, but {(proto.HasRawData ? $"{proto.RawData.Length} bytes" : $"{listed} values")}");
    }

    private OnnxTensor(OnnxTensor other, int[] sizes) => (proto, elementSize, Length, Sizes) = (other.proto, other.elementSize, other.Length, sizes);

    internal string Name => proto.Name;

    internal int[] Sizes { get; }

    internal int Length { get; }

    internal bool HoldsIntegers => (TensorProto.Types.DataType)proto.DataType == TensorProto.Types.DataType.Int64;

    /// <summary>A value that is no whole number by its type.</summary>
    internal double Number(int index)
    {
        ReadOnlySpan<byte> raw = proto.HasRawData ? proto.RawData.Span[(index * elementSize)..] : default;
        return elementSize == sizeof(float)
            ? proto.HasRawData ? BinaryPrimitives.ReadSingleLittleEndian(raw) : proto.FloatData[index]
            : proto.HasRawData ? BinaryPrimitives.ReadDoubleLittleEndian(raw) : proto.DoubleData[index];
    }

    internal long Integer(int index) =>
        proto.HasRawData ? BinaryPrimitives.ReadInt64LittleEndian(proto.RawData.Span[(index * elementSize)..]) : proto.Int64Data[index];

    /// <summary>All values, in the file's order.</summary>
    internal T[] Numbers<T>() where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] values = new T[Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = T.CreateSaturating(Number(i));
        return values;
    }

    /// <summary>The same values with one axis.</summary>
    internal OnnxTensor AsVector() => new(this, [Length]);

    private InvalidDataException Fault(string what) => new($"The tensor {proto.Name} {what}.");
}
