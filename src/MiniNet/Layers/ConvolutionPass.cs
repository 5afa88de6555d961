using System.Numerics;

namespace MiniNet;

/// <summary>Convolutions shared out over threads: by images forward and backward, by parts of the weights for their gradient.</summary>
internal static class ConvolutionPass
{
    private const long WorthAThread = 1 << 19;               // multiplications

    /// <inheritdoc cref="Convolution.Forward"/>
    internal static void Forward<T>(in Pass<T> pass, in ConvolutionGeometry geometry, ReadOnlySpan<T> x, ReadOnlySpan<T> w, ReadOnlySpan<T> bias, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        ForwardWork<T> work = new() { Geometry = geometry, X = x, W = Convolution.Prepare(geometry, w), Bias = bias, Y = y };
        pass.Share(pass.Batch, Grain(geometry.Multiplies), ref work);
    }

    /// <summary>The way back: dx = Σ over taps of dy · wᵀ (+ bias); turned is memory for the weights that go back.</summary>
    internal static void Backward<T>(in Pass<T> pass, in ConvolutionGeometry geometry, ReadOnlySpan<T> dy, ReadOnlySpan<T> w, Span<T> turned, ReadOnlySpan<T> bias, Span<T> dx)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        BackwardWork<T> work = new() { Geometry = geometry, OutputGradient = dy, Turned = Convolution.Turn(geometry, w, turned), Bias = bias, InputGradient = dx };
        pass.Share(pass.Batch, Grain(geometry.Multiplies), ref work);
    }

    /// <summary>∂w of the whole batch.</summary>
    internal static void Weights<T>(in Pass<T> pass, in ConvolutionGeometry geometry, ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> dw)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Span<T> sums = Convolution.Sums(geometry, pass.Batch, dw);
        WeightWork<T> work = new() { Geometry = geometry, X = x, OutputGradient = dy, Sums = sums };
        int parts = Convolution.WeightParts<T>(geometry, pass.Batch);
        pass.Share(parts, Grain(pass.Batch * geometry.Multiplies / parts), ref work);
        Convolution.Finish(geometry, sums, dw);
    }

    private static int Grain(long multipliesPerItem) => (int)Math.Max(1, WorthAThread / multipliesPerItem);

    private ref struct ForwardWork<T> : IWork where T : unmanaged, IFloatingPointIeee754<T>
    {
        public ConvolutionGeometry Geometry;
        public ReadOnlySpan<T> X;                  // [batch, height, width, channels]
        public ReadOnlySpan<T> W;                  // [kernel height, kernel width, channels / groups, filters], prepared
        public ReadOnlySpan<T> Bias;               // [filters] or empty
        public Span<T> Y;                          // [batch, output height, output width, filters]

        public readonly void Run(int from, int to) =>
            Convolution.Forward(Geometry, X[(from * Geometry.Length)..(to * Geometry.Length)], W, Bias, Y[(from * Geometry.OutputLength)..(to * Geometry.OutputLength)]);
    }

    private ref struct BackwardWork<T> : IWork where T : unmanaged, IFloatingPointIeee754<T>
    {
        public ConvolutionGeometry Geometry;
        public ReadOnlySpan<T> OutputGradient;     // [batch, output height, output width, filters]
        public ReadOnlySpan<T> Turned;             // [kernel height, kernel width, filters / groups, channels], prepared
        public ReadOnlySpan<T> Bias;               // [channels] or empty
        public Span<T> InputGradient;              // [batch, height, width, channels]

        public readonly void Run(int from, int to) => Convolution.Backward(
            Geometry, OutputGradient[(from * Geometry.OutputLength)..(to * Geometry.OutputLength)], Turned, Bias, InputGradient[(from * Geometry.Length)..(to * Geometry.Length)]);
    }

    private ref struct WeightWork<T> : IWork where T : unmanaged, IFloatingPointIeee754<T>
    {
        public ConvolutionGeometry Geometry;
        public ReadOnlySpan<T> X;                  // [batch, height, width, channels]
        public ReadOnlySpan<T> OutputGradient;     // [batch, output height, output width, filters]
        public Span<T> Sums;                       // of ∂w

        public readonly void Run(int from, int to) => Convolution.Weights(Geometry, X, OutputGradient, Sums, from, to);
    }
}
