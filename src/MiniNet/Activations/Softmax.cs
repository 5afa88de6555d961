using System.Numerics;
using System.Numerics.Tensors;

namespace MiniNet;

/// <summary>yᵢ = e^xᵢ / Σⱼ e^xⱼ over the last axis: probabilities that sum to 1. Ends a model for <see cref="CrossEntropy"/>.</summary>
/// <remarks>
/// The maximum is subtracted first, so no logit overflows. ∂xᵢ = yᵢ·(dyᵢ − Σⱼ yⱼ·dyⱼ). Shape: [classes], [steps, classes], … → the same.
/// </remarks>
public sealed record Softmax : Layer
{
    /// <inheritdoc/>
    public override Shape Declare(Plan plan) => plan.Input;

    /// <inheritdoc/>
    public override void Forward<T>(in Pass<T> pass)
    {
        int classes = pass.Plan.Input.Last;
        for (int i = 0; i < pass.Input.Length; i += classes)
            Row(pass.Input.Slice(i, classes), pass.Output.Slice(i, classes));
    }

    /// <inheritdoc/>
    public override void Backward<T>(in Pass<T> pass)
    {
        int classes = pass.Plan.Input.Last;
        for (int i = 0; i < pass.InputGradient.Length; i += classes)
        {
            ReadOnlySpan<T> y = pass.Output.Slice(i, classes), dy = pass.OutputGradient.Slice(i, classes);
            Span<T> dx = pass.InputGradient.Slice(i, classes);
            T dot = T.Zero;
            for (int j = 0; j < classes; j++)
                dot += y[j] * dy[j];
            for (int j = 0; j < classes; j++)
                dx[j] = y[j] * (dy[j] - dot);
        }
    }

    /// <summary>One row; returns ln Σ e^x.</summary>
    internal static T Row<T>(ReadOnlySpan<T> x, Span<T> y) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T max = TensorPrimitives.Max(x);
        Elementwise.Map(new ExpOfDifference<T> { Subtrahend = max }, x, y);
        T sum = T.Zero;
        foreach (T e in y)
            sum += e;
        TensorPrimitives.Divide(y, sum, y);
        return max + T.Log(sum);
    }

    /// <summary>ln Σ e^x of one row, with the same bits as <see cref="Row"/> returns.</summary>
    internal static T LogSum<T>(ReadOnlySpan<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T max = TensorPrimitives.Max(x), sum = T.Zero;
        Span<T> part = stackalloc T[128];
        for (int from = 0; from < x.Length; from += part.Length)
        {
            int n = Math.Min(part.Length, x.Length - from);
            Elementwise.Map(new ExpOfDifference<T> { Subtrahend = max }, x.Slice(from, n), part[..n]);
            foreach (T e in part[..n])
                sum += e;
        }
        return max + T.Log(sum);
    }

    private struct ExpOfDifference<T> : IUnary<T> where T : unmanaged, IFloatingPointIeee754<T>
    {
        public T Subtrahend;

        public readonly TVector Invoke<TSimd, TVector>(TVector x) where TSimd : struct, IArithmetic<TVector, T> =>
            VectorMath<TSimd, TVector, T>.Exp(TSimd.Subtract(x, TSimd.Create(Subtrahend)));
    }
}
