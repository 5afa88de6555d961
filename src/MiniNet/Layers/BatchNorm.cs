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
    private const int Weight = 0, Bias = 1, RunningMean = 0, RunningVariance = 1, Mean = 0, InverseDeviation = 1, A = 2, B = 3;
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

    internal override bool ReadsOutput => false;

    internal override bool MayOverwriteInput => true;

    /// <inheritdoc/>
    public override Shape Declare(Plan plan)
    {
        int features = plan.Input.Last;
        plan.Parameter("weight", features, new Constant(1), decays: false);
        plan.Parameter("bias", features, new Zeros(), decays: false);
        plan.Statistic("running_mean", features, initial: 0, Rate);
        plan.Statistic("running_var", features, initial: 1, Rate);
        for (int i = 0; i < 4; i++)
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
            MeasureWork<T> measure = new() { X = x, Mean = mean, Squares = variance };
            pass.Share(features, ColumnGrain(rows), ref measure);
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
        pass.Share(rows, RowGrain(features), ref work);
    }

    /// <inheritdoc/>
    public override void Backward<T>(in Pass<T> pass)
    {
        ReadOnlySpan<T> x = pass.Input, dy = pass.OutputGradient, mean = pass.Scratch(Mean), inverse = pass.Scratch(InverseDeviation), weight = pass.Parameter(Weight);
        Span<T> dWeight = pass.ParameterGradient(Weight), dBias = pass.ParameterGradient(Bias), a = pass.Scratch(A), b = pass.Scratch(B);
        int features = mean.Length, rows = x.Length / features;
        ParameterWork<T> parameters = new() { X = x, OutputGradient = dy, Mean = mean, Inverse = inverse, WeightGradient = dWeight, BiasGradient = dBias };
        pass.Share(features, ColumnGrain(rows), ref parameters);
        if (pass.InputGradient.IsEmpty)
            return;
        T perRow = pass.IsTraining ? T.One / T.CreateChecked(rows) : T.Zero;      // in prediction the statistics do not depend on x
        for (int j = 0; j < features; j++)
        {
            a[j] = weight[j] * dBias[j] * perRow;
            b[j] = weight[j] * dWeight[j] * perRow;
        }
        InputWork<T> input = new() { X = x, OutputGradient = dy, InputGradient = pass.InputGradient, Weight = weight, Mean = mean, Inverse = inverse, A = a, B = b };
        pass.Share(rows, RowGrain(features), ref input);
    }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Argument("rate", Rate, unless: DefaultRate).Argument("epsilon", Epsilon, unless: DefaultEpsilon);
        return true;
    }

    private T InverseRoot<T>(T variance) where T : unmanaged, IFloatingPointIeee754<T> => T.One / T.Sqrt(variance + T.CreateChecked(Epsilon));

    /// <summary>So many rows, or columns, that a hand-over to another thread is worth it.</summary>
    private static int RowGrain(int features) => Math.Max(1, 16_384 / features);

    private static int ColumnGrain(int rows) => Math.Max(16, 16_384 / rows);

    private ref struct MeasureWork<T> : IWork where T : unmanaged, IFloatingPointIeee754<T>
    {
        public ReadOnlySpan<T> X;
        public Span<T> Mean, Squares;

        public readonly void Run(int from, int to)
        {
            T n = T.CreateChecked(X.Length / Mean.Length);
            RowKernels.SumRows(X, Mean, from, to);
            for (int j = from; j < to; j++)
                Mean[j] /= n;
            ColumnSums.Squares(X, Mean, Squares, from, to);
        }
    }

    private ref struct NormalizeWork<T> : IWork where T : unmanaged, IFloatingPointIeee754<T>
    {
        public ReadOnlySpan<T> X, Weight, Bias, Mean, Inverse;
        public Span<T> Y;

        public readonly void Run(int from, int to)
        {
            Range rows = (from * Mean.Length)..(to * Mean.Length);
            ColumnNorm.Forward(X[rows], Mean, Inverse, Weight, Bias, Y[rows]);
        }
    }

    private ref struct ParameterWork<T> : IWork where T : unmanaged, IFloatingPointIeee754<T>
    {
        public ReadOnlySpan<T> X, OutputGradient, Mean, Inverse;
        public Span<T> WeightGradient, BiasGradient;

        public readonly void Run(int from, int to) =>
            ColumnSums.Products(OutputGradient, X, Mean, Inverse, WeightGradient, BiasGradient, from, to);
    }

    private ref struct InputWork<T> : IWork where T : unmanaged, IFloatingPointIeee754<T>
    {
        public ReadOnlySpan<T> X, OutputGradient, Weight, Mean, Inverse, A, B;
        public Span<T> InputGradient;

        public readonly void Run(int from, int to)
        {
            Range rows = (from * Mean.Length)..(to * Mean.Length);
            ColumnNorm.Backward(X[rows], OutputGradient[rows], Mean, Inverse, Weight, A, B, InputGradient[rows]);
        }
    }
}
