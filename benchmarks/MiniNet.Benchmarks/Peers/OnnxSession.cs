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

    public OnnxSession(Sequential<float> model, float[] x, float[] y, int batch, int threads)
    {
        using SessionOptions options = new() { IntraOpNumThreads = threads, InterOpNumThreads = 1, ExecutionMode = ExecutionMode.ORT_SEQUENTIAL, GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL };
        session = new(OnnxModel.Write(model, batch), options);
        input = OrtValue.CreateTensorValueFromMemory(x, [batch, model.InputShape.Length]);
        output = OrtValue.CreateTensorValueFromMemory(y, [batch, model.OutputShape.Length]);
        binding = session.CreateIoBinding();
        binding.BindInput(OnnxModel.Input, input);
        binding.BindOutput(OnnxModel.Output, output);
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
