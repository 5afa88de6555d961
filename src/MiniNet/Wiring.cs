using System.Globalization;

namespace MiniNet;

/// <summary>A value on its way through a <see cref="Composite"/>: known by its shape, while the model is built.</summary>
public readonly record struct Value
{
    internal readonly Wiring? Wiring;
    internal readonly int Id;

    internal Value(Wiring wiring, int id, Shape shape) => (Wiring, Id, Shape) = (wiring, id, shape);

    /// <summary>The shape of one sample.</summary>
    public Shape Shape { get; }
}

/// <summary>
/// How the layers of a <see cref="Composite"/> are wired: used once, while the model is built. Gradients of a value that is used twice are summed
/// in a fixed order; a value that is computed and never used is an error.
/// </summary>
public sealed class Wiring
{
    private readonly Plan plan;
    private readonly List<Step> steps = [];
    private readonly List<Wire> wires = [];
    private readonly List<Plan> children = [];
    private int chained;

    internal Wiring(Plan plan)
    {
        this.plan = plan;
        Input = NewValue(plan.Input, isTrained: false);
    }

    internal Value Input { get; }

    /// <summary>The layer, applied to <paramref name="x"/>. Its parameters are named <c>path.name.…</c>.</summary>
    /// <exception cref="ShapeException">The layer cannot take x.</exception>
    public Value Apply(string name, Layer layer, Value x)
    {
        ArgumentNullException.ThrowIfNull(name);
        return Apply(name, layer, x, plan.InheritedBy(children.Count));
    }

    /// <summary>The layers in a row, named "0", "1", … (and on from there, if there was a chain before).</summary>
    public Value Chain(Layers layers, Value x)
    {
        ArgumentNullException.ThrowIfNull(layers);
        foreach (Layer layer in layers)
            x = Apply(chained++.ToString(CultureInfo.InvariantCulture), layer, x);
        return x;
    }

    /// <summary>The layer that made <paramref name="earlier"/> once more, on the same weights, applied to <paramref name="x"/>.</summary>
    /// <exception cref="ArgumentException"><paramref name="earlier"/> was not made by a layer.</exception>
    public Value Again(Value earlier, Value x)
    {
        Check(earlier);
        if (steps.Find(s => s.Result == earlier.Id)?.Child is not { } first)
            throw new ArgumentException("Again needs a value that Apply or Chain returned: the weights to use once more are those of its layer.", nameof(earlier));
        return Apply($"again{children.Count}", first.Layer, x, plan.InheritedFrom(first));
    }

    /// <summary>a + b, element by element: equal shapes.</summary>
    /// <exception cref="ShapeException">The shapes differ.</exception>
    public Value Add(Value a, Value b)
    {
        Check(a);
        Check(b);
        if (a.Shape != b.Shape)
            throw plan.Error($"parts of one shape to add (they are {a.Shape} and {b.Shape})");
        return Join(StepKind.Add, a, b, a.Shape);
    }

    /// <summary>a · b, element by element: equal shapes, or b with one value for each of the last axis of a (a gate for each channel).</summary>
    /// <exception cref="ShapeException">The shapes do not fit.</exception>
    public Value Multiply(Value a, Value b)
    {
        Check(a);
        Check(b);
        if (a.Shape != b.Shape && b.Shape != (Shape)a.Shape.Last)
            throw plan.Error($"factors of one shape, or a second factor of [{a.Shape.Last}] (they are {a.Shape} and {b.Shape})");
        return Join(StepKind.Multiply, a, b, a.Shape);
    }

    /// <summary>a and b side by side along the last axis; the axes before it are equal.</summary>
    /// <exception cref="ShapeException">An axis before the last differs.</exception>
    public Value Concatenate(Value a, Value b)
    {
        Check(a);
        Check(b);
        if (a.Shape.WithLast(1) != b.Shape.WithLast(1))
            throw plan.Error($"parts that differ in their last axis only (they are {a.Shape} and {b.Shape})");
        return Join(StepKind.Concatenate, a, b, a.Shape.WithLast(a.Shape.Last + b.Shape.Last));
    }

    /// <summary>The exception to throw where the parts do not fit: where, what is needed, and the chain of layers up to it.</summary>
    /// <param name="needs">What the composite needs, with the mend where there is one.</param>
    public ShapeException Error(string needs) => plan.Error(needs);

    /// <summary>The layer under the composite's own path, not trained.</summary>
    internal Value Freeze(Layer layer, Value x) => Apply("", layer, x, plan.FrozenBy(children.Count));

    /// <summary>The layer under the composite's own path, on the parameters of the layer at another.</summary>
    internal Value Tie(string to, Layer layer, Value x) => Apply("", layer, x, plan.TiedContext(to));

    internal Circuit Close(Value output)
    {
        Check(output);
        Step[] order = [.. steps];
        Wire[] values = [.. wires];
        int[] uses = new int[values.Length];
        uses[output.Id] = 1;
        for (int i = order.Length - 1; i >= 0; i--)
        {
            Step step = order[i];
            if (uses[step.Result] == 0)
                throw NeverUsed(step);

            // Backward runs from the last step to the first: the use that comes last writes the gradient, the others add to it.
            step.WritesA = uses[step.A]++ == 0;
            if (step.B >= 0)
                step.WritesB = uses[step.B]++ == 0;
        }
        foreach (Step step in order)
        {
            if (step.Result == output.Id)
                continue;                                                              // lies with the caller, as the input does
            step.IsInPlace = step.Child is { Layer.WorksInPlace: true } && step.A != 0 && uses[step.A] == 1 && !(order[step.A - 1].Child?.ReadsOutput ?? false);
            values[step.Result].Offset = step.IsInPlace ? values[step.A].Offset : plan.Model.TakeValues(values[step.Result].Shape.Length);
        }
        for (int i = 0; i + 1 < order.Length; i++)
        {
            Step step = order[i], next = order[i + 1];
            step.MayFollowNext = step.IsInPlace && step.Child!.Layer.CommutesWithMaximum && next.Child is { Layer.IsMaximum: true } && next.A == step.Result && uses[step.Result] == 1 && next.Result != output.Id;
            if (next.A == 0 || uses[next.A] != 1 || next.Child is not { Layer.MayOverwriteInput: true })
                continue;

            // No other step takes that value. The one that made it must not need it either, going back; an activation in between that is taken after this step reads what this one puts out.
            Step maker = order[next.A - 1];
            if (maker.IsInPlace ? !maker.MayFollowNext : maker.Child?.ReadsOutput ?? false)
                continue;
            values[next.A].IsSpent = plan.Model.Spends = true;
            if (maker.IsInPlace)
                values[maker.A].IsSpent = true;
        }
        return new Circuit(order, values, [.. children], output.Id);
    }

    private Value Apply(string name, Layer layer, Value x, Plan.Context context)
    {
        Check(x);
        Plan child = plan.Child(name, layer, x.Shape, context);
        if (!child.HasDifferentiableInput)
        {
            if (wires[x.Id].IsTrained)
                throw child.Error("to come before every trained layer (its input is no quantity and has no gradient)");
            plan.InputIsDifferentiable = false;
        }
        children.Add(child);
        Value y = NewValue(child.Output, child.IsTrained || wires[x.Id].IsTrained);
        steps.Add(new(StepKind.Layer, child, x.Id, -1, y.Id));
        return y;
    }

    private Value Join(StepKind kind, Value a, Value b, Shape shape)
    {
        Value y = NewValue(shape, wires[a.Id].IsTrained || wires[b.Id].IsTrained);
        steps.Add(new(kind, null, a.Id, b.Id, y.Id));
        return y;
    }

    private Value NewValue(Shape shape, bool isTrained)
    {
        wires.Add(new(shape, isTrained));                                              // the input first, then what each step makes
        return new(this, wires.Count - 1, shape);
    }

    private void Check(Value value)
    {
        if (value.Wiring != this)
            throw Foreign();
    }

    private ShapeException NeverUsed(Step step) =>
        new($"{plan.Layer}: a value {wires[step.Result].Shape}{(step.Child is null ? "" : $" of {step.Child.Layer}")} is computed and never used.\n{plan.Model.Chain}");

    private ArgumentException Foreign() => new($"{plan.Layer} wires a value that this wiring did not give out.");
}
