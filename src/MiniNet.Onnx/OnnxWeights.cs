using System.Buffers.Binary;
using System.Numerics;
using Google.Protobuf;
using MiniNet.OnnxSchema;

namespace MiniNet;

/// <summary>Where a graph takes its numbers from: a model of one number type, without the type in sight.</summary>
internal abstract class OnnxWeights
{
    internal abstract TensorProto.Types.DataType Type { get; }

    /// <summary>Matrices are [inputs, outputs], as in memory and as ONNX's products take them; everything else is as files have it: kernels [outputs, inputs, height, width].</summary>
    internal abstract TensorProto Parameter(ParameterInfo parameter);

    internal abstract TensorProto Statistic(ModelPlan.StatisticInfo statistic);

    /// <summary>One number for all samples, or so many in a row.</summary>
    internal abstract TensorProto Constant(string name, int[] sizes, ReadOnlySpan<double> values);
}

/// <summary>The numbers of a model: double as double, every other type as float.</summary>
internal sealed class OnnxWeights<T>(Sequential<T> model) : OnnxWeights where T : unmanaged, IFloatingPointIeee754<T>
{
    internal override TensorProto.Types.DataType Type => typeof(T) == typeof(double) ? TensorProto.Types.DataType.Double : TensorProto.Types.DataType.Float;

    internal override TensorProto Parameter(ParameterInfo parameter)
    {
        FileLayout layout = parameter.Shape.Rank == 2 ? default : parameter.FileLayout;
        T[] values = new T[parameter.Shape.Length];
        layout.ToFile<T>(model.Parameters.Slice(parameter.Offset, values.Length), parameter.Shape, 0, values);
        return Tensor(parameter.Name, layout.Sizes(parameter.Shape), values);
    }

    internal override TensorProto Statistic(ModelPlan.StatisticInfo statistic) =>
        Tensor(statistic.Name, default(FileLayout).Sizes(statistic.Shape), model.Statistics.Slice(statistic.Offset, statistic.Shape.Length));

    internal override TensorProto Constant(string name, int[] sizes, ReadOnlySpan<double> values)
    {
        T[] converted = new T[values.Length];
        for (int i = 0; i < converted.Length; i++)
            converted[i] = T.CreateChecked(values[i]);
        return Tensor(name, sizes, converted);
    }

    private TensorProto Tensor(string name, int[] sizes, ReadOnlySpan<T> values)
    {
        TensorProto tensor = new() { Name = name, DataType = (int)Type };
        foreach (int size in sizes)
            tensor.Dims.Add(size);
        bool isDouble = typeof(T) == typeof(double);
        byte[] bytes = new byte[checked(values.Length * (isDouble ? sizeof(double) : sizeof(float)))];
        for (int i = 0; i < values.Length; i++)
        {
            if (isDouble)
                BinaryPrimitives.WriteDoubleLittleEndian(bytes.AsSpan(i * sizeof(double)), double.CreateChecked(values[i]));
            else
                BinaryPrimitives.WriteSingleLittleEndian(bytes.AsSpan(i * sizeof(float)), float.CreateChecked(values[i]));
        }
        tensor.RawData = UnsafeByteOperations.UnsafeWrap(bytes);
        return tensor;
    }
}
