using System.Text;

namespace MiniNet;

/// <summary>
/// Convolution of sequences: every output step a weighted sum of the steps under a small kernel, by the same weights wherever the kernel stands. A <see cref="Conv2D"/> of images one row high.
/// </summary>
/// <remarks>
/// y[i, f] = bias[f] + Σ over p, c of x[i·stride + p·dilation − padding, c] · weight[p, c, f], zeros before the first step and after the last.
/// Shape: [steps, features] → [⌊(steps + 2·padding − span) / stride⌋ + 1, filters], where the kernel spans (kernel − 1)·dilation + 1.
/// Parameters: weight [kernel, features / groups, filters] ([filters, features / groups, kernel] in files), bias [filters].
/// Gradients as those of <see cref="Conv2D"/>. The weights begin as <see cref="GlorotUniform"/> (Glorot and Bengio, 2010), the biases as zero.
/// Waibel et al., "Phoneme recognition using time-delay neural networks", 1989.
/// </remarks>
public sealed record Conv1D : Layer
{
    private const int Weight = 0, BiasIndex = 1, Turned = 0;

    /// <summary>A convolution.</summary>
    /// <param name="filters">How many features the output has.</param>
    /// <param name="kernel">How many steps the kernel takes.</param>
    /// <param name="stride">How far apart the kernel's places are.</param>
    /// <param name="padding">Zeros before and after the steps: <see cref="Padding.Valid"/> (none) if not given, <see cref="Padding.Same"/>, or so many on both sides.</param>
    /// <param name="dilation">How far apart the kernel's taps are.</param>
    /// <param name="groups">Into how many groups features and filters part, each filter seeing its group's features only.</param>
    /// <param name="bias">Whether a bias is added. Before a normalisation it has no effect.</param>
    /// <param name="initializer">How the weights begin; <see cref="GlorotUniform"/> if not given.</param>
    /// <param name="biasInitializer">How the biases begin; <see cref="Zeros"/> if not given.</param>
    /// <exception cref="ArgumentOutOfRangeException">filters, kernel, stride, dilation or groups is less than 1.</exception>
    /// <exception cref="ArgumentException">The filters do not part into the groups, or the padding is more than one number.</exception>
    public Conv1D(int filters, int kernel, int stride = 1, Padding padding = default, int dilation = 1, int groups = 1, bool bias = true, Initializer? initializer = null, Initializer? biasInitializer = null)
    {
        Filters = Guard.AtLeastOne(filters);
        Kernel = Guard.AtLeastOne(kernel);
        Stride = Guard.AtLeastOne(stride);
        Padding = padding.IsUniform ? padding : throw new ArgumentException($"Conv1D pads one axis: give one number, Padding.Same or Padding.Valid, got {padding}.", nameof(padding));
        Dilation = Guard.AtLeastOne(dilation);
        Groups = Guard.AtLeastOne(groups);
        Bias = bias;
        Initializer = initializer ?? KernelSize.DefaultInitializer;
        BiasInitializer = biasInitializer ?? KernelSize.DefaultBiasInitializer;
        KernelSize.CheckGroups(filters, groups);
    }

    /// <summary>How many features the output has.</summary>
    public int Filters { get; }

    /// <summary>How many steps the kernel takes.</summary>
    public int Kernel { get; }

    /// <summary>How far apart the kernel's places are.</summary>
    public int Stride { get; }

    /// <summary>The zeros before and after the steps.</summary>
    public Padding Padding { get; }

    /// <summary>How far apart the kernel's taps are.</summary>
    public int Dilation { get; }

    /// <summary>Into how many groups features and filters part.</summary>
    public int Groups { get; }

    /// <summary>Whether a bias is added.</summary>
    public bool Bias { get; }

    /// <summary>How the weights begin.</summary>
    public Initializer Initializer { get; }

    /// <summary>How the biases begin.</summary>
    public Initializer BiasInitializer { get; }

    internal override bool ReadsOutput => false;

    internal override bool MayOverwriteInput => true;

    /// <inheritdoc/>
    public override Shape Declare(Plan plan)
    {
        Shape input = plan.Input;
        if (input.Rank != 2)
            throw plan.Error("[steps, features]");
        if (input.Last % Groups != 0)
            throw plan.Error($"features that part into {Groups} equal groups");
        ConvolutionGeometry geometry = Geometry(plan);
        if (geometry.Output.Rank == 0)
            throw plan.Error($"at least {geometry.LeastWidth} steps (or a smaller kernel, or more padding)");
        plan.Parameter("weight", (Kernel, input.Last / Groups, Filters), Initializer, fileLayout: [2, 1, 0], groups: Groups);
        if (Bias)
            plan.Parameter("bias", Filters, BiasInitializer, decays: false);
        plan.BackwardScratch(geometry.WeightLength);
        return (geometry.Output[1], Filters);
    }

    /// <inheritdoc/>
    public override void Forward<T>(in Pass<T> pass) =>
        ConvolutionPass.Forward(pass, Geometry(pass.Plan), pass.Input, pass.Parameter(Weight), Bias ? pass.Parameter(BiasIndex) : [], pass.Output);

    /// <inheritdoc/>
    public override void Backward<T>(in Pass<T> pass)
    {
        ConvolutionGeometry geometry = Geometry(pass.Plan);
        ConvolutionPass.Weights(pass, geometry, pass.Input, pass.OutputGradient, pass.ParameterGradient(Weight));
        if (Bias)
            RowKernels.SumRows(pass.OutputGradient, pass.ParameterGradient(BiasIndex));
        if (!pass.InputGradient.IsEmpty)
            ConvolutionPass.Backward(pass, geometry, pass.OutputGradient, pass.Parameter(Weight), pass.Scratch(Turned), [], pass.InputGradient);
    }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Argument(Filters).Argument("kernel", Kernel).Argument("stride", Stride, unless: 1).Argument("padding", Padding, unless: Padding.Valid)
            .Argument("dilation", Dilation, unless: 1).Argument("groups", Groups, unless: 1).Argument("bias", Bias, unless: true)
            .Argument("initializer", Initializer, unless: KernelSize.DefaultInitializer).Argument("biasInitializer", BiasInitializer, unless: KernelSize.DefaultBiasInitializer);
        return true;
    }

    private ConvolutionGeometry Geometry(Plan plan) =>
        new((1, plan.Input[0], plan.Input[1]), Filters, (1, Kernel), (1, Stride), (1, Dilation), Padding.OfWidth, Groups);
}
