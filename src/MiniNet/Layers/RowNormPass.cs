using System.Numerics;

namespace MiniNet;

/// <summary>What <see cref="LayerNorm"/> and <see cref="RmsNorm"/> share: the passes, with a bias (then centred) or without (then not).</summary>
internal static class RowNormPass
{
    private const int Mean = 0, Inverse = 1;

    /// <summary>Memory for the mean of each row and one over its deviation, which Forward leaves for Backward.</summary>
    internal static void Declare(Plan plan)
    {
        plan.Scratch(plan.Input.Length / plan.Input.Last);
        plan.Scratch(plan.Input.Length / plan.Input.Last);
    }

    internal static void Forward<T>(in Pass<T> pass, ReadOnlySpan<T> weight, ReadOnlySpan<T> bias, T epsilon) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Span<T> mean = pass.Scratch(Mean), inverse = pass.Scratch(Inverse);
        ForwardWork<T> work = new() { X = pass.Input, Weight = weight, Bias = bias, Epsilon = epsilon, Y = pass.Output, Mean = mean, Inverse = inverse };
        pass.Share(mean.Length, RowGrain(weight.Length), ref work);
    }

    internal static void Backward<T>(in Pass<T> pass, ReadOnlySpan<T> weight, Span<T> weightGradient, Span<T> biasGradient) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> x = pass.Input, dy = pass.OutputGradient, mean = pass.Scratch(Mean), inverse = pass.Scratch(Inverse);
        ParameterWork<T> parameters = new() { X = x, OutputGradient = dy, Mean = mean, Inverse = inverse, WeightGradient = weightGradient, BiasGradient = biasGradient };
        pass.Share(weight.Length, Math.Max(16, 16_384 / mean.Length), ref parameters);
        if (pass.InputGradient.IsEmpty)
            return;
        InputWork<T> input = new() { X = x, OutputGradient = dy, Weight = weight, Mean = mean, Inverse = inverse, IsCentered = !biasGradient.IsEmpty, InputGradient = pass.InputGradient };
        pass.Share(mean.Length, RowGrain(weight.Length), ref input);
    }

    private static int RowGrain(int features) => Math.Max(1, 16_384 / features);

    private ref struct ForwardWork<T> : IWork where T : unmanaged, IFloatingPointIeee754<T>
    {
        public ReadOnlySpan<T> X, Weight, Bias;
        public Span<T> Y, Mean, Inverse;
        public T Epsilon;

        public readonly void Run(int from, int to)
        {
            Range rows = (from * Weight.Length)..(to * Weight.Length);
            RowNorm.Forward(X[rows], Weight, Bias, Epsilon, Y[rows], Mean[from..to], Inverse[from..to]);
        }
    }

    private ref struct ParameterWork<T> : IWork where T : unmanaged, IFloatingPointIeee754<T>
    {
        public ReadOnlySpan<T> X, OutputGradient, Mean, Inverse;
        public Span<T> WeightGradient, BiasGradient;

        public readonly void Run(int from, int to) =>
            ColumnSums.RowProducts(OutputGradient, X, Mean, Inverse, WeightGradient, BiasGradient, from, to);
    }

    private ref struct InputWork<T> : IWork where T : unmanaged, IFloatingPointIeee754<T>
    {
        public ReadOnlySpan<T> X, OutputGradient, Weight, Mean, Inverse;
        public Span<T> InputGradient;
        public bool IsCentered;

        public readonly void Run(int from, int to)
        {
            Range rows = (from * Weight.Length)..(to * Weight.Length);
            RowNorm.Backward(X[rows], OutputGradient[rows], Weight, Mean[from..to], Inverse[from..to], IsCentered, InputGradient[rows]);
        }
    }
}
