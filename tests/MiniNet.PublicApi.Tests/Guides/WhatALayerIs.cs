// The programs of docs/guides/what-a-layer-is.md, word for word: GuideTests compares them with the page and runs them.
#pragma warning disable IDE0055, IDE0007, IDE0008, IDE0059

namespace MiniNet.PublicApi.Tests.Guides;

internal static class WhatALayerIs
{
    internal static void Dense()
    {
        // <dense>
        var model = new Sequential<double>(inputs: 3, seed: 1, new Dense(2));

        double[] weight = [1, -1,      // [inputs, units]: a row for each input
                           2,  0,
                           0,  3];
        weight.CopyTo(model["0.weight"]);
        model["0.bias"][0] = 10;

        double[] y = model.Predict([1, 2, 3]);
        Console.WriteLine($"{y[0]}, {y[1]}");                         // 1·1 + 2·2 + 3·0 + 10 and 1·(−1) + 2·0 + 3·3
        // </dense>
    }

    internal static void Check()
    {
        // <check>
        Console.WriteLine(GradientCheck.Run(new Scale(), inputs: 5).ThrowIfWrong(tolerance: 1e-8));
        // </check>
    }

    internal static void Names()
    {
        // <names>
        var model = new Sequential<float>(inputs: 8, seed: 1, new Dense(8), new Scale(), new Residual(new Dense(8), new Tanh()), new Dense(1));
        Console.WriteLine(model);
        foreach (ParameterInfo parameter in model.ParameterList)
            Console.WriteLine($"{parameter.Name} {parameter.Shape}");
        // </names>
    }

    internal static void Mistake()
    {
        // <mistake>
        try
        {
            var model = new Sequential<float>(inputs: 2, seed: 1, new Dense(10), new Reshape((4, 4)));
        }
        catch (ShapeException e)
        {
            Console.WriteLine(e.Message);
        }
        // </mistake>
    }

    internal static void Part()
    {
        // <part>
        var model = new Sequential<float>(inputs: 2, seed: 1, new Dense(3), new Softmax());
        float[] logits = model[..^1].Predict([1, 1]), probabilities = model.Predict([1, 1]);
        Console.WriteLine($"{logits.Sum():F2} {probabilities.Sum():F2}");
        // </part>
    }
}

// <scale>
/// <summary>Multiplies each feature by a trained number: y = x · s.</summary>
public sealed record Scale : Layer
{
    public override Shape Declare(Plan plan)
    {
        plan.Parameter("scale", plan.Input.Last, new Constant(1));    // [features]
        return plan.Input;                                            // the shape stays
    }

    public override void Forward<T>(in Pass<T> pass)
    {
        ReadOnlySpan<T> s = pass.Parameter(0);
        for (int i = 0; i < pass.Input.Length; i++)
            pass.Output[i] = pass.Input[i] * s[i % s.Length];
    }

    public override void Backward<T>(in Pass<T> pass)
    {
        ReadOnlySpan<T> s = pass.Parameter(0);
        Span<T> ds = pass.ParameterGradient(0);
        ds.Clear();                                                   // backward overwrites: begin at zero
        for (int i = 0; i < pass.Input.Length; i++)
            ds[i % s.Length] += pass.OutputGradient[i] * pass.Input[i];           // ∂loss/∂s = Σ dy · x
        for (int i = 0; i < pass.InputGradient.Length; i++)           // empty if nobody asks
            pass.InputGradient[i] = pass.OutputGradient[i] * s[i % s.Length];     // ∂loss/∂x = dy · s
    }
}
// </scale>

// <gated>
/// <summary>y = V(x) · σ(G(x)): one dense layer opens and closes the outputs of another.</summary>
public sealed record Gated(int Units) : Composite
{
    protected override Value Wire(Wiring wiring, Value x)
    {
        Value value = wiring.Apply("value", new Dense(Units), x);
        Value gate = wiring.Apply("open", new Sigmoid(), wiring.Apply("gate", new Dense(Units), x));
        return wiring.Multiply(value, gate);
    }
}
// </gated>
