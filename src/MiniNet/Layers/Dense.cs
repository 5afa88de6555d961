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

    internal override bool ReadsOutput => false;

    internal override bool MayOverwriteInput => true;

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
        int inputs = pass.Plan.Input.Last, rows = pass.Batch * pass.Plan.InputRows;
        ForwardWork<T> work = new(pass.Input, pass.Parameter(Weight), pass.Parameter(Bias), pass.Output, inputs, Units);
        pass.Share(rows, Grain(rows, inputs * (long)Units), ref work);
    }

    /// <inheritdoc/>
    public override void Backward<T>(in Pass<T> pass)
    {
        int inputs = pass.Plan.Input.Last, rows = pass.Batch * pass.Plan.InputRows;
        WeightWork<T> weights = new(pass.Input, pass.OutputGradient, pass.ParameterGradient(Weight), rows, inputs, Units);
        pass.Share(inputs, Grain(inputs, rows * (long)Units), ref weights);
        RowKernels.SumRows(pass.OutputGradient, pass.ParameterGradient(Bias));
        if (pass.InputGradient.IsEmpty)
            return;
        InputWork<T> input = new(pass.OutputGradient, pass.Parameter(Weight), pass.InputGradient, inputs, Units);
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

    private readonly ref struct ForwardWork<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> weight, ReadOnlySpan<T> bias, Span<T> y, int inputs, int units) : IWork
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly ReadOnlySpan<T> x = x;             // [rows, inputs]
        private readonly ReadOnlySpan<T> weight = weight;   // [inputs, units]
        private readonly ReadOnlySpan<T> bias = bias;       // [units]
        private readonly Span<T> y = y;                     // [rows, units]

        public void Run(int from, int to) =>
            MatrixKernel.Multiply(x[(from * inputs)..(to * inputs)], inputs, 1, weight, false, y[(from * units)..(to * units)], to - from, inputs, units, accumulates: false, bias);
    }

    private readonly ref struct WeightWork<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> gradient, int rows, int inputs, int units) : IWork
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly ReadOnlySpan<T> x = x;             // [rows, inputs]
        private readonly ReadOnlySpan<T> dy = dy;           // [rows, units]
        private readonly Span<T> gradient = gradient;       // [inputs, units]

        public void Run(int from, int to) =>
            MatrixKernel.Multiply(x[from..], 1, inputs, dy, false, gradient[(from * units)..(to * units)], to - from, rows, units, accumulates: false);
    }

    private readonly ref struct InputWork<T>(ReadOnlySpan<T> dy, ReadOnlySpan<T> weight, Span<T> gradient, int inputs, int units) : IWork
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        private readonly ReadOnlySpan<T> dy = dy;           // [rows, units]
        private readonly ReadOnlySpan<T> weight = weight;   // [inputs, units]
        private readonly Span<T> gradient = gradient;       // [rows, inputs]

        public void Run(int from, int to) =>
            MatrixKernel.Multiply(dy[(from * units)..(to * units)], units, 1, weight, true, gradient[(from * inputs)..(to * inputs)], to - from, units, inputs, accumulates: false);
    }
}
