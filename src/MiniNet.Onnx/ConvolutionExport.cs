namespace MiniNet;

/// <summary>Convolutions, poolings and enlargements as nodes of ONNX; x has its channels first.</summary>
internal static class ConvolutionExport
{
    internal static OnnxValue Conv1D(OnnxGraph graph, Conv1D conv, OnnxValue x)
    {
        (int before, int after) = conv.Padding.Horizontal(x.Shape[0], Span(conv.Kernel, conv.Dilation), conv.Stride);
        return graph.Node(
            "Conv", Inputs(graph, x, conv.Bias), new("kernel_shape", [conv.Kernel]), new("strides", [conv.Stride]), new("pads", before, after), new("dilations", [conv.Dilation]), new("group", conv.Groups)) with
        { Shape = graph.Output };
    }

    internal static OnnxValue Conv2D(OnnxGraph graph, Conv2D conv, OnnxValue x)
    {
        (int top, int bottom) = conv.Padding.Vertical(x.Shape[0], Span(conv.Kernel[0], conv.Dilation[0]), conv.Stride[0]);
        (int left, int right) = conv.Padding.Horizontal(x.Shape[1], Span(conv.Kernel[1], conv.Dilation[1]), conv.Stride[1]);
        return graph.Node(
            "Conv", Inputs(graph, x, conv.Bias), Pair("kernel_shape", conv.Kernel), Pair("strides", conv.Stride), new("pads", top, left, bottom, right), Pair("dilations", conv.Dilation), new("group", conv.Groups)) with
        { Shape = graph.Output };
    }

    /// <summary>The output's size is input's and kernel's, less the padding, and output_padding is what is missing then.</summary>
    internal static OnnxValue ConvTranspose2D(OnnxGraph graph, ConvTranspose2D conv, OnnxValue x)
    {
        Shape output = graph.Output;
        int spanHeight = Span(conv.Kernel[0], conv.Dilation[0]), spanWidth = Span(conv.Kernel[1], conv.Dilation[1]);
        (int top, int bottom) = conv.Padding.Vertical(output[0], spanHeight, conv.Stride[0]);
        (int left, int right) = conv.Padding.Horizontal(output[1], spanWidth, conv.Stride[1]);
        int moreRows = output[0] - (((x.Shape[0] - 1) * conv.Stride[0]) + spanHeight - top - bottom);
        int moreColumns = output[1] - (((x.Shape[1] - 1) * conv.Stride[1]) + spanWidth - left - right);
        return graph.Node(
            "ConvTranspose", Inputs(graph, x, conv.Bias), Pair("kernel_shape", conv.Kernel), Pair("strides", conv.Stride), new("pads", top, left, bottom, right), Pair("dilations", conv.Dilation),
            new("output_padding", moreRows, moreColumns), new("group", conv.Groups)) with
        { Shape = output };
    }

    internal static OnnxValue Pool(OnnxGraph graph, string operatorType, Pool2D pool, OnnxValue x, params ReadOnlySpan<OnnxAttribute> more) =>
        graph.Node(
            operatorType, [x],
            [Pair("kernel_shape", pool.Kernel), Pair("strides", pool.Stride), new("pads", pool.Padding, pool.Padding, pool.Padding, pool.Padding), .. more]) with
        { Shape = graph.Output };

    /// <summary>Every pixel repeated: Resize to the nearest pixel, counted from the corner.</summary>
    internal static OnnxValue Upsample2D(OnnxGraph graph, Upsample2D upsample, OnnxValue x) =>
        graph.Node(
            "Resize", [x, default, graph.Floats(1, 1, upsample.Factor, upsample.Factor)],
            new("mode", "nearest"), new("coordinate_transformation_mode", "asymmetric"), new("nearest_mode", "floor")) with
        { Shape = graph.Output };

    private static int Span(int kernel, int dilation) => ((kernel - 1) * dilation) + 1;

    private static OnnxValue[] Inputs(OnnxGraph graph, OnnxValue x, bool hasBias) => hasBias ? [x, graph.Parameter(0), graph.Parameter(1)] : [x, graph.Parameter(0)];

    private static OnnxAttribute Pair(string name, Shape size) => new(name, size[0], size[1]);
}
