using System.Numerics;
using System.Text;

namespace MiniNet;

/// <summary>y = x where x &gt; 0, else weight·x: a <see cref="LeakyReLU"/> that learns its slope, one for all values or one for each channel.</summary>
/// <remarks>
/// ∂x = dy where x &gt; 0, else weight·dy; ∂weight = Σ dy·min(x, 0). Shape: any in, the same out. Parameter: weight [1], or [channels], the last axis; weight decay
/// spares it, since it would pull towards a plain rectifier. He et al., "Delving deep into rectifiers", 2015.
/// </remarks>
public sealed record PReLU : Layer
{
    private const int Weight = 0, Slopes = 0, SlopeGradients = 1;
    private const double DefaultInitial = 0.25;

    /// <summary>A rectifier with a trained slope.</summary>
    /// <param name="perChannel">Whether each channel has a slope of its own.</param>
    /// <param name="initial">The slope to begin with.</param>
    /// <exception cref="ArgumentOutOfRangeException">initial is not a finite number.</exception>
    public PReLU(bool perChannel = false, double initial = DefaultInitial) => (PerChannel, Initial) = (perChannel, Guard.Finite(initial));

    /// <summary>Whether each channel has a slope of its own.</summary>
    public bool PerChannel { get; }

    /// <summary>The slope to begin with.</summary>
    public double Initial { get; }

    /// <inheritdoc/>
    public override Shape Declare(Plan plan)
    {
        plan.Parameter("weight", PerChannel ? plan.Input.Last : 1, new Constant(Initial), decays: false);
        plan.BatchScratch(plan.Input.Last);
        plan.BackwardScratch(plan.Input.Last);
        return plan.Input;
    }

    /// <inheritdoc/>
    public override void Forward<T>(in Pass<T> pass)
    {
        ReadOnlySpan<T> weight = pass.Parameter(Weight);
        Span<T> slopes = pass.Scratch(Slopes);                       // [channels], all the same where there is one for all
        if (PerChannel)
            weight.CopyTo(slopes);
        else
            slopes.Fill(weight[0]);
        Bend(pass, pass.Input, pass.Output);
    }

    /// <inheritdoc/>
    public override void Backward<T>(in Pass<T> pass)
    {
        Span<T> gradient = pass.ParameterGradient(Weight), sums = pass.Scratch(SlopeGradients);
        GradientWork<T> work = new() { X = pass.Input, OutputGradient = pass.OutputGradient, Gradient = sums };
        pass.Share(sums.Length, Math.Max(16, 16_384 / (pass.Input.Length / sums.Length)), ref work);
        if (PerChannel)
        {
            sums.CopyTo(gradient);
        }
        else
        {
            gradient.Clear();
            foreach (T sum in sums)
                gradient[0] += sum;
        }
        if (!pass.InputGradient.IsEmpty)
            Bend(pass, pass.OutputGradient, pass.InputGradient);
    }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Argument("perChannel", PerChannel, unless: false).Argument("initial", Initial, unless: DefaultInitial);
        return true;
    }

    private static void Bend<T>(in Pass<T> pass, ReadOnlySpan<T> z, Span<T> y) where T : unmanaged, IFloatingPointIeee754<T>
    {
        BendWork<T> work = new() { X = pass.Input, Slopes = pass.Scratch(Slopes), Z = z, Y = y };
        pass.Share(pass.Input.Length / work.Slopes.Length, Math.Max(1, 8_192 / work.Slopes.Length), ref work);
    }

    private ref struct BendWork<T> : IWork where T : unmanaged, IFloatingPointIeee754<T>
    {
        public ReadOnlySpan<T> X, Slopes, Z;
        public Span<T> Y;

        public readonly void Run(int from, int to)
        {
            Range rows = (from * Slopes.Length)..(to * Slopes.Length);
            SlopeKernels.Bend(X[rows], Slopes, Z[rows], Y[rows]);
        }
    }

    private ref struct GradientWork<T> : IWork where T : unmanaged, IFloatingPointIeee754<T>
    {
        public ReadOnlySpan<T> X, OutputGradient;
        public Span<T> Gradient;

        public readonly void Run(int from, int to) => SlopeKernels.SlopeGradient(X, OutputGradient, Gradient, from, to);
    }
}
