using System.Numerics;

namespace MiniNet;

/// <summary>
/// y = (x − mean) / deviation for each feature, with a mean and a deviation that data give, once, and that stay with the model:
/// so that whoever uses the model need not know how its data were scaled.
/// </summary>
/// <remarks>
/// Over the last axis: [features], [steps, features], [height, width, channels] → the same. Statistics: mean, deviation [features], 0 and 1 until
/// <see cref="Sequential{T}.Adapt(ReadOnlySpan{T})"/> computes them from the training data. Nothing is trained. ∂x = dy / deviation.
/// </remarks>
public sealed record Normalize : Layer
{
    internal const string MeanName = "mean", DeviationName = "deviation";
    private const int Mean = 0, Deviation = 1;

    /// <inheritdoc/>
    public override Shape Declare(Plan plan)
    {
        plan.Statistic(MeanName, plan.Input.Last, initial: 0, rate: 0);
        plan.Statistic(DeviationName, plan.Input.Last, initial: 1, rate: 0);
        return plan.Input;
    }

    /// <inheritdoc/>
    public override void Forward<T>(in Pass<T> pass)
    {
        ReadOnlySpan<T> x = pass.Input, mean = pass.Statistic(Mean), deviation = pass.Statistic(Deviation);
        Span<T> y = pass.Output;
        for (int i = 0; i < x.Length; i += mean.Length)
        {
            for (int j = 0; j < mean.Length; j++)
                y[i + j] = (x[i + j] - mean[j]) / deviation[j];
        }
    }

    /// <inheritdoc/>
    public override void Backward<T>(in Pass<T> pass)
    {
        ReadOnlySpan<T> dy = pass.OutputGradient, deviation = pass.Statistic(Deviation);
        Span<T> dx = pass.InputGradient;
        for (int i = 0; i < dx.Length; i += deviation.Length)
        {
            for (int j = 0; j < deviation.Length; j++)
                dx[i + j] = dy[i + j] / deviation[j];
        }
    }

    /// <summary>Mean and deviation (with n) of each feature of x, summed in double; a constant feature gets the deviation 1.</summary>
    /// <param name="x">[rows, features]</param>
    /// <param name="mean">[features], to be written</param>
    /// <param name="deviation">[features], to be written</param>
    internal static void Measure<T>(ReadOnlySpan<T> x, Span<T> mean, Span<T> deviation) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int features = mean.Length, rows = x.Length / features;
        for (int j = 0; j < features; j++)
        {
            double sum = 0, squares = 0;
            T least = x[j], greatest = x[j];
            for (int i = j; i < x.Length; i += features)
            {
                sum += double.CreateChecked(x[i]);
                (least, greatest) = (T.Min(least, x[i]), T.Max(greatest, x[i]));
            }
            if (least == greatest)
            {
                (mean[j], deviation[j]) = (least, T.One);
                continue;
            }
            double average = sum / rows;
            for (int i = j; i < x.Length; i += features)
            {
                double d = double.CreateChecked(x[i]) - average;
                squares += d * d;
            }
            mean[j] = T.CreateChecked(average);
            deviation[j] = T.Max(T.CreateChecked(Math.Sqrt(squares / rows)), T.Epsilon);
        }
    }
}
