using System.Numerics;
using System.Numerics.Tensors;

namespace MiniNet;

internal enum StepKind
{
    Layer,
    Add,
    Multiply,
    Concatenate,
}

/// <summary>One operation of a composite: Result = Child(A), A + B, A · B or A | B.</summary>
internal readonly record struct Step(StepKind Kind, Plan? Child, int A, int B, int Result)
{
    /// <summary>Whether backward through this step is the first to write A's gradient; otherwise it adds to it.</summary>
    public bool WritesA { get; init; }

    /// <summary>The same for B.</summary>
    public bool WritesB { get; init; }

    /// <summary>Where, per sample, a gradient to be added lies for a moment.</summary>
    public int Temporary { get; init; }
}

/// <summary>One value of a composite: where it lies, per sample, in the workspace, and where its gradient does.</summary>
/// <param name="Shape">The shape of one sample.</param>
/// <param name="Offset">Its place in <c>Workspace.Values</c>; the composite's input and output lie with the caller.</param>
/// <param name="IsTrained">Whether a trained parameter stands before it, so that its gradient is needed even if the input's is not.</param>
internal readonly record struct Wire(Shape Shape, int Offset, bool IsTrained)
{
    /// <summary>Its gradient's place in <c>Workspace.ValueGradients</c>.</summary>
    public int Gradient { get; init; }
}

/// <summary>
/// A wired composite, as passes run it: forward step by step, backward the same steps in reverse. Wire 0 is the input.
/// </summary>
internal sealed class Circuit(Step[] steps, Wire[] wires, Plan[] children, int output)
{
    public ReadOnlySpan<Plan> Children => children;

    public Shape OutputShape => wires[output].Shape;

    public int StepCount => steps.Length;

    /// <summary>
    /// Gives every gradient a place, from <paramref name="top"/> upwards, and returns where the last one ends. A gradient lives from the moment that the
    /// last use of its value writes it until the step that made the value has been differentiated; then its place is free for the next.
    /// </summary>
    public int Layout(int top)
    {
        List<(int Offset, int Length)> live = [];
        int[] place = new int[wires.Length];
        Array.Fill(place, -1);
        int peak = top;
        for (int i = steps.Length - 1; i >= 0; i--)
        {
            Step step = steps[i];
            Live(step.A);
            if (step.B >= 0)
                Live(step.B);
            bool adds = !step.WritesA || (step.B >= 0 && !step.WritesB);
            if (adds)
            {
                int length = Math.Max(wires[step.A].Shape.Length, step.B < 0 ? 0 : wires[step.B].Shape.Length);
                int temporary = Place(length);
                steps[i] = step with { Temporary = temporary };
                live.Add((temporary, length));
            }
            if (step.Child?.Circuit is { } inner)
                peak = Math.Max(peak, inner.Layout(End()));
            if (adds)
                live.RemoveAt(live.Count - 1);
            live.Remove((place[step.Result], wires[step.Result].Shape.Length));
        }
        return peak;

        void Live(int wire)
        {
            if (wire == 0 || place[wire] >= 0)
                return;
            place[wire] = Place(wires[wire].Shape.Length);
            wires[wire] = wires[wire] with { Gradient = place[wire] };
            live.Add((place[wire], wires[wire].Shape.Length));
        }

        int Place(int length)
        {
            live.Sort();
            int offset = top;
            foreach ((int from, int size) in live)
            {
                if (offset + length <= from)
                    break;
                offset = Math.Max(offset, from + size);
            }
            peak = Math.Max(peak, checked(offset + length));
            return offset;
        }

        int End()
        {
            int end = top;
            foreach ((int from, int size) in live)
                end = Math.Max(end, from + size);
            return end;
        }
    }

    public void Forward<T>(in Pass<T> pass) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (output == 0)
            pass.Input.CopyTo(pass.Output);
        foreach (ref readonly Step step in steps.AsSpan())
        {
            ReadOnlySpan<T> a = Read(pass, step.A);
            Span<T> y = Write(pass, step.Result);
            switch (step.Kind)
            {
                case StepKind.Layer:
                    Pass<T> inner = new(pass.Workspace, step.Child!, pass.Batch, pass.IsTraining && !step.Child!.IsFrozen, a, y, default, default);
                    step.Child!.Layer.Forward(inner);
                    pass.Workspace.Probe?.AfterForward(inner);
                    break;
                case StepKind.Add:
                    TensorPrimitives.Add(a, Read(pass, step.B), y);
                    break;
                case StepKind.Multiply:
                    RowKernels.Multiply(a, Read(pass, step.B), y, pass.Batch);
                    break;
                default:
                    RowKernels.Concatenate(a, Read(pass, step.B), y, wires[step.A].Shape.Last, wires[step.B].Shape.Last);
                    break;
            }
        }
    }

    public void Backward<T>(in Pass<T> pass) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (output == 0 && !pass.InputGradient.IsEmpty)
            pass.OutputGradient.CopyTo(pass.InputGradient);
        Backward(pass, steps.Length);
    }

    /// <summary>Backward through the first so many steps, given that the gradient of what they put out has been written.</summary>
    public void Backward<T>(in Pass<T> pass, int count) where T : unmanaged, IFloatingPointIeee754<T>
    {
        for (int i = count - 1; i >= 0; i--)
        {
            ref readonly Step step = ref steps[i];
            ReadOnlySpan<T> dy = step.Result == output ? pass.OutputGradient : Gradient(pass, step.Result);
            if (dy.IsEmpty)
                continue;                                            // nothing trained before it, and nobody asks for the input's
            Differentiate(pass, step, step.A, step.WritesA, dy);
            if (step.B >= 0)
                Differentiate(pass, step, step.B, step.WritesB, dy, isSecond: true);
        }
    }

    /// <summary>What a pass left in a wire (not the input, not the output).</summary>
    public Span<T> Inner<T>(in Pass<T> pass, int wire) where T : unmanaged, IFloatingPointIeee754<T> =>
        pass.Workspace.Values.AsSpan(wires[wire].Offset * pass.Workspace.Capacity, wires[wire].Shape.Length * pass.Batch);

    /// <summary>Where the gradient of a wire lies; empty where nobody needs it.</summary>
    public Span<T> Gradient<T>(in Pass<T> pass, int wire) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (wire == 0)
            return pass.InputGradient;
        if (pass.InputGradient.IsEmpty && !wires[wire].IsTrained)
            return default;
        return pass.Workspace.ValueGradients.AsSpan(wires[wire].Gradient * pass.Workspace.Capacity, wires[wire].Shape.Length * pass.Batch);
    }

    private ReadOnlySpan<T> Read<T>(in Pass<T> pass, int wire) where T : unmanaged, IFloatingPointIeee754<T> =>
        wire == 0 ? pass.Input : Write(pass, wire);

    private Span<T> Write<T>(in Pass<T> pass, int wire) where T : unmanaged, IFloatingPointIeee754<T> =>
        wire == output ? pass.Output : Inner(pass, wire);

    /// <summary>The part of ∂loss/∂wire that comes through this step: written, or added to what later steps have written.</summary>
    private void Differentiate<T>(in Pass<T> pass, in Step step, int wire, bool writes, ReadOnlySpan<T> dy, bool isSecond = false)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Span<T> sum = Gradient(pass, wire);
        Span<T> dx = writes || sum.IsEmpty ? sum : pass.Workspace.ValueGradients.AsSpan(step.Temporary * pass.Workspace.Capacity, sum.Length);
        switch (step.Kind)
        {
            case StepKind.Layer:
                Plan child = step.Child!;
                if (!child.HasDifferentiableInput)
                    dx = default;
                if (dx.IsEmpty && !child.IsTrained)
                    return;
                Pass<T> inner = new(pass.Workspace, child, pass.Batch, pass.IsTraining && !child.IsFrozen, Read(pass, wire), Write(pass, step.Result), dy, dx);
                child.Layer.Backward(inner);
                pass.Workspace.Probe?.AfterBackward(inner);
                break;
            case StepKind.Add:
                if (!dx.IsEmpty)
                    dy.CopyTo(dx);
                break;
            case StepKind.Multiply:
                if (!dx.IsEmpty)
                    RowKernels.MultiplyBackward(Read(pass, step.A), Read(pass, step.B), dy, dx, pass.Batch, isSecond);
                break;
            default:
                if (!dx.IsEmpty)
                    RowKernels.Part(dy, dx, isSecond ? wires[step.A].Shape.Last : 0, wires[step.Result].Shape.Last, wires[wire].Shape.Last);
                break;
        }
        if (!writes && !dx.IsEmpty)
            TensorPrimitives.Add(sum, dx, sum);
    }
}
