using System.Numerics;
using System.Numerics.Tensors;
using System.Text;

namespace MiniNet;

/// <summary>Turns class indices (words, users, moves) into trained vectors: y[i] = weight[x[i]], row x[i] of a table.</summary>
/// <remarks>
/// Shape: [steps], whole numbers from 0 to classes − 1 → [steps, features]. Parameter: weight [classes, features], in files the same; it begins as <see cref="Normal"/>
/// with deviation 1, as in PyTorch. ∂weight[k] = Σ dy[i] over the places i where x[i] = k, in the order of the batch. An index is no quantity: it has no gradient, so no
/// trained layer may come before. In PyTorch an Embedding flattens step by step: for weights from there let <see cref="Reshape"/> follow, not <see cref="Flatten"/>, which
/// puts features first. A float counts exactly up to 2²⁴; for more classes take double.
/// </remarks>
public sealed record Embedding : Layer
{
    private const int Weight = 0, Indices = 0;
    private static readonly Initializer DefaultInitializer = new Normal(1);

    /// <summary>An embedding.</summary>
    /// <param name="classes">How many different indices there are.</param>
    /// <param name="features">How many values each of them becomes.</param>
    /// <param name="initializer">How the vectors begin; <see cref="Normal"/> with deviation 1 if not given.</param>
    /// <exception cref="ArgumentOutOfRangeException">classes or features is less than 1.</exception>
    public Embedding(int classes, int features, Initializer? initializer = null)
    {
        Classes = Guard.AtLeastOne(classes);
        Features = Guard.AtLeastOne(features);
        Initializer = initializer ?? DefaultInitializer;
    }

    /// <summary>How many different indices there are.</summary>
    public int Classes { get; }

    /// <summary>How many values each of them becomes.</summary>
    public int Features { get; }

    /// <summary>How the vectors begin.</summary>
    public Initializer Initializer { get; }

    /// <inheritdoc/>
    public override Shape Declare(Plan plan)
    {
        if (plan.Input.Rank != 1)
            throw plan.Error("[steps], one class index for each");
        plan.InputIsDifferentiable = false;
        plan.Parameter("weight", (Classes, Features), Initializer);
        plan.Integers(plan.Input.Length);
        return (plan.Input.Length, Features);
    }

    /// <inheritdoc/>
    /// <exception cref="ArgumentOutOfRangeException">An index is no whole number from 0 to classes − 1.</exception>
    public override void Forward<T>(in Pass<T> pass)
    {
        Span<int> indices = pass.Integers(Indices);
        for (int i = 0; i < indices.Length; i++)
        {
            T x = pass.Input[i];
            indices[i] = int.CreateSaturating(x);
            if (T.CreateChecked(indices[i]) != x || (uint)indices[i] >= (uint)Classes)
            {
                throw new ArgumentOutOfRangeException(nameof(x), x,
                    $"Layer {pass.Plan.Path}, {this}: value {i % pass.Plan.Input.Length} of sample {pass.FirstSample + (i / pass.Plan.Input.Length)} is {x.ToString(null, System.Globalization.CultureInfo.InvariantCulture)}, expected a whole number from 0 to {Classes - 1}.");
            }
        }
        Work<T> work = new() { Indices = indices, Table = pass.Parameter(Weight), Y = pass.Output, Features = Features };
        pass.Share(indices.Length, Math.Max(1, 16_384 / Features), ref work);
    }

    /// <inheritdoc/>
    public override void Backward<T>(in Pass<T> pass)
    {
        ReadOnlySpan<int> indices = pass.Integers(Indices);
        Span<T> gradient = pass.ParameterGradient(Weight);
        gradient.Clear();
        for (int i = 0; i < indices.Length; i++)
        {
            Span<T> row = gradient.Slice(indices[i] * Features, Features);
            TensorPrimitives.Add(row, pass.OutputGradient.Slice(i * Features, Features), row);
        }
    }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Argument(Classes).Argument(Features).Argument("initializer", Initializer, unless: DefaultInitializer);
        return true;
    }

    private ref struct Work<T> : IWork where T : unmanaged, IFloatingPointIeee754<T>
    {
        public ReadOnlySpan<int> Indices;      // [rows]
        public ReadOnlySpan<T> Table;          // [classes, features]
        public Span<T> Y;                      // [rows, features]
        public int Features;

        public readonly void Run(int from, int to)
        {
            for (int i = from; i < to; i++)
                Table.Slice(Indices[i] * Features, Features).CopyTo(Y[(i * Features)..]);
        }
    }
}
