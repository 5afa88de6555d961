using MiniNet;

namespace CustomLayerSample;

/// <summary>A layer with a parameter of its own: each unit has a centre in the input space and answers to what is near it, y = exp(−γ·‖x − c‖²).</summary>
/// <remarks>
/// Shape: [inputs] → [units]. Parameter: centre [inputs, units]. With e = 2·γ·dy·y for each unit: ∂c = Σ e·(x − c) over the batch, ∂x = −Σ e·(x − c)
/// over the units. Broomhead and Lowe, "Multivariable functional interpolation and adaptive networks", 1988.
/// </remarks>
/// <param name="Units">How many centres.</param>
/// <param name="Gamma">How narrow they are.</param>
internal sealed record RadialBasis(int Units, double Gamma = 1) : Layer
{
    public override Shape Declare(Plan plan)
    {
        if (plan.Input.Rank != 1)
            throw plan.Error("[features] (put Flatten() before it)");
        plan.Parameter("centre", (plan.Input.Last, Units), new Normal(deviation: 1));
        return Units;
    }

    public override void Forward<T>(in Pass<T> pass)
    {
        int inputs = pass.Plan.Input.Length;
        T gamma = T.CreateChecked(Gamma);
        ReadOnlySpan<T> c = pass.Parameter(0);                                      // [inputs, units]
        for (int sample = 0; sample < pass.Batch; sample++)
        {
            ReadOnlySpan<T> x = pass.Input.Slice(sample * inputs, inputs);
            Span<T> y = pass.Output.Slice(sample * Units, Units);
            for (int j = 0; j < Units; j++)
            {
                T squares = T.Zero;
                for (int i = 0; i < inputs; i++)
                {
                    T d = x[i] - c[(i * Units) + j];
                    squares += d * d;
                }
                y[j] = T.Exp(-gamma * squares);
            }
        }
    }

    public override void Backward<T>(in Pass<T> pass)
    {
        int inputs = pass.Plan.Input.Length;
        T twice = T.CreateChecked(2 * Gamma);
        ReadOnlySpan<T> c = pass.Parameter(0);                                      // [inputs, units]
        Span<T> dc = pass.ParameterGradient(0), dx = pass.InputGradient;            // dx is empty where nobody asks for it
        dc.Clear();                                                                 // both may hold anything: the loop below adds
        dx.Clear();
        for (int sample = 0; sample < pass.Batch; sample++)
        {
            for (int j = 0; j < Units; j++)
            {
                T e = twice * pass.OutputGradient[(sample * Units) + j] * pass.Output[(sample * Units) + j];
                for (int i = 0; i < inputs; i++)
                {
                    T part = e * (pass.Input[(sample * inputs) + i] - c[(i * Units) + j]);
                    dc[(i * Units) + j] += part;
                    if (!dx.IsEmpty)
                        dx[(sample * inputs) + i] -= part;
                }
            }
        }
    }
}
