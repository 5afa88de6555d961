using System.Globalization;
using System.Numerics;

namespace MiniNet;

/// <summary>Finds the first layer whose output or gradient is not finite, by looking on while the pass runs again.</summary>
internal sealed class FaultProbe<T> : Probe<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    internal const string Mend = "Lower the learning rate, clip the gradient (new ClipNorm(1, …)), or scale the inputs (Normalize()).";

    private readonly Stack<bool> comesFromOutside = new();              // of the layer at hand and of those around it

    /// <summary>The layer, and what is wrong with it; null while all is well.</summary>
    internal string? Fault { get; private set; }

    /// <summary>What was wrong before any layer ran: the batch, a target, a sample's weight or a parameter; null if nothing.</summary>
    /// <param name="model">The model.</param>
    /// <param name="pass">The pass over the whole model.</param>
    /// <param name="targets">[samples, …]</param>
    /// <param name="sampleWeights">[samples], or empty</param>
    /// <param name="firstSample">Which of its batch the first of these samples is.</param>
    internal static string? Before(Sequential<T> model, in Pass<T> pass, ReadOnlySpan<T> targets, ReadOnlySpan<T> sampleWeights, int firstSample)
    {
        for (int i = 0; i < pass.Input.Length; i++)
        {
            if (!T.IsFinite(pass.Input[i]))
                return $"The batch itself is at fault: sample {firstSample + (i / model.InputShape.Length)}, value {i % model.InputShape.Length} of x is {Text(pass.Input[i])}. Clean the data.";
        }
        if (NotFinite("targets", targets, firstSample * (targets.Length / pass.Batch)) is { } target)
            return target;
        if (NotFinite("sampleWeights", sampleWeights, firstSample) is { } weight)
            return weight;
        foreach (ParameterInfo parameter in model.ParameterList)
        {
            if (!Finite.All<T>(model.Parameters.Slice(parameter.Offset, parameter.Shape.Length)))
                return $"The parameter {parameter.Name} was not finite before this step. {Mend}";
        }
        return null;
    }

    internal override void AfterForward(in Pass<T> pass)
    {
        if (!Finite.All<T>(pass.Output))
            Fault ??= $"{pass.Plan.Path}, {pass.Plan.Layer}: its output is not finite";
    }

    internal override void BeforeBackward(in Pass<T> pass) => comesFromOutside.Push(!Finite.All(pass.OutputGradient));

    internal override void AfterBackward(in Pass<T> pass)
    {
        if (comesFromOutside.Pop())
            return;                                                     // and is not this layer's fault
        bool isFinite = Finite.All<T>(pass.InputGradient);
        for (int i = 0; i < pass.Plan.Parameters.Length; i++)
            isFinite &= Finite.All<T>(pass.ParameterGradient(i));
        if (!isFinite)
            Fault ??= $"{pass.Plan.Path}, {pass.Plan.Layer}: its gradients are not finite";
    }

    private static string? NotFinite(string name, ReadOnlySpan<T> values, int first)
    {
        for (int i = 0; i < values.Length; i++)
        {
            if (!T.IsFinite(values[i]))
                return $"The batch itself is at fault: {name}[{first + i}] is {Text(values[i])}. Clean the data.";
        }
        return null;
    }

    /// <summary>The same on whichever thread the part of the batch was.</summary>
    private static string Text(T value) => value.ToString(null, CultureInfo.InvariantCulture);
}
