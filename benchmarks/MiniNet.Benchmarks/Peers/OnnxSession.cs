using System.Runtime.CompilerServices;
using Microsoft.ML.OnnxRuntime;

namespace MiniNet.Benchmarks;

/// <summary>ONNX Runtime on a model of MiniNet's, as fast as its interface allows: all memory handed over once, and bound.</summary>
internal sealed class OnnxSession : IDisposable
{
    private readonly InferenceSession session;
    private readonly RunOptions runOptions = new();
    private readonly OrtValue input, output;
    private readonly OrtIoBinding binding;

    /// <summary>Hands the model over as a file in ONNX's own order of axes, channels first, so that nothing need be transposed.</summary>
    /// <param name="model">The model.</param>
    /// <param name="x">[batch, input]; an image of it has one channel, and so the same memory in both orders.</param>
    /// <param name="y">[batch, output]</param>
    /// <param name="batch">How many samples; the session knows the number beforehand.</param>
    /// <param name="threads">How many threads it may use.</param>
    public OnnxSession(Sequential<float> model, float[] x, float[] y, int batch, int threads)
    {
        using SessionOptions options = new() { IntraOpNumThreads = threads, InterOpNumThreads = 1, ExecutionMode = ExecutionMode.ORT_SEQUENTIAL, GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL };
        options.AddFreeDimensionOverrideByName("batch", batch);
        using MemoryStream file = new();
        model.ExportOnnx(file, OnnxOrder.ChannelsFirst);
        session = new(file.ToArray(), options);
        Shape input = model.InputShape;
        this.input = OrtValue.CreateTensorValueFromMemory(x, input.Rank == 3 ? [batch, input[2], input[0], input[1]] : [batch, input.Length]);
        output = OrtValue.CreateTensorValueFromMemory(y, [batch, model.OutputShape.Length]);
        binding = session.CreateIoBinding();
        binding.BindInput("input", this.input);
        binding.BindOutput("output", output);
    }

    /// <summary>Says why ONNX Runtime cannot be measured, or null if it can.</summary>
    public static string? WhyMissing()
    {
        try
        {
            Start();
            return null;
        }
        catch (Exception e)                                            // whatever a native library's start may throw, the others are still to be measured
        {
            return $"ONNX Runtime does not load here: {(e.InnerException ?? e).Message.Split('\n')[0].Trim()}";
        }
    }

    public void Run() => session.RunWithBinding(runOptions, binding);

    public void Dispose()
    {
        binding.Dispose();
        input.Dispose();
        output.Dispose();
        runOptions.Dispose();
        session.Dispose();
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static void Start() => _ = OrtEnv.Instance().GetVersionString();
}
