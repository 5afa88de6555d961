using System.Text;

namespace MiniNet;

/// <summary>
/// Brings the features of each sample (of each step, of each pixel) to a mean square of 1, then scales each feature by a trained amount:
/// <see cref="LayerNorm"/> without the mean and without the bias, for less work.
/// </summary>
/// <remarks>
/// y = x / √(mean(x²) + ε) · weight, with the mean over the last axis: [features], [steps, features], [height, width, channels] → the same.
/// Parameter: weight [features]; weight decay spares it. With x̂ the normalised input and g = weight · dy: ∂weight = Σ dy·x̂,
/// ∂x = (g − x̂·mean(g·x̂)) / √(mean(x²) + ε). Zhang and Sennrich, "Root mean square layer normalization", 2019.
/// </remarks>
public sealed record RmsNorm : Layer
{
    private const int Weight = 0;

    /// <summary>A normalisation by the root of the mean square.</summary>
    /// <param name="epsilon">
    /// What is added to the mean square, so that a row of zeros does not divide by zero; if not given, the distance from 1 to the next number (as in PyTorch):
    /// 2⁻²³ in float, 2⁻⁵² in double.
    /// </param>
    /// <exception cref="ArgumentOutOfRangeException">epsilon is not above 0.</exception>
    public RmsNorm(double? epsilon = null) => Epsilon = epsilon is { } given ? Guard.Positive(given, nameof(epsilon)) : null;

    /// <summary>What is added to the mean square; null: the distance from 1 to the next number.</summary>
    public double? Epsilon { get; }

    internal override bool ReadsOutput => false;

    internal override bool MayOverwriteInput => true;

    /// <inheritdoc/>
    public override Shape Declare(Plan plan)
    {
        plan.Parameter("weight", plan.Input.Last, new Constant(1), decays: false);
        RowNormPass.Declare(plan, hasBias: false);
        return plan.Input;
    }

    /// <inheritdoc/>
    public override void Forward<T>(in Pass<T> pass) =>
        RowNormPass.Forward(pass, pass.Parameter(Weight), default, Epsilon is { } given ? T.CreateChecked(given) : T.BitIncrement(T.One) - T.One);

    /// <inheritdoc/>
    public override void Backward<T>(in Pass<T> pass) => RowNormPass.Backward(pass, pass.Parameter(Weight), pass.ParameterGradient(Weight), default);

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Argument("epsilon", Epsilon, unless: null);
        return true;
    }
}
