using System.Globalization;
using System.Numerics;
using System.Text;

namespace MiniNet;

/// <summary>
/// Brings each feature to mean 0 and variance 1, then scales and shifts it by trained amounts: in training by the batch's own mean and variance,
/// in prediction by running averages of them, which are kept with the model.
/// </summary>
/// <remarks>
/// y = (x − mean) / √(variance + ε) · weight + bias, over the last axis: [features], [steps, features], [height, width, channels] → the same.
/// Parameters: weight, bias [features]; weight decay spares both. Statistics: running_mean, running_var [features];
/// each update moves them by <see cref="Rate"/> towards what the batch showed (the variance with n − 1, as in PyTorch).
/// With x̂ the normalised input and n the values per feature in the batch:
/// ∂weight = Σ dy·x̂, ∂bias = Σ dy, ∂x = weight / √(variance + ε) · (dy − ∂bias / n − x̂·∂weight / n).
/// Ioffe and Szegedy, "Batch normalization: accelerating deep network training by reducing internal covariate shift", 2015.
/// </remarks>
public sealed record BatchNorm : Layer
{
    private const int Weight = 0, Bias = 1, RunningMean = 0, RunningVariance = 1, Mean = 0, InverseDeviation = 1;
    private const double DefaultRate = 0.1, DefaultEpsilon = 1e-5;

    /// <summary>A batch normalisation.</summary>
    /// <param name="rate">How far each update moves the running statistics: PyTorch's momentum.</param>
    /// <param name="epsilon">What is added to the variance, so that a constant feature does not divide by zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not above 0 and at most 1, or epsilon is not above 0.</exception>
    public BatchNorm(double rate = DefaultRate, double epsilon = DefaultEpsilon)
    {
        if (!(rate is > 0 and <= 1))
            throw new ArgumentOutOfRangeException(nameof(rate), rate, string.Create(CultureInfo.InvariantCulture, $"rate must be above 0 and at most 1, got {rate}."));
        (Rate, Epsilon) = (rate, Guard.Positive(epsilon));
    }

    /// <summary>How far each update moves the running statistics.</summary>
    public double Rate { get; }

    /// <summary>What is added to the variance.</summary>
    public double Epsilon { get; }

    /// <inheritdoc/>
    public override Shape Declare(Plan plan)
    {
        int features = plan.Input.Last;
        plan.Parameter("weight", features, new Constant(1), decays: false);
        plan.Parameter("bias", features, new Zeros(), decays: false);
        plan.Statistic("running_mean", features, initial: 0, Rate);
        plan.Statistic("running_var", features, initial: 1, Rate);
        plan.BatchScratch(features);
        plan.BatchScratch(features);
        plan.MinimumBatch = plan.Input.Length == features ? 2 : 1;      // one value has no variance
        return plan.Input;
    }

    /// <inheritdoc/>
    public override void Forward<T>(in Pass<T> pass)
    {
        ReadOnlySpan<T> x = pass.Input;                                  // [rows, features]
        Span<T> mean = pass.Scratch(Mean), inverse = pass.Scratch(InverseDeviation);
        int features = mean.Length, rows = x.Length / features;
        if (pass.IsTraining)
        {
            T n = T.CreateChecked(rows);
            Span<T> variance = pass.Observed(RunningVariance);
            RowKernels.SumRows(x, mean);
            for (int j = 0; j < features; j++)
                mean[j] /= n;
            variance.Clear();
            for (int i = 0; i < x.Length; i += features)
            {
                ReadOnlySpan<T> row = x.Slice(i, features);
                for (int j = 0; j < features; j++)
                {
                    T d = row[j] - mean[j];
                    variance[j] += d * d;
                }
            }
            mean.CopyTo(pass.Observed(RunningMean));
            for (int j = 0; j < features; j++)
            {
                inverse[j] = InverseRoot(variance[j] / n);
                variance[j] /= T.Max(n - T.One, T.One);                  // the population's variance, estimated: n − 1
            }
        }
        else
        {
            pass.Statistic(RunningMean).CopyTo(mean);
            ReadOnlySpan<T> variance = pass.Statistic(RunningVariance);
            for (int j = 0; j < features; j++)
                inverse[j] = InverseRoot(variance[j]);
        }
        NormalizeWork<T> work = new() { X = x, Y = pass.Output, Weight = pass.Parameter(Weight), Bias = pass.Parameter(Bias), Mean = mean, Inverse = inverse };
        pass.Share(rows, Math.Max(1, 8192 / features), ref work);
    }

    /// <inheritdoc/>
    public override void Backward<T>(in Pass<T> pass)
    {
        ReadOnlySpan<T> x = pass.Input, dy = pass.OutputGradient, mean = pass.Scratch(Mean), inverse = pass.Scratch(InverseDeviation);
        Span<T> dWeight = pass.ParameterGradient(Weight), dBias = pass.ParameterGradient(Bias);
        int features = mean.Length;
        RowKernels.SumRows(dy, dBias);
        dWeight.Clear();
        for (int i = 0; i < x.Length; i += features)
        {
            ReadOnlySpan<T> row = x.Slice(i, features), gradient = dy.Slice(i, features);
            for (int j = 0; j < features; j++)
                dWeight[j] += gradient[j] * ((row[j] - mean[j]) * inverse[j]);
        }
        if (pass.InputGradient.IsEmpty)
            return;
        T perRow = pass.IsTraining ? T.One / T.CreateChecked(x.Length / features) : T.Zero;      // in prediction the statistics do not depend on x
        BackwardWork<T> work = new()
        {
            X = x,
            OutputGradient = dy,
            InputGradient = pass.InputGradient,
            Weight = pass.Parameter(Weight),
            WeightGradient = dWeight,
            BiasGradient = dBias,
            Mean = mean,
            Inverse = inverse,
            PerRow = perRow,
        };
        pass.Share(x.Length / features, Math.Max(1, 8192 / features), ref work);
    }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Argument("rate", Rate, unless: DefaultRate).Argument("epsilon", Epsilon, unless: DefaultEpsilon);
        return true;
    }

    private T InverseRoot<T>(T variance) where T : unmanaged, IFloatingPointIeee754<T> => T.One / T.Sqrt(variance + T.CreateChecked(Epsilon));

    private ref struct NormalizeWork<T> : IWork where T : unmanaged, IFloatingPointIeee754<T>
    {
        public ReadOnlySpan<T> X, Weight, Bias, Mean, Inverse;
        public Span<T> Y;

        public readonly void Run(int from, int to)
        {
            int features = Mean.Length;
            for (int i = from; i < to; i++)
            {
                ReadOnlySpan<T> x = X.Slice(i * features, features);
                Span<T> y = Y.Slice(i * features, features);
                for (int j = 0; j < y.Length; j++)
                    y[j] = ((x[j] - Mean[j]) * Inverse[j] * Weight[j]) + Bias[j];
            }
        }
    }

    private ref struct BackwardWork<T> : IWork where T : unmanaged, IFloatingPointIeee754<T>
    {
        public ReadOnlySpan<T> X, OutputGradient, Weight, WeightGradient, BiasGradient, Mean, Inverse;
        public Span<T> InputGradient;
        public T PerRow;

        public readonly void Run(int from, int to)
        {
            int features = Mean.Length;
            for (int i = from; i < to; i++)
            {
                ReadOnlySpan<T> x = X.Slice(i * features, features), dy = OutputGradient.Slice(i * features, features);
                Span<T> dx = InputGradient.Slice(i * features, features);
                for (int j = 0; j < dx.Length; j++)
                {
                    T normalized = (x[j] - Mean[j]) * Inverse[j];
                    dx[j] = Weight[j] * Inverse[j] * (dy[j] - ((BiasGradient[j] + (normalized * WeightGradient[j])) * PerRow));
                }
            }
        }
    }
}
