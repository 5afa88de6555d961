namespace MiniNet;

/// <summary>
/// A layer made of layers: it only says how they are wired. Forward, backward and memory follow from that, and nobody writes them again.
/// </summary>
/// <example>
/// The whole of a residual layer: <c>protected override Value Wire(Wiring wiring, Value x) => wiring.Add(x, wiring.Chain(Body, x));</c>
/// </example>
public abstract record Composite : Layer
{
    /// <summary>Says what becomes of the input <paramref name="x"/>. Called once per model.</summary>
    /// <returns>The output.</returns>
    protected abstract Value Wire(Wiring wiring, Value x);

    /// <inheritdoc/>
    public sealed override Shape Declare(Plan plan)
    {
        ArgumentNullException.ThrowIfNull(plan);
        Wiring wiring = new(plan);
        plan.Circuit = wiring.Close(Wire(wiring, wiring.Input));
        return plan.Circuit.OutputShape;
    }

    /// <inheritdoc/>
    public sealed override void Forward<T>(in Pass<T> pass) => pass.Plan.Circuit!.Forward(pass);

    /// <inheritdoc/>
    public sealed override void Backward<T>(in Pass<T> pass) => pass.Plan.Circuit!.Backward(pass);
}
