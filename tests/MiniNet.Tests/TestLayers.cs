using System.Numerics;

namespace MiniNet.Tests;

/// <summary>y = body(body(x)): the same weights twice.</summary>
internal sealed record Twice(Layer Body) : Composite
{
    protected override Value Wire(Wiring wiring, Value x)
    {
        Value once = wiring.Apply("body", Body, x);
        return wiring.Again(once, once);
    }
}

/// <summary>y = body(x) + body(body(body(x))): the same weights three times, one result used twice.</summary>
internal sealed record Thrice(Layer Body) : Composite
{
    protected override Value Wire(Wiring wiring, Value x)
    {
        Value once = wiring.Apply("body", Body, x);
        return wiring.Add(once, wiring.Again(once, wiring.Again(once, once)));
    }
}

/// <summary>y = body(x) · body(tanh(x)): the same weights side by side.</summary>
internal sealed record Siamese(Layer Body) : Composite
{
    protected override Value Wire(Wiring wiring, Value x)
    {
        Value first = wiring.Apply("body", Body, x);
        return wiring.Multiply(first, wiring.Again(first, wiring.Apply("other", new Tanh(), x)));
    }
}

/// <summary>y[i, j, c] = body(x)[i, j, c] · gate[c], the gate computed from the whole sample: squeeze and excitation without the squeeze.</summary>
internal sealed record ChannelGate(Layer Body) : Composite
{
    protected override Value Wire(Wiring wiring, Value x)
    {
        Value y = wiring.Apply("body", Body, x);
        return wiring.Multiply(y, wiring.Chain([new Flatten(), new Dense(y.Shape.Last), new Sigmoid()], x));
    }
}

/// <summary>y = x + x.</summary>
internal sealed record Doubled : Composite
{
    protected override Value Wire(Wiring wiring, Value x) => wiring.Add(x, x);
}

/// <summary>y = x · x.</summary>
internal sealed record Squared : Composite
{
    protected override Value Wire(Wiring wiring, Value x) => wiring.Multiply(x, x);
}

/// <summary>y = h | h | tanh(h) with h = dense(x): one value in three places.</summary>
internal sealed record SharedParts(int Units) : Composite
{
    protected override Value Wire(Wiring wiring, Value x)
    {
        Value h = wiring.Apply("dense", new Dense(Units), x);
        return wiring.Concatenate(wiring.Concatenate(h, h), wiring.Apply("tanh", new Tanh(), h));
    }
}

/// <summary>Each layer sees all values before it, and what it makes stands beside them.</summary>
internal sealed record DenselyConnected(int Growth, int Depth) : Composite
{
    protected override Value Wire(Wiring wiring, Value x)
    {
        for (int i = 0; i < Depth; i++)
            x = wiring.Concatenate(x, wiring.Chain([new BatchNorm(), new SiLU(), new Dense(Growth)], x));
        return x;
    }
}

/// <summary>A composite that hands its input on.</summary>
internal sealed record PassOn : Composite
{
    protected override Value Wire(Wiring wiring, Value x) => x;
}

/// <summary>y = row x of a table: an input that is no quantity.</summary>
internal sealed record Lookup(int Rows, int Units) : Layer
{
    public override Shape Declare(Plan plan)
    {
        plan.InputIsDifferentiable = false;
        plan.Parameter("weight", (Rows, Units), new Normal(1));
        plan.Integers(plan.Input.Length);
        return (plan.Input.Length, Units);
    }

    public override void Forward<T>(in Pass<T> pass)
    {
        Span<int> rows = pass.Integers(0);
        for (int i = 0; i < rows.Length; i++)
        {
            rows[i] = int.CreateChecked(pass.Input[i]);
            pass.Parameter(0).Slice(rows[i] * Units, Units).CopyTo(pass.Output.Slice(i * Units, Units));
        }
    }

    public override void Backward<T>(in Pass<T> pass)
    {
        Span<T> gradient = pass.ParameterGradient(0);
        gradient.Clear();
        Span<int> rows = pass.Integers(0);
        for (int i = 0; i < rows.Length; i++)
        {
            for (int j = 0; j < Units; j++)
                gradient[(rows[i] * Units) + j] += pass.OutputGradient[(i * Units) + j];
        }
    }
}

/// <summary>Loops over spans that tests need.</summary>
internal static class Numbers
{
    /// <summary>Normal numbers from a seed.</summary>
    internal static T[] Normals<T>(int count, long seed) where T : unmanaged, IFloatingPointIeee754<T>
    {
        RandomStream random = new(seed);
        T[] values = new T[count];
        for (int i = 0; i < count; i++)
            values[i] = T.CreateChecked(random.Normal(i));
        return values;
    }

    /// <summary>Everything that a model keeps.</summary>
    internal static T[] State<T>(this Sequential<T> model) where T : unmanaged, IFloatingPointIeee754<T> => [.. model.Parameters, .. model.Statistics];
}
