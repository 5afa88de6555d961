using System.Numerics;

namespace MiniNet;

internal enum StepKind
{
    Layer,
    Add,
    Multiply,
    Concatenate,
}

/// <summary>One operation of a composite: Result = Child(A), A + B, A · B or A | B.</summary>
internal sealed class Step(StepKind kind, Plan? child, int a, int b, int result)
{
    public readonly StepKind Kind = kind;
    public readonly Plan? Child = child;

    /// <summary>Wires; B is −1 where there is no second input.</summary>
    public readonly int A = a, B = b, Result = result;

    /// <summary>Whether the result lies where A does, and A's gradient where the result's does.</summary>
    public bool IsInPlace;

    /// <summary>Whether the step after this one, a maximum, may go before it: the same values come out, of less work, and both results lie where that step's does.</summary>
    public bool MayFollowNext;

    /// <summary>Whether backward through this step is the first to write A's gradient, or B's; otherwise it adds to it.</summary>
    public bool WritesA, WritesB;

    /// <summary>Where a gradient to be added lies for a moment.</summary>
    public Place? Temporary;
}

/// <summary>One value of a composite: where it lies, per sample, in the workspace, and where its gradient does.</summary>
/// <param name="shape">The shape of one sample.</param>
/// <param name="isTrained">Whether a trained parameter stands before it, so that its gradient is needed even if the input's is not.</param>
internal sealed class Wire(Shape shape, bool isTrained)
{
    public readonly Shape Shape = shape;
    public readonly bool IsTrained = isTrained;

    /// <summary>Its place in <c>Workspace.Values</c>; the composite's input and output lie with the caller.</summary>
    public int Offset = -1;

    /// <summary>Where its gradient lies, once the circuit has been laid out.</summary>
    public Place? Gradient;

    /// <summary>
    /// Whether its gradient lies where it did itself, written over it by the last step that needs it: then the value is spent, and has no place for a gradient. While somebody
    /// looks on, that lies at the same offset of <c>Workspace.Beside</c>.
    /// </summary>
    public bool IsSpent;
}

/// <summary>A stretch of <c>Workspace.ValueGradients</c>, per sample.</summary>
internal sealed class Place(int offset, int length)
{
    public readonly int Offset = offset, Length = length;
}

/// <summary>
/// A wired composite, as passes run it: forward step by step, backward the same steps in reverse. Wire 0 is the input.
/// </summary>
internal sealed class Circuit(Step[] steps, Wire[] wires, Plan[] children, int output)
{
    public ReadOnlySpan<Plan> Children => children;

    public Shape OutputShape => wires[output].Shape;

    /// <summary>Whether Backward reads the output: whether the layer that makes it does.</summary>
    public bool ReadsOutput
    {
        get
        {
            Step? last = Array.Find(steps, s => s.Result == output);
            return last?.Child is { } child && child.ReadsOutput;
        }
    }

    public int StepCount => steps.Length;

    /// <summary>The operations in the order in which they are run: what an export walks through.</summary>
    public ReadOnlySpan<Step> Steps => steps;

    public int WireCount => wires.Length;

    /// <summary>The wire that is the composite's output; 0 where it passes its input on.</summary>
    public int Output => output;

    /// <summary>
    /// Gives every gradient a place, from <paramref name="top"/> upwards, and returns where the last one ends. A gradient lives from the moment that the
    /// last use of its value writes it until the step that made the value has been differentiated; then its place is free for the next.
    /// </summary>
    public int Layout(int top)
    {
        List<Place> live = [];
        int peak = top;
        for (int i = steps.Length - 1; i >= 0; i--)
        {
            Step step = steps[i];
            if (step.IsInPlace)
                wires[step.A].Gradient = wires[step.Result].Gradient;
            else
                Begin(step.A);
            if (step.B >= 0)
                Begin(step.B);
            bool adds = !step.WritesA || (step.B >= 0 && !step.WritesB);
            if (adds)
                step.Temporary = Take(Math.Max(wires[step.A].Shape.Length, step.B < 0 ? 0 : wires[step.B].Shape.Length));
            if (step.Child?.Circuit is { } inner)
                peak = Math.Max(peak, inner.Layout(End()));
            if (adds)
                live.Remove(step.Temporary!);
            if (!step.IsInPlace && wires[step.Result].Gradient is { } gone)
                live.Remove(gone);
        }
        return peak;

        void Begin(int wire)
        {
            if (wire != 0 && !wires[wire].IsSpent)
                wires[wire].Gradient ??= Take(wires[wire].Shape.Length);
        }

        Place Take(int length)
        {
            int offset = top;
            for (int i = 0; i < live.Count; i++)
            {
                if (offset < live[i].Offset + live[i].Length && live[i].Offset < offset + length)
                    (offset, i) = (live[i].Offset + live[i].Length, -1);      // taken: look again, from behind it
            }
            peak = Math.Max(peak, checked(offset + length));
            Place place = new(offset, length);
            live.Add(place);
            return place;
        }

        int End()
        {
            int end = top;
            for (int i = 0; i < live.Count; i++)
                end = Math.Max(end, live[i].Offset + live[i].Length);
            return end;
        }
    }

    public void Forward<T>(in Pass<T> pass) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (output == 0)
            pass.Input.CopyTo(pass.Output);
        for (int i = 0; i < steps.Length; i++)
        {
            Step step = steps[i];
            if (FollowsNext(pass, step))
            {
                Step next = steps[++i];
                Run(pass, next, step.A, next.Result);
                Run(pass, step, next.Result, next.Result);
            }
            else
            {
                Run(pass, step, step.A, step.Result);
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
            Step step = steps[i];
            ReadOnlySpan<T> dy = step.Result == output ? pass.OutputGradient : Gradient(pass, step.Result);
            if (dy.IsEmpty)
                continue;                                            // nothing trained before it, and nobody asks for the input's
            if (i > 0 && FollowsNext(pass, steps[i - 1]))
            {
                Step before = steps[--i];
                Differentiate(pass, before, step.Result, step.Result, writes: true, dy);
                Differentiate(pass, step, before.A, step.Result, writes: true, dy);
                continue;
            }
            Differentiate(pass, step, step.A, step.Result, step.WritesA, dy);
            if (step.B >= 0)
                Differentiate(pass, step, step.B, step.Result, step.WritesB, dy, isSecond: true);
        }
    }

    /// <summary>What a pass left in a wire (not the input, not the output).</summary>
    public Span<T> Inner<T>(in Pass<T> pass, int wire) where T : unmanaged, IFloatingPointIeee754<T> =>
        pass.Workspace.Values.AsSpan(pass.Workspace.ValuesBase + (wires[wire].Offset * pass.Workspace.Capacity), wires[wire].Shape.Length * pass.Batch);

    /// <summary>Where the gradient of a wire lies; empty where nobody needs it.</summary>
    public Span<T> Gradient<T>(in Pass<T> pass, int wire) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (wire == 0)
            return pass.InputGradient;
        if (pass.InputGradient.IsEmpty && !wires[wire].IsTrained)
            return default;
        Workspace<T> workspace = pass.Workspace;
        Wire w = wires[wire];
        (T[] memory, int start) = !w.IsSpent ? (workspace.ValueGradients, workspace.GradientsBase + (w.Gradient!.Offset * workspace.Capacity))
            : (workspace.Probe is null ? workspace.Values : workspace.Beside, workspace.ValuesBase + (w.Offset * workspace.Capacity));
        return memory.AsSpan(start, w.Shape.Length * pass.Batch);
    }

    private ReadOnlySpan<T> Read<T>(in Pass<T> pass, int wire) where T : unmanaged, IFloatingPointIeee754<T> =>
        wire == 0 ? pass.Input : Write(pass, wire);

    private Span<T> Write<T>(in Pass<T> pass, int wire) where T : unmanaged, IFloatingPointIeee754<T> =>
        wire == output ? pass.Output : Inner(pass, wire);

    /// <summary>Whether the next step is taken first. Who looks on sees the order that was wired.</summary>
    private static bool FollowsNext<T>(in Pass<T> pass, Step step) where T : unmanaged, IFloatingPointIeee754<T> => step.MayFollowNext && pass.Workspace.Probe is null;

    /// <summary>One step from a wire, and B where there is one, to another wire.</summary>
    private void Run<T>(in Pass<T> pass, Step step, int from, int to) where T : unmanaged, IFloatingPointIeee754<T>
    {
        ReadOnlySpan<T> a = Read(pass, from);
        Span<T> y = Write(pass, to);
        switch (step.Kind)
        {
            case StepKind.Layer:
                Pass<T> inner = new(pass.Workspace, step.Child!, pass.Batch, pass.IsTraining && !step.Child!.IsFrozen, a, y, default, default);
                pass.Workspace.Forward(step.Child!)(inner);
                pass.Workspace.Probe?.AfterForward(inner);
                break;
            case StepKind.Add:
                RowKernels.Add(a, Read(pass, step.B), y);
                break;
            case StepKind.Multiply:
                RowKernels.Multiply(a, Read(pass, step.B), y, pass.Batch);
                break;
            default:
                RowKernels.Concatenate(a, Read(pass, step.B), y, wires[from].Shape.Last, wires[step.B].Shape.Last);
                break;
        }
    }

    /// <summary>The part of ∂loss/∂wire that comes through this step from where its result lies: written, or added to what later steps have written.</summary>
    private void Differentiate<T>(in Pass<T> pass, Step step, int wire, int result, bool writes, ReadOnlySpan<T> dy, bool isSecond = false)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        Span<T> sum = Gradient(pass, wire);
        Span<T> dx = writes || sum.IsEmpty ? sum : pass.Workspace.ValueGradients.AsSpan(pass.Workspace.GradientsBase + (step.Temporary!.Offset * pass.Workspace.Capacity), sum.Length);
        switch (step.Kind)
        {
            case StepKind.Layer:
                Plan child = step.Child!;
                if (!child.HasDifferentiableInput)
                    dx = default;
                if (dx.IsEmpty && !child.IsTrained)
                    return;
                Pass<T> inner = new(pass.Workspace, child, pass.Batch, pass.IsTraining && !child.IsFrozen, Read(pass, wire), Write(pass, result), dy, dx);
                pass.Workspace.Probe?.BeforeBackward(inner);
                pass.Workspace.Backward(child)(inner);
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
                    RowKernels.Part(dy, dx, isSecond ? wires[step.A].Shape.Last : 0, wires[result].Shape.Last, wires[wire].Shape.Last);
                break;
        }
        if (!writes && !dx.IsEmpty)
            RowKernels.Add(sum, dx, sum);
    }
}
