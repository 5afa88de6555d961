namespace MiniNet;

/// <summary>The types that a file may name without being told of others: every layer and initializer of the library has a line here, which names the arguments of its constructor.</summary>
internal static class LayerForms
{
    /// <summary>The library's layers.</summary>
    internal static LayerForm[] Layers =>
    [
        Of<AveragePool2D>(new(1), (a, l) => new(a.Shape("kernel", l.Kernel), a.Shape("stride", l.Stride, isOptional: true), a.Whole("padding", l.Padding, isOptional: true))),
        Of<BatchNorm>(new(), (a, l) => new(a.Number("rate", l.Rate, isOptional: true), a.Number("epsilon", l.Epsilon, isOptional: true))),
        Of<Branches>(new(new Identity()), (a, l) => new(a.Layers("layers", l.Layers))),
        Of<Chain>(new(), (a, l) => new(a.Layers("layers", l.Layers))),
        Of<Conv1D>(new(1, 1), (a, l) => new(
            a.Whole("filters", l.Filters), a.Whole("kernel", l.Kernel), a.Whole("stride", l.Stride, isOptional: true), a.Padding("padding", l.Padding), a.Whole("dilation", l.Dilation, isOptional: true),
            a.Whole("groups", l.Groups, isOptional: true), a.Flag("bias", l.Bias, isOptional: true), a.Initializer("initializer", l.Initializer), a.Initializer("biasInitializer", l.BiasInitializer))),
        Of<Conv2D>(new(1, 1), (a, l) => new(
            a.Whole("filters", l.Filters), a.Shape("kernel", l.Kernel), a.Shape("stride", l.Stride, isOptional: true), a.Padding("padding", l.Padding), a.Shape("dilation", l.Dilation, isOptional: true),
            a.Whole("groups", l.Groups, isOptional: true), a.Flag("bias", l.Bias, isOptional: true), a.Initializer("initializer", l.Initializer), a.Initializer("biasInitializer", l.BiasInitializer))),
        Of<ConvTranspose2D>(new(1, 1), (a, l) => new(
            a.Whole("filters", l.Filters), a.Shape("kernel", l.Kernel), a.Shape("stride", l.Stride, isOptional: true), a.Padding("padding", l.Padding), a.Padding("outputPadding", l.OutputPadding), a.Shape("dilation", l.Dilation, isOptional: true),
            a.Whole("groups", l.Groups, isOptional: true), a.Flag("bias", l.Bias, isOptional: true), a.Initializer("initializer", l.Initializer), a.Initializer("biasInitializer", l.BiasInitializer))),
        Of<Dense>(new(1), (a, l) => new(a.Whole("units", l.Units), a.Initializer("initializer", l.Initializer), a.Initializer("biasInitializer", l.BiasInitializer))),
        Of<Dropout>(new(0), (a, l) => new(a.Number("rate", l.Rate))),
        Of<Dropout2D>(new(0), (a, l) => new(a.Number("rate", l.Rate))),
        Of<ELU>(new(), (a, l) => new(a.Number("alpha", l.Alpha, isOptional: true))),
        Of<Embedding>(new(1, 1), (a, l) => new(a.Whole("classes", l.Classes), a.Whole("features", l.Features), a.Initializer("initializer", l.Initializer))),
        Of<Flatten>(new(), (_, _) => new()),
        Of<Frozen>(new(new Identity()), (a, l) => new(a.Layer("layer", l.Layer))),
        Of<GELU>(new(), (a, l) => new(a.Approximation("approximation", l.Approximation))),
        Of<GlobalAveragePool2D>(new(), (_, _) => new()),
        Of<GroupNorm>(new(1), (a, l) => new(a.Whole("groups", l.Groups), a.Number("epsilon", l.Epsilon, isOptional: true))),
        Of<HardSigmoid>(new(), (_, _) => new()),
        Of<Identity>(new(), (_, _) => new()),
        Of<LayerNorm>(new(), (a, l) => new(a.Number("epsilon", l.Epsilon, isOptional: true))),
        Of<LeakyReLU>(new(), (a, l) => new(a.Number("slope", l.Slope, isOptional: true))),
        Of<LogSoftmax>(new(), (_, _) => new()),
        Of<MaxPool2D>(new(1), (a, l) => new(a.Shape("kernel", l.Kernel), a.Shape("stride", l.Stride, isOptional: true), a.Whole("padding", l.Padding, isOptional: true))),
        Of<Normalize>(new(), (_, _) => new()),
        Of<PReLU>(new(), (a, l) => new(a.Flag("perChannel", l.PerChannel, isOptional: true), a.Number("initial", l.Initial, isOptional: true))),
        Of<ReLU>(new(), (_, _) => new()),
        Of<Reshape>(new(1), (a, l) => new(a.Shape("shape", l.Shape))),
        Of<Residual>(new(), (a, l) => new(a.Layers("body", l.Body))),
        Of<RmsNorm>(new(), (a, l) => new(a.NumberOrNone("epsilon", l.Epsilon, isOptional: true))),
        Of<Sigmoid>(new(), (_, _) => new()),
        Of<SiLU>(new(), (_, _) => new()),
        Of<Softmax>(new(), (_, _) => new()),
        Of<Softplus>(new(), (_, _) => new()),
        Of<SqueezeExcite>(new(), (a, l) => new(a.Whole("reduction", l.Reduction, isOptional: true))),
        Of<Tanh>(new(), (_, _) => new()),
        Of<Tied>(new("0", new Identity()), (a, l) => new(a.Text("to", l.To), a.Layer("layer", l.Layer))),
        Of<Upsample2D>(new(1), (a, l) => new(a.Whole("factor", l.Factor))),
    ];

    /// <summary>The library's initializers.</summary>
    internal static LayerForm[] Initializers =>
    [
        Of<Constant>(new(0), (a, i) => new(a.Number("value", i.Value))),
        Of<GlorotNormal>(new(), (_, _) => new()),
        Of<GlorotUniform>(new(), (_, _) => new()),
        Of<HeNormal>(new(), (_, _) => new()),
        Of<HeUniform>(new(), (_, _) => new()),
        Of<LeCunNormal>(new(), (_, _) => new()),
        Of<LeCunUniform>(new(), (_, _) => new()),
        Of<Normal>(new(1), (a, i) => new(a.Number("deviation", i.Deviation))),
        Of<Orthogonal>(new(), (a, i) => new(a.Number("gain", i.Gain, isOptional: true))),
        Of<Uniform>(new(0, 1), (a, i) => new(a.Number("low", i.Low), a.Number("high", i.High))),
        Of<Zeros>(new(), (_, _) => new()),
    ];

    private static LayerForm<TValue> Of<TValue>(TValue sample, Func<Arguments, TValue, TValue> arguments) where TValue : class => new(sample, arguments);
}
