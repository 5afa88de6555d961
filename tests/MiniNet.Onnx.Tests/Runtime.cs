using Microsoft.ML.OnnxRuntime;

namespace MiniNet.Onnx.Tests;

/// <summary>What ONNX Runtime makes of our files, and models with numbers worth comparing.</summary>
internal static class Runtime
{
    internal static byte[] Export<T>(Sequential<T> model, OnnxOrder order = OnnxOrder.ChannelsLast) where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
    {
        using MemoryStream stream = new();
        model.ExportOnnx(stream, order);
        return stream.ToArray();
    }

    /// <summary>A model whose parameters lie between −0.7 and 0.7, and whose statistics, variances among them, between 0.5 and 1.5.</summary>
    internal static Sequential<float> Model(Shape inputs, params ReadOnlySpan<Layer> layers)
    {
        Sequential<float> model = new(inputs, seed: 1, layers);
        Random random = new(2);
        foreach (ref float p in model.Parameters)
            p = (random.NextSingle() * 1.4f) - 0.7f;
        foreach (ref float s in model.Statistics)
            s = random.NextSingle() + 0.5f;
        return model;
    }

    /// <summary>Numbers from −2 to 2, or indices from 0 to 8 for an embedding.</summary>
    internal static float[] Samples(int count, Sequential<float> model)
    {
        Random random = new(3);
        float[] x = new float[count * model.InputShape.Length];
        foreach (ref float value in x.AsSpan())
            value = model.ToString().Contains("Embedding", StringComparison.Ordinal) ? random.Next(9) : (random.NextSingle() * 4) - 2;
        return x;
    }

    /// <summary>Runs the file on samples [count, shape] as MiniNet has them, and gives the outputs as MiniNet has them.</summary>
    internal static T[] Run<T>(byte[] file, T[] x, int count, Shape inputs, Shape outputs, OnnxOrder order) where T : unmanaged
    {
        using InferenceSession session = new(file);
        using OrtValue input = OrtValue.CreateTensorValueFromMemory(order == OnnxOrder.ChannelsFirst ? ChannelsFirst(x, count, inputs) : x, Sizes(count, inputs, order));
        using RunOptions options = new();
        using IDisposableReadOnlyCollection<OrtValue> results = session.Run(options, new Dictionary<string, OrtValue> { ["input"] = input }, ["output"]);
        Assert.Equal(Sizes(count, outputs, order), results[0].GetTensorTypeAndShape().Shape);
        T[] y = results[0].GetTensorDataAsSpan<T>().ToArray();
        return order == OnnxOrder.ChannelsFirst ? ChannelsLast(y, count, outputs) : y;
    }

    /// <summary>The file gives what the model predicts, to 1e-5 of the largest output, for batches of 3 and of 1.</summary>
    internal static void AssertSame(Sequential<float> model, OnnxOrder order)
    {
        byte[] file = Export(model, order);
        Keep(file);
        foreach (int count in (int[])[3, 1])
        {
            float[] x = Samples(count, model), expected = model.Predict(x);
            float[] actual = Run(file, x, count, model.InputShape, model.OutputShape, order);
            float largest = Math.Max(1, expected.Max(Math.Abs));
            for (int i = 0; i < expected.Length; i++)
                Assert.True(Math.Abs(expected[i] - actual[i]) <= 1e-5f * largest, $"{model}, {order}: output {i} of {count} samples is {actual[i]}, expected {expected[i]}");
        }
    }

    /// <summary>Leaves the file for ONNX's own checker, tests/interop/check_onnx.py, if MININET_ONNX_FILES names a folder.</summary>
    private static void Keep(byte[] file)
    {
        if (Environment.GetEnvironmentVariable("MININET_ONNX_FILES") is not { } folder)
            return;
        Directory.CreateDirectory(folder);
        File.WriteAllBytes(Path.Combine(folder, $"{Convert.ToHexString(System.Security.Cryptography.SHA256.HashData(file))[..16]}.onnx"), file);
    }

    private static T[] ChannelsFirst<T>(T[] x, int count, Shape shape) => Turned(x, count, shape.Length / shape.Last, shape.Last);

    internal static T[] ChannelsLast<T>(T[] x, int count, Shape shape) => Turned(x, count, shape.Last, shape.Length / shape.Last);

    private static T[] Turned<T>(T[] x, int count, int rows, int columns)
    {
        T[] y = new T[x.Length];
        for (int sample = 0; sample < count; sample++)
        {
            for (int i = 0; i < rows; i++)
            {
                for (int j = 0; j < columns; j++)
                    y[(((sample * columns) + j) * rows) + i] = x[(((sample * rows) + i) * columns) + j];
            }
        }
        return y;
    }

    private static long[] Sizes(int count, Shape shape, OnnxOrder order)
    {
        List<long> sizes = [.. Enumerable.Range(0, shape.Rank).Select(axis => (long)shape[axis])];
        if (order == OnnxOrder.ChannelsFirst)
            sizes = [sizes[^1], .. sizes[..^1]];
        return [count, .. sizes];
    }
}
