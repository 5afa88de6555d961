using System.Text;

namespace MiniNet;

/// <summary>
/// The way back of a <see cref="Conv2D"/> as a layer of its own: every input pixel is spread by the kernel over the output, so that with strides the image grows.
/// (Also called deconvolution, which it is not.)
/// </summary>
/// <remarks>
/// y[i·stride + p·dilation − top, j·stride + q·dilation − left, f] += x[i, j, c] · weight[p, q, f, c] for all i, j, p, q, c, on top of bias[f].
/// Shape: [height, width, channels] → [(height − 1)·stride − padding + span + output padding, the same for the width, filters], where the kernel spans
/// (kernel − 1)·dilation + 1 and padding is that of both sides; with <see cref="Padding.Same"/> [height·stride, width·stride, filters].
/// Parameters: weight [kernel height, kernel width, filters / groups, channels], those of the convolution from y to x
/// ([channels, filters / groups, kernel height, kernel width] in files), bias [filters].
/// Gradients: ∂x is the convolution of dy by weight, ∂weight[p, q, f, c] = Σ dy[…] · x[i, j, c], ∂bias = Σ dy.
/// The weights begin as <see cref="GlorotUniform"/> (Glorot and Bengio, 2010), the biases as zero.
/// Zeiler et al., "Deconvolutional networks", 2010; Dumoulin and Visin, "A guide to convolution arithmetic for deep learning", 2016.
/// </remarks>
public sealed record ConvTranspose2D : Layer
{
    private const int Weight = 0, BiasIndex = 1, Turned = 0;

    /// <summary>A transposed convolution.</summary>
    /// <param name="filters">How many channels the output has.</param>
    /// <param name="kernel">The kernel's size: one number, or (height, width).</param>
    /// <param name="stride">How far apart the input's pixels stand in the output: one number, or (down, across); 1 if not given.</param>
    /// <param name="padding">How much of the output's edge is left away: the padding of the convolution that this one is the way back of; <see cref="Padding.Valid"/> (none) if not given.</param>
    /// <param name="outputPadding">Rows that the output has more below, and columns right: of the sizes that the convolution makes this input of, a larger one. One number, or (down, across), less than the stride.</param>
    /// <param name="dilation">How far apart the kernel's taps are: one number, or (down, across); 1 if not given.</param>
    /// <param name="groups">Into how many groups channels and filters part.</param>
    /// <param name="bias">Whether a bias is added. Before a normalisation it has no effect.</param>
    /// <param name="initializer">How the weights begin; <see cref="GlorotUniform"/> if not given.</param>
    /// <param name="biasInitializer">How the biases begin; <see cref="Zeros"/> if not given.</param>
    /// <exception cref="ArgumentOutOfRangeException">filters or groups is less than 1.</exception>
    /// <exception cref="ArgumentException">The filters do not part into the groups, the kernel is missing, a size has more than two numbers, or the output padding does not fit to stride and padding.</exception>
    public ConvTranspose2D(
        int filters, Shape kernel, Shape stride = default, Padding padding = default, Padding outputPadding = default, Shape dilation = default, int groups = 1, bool bias = true, Initializer? initializer = null, Initializer? biasInitializer = null)
    {
        Filters = Guard.AtLeastOne(filters);
        Kernel = KernelSize.Required(kernel);
        Stride = KernelSize.Given(stride);
        Padding = padding;
        OutputPadding = outputPadding;
        Dilation = KernelSize.Given(dilation);
        Groups = Guard.AtLeastOne(groups);
        Bias = bias;
        Initializer = initializer ?? KernelSize.DefaultInitializer;
        BiasInitializer = biasInitializer ?? KernelSize.DefaultBiasInitializer;
        KernelSize.CheckGroups(filters, groups);
        if (outputPadding != Padding.Valid && padding == Padding.Same)
            throw new ArgumentException("With Padding.Same the output's size is the input's times the stride: leave outputPadding away.", nameof(outputPadding));
        if (!outputPadding.IsPair || ExtraRows >= Stride[0] || ExtraColumns >= Stride[1])
            throw new ArgumentException($"outputPadding is one number or a pair (down, across), less than the stride {Stride}, got {outputPadding}.", nameof(outputPadding));
    }

    /// <summary>How many channels the output has.</summary>
    public int Filters { get; }

    /// <summary>The kernel's [height, width].</summary>
    public Shape Kernel { get; }

    /// <summary>How far apart the input's pixels stand in the output: [down, across].</summary>
    public Shape Stride { get; }

    /// <summary>How much of the output's edge is left away.</summary>
    public Padding Padding { get; }

    /// <summary>How many rows the output has more below, and columns right.</summary>
    public Padding OutputPadding { get; }

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

    private int ExtraRows => OutputPadding.Vertical(0, 0, 1).After;

    private int ExtraColumns => OutputPadding.Horizontal(0, 0, 1).After;

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
        int spanHeight = checked(((Kernel[0] - 1) * Dilation[0]) + 1), spanWidth = checked(((Kernel[1] - 1) * Dilation[1]) + 1);
        ((int top, int bottom), (int left, int right)) = (Padding.Vertical(0, 0, 1), Padding.Horizontal(0, 0, 1));
        int height = checked(Padding == Padding.Same ? input[0] * Stride[0] : ((input[0] - 1) * Stride[0]) - top - bottom + spanHeight + ExtraRows);
        int width = checked(Padding == Padding.Same ? input[1] * Stride[1] : ((input[1] - 1) * Stride[1]) - left - right + spanWidth + ExtraColumns);
        if (height < 1 || width < 1)
            throw plan.Error($"a larger image or less padding, for its output would be {height} × {width}");
        Shape weight = (Kernel[0], Kernel[1], Filters / Groups, input.Last);
        plan.Parameter("weight", weight, Initializer, fileLayout: [3, 2, 0, 1], groups: Groups);
        if (Bias)
            plan.Parameter("bias", Filters, BiasInitializer, decays: false);
        plan.BatchScratch(weight.Length);
        return (height, width, Filters);
    }

    /// <inheritdoc/>
    public override void Forward<T>(in Pass<T> pass) => ConvolutionPass.Backward(
        pass, Geometry(pass.Plan), pass.Input, pass.Parameter(Weight), pass.Scratch(Turned), Bias ? pass.Parameter(BiasIndex) : [], pass.Output);

    /// <inheritdoc/>
    public override void Backward<T>(in Pass<T> pass)
    {
        ConvolutionGeometry geometry = Geometry(pass.Plan);
        ConvolutionPass.Weights(pass, geometry, pass.OutputGradient, pass.Input, pass.ParameterGradient(Weight));
        if (Bias)
            RowKernels.SumRows(pass.OutputGradient, pass.ParameterGradient(BiasIndex));
        if (!pass.InputGradient.IsEmpty)
            ConvolutionPass.Forward(pass, geometry, pass.OutputGradient, pass.Parameter(Weight), [], pass.InputGradient);
    }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Argument(Filters).Argument("kernel", KernelSize.Short(Kernel)).Argument("stride", KernelSize.Short(Stride), unless: 1).Argument("padding", Padding, unless: Padding.Valid)
            .Argument("outputPadding", OutputPadding, unless: Padding.Valid).Argument("dilation", KernelSize.Short(Dilation), unless: 1).Argument("groups", Groups, unless: 1).Argument("bias", Bias, unless: true)
            .Argument("initializer", Initializer, unless: KernelSize.DefaultInitializer).Argument("biasInitializer", BiasInitializer, unless: KernelSize.DefaultBiasInitializer);
        return true;
    }

    /// <summary>The convolution from the output to the input.</summary>
    private ConvolutionGeometry Geometry(Plan plan) => new(plan.Output, plan.Input.Last, Kernel, Stride, Dilation, Padding, Groups);
}
