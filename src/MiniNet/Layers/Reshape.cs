using System.Text;

namespace MiniNet;

/// <summary>The same values in the same memory order, under another shape.</summary>
/// <remarks>yᵢ = xᵢ. Shape: any of as many values → <see cref="Shape"/>.</remarks>
public sealed record Reshape : Layer
{
    /// <summary>A change of shape.</summary>
    /// <param name="shape">The shape of one sample of the output.</param>
    /// <exception cref="ArgumentException">shape is <c>default</c>.</exception>
    public Reshape(Shape shape) => Shape = shape.Rank > 0 ? shape : throw new ArgumentException("Reshape needs a shape with at least one axis, got default(Shape).", nameof(shape));

    /// <summary>The shape of one sample of the output.</summary>
    public Shape Shape { get; }

    /// <inheritdoc/>
    public override Shape Declare(Plan plan) =>
        Shape.Length == plan.Input.Length ? Shape : throw plan.Error($"{Shape.Length} values per sample for {Shape}");

    /// <inheritdoc/>
    public override void Forward<T>(in Pass<T> pass) => pass.Input.CopyTo(pass.Output);

    /// <inheritdoc/>
    public override void Backward<T>(in Pass<T> pass) => pass.OutputGradient.CopyTo(pass.InputGradient);

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Argument(Shape);
        return true;
    }
}
