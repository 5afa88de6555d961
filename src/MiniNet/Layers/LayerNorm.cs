using System.Text;

namespace MiniNet;

/// <summary>
/// Brings the features of each sample (of each step, of each pixel) to mean 0 and variance 1, then scales and shifts each feature by trained amounts.
/// The same in training and in prediction, and whatever else is in the batch.
/// </summary>
/// <remarks>
/// y = (x − mean) / √(variance + ε) · weight + bias, with mean and variance over the last axis: [features], [steps, features], [height, width, channels] → the same.
/// Parameters: weight, bias [features]; weight decay spares both. With x̂ the normalised input and g = weight · dy: ∂weight = Σ dy·x̂, ∂bias = Σ dy,
/// ∂x = (g − mean(g) − x̂·mean(g·x̂)) / √(variance + ε). Ba, Kiros and Hinton, "Layer normalization", 2016.
/// </remarks>
public sealed record LayerNorm : Layer
{
    private const int Weight = 0, Bias = 1;
    private const double DefaultEpsilon = 1e-5;

    /// <summary>A layer normalisation.</summary>
    /// <param name="epsilon">What is added to the variance, so that a constant row does not divide by zero.</param>
    /// <exception cref="ArgumentOutOfRangeException">epsilon is not above 0.</exception>
    public LayerNorm(double epsilon = DefaultEpsilon) => Epsilon = Guard.Positive(epsilon);

    /// <summary>What is added to the variance.</summary>
    public double Epsilon { get; }

    internal override bool ReadsOutput => false;

    internal override bool MayOverwriteInput => true;

    /// <inheritdoc/>
    public override Shape Declare(Plan plan)
    {
        plan.Parameter("weight", plan.Input.Last, new Constant(1), decays: false);
        plan.Parameter("bias", plan.Input.Last, new Zeros(), decays: false);
        RowNormPass.Declare(plan, hasBias: true);
        return plan.Input;
    }

    /// <inheritdoc/>
    public override void Forward<T>(in Pass<T> pass) => RowNormPass.Forward(pass, pass.Parameter(Weight), pass.Parameter(Bias), T.CreateChecked(Epsilon));

    /// <inheritdoc/>
    public override void Backward<T>(in Pass<T> pass) => RowNormPass.Backward(pass, pass.Parameter(Weight), pass.ParameterGradient(Weight), pass.ParameterGradient(Bias));

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Argument("epsilon", Epsilon, unless: DefaultEpsilon);
        return true;
    }
}
