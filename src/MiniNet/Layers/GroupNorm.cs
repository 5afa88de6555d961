using System.Numerics;
using System.Text;

namespace MiniNet;

/// <summary>
/// Brings groups of channels of each sample to mean 0 and variance 1 over the whole image, then scales and shifts each channel by trained amounts.
/// The same in training and in prediction, and whatever else is in the batch.
/// </summary>
/// <remarks>
/// y = (x − mean) / √(variance + ε) · weight + bias, with one mean and variance for each sample and group of neighbouring channels:
/// [height, width, channels], [steps, features], [features] → the same. One group is all channels together; as many as there are channels, each by itself.
/// Parameters: weight, bias [channels]; weight decay spares both. With x̂ the normalised input and g = weight · dy: ∂weight = Σ dy·x̂, ∂bias = Σ dy,
/// ∂x = (g − mean(g) − x̂·mean(g·x̂)) / √(variance + ε), the means over the group. Wu and He, "Group normalization", 2018.
/// </remarks>
public sealed record GroupNorm : Layer
{
    private const int Weight = 0, Bias = 1, Mean = 0, InverseDeviation = 1, WeightSums = 2, BiasSums = 3, A = 4, B = 5;
    private const double DefaultEpsilon = 1e-5;

    /// <summary>A group normalisation.</summary>
    /// <param name="groups">How many groups the channels form.</param>
    /// <param name="epsilon">What is added to the variance, so that a constant group does not divide by zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">groups is less than 1, or epsilon is not above 0.</exception>
    public GroupNorm(int groups, double epsilon = DefaultEpsilon) => (Groups, Epsilon) = (Guard.AtLeastOne(groups), Guard.Positive(epsilon));

    /// <summary>How many groups the channels form.</summary>
    public int Groups { get; }

    /// <summary>What is added to the variance.</summary>
    public double Epsilon { get; }

    internal override bool ReadsOutput => false;

    internal override bool MayOverwriteInput => true;

    /// <inheritdoc/>
    public override Shape Declare(Plan plan)
    {
        int channels = plan.Input.Last;
        if (channels % Groups != 0)
            throw plan.Error($"a last axis that can be divided into {Groups} equal groups");
        if (plan.Input.Length == Groups)
            throw plan.Error("at least two values in a group, since the deviation of one is 0 (fewer groups)");
        plan.Parameter("weight", channels, new Constant(1), decays: false);
        plan.Parameter("bias", channels, new Zeros(), decays: false);
        for (int i = 0; i < 6; i++)
            plan.Scratch(channels);
        return plan.Input;
    }

    /// <inheritdoc/>
    public override void Forward<T>(in Pass<T> pass)
    {
        ForwardWork<T> work = new()
        {
            Groups = Groups,
            Epsilon = T.CreateChecked(Epsilon),
            X = pass.Input,
            Weight = pass.Parameter(Weight),
            Bias = pass.Parameter(Bias),
            Mean = pass.Scratch(Mean),
            Inverse = pass.Scratch(InverseDeviation),
            Y = pass.Output,
        };
        pass.Share(pass.Batch, Grain(pass.Plan.Input), ref work);
    }

    /// <inheritdoc/>
    public override void Backward<T>(in Pass<T> pass)
    {
        BackwardWork<T> work = new()
        {
            Groups = Groups,
            X = pass.Input,
            OutputGradient = pass.OutputGradient,
            Weight = pass.Parameter(Weight),
            Mean = pass.Scratch(Mean),
            Inverse = pass.Scratch(InverseDeviation),
            WeightSums = pass.Scratch(WeightSums),
            BiasSums = pass.Scratch(BiasSums),
            A = pass.Scratch(A),
            B = pass.Scratch(B),
            InputGradient = pass.InputGradient,
        };
        pass.Share(pass.Batch, Grain(pass.Plan.Input), ref work);
        RowKernels.SumRows(work.WeightSums, pass.ParameterGradient(Weight));
        RowKernels.SumRows(work.BiasSums, pass.ParameterGradient(Bias));
    }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Argument(Groups).Argument("epsilon", Epsilon, unless: DefaultEpsilon);
        return true;
    }

    /// <summary>So many samples that a hand-over to another thread is worth it.</summary>
    private static int Grain(Shape sample) => Math.Max(1, 8_192 / sample.Length);

    /// <summary>Every value becomes the sum of its group, divided.</summary>
    private static void Average<T>(Span<T> values, int groups, T divisor) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int size = values.Length / groups;
        for (int from = 0; from < values.Length; from += size)
        {
            Span<T> group = values.Slice(from, size);
            T sum = T.Zero;
            foreach (T value in group)
                sum += value;
            group.Fill(sum / divisor);
        }
    }

    private ref struct ForwardWork<T> : IWork where T : unmanaged, IFloatingPointIeee754<T>
    {
        public int Groups;
        public T Epsilon;
        public ReadOnlySpan<T> X;                          // [batch, positions, channels]
        public ReadOnlySpan<T> Weight, Bias;               // [channels]
        public Span<T> Mean, Inverse;                      // [batch, channels]
        public Span<T> Y;                                  // [batch, positions, channels]

        public readonly void Run(int from, int to)
        {
            int channels = Weight.Length, length = X.Length / (Mean.Length / channels);
            T n = T.CreateChecked(length / Groups);
            for (int sample = from; sample < to; sample++)
            {
                ReadOnlySpan<T> x = X.Slice(sample * length, length);
                Span<T> mean = Mean.Slice(sample * channels, channels), inverse = Inverse.Slice(sample * channels, channels);
                RowKernels.SumRows(x, mean);
                Average(mean, Groups, n);
                ColumnSums.Squares(x, mean, inverse, 0, channels);
                Average(inverse, Groups, n);
                foreach (ref T value in inverse)
                    value = T.One / T.Sqrt(value + Epsilon);
                ColumnNorm.Forward(x, mean, inverse, Weight, Bias, Y.Slice(sample * length, length));
            }
        }
    }

    private ref struct BackwardWork<T> : IWork where T : unmanaged, IFloatingPointIeee754<T>
    {
        public int Groups;
        public ReadOnlySpan<T> X, OutputGradient;          // [batch, positions, channels]
        public ReadOnlySpan<T> Weight;                     // [channels]
        public ReadOnlySpan<T> Mean, Inverse;              // [batch, channels]
        public Span<T> WeightSums, BiasSums, A, B;         // [batch, channels], Σ dy·x̂ and Σ dy over positions; the group's means of weight·dy and weight·dy·x̂
        public Span<T> InputGradient;                      // [batch, positions, channels], or empty

        public readonly void Run(int from, int to)
        {
            int channels = Weight.Length, length = X.Length / (Mean.Length / channels);
            T n = T.CreateChecked(length / Groups);
            for (int sample = from; sample < to; sample++)
            {
                ReadOnlySpan<T> x = X.Slice(sample * length, length), dy = OutputGradient.Slice(sample * length, length);
                Range own = (sample * channels)..((sample + 1) * channels);
                ColumnSums.Products(dy, x, Mean[own], Inverse[own], WeightSums[own], BiasSums[own], 0, channels);
                if (InputGradient.IsEmpty)
                    continue;
                Span<T> a = A[own], b = B[own];
                for (int c = 0; c < channels; c++)
                    (a[c], b[c]) = (Weight[c] * BiasSums[own][c], Weight[c] * WeightSums[own][c]);
                Average(a, Groups, n);
                Average(b, Groups, n);
                ColumnNorm.Backward(x, dy, Mean[own], Inverse[own], Weight, a, b, InputGradient.Slice(sample * length, length));
            }
        }
    }
}
