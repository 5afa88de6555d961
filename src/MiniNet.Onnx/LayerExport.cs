namespace MiniNet;

/// <summary>Every layer of the library as nodes of ONNX: the table of what becomes of what.</summary>
internal static class LayerExport
{
    private const double RootOfTwo = 1.41421356237309504880, RootOfTwoOverPi = 0.79788456080286535588;

    internal static OnnxValue Run(OnnxGraph graph, Layer layer, OnnxValue x) => layer switch
    {
        IOnnxLayer own => own.Export(graph, x),

        Identity or Dropout or Dropout2D => x,
        ReLU => graph.Node("Relu", [x]),
        LeakyReLU leaky => graph.Node("LeakyRelu", [x], new OnnxAttribute("alpha", leaky.Slope)),
        PReLU { PerChannel: true } => graph.Node("PRelu", [x, graph.PerChannel(graph.Parameter(0), x)]),
        PReLU => graph.Node("PRelu", [x, graph.Parameter(0)]),
        ELU elu => graph.Node("Elu", [x], new OnnxAttribute("alpha", elu.Alpha)),
        Sigmoid => graph.Node("Sigmoid", [x]),
        HardSigmoid => graph.Node("HardSigmoid", [x], new("alpha", 1.0 / 6), new("beta", 0.5)),
        Tanh => graph.Node("Tanh", [x]),
        Softplus => graph.Node("Softplus", [x]),
        SiLU => graph.Node("Mul", [x, graph.Node("Sigmoid", [x])]),
        GELU { Approximation: GeluApproximation.Tanh } => GeluByTanh(graph, x),
        GELU => GatedHalf(graph, x, graph.Node("Erf", [graph.Node("Div", [x, graph.Number(RootOfTwo)])])),
        Softmax => graph.Node("Softmax", [x], new OnnxAttribute("axis", x.ChannelAxis)),
        LogSoftmax => graph.Node("LogSoftmax", [x], new OnnxAttribute("axis", x.ChannelAxis)),

        Dense => Product(graph, x),
        Embedding => Rows(graph, x),
        Flatten => Flattened(graph, x),
        Reshape reshape => Reshaped(graph, x, reshape.Shape),

        Conv1D conv => ConvolutionExport.Conv1D(graph, conv, graph.ChannelsFirst(x)),
        Conv2D conv => ConvolutionExport.Conv2D(graph, conv, graph.ChannelsFirst(x)),
        ConvTranspose2D conv => ConvolutionExport.ConvTranspose2D(graph, conv, graph.ChannelsFirst(x)),
        MaxPool2D pool => ConvolutionExport.Pool(graph, "MaxPool", pool, graph.ChannelsFirst(x)),
        AveragePool2D pool => ConvolutionExport.Pool(graph, "AveragePool", pool, graph.ChannelsFirst(x), new OnnxAttribute("count_include_pad", 1)),
        GlobalAveragePool2D => Flattened(graph, graph.Node("GlobalAveragePool", [graph.ChannelsFirst(x)])),
        Upsample2D upsample => ConvolutionExport.Upsample2D(graph, upsample, graph.ChannelsFirst(x)),

        BatchNorm norm => NormExport.BatchNorm(graph, norm, graph.ChannelsFirst(x)),
        LayerNorm norm => NormExport.LayerNorm(graph, norm, graph.ChannelsLast(x)),
        RmsNorm norm => NormExport.RmsNorm(graph, norm, x),
        GroupNorm norm => NormExport.GroupNorm(graph, norm, graph.ChannelsFirst(x)),
        Normalize => NormExport.Normalize(graph, x),

        _ => throw graph.Unknown(),
    };

    /// <summary>x·W + b: Gemm where a sample is one row, MatMul and Add where it has several.</summary>
    private static OnnxValue Product(OnnxGraph graph, OnnxValue x)
    {
        OnnxValue weight = graph.Parameter(0), bias = graph.Parameter(1);
        if (x.Shape.Rank == 1)
            return graph.Node("Gemm", [x, weight, bias]) with { Shape = graph.Output };
        OnnxValue product = graph.Node("MatMul", [graph.ChannelsLast(x), weight]) with { Shape = graph.Output };
        return graph.Node("Add", [product, bias]);
    }

    /// <summary>The rows of a table that the indices name, which come as numbers of the model's type.</summary>
    private static OnnxValue Rows(OnnxGraph graph, OnnxValue x)
    {
        OnnxValue indices = graph.Node("Cast", [x], new OnnxAttribute("to", (int)OnnxSchema.TensorProto.Types.DataType.Int64));
        return graph.Node("Gather", [graph.Parameter(0), indices]) with { Shape = graph.Output };
    }

    private static OnnxValue Flattened(OnnxGraph graph, OnnxValue x) =>
        x.Shape.Rank == 1 ? x : graph.Node("Flatten", [graph.ChannelsFirst(x)], new OnnxAttribute("axis", 1)) with { Shape = graph.Output };

    private static OnnxValue Reshaped(OnnxGraph graph, OnnxValue x, Shape shape)
    {
        long[] sizes = [-1, .. default(FileLayout).Sizes(shape)];
        return graph.Node("Reshape", [graph.ChannelsLast(x), graph.Integers(sizes)]) with { Shape = shape };
    }

    /// <summary>½·x·(1 + g).</summary>
    private static OnnxValue GatedHalf(OnnxGraph graph, OnnxValue x, OnnxValue g) =>
        graph.Node("Mul", [graph.Node("Mul", [x, graph.Node("Add", [g, graph.Number(1)])]), graph.Number(0.5)]);

    /// <summary>g = tanh(√(2/π)·(x + 0.044715·x³)).</summary>
    private static OnnxValue GeluByTanh(OnnxGraph graph, OnnxValue x)
    {
        OnnxValue cube = graph.Node("Mul", [x, graph.Node("Mul", [x, x])]);
        OnnxValue sum = graph.Node("Add", [x, graph.Node("Mul", [cube, graph.Number(0.044715)])]);
        return GatedHalf(graph, x, graph.Node("Tanh", [graph.Node("Mul", [sum, graph.Number(RootOfTwoOverPi)])]));
    }
}
