using System.Numerics;

namespace MiniNet;

/// <summary>What <see cref="LayerNorm"/> and <see cref="RmsNorm"/> share: the passes, with a bias (then centred) or without (then not).</summary>
internal static class RowNormPass
{
    private const int Mean = 0, Inverse = 1, WeightSums = 2, BiasSums = 3;

    // Backward takes the rows in so many pieces at most, whoever takes which: each piece has sums of its own for weight and bias, which are added up in their order.
    private const int Pieces = 16, RowsOfAPiece = 64;

    /// <summary>Memory for the mean of each row and one over its deviation, which Forward leaves for Backward, and for the sums of the pieces.</summary>
    internal static void Declare(Plan plan, bool hasBias)
    {
        plan.Scratch(plan.Input.Length / plan.Input.Last);
        plan.Scratch(plan.Input.Length / plan.Input.Last);
        plan.BackwardScratch(Pieces * plan.Input.Last);
        if (hasBias)
            plan.BackwardScratch(Pieces * plan.Input.Last);
    }

    internal static void Forward<T>(in Pass<T> pass, ReadOnlySpan<T> weight, ReadOnlySpan<T> bias, T epsilon) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Span<T> mean = pass.Scratch(Mean), inverse = pass.Scratch(Inverse);
        ForwardWork<T> work = new() { X = pass.Input, Weight = weight, Bias = bias, Epsilon = epsilon, Y = pass.Output, Mean = mean, Inverse = inverse };
        pass.Share(mean.Length, RowGrain(weight.Length), ref work);
    }

    internal static void Backward<T>(in Pass<T> pass, ReadOnlySpan<T> weight, Span<T> weightGradient, Span<T> biasGradient) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> mean = pass.Scratch(Mean), inverse = pass.Scratch(Inverse);
        int pieces = Math.Clamp(mean.Length / RowsOfAPiece, 1, Pieces), sums = pieces * weight.Length;
        BackwardWork<T> work = new()
        {
            Pieces = pieces,
            X = pass.Input,
            OutputGradient = pass.OutputGradient,
            Weight = weight,
            Mean = mean,
            Inverse = inverse,
            InputGradient = pass.InputGradient,
            WeightSums = pass.Scratch(WeightSums)[..sums],
            BiasSums = biasGradient.IsEmpty ? default : pass.Scratch(BiasSums)[..sums],
        };
        pass.Share(pieces, Math.Max(1, 16_384 * pieces / work.X.Length), ref work);
        RowKernels.SumRows(work.WeightSums, weightGradient);
        if (!biasGradient.IsEmpty)
            RowKernels.SumRows(work.BiasSums, biasGradient);
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

    private ref struct BackwardWork<T> : IWork where T : unmanaged, IFloatingPointIeee754<T>
    {
        public int Pieces;
        public ReadOnlySpan<T> X, OutputGradient;          // [rows, features]
        public ReadOnlySpan<T> Weight;                     // [features]
        public ReadOnlySpan<T> Mean, Inverse;              // [rows]
        public Span<T> InputGradient;                      // [rows, features], or empty
        public Span<T> WeightSums, BiasSums;               // [pieces, features]; BiasSums may be empty

        public readonly void Run(int from, int to)
        {
            int features = Weight.Length;
            for (int piece = from; piece < to; piece++)
            {
                Range rows = Row(piece)..Row(piece + 1), values = (Row(piece) * features)..(Row(piece + 1) * features);
                Span<T> weightSums = WeightSums.Slice(piece * features, features), biasSums = BiasSums.IsEmpty ? default : BiasSums.Slice(piece * features, features);
                weightSums.Clear();
                biasSums.Clear();
                RowNorm.Backward(X[values], OutputGradient[values], Weight, Mean[rows], Inverse[rows], InputGradient.IsEmpty ? default : InputGradient[values], weightSums, biasSums);
            }
        }

        /// <summary>The first row of a piece.</summary>
        private readonly int Row(int piece) => (int)((long)Mean.Length * piece / Pieces);
    }
}
