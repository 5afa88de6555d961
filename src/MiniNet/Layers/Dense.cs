using System.Numerics;
using System.Text;

namespace MiniNet;

/// <summary>y = x·W + b: every output a weighted sum of all inputs. Always linear; an activation is a layer of its own.</summary>
/// <remarks>
/// Shape: [inputs] → [units]; more axes before the last are kept: [steps, inputs] → [steps, units].
/// Parameters: weight [inputs, units] ([units, inputs] in files), bias [units].
/// Gradients, with dy = ∂loss/∂y and the sum over all rows of the batch: ∂W = xᵀ·dy, ∂b = Σ dy, ∂x = dy·Wᵀ.
/// The weights begin as <see cref="GlorotUniform"/> (Glorot and Bengio, 2010), the biases as zero.
/// </remarks>
public sealed record Dense : Layer
{
    private const int Weight = 0, Bias = 1, WorthAThread = 1 << 18;
    private static readonly Initializer DefaultInitializer = new GlorotUniform(), DefaultBiasInitializer = new Zeros();

    /// <summary>A dense layer.</summary>
    /// <param name="units">How many outputs.</param>
    /// <param name="initializer">How the weights begin; <see cref="GlorotUniform"/> if not given.</param>
    /// <param name="biasInitializer">How the biases begin; <see cref="Zeros"/> if not given.</param>
    /// <exception cref="ArgumentOutOfRangeException">units is less than 1.</exception>
    public Dense(int units, Initializer? initializer = null, Initializer? biasInitializer = null)
    {
        Units = Guard.AtLeastOne(units);
        Initializer = initializer ?? DefaultInitializer;
        BiasInitializer = biasInitializer ?? DefaultBiasInitializer;
    }

    /// <summary>How many outputs.</summary>
    public int Units { get; }

    /// <summary>How the weights begin.</summary>
    public Initializer Initializer { get; }

    /// <summary>How the biases begin.</summary>
    public Initializer BiasInitializer { get; }

    /// <inheritdoc/>
    public override Shape Declare(Plan plan)
    {
        plan.Parameter("weight", (plan.Input.Last, Units), Initializer, fileLayout: [1, 0]);
        plan.Parameter("bias", Units, BiasInitializer, decays: false);
        return plan.Input.WithLast(Units);
    }

    /// <inheritdoc/>
    public override void Forward<T>(in Pass<T> pass)
    {
        int inputs = pass.Plan.Input.Last, rows = pass.Input.Length / inputs;
        ForwardWork<T> work = new() { X = pass.Input, W = pass.Parameter(Weight), B = pass.Parameter(Bias), Y = pass.Output, Inputs = inputs, Units = Units };
        pass.Share(rows, Grain(rows, inputs * (long)Units), ref work);
    }

    /// <inheritdoc/>
    public override void Backward<T>(in Pass<T> pass)
    {
        int inputs = pass.Plan.Input.Last, rows = pass.Input.Length / inputs;
        WeightWork<T> weights = new() { X = pass.Input, OutputGradient = pass.OutputGradient, Gradient = pass.ParameterGradient(Weight), Rows = rows, Inputs = inputs, Units = Units };
        pass.Share(inputs, Grain(inputs, rows * (long)Units), ref weights);
        RowKernels.SumRows(pass.OutputGradient, pass.ParameterGradient(Bias));
        if (pass.InputGradient.IsEmpty)
            return;
        InputWork<T> input = new() { OutputGradient = pass.OutputGradient, W = pass.Parameter(Weight), Gradient = pass.InputGradient, Inputs = inputs, Units = Units };
        pass.Share(rows, Grain(rows, inputs * (long)Units), ref input);
    }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Argument(Units).Argument("initializer", Initializer, unless: DefaultInitializer).Argument("biasInitializer", BiasInitializer, unless: DefaultBiasInitializer);
        return true;
    }

    /// <summary>
    /// So many rows that a hand-over to another thread is worth it, or all of them if they are not worth one: a multiple of 16 or 32, which are whole vectors
    /// where a product is computed transposed, tiles of equal height elsewhere, and equal pieces of most batches.
    /// </summary>
    private static int Grain(int rows, long multipliesPerRow)
    {
        int together = rows < 128 ? 16 : 32;
        return rows * multipliesPerRow <= WorthAThread ? rows : (int)Math.Max(together, (WorthAThread / multipliesPerRow) + together - 1) / together * together;
    }

    private ref struct ForwardWork<T> : IWork where T : unmanaged, IFloatingPointIeee754<T>
    {
        public ReadOnlySpan<T> X;      // [rows, inputs]
        public ReadOnlySpan<T> W;      // [inputs, units]
        public ReadOnlySpan<T> B;      // [units]
        public Span<T> Y;              // [rows, units]
        public int Inputs, Units;

        public readonly void Run(int from, int to) =>
            MatrixKernel.Multiply(X[(from * Inputs)..(to * Inputs)], Inputs, 1, W, false, Y[(from * Units)..(to * Units)], to - from, Inputs, Units, accumulates: false, bias: B);
    }

    private ref struct WeightWork<T> : IWork where T : unmanaged, IFloatingPointIeee754<T>
    {
        public ReadOnlySpan<T> X;                  // [rows, inputs]
        public ReadOnlySpan<T> OutputGradient;     // [rows, units]
        public Span<T> Gradient;                   // [inputs, units]
        public int Rows, Inputs, Units;

        public readonly void Run(int from, int to) =>
            MatrixKernel.Multiply(X[from..], 1, Inputs, OutputGradient, false, Gradient[(from * Units)..(to * Units)], to - from, Rows, Units, accumulates: false);
    }

    private ref struct InputWork<T> : IWork where T : unmanaged, IFloatingPointIeee754<T>
    {
        public ReadOnlySpan<T> OutputGradient;     // [rows, units]
        public ReadOnlySpan<T> W;                  // [inputs, units]
        public Span<T> Gradient;                   // [rows, inputs]
        public int Inputs, Units;

        public readonly void Run(int from, int to) =>
            MatrixKernel.Multiply(OutputGradient[(from * Units)..(to * Units)], Units, 1, W, true, Gradient[(from * Inputs)..(to * Inputs)], to - from, Units, Inputs, accumulates: false);
    }
}
