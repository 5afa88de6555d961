using System.Text;

namespace MiniNet;

/// <summary>
/// Convolution of images: every output pixel a weighted sum of the pixels under a small kernel, by the same weights wherever the kernel stands.
/// Always linear; an activation is a layer of its own.
/// </summary>
/// <remarks>
/// y[i, j, f] = bias[f] + Σ over p, q, c of x[i·stride + p·dilation − top, j·stride + q·dilation − left, c] · weight[p, q, c, f], zeros outside the image.
/// (As everywhere in this field the kernel is not turned around first: strictly, a cross-correlation.)
/// Shape: [height, width, channels] → [⌊(height + padding − span) / stride⌋ + 1, the same for the width, filters], where the kernel spans (kernel − 1)·dilation + 1
/// and padding is that of both sides.
/// Parameters: weight [kernel height, kernel width, channels / groups, filters] ([filters, channels / groups, kernel height, kernel width] in files), bias [filters].
/// Gradients, with dy = ∂loss/∂y and sums over the whole batch: ∂weight[p, q, c, f] = Σ x[…] · dy[i, j, f], ∂bias = Σ dy, and ∂x is dy, each pixel spread by the weights over the pixels it was made of.
/// Kernels of 3 × 3 with stride 1, undilated and ungrouped, on 16 channels and filters or more (at most 65,536 pairs of them) and outputs of 100 pixels or more are computed with
/// fewer multiplications (Winograd, 1980): to other roundings, and with ∞ that may show as NaN.
/// The weights begin as <see cref="GlorotUniform"/> (Glorot and Bengio, 2010), the biases as zero.
/// LeCun et al., "Gradient-based learning applied to document recognition", 1998; dilation: Yu and Koltun, "Multi-scale context aggregation by dilated convolutions", 2016.
/// </remarks>
public sealed record Conv2D : Layer
{
    private const int Weight = 0, BiasIndex = 1, Turned = 0;

    /// <summary>A convolution.</summary>
    /// <param name="filters">How many channels the output has.</param>
    /// <param name="kernel">The kernel's size: one number, or (height, width).</param>
    /// <param name="stride">How far apart the kernel's places are: one number, or (down, across); 1 if not given.</param>
    /// <param name="padding">Zeros around the image: <see cref="Padding.Valid"/> (none) if not given, <see cref="Padding.Same"/>, or so many.</param>
    /// <param name="dilation">How far apart the kernel's taps are: one number, or (down, across); 1 if not given.</param>
    /// <param name="groups">Into how many groups channels and filters part, each filter seeing its group's channels only; as many as channels: each channel by itself.</param>
    /// <param name="bias">Whether a bias is added. Before a normalisation it has no effect.</param>
    /// <param name="initializer">How the weights begin; <see cref="GlorotUniform"/> if not given.</param>
    /// <param name="biasInitializer">How the biases begin; <see cref="Zeros"/> if not given.</param>
    /// <exception cref="ArgumentOutOfRangeException">filters or groups is less than 1.</exception>
    /// <exception cref="ArgumentException">The filters do not part into the groups, the kernel is missing, or a size has more than two numbers.</exception>
    public Conv2D(
        int filters, Shape kernel, Shape stride = default, Padding padding = default, Shape dilation = default, int groups = 1, bool bias = true, Initializer? initializer = null, Initializer? biasInitializer = null)
    {
        Filters = Guard.AtLeastOne(filters);
        Kernel = KernelSize.Required(kernel);
        Stride = KernelSize.Given(stride);
        Padding = padding;
        Dilation = KernelSize.Given(dilation);
        Groups = Guard.AtLeastOne(groups);
        Bias = bias;
        Initializer = initializer ?? KernelSize.DefaultInitializer;
        BiasInitializer = biasInitializer ?? KernelSize.DefaultBiasInitializer;
        KernelSize.CheckGroups(filters, groups);
    }

    /// <summary>How many channels the output has.</summary>
    public int Filters { get; }

    /// <summary>The kernel's [height, width].</summary>
    public Shape Kernel { get; }

    /// <summary>How far apart the kernel's places are: [down, across].</summary>
    public Shape Stride { get; }

    /// <summary>The zeros around the image.</summary>
    public Padding Padding { get; }

    /// <summary>How far apart the kernel's taps are: [down, across].</summary>
    public Shape Dilation { get; }

    /// <summary>Into how many groups channels and filters part.</summary>
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
        if (input.Rank != 3)
            throw plan.Error("[height, width, channels]");
        if (input.Last % Groups != 0)
            throw plan.Error($"channels that part into {Groups} equal groups");
        ConvolutionGeometry geometry = Geometry(plan);
        if (geometry.Output.Rank == 0)
            throw plan.Error($"[height, width, channels] with a height and width of at least {geometry.LeastHeight} and {geometry.LeastWidth} (or a smaller kernel, or more padding)");
        plan.Parameter("weight", (Kernel[0], Kernel[1], input.Last / Groups, Filters), Initializer, fileLayout: [3, 2, 0, 1], groups: Groups);
        if (Bias)
            plan.Parameter("bias", Filters, BiasInitializer, decays: false);
        plan.BackwardScratch(geometry.WeightLength);
        return geometry.Output;
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
        builder.Argument(Filters).Argument("kernel", KernelSize.Short(Kernel)).Argument("stride", KernelSize.Short(Stride), unless: 1).Argument("padding", Padding, unless: Padding.Valid)
            .Argument("dilation", KernelSize.Short(Dilation), unless: 1).Argument("groups", Groups, unless: 1).Argument("bias", Bias, unless: true)
            .Argument("initializer", Initializer, unless: KernelSize.DefaultInitializer).Argument("biasInitializer", BiasInitializer, unless: KernelSize.DefaultBiasInitializer);
        return true;
    }

    private ConvolutionGeometry Geometry(Plan plan) => new(plan.Input, Filters, Kernel, Stride, Dilation, Padding, Groups);
}
