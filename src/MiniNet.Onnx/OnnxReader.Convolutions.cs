namespace MiniNet;

/// <summary>Convolutions, poolings and enlargements of images and sequences.</summary>
internal sealed partial class OnnxReader
{
    private void ReadConv(OnnxNode node)
    {
        RequireOrder(node, OnnxOrder.ChannelsFirst);
        OnnxTensor weight = Constant(node, 1, axes: shape.Rank + 1);
        OnnxTensor? bias = node.Inputs.Count > 2 && node.Inputs[2].Length > 0 ? Constant(node, 2, axes: 1) : null;
        int axes = shape.Rank - 1, groups = Groups(node);
        int[] kernel = Kernel(node, weight, axes), strides = node.Sizes("strides", axes, 1), dilations = node.Sizes("dilations", axes, 1), pads = node.Sizes("pads", 2 * axes, 0);
        bool isSame = node.Text("auto_pad", "NOTSET") switch
        {
            "NOTSET" or "VALID" => false,
            "SAME_UPPER" => true,
            string other => throw node.Fault($"has auto_pad = {other}, which is not known"),
        };
        Layer layer;
        try
        {
            layer = axes == 2
                ? new Conv2D(weight.Sizes[0], (kernel[0], kernel[1]), (strides[0], strides[1]), isSame ? Padding.Same : (pads[0], pads[2], pads[1], pads[3]), (dilations[0], dilations[1]), groups, bias is not null)
                : new Conv1D(weight.Sizes[0], kernel[0], strides[0], isSame ? Padding.Same : OneAxis(node, pads, kernel[0], strides[0], dilations[0]), dilations[0], groups, bias is not null);
        }
        catch (ArgumentException e)
        {
            throw node.Fault($"is no convolution: {e.Message}");
        }
        Add(node, layer, bias is null ? [new("weight", weight)] : [new("weight", weight), new("bias", bias)]);
    }

    /// <summary>As many steps before as after, or as Padding.Same has them, which may be one more after.</summary>
    private Padding OneAxis(OnnxNode node, int[] pads, int kernel, int stride, int dilation) =>
        pads[0] == pads[1] ? pads[0]
        : stride > 0 && Padding.Same.Horizontal(shape[0], ((kernel - 1) * dilation) + 1, stride) == (pads[0], pads[1]) ? Padding.Same
        : throw node.Fault($"has pads = [{string.Join(", ", pads)}], and on a sequence only as many on both sides are read");

    private void ReadConvTranspose(OnnxNode node)
    {
        RequireOrder(node, OnnxOrder.ChannelsFirst);
        OnnxTensor weight = Constant(node, 1, axes: 4);
        OnnxTensor? bias = node.Inputs.Count > 2 && node.Inputs[2].Length > 0 ? Constant(node, 2, axes: 1) : null;
        int groups = Groups(node);
        int[] kernel = Kernel(node, weight, 2), strides = node.Sizes("strides", 2, 1), dilations = node.Sizes("dilations", 2, 1), pads = node.Sizes("pads", 4, 0), more = node.Sizes("output_padding", 2, 0);
        if (node.Text("auto_pad", "NOTSET") != "NOTSET")
            throw node.Fault("has auto_pad, which is not read");
        try
        {
            Add(
                node, new ConvTranspose2D(
                    checked(weight.Sizes[1] * groups), (kernel[0], kernel[1]), (strides[0], strides[1]), (pads[0], pads[2], pads[1], pads[3]), (more[0], more[1]), (dilations[0], dilations[1]), groups, bias is not null),
                bias is null ? [new("weight", weight)] : [new("weight", weight), new("bias", bias)]);
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            throw node.Fault($"is no transposed convolution: {e.Message}");
        }
    }

    /// <summary>Zeros around an image, which the mean pooling after it counts as values: PyTorch writes its padding so, and where there is none as well.</summary>
    private void ReadPad(OnnxNode node)
    {
        OnnxTensor pads = Constant(node, 1, axes: 1);
        int axes = shape.Rank + 1;
        long[] given = pads.HoldsIntegers && pads.Length == 2 * axes ? [.. Enumerable.Range(0, pads.Length).Select(pads.Integer)] : throw node.Fault("has pads that are not two whole numbers for each axis");
        if (node.Text("mode", "constant") != "constant" || (node.Inputs.Count > 2 && node.Inputs[2].Length > 0 && Number(node, 2) != 0) || node.Inputs.Count > 3)
            throw node.Fault("does not pad with zeros");
        long around = given[^1];
        if (given.All(p => p == 0))
            return;
        if (around is < 0 or > 1 << 15 || axes != 4 || !given.AsSpan().SequenceEqual([0, 0, around, around, 0, 0, around, around]) || Follower("AveragePool", current) is null)
            throw node.Fault("is read only before an AveragePool, with as many zeros on every side of the image");
        padded = (int)around;
    }

    private Pool2D ReadPool(OnnxNode node, bool isMean)
    {
        RequireOrder(node, OnnxOrder.ChannelsFirst);
        node.Require("ceil_mode", 0, unless: 0);
        int[] kernel = node.Sizes("kernel_shape", 2, 0), strides = node.Sizes("strides", 2, 1), pads = node.Sizes("pads", 4, 0), dilations = node.Sizes("dilations", 2, 1);
        if (pads.Distinct().Count() > 1 || dilations.Any(d => d != 1) || node.Text("auto_pad", "NOTSET") is not ("NOTSET" or "VALID"))
            throw node.Fault("has dilations, or not as much padding on every side, which is not read");
        if (padded > 0 && pads[0] > 0)
            throw node.Fault("has padding, and a Pad before it");
        pads[0] += padded;
        if (isMean && padded == 0 && node.Integer("count_include_pad", 0) == 0 && pads[0] > 0)
            throw node.Fault("has padding that does not count (count_include_pad = 0), which is not read");
        padded = 0;
        try
        {
            return isMean ? new AveragePool2D((kernel[0], kernel[1]), (strides[0], strides[1]), pads[0]) : new MaxPool2D((kernel[0], kernel[1]), (strides[0], strides[1]), pads[0]);
        }
        catch (ArgumentException e)
        {
            throw node.Fault($"is no pooling: {e.Message}");
        }
    }

    /// <summary>Every pixel repeated a whole number of times. Numbers are counted from the corner, or, which is the same then, from the middles of the pixels.</summary>
    private void ReadResize(OnnxNode node)
    {
        RequireOrder(node, OnnxOrder.ChannelsFirst);
        OnnxTensor scales = Constant(node, 2, axes: 1);
        bool isFromCorner = node.Text("coordinate_transformation_mode", "half_pixel") == "asymmetric" && node.Text("nearest_mode", "round_prefer_floor") == "floor";
        double factor = scales.Length == 4 && !scales.HoldsIntegers ? scales.Number(2) : 0;
        if (!isFromCorner || node.Text("mode", "nearest") != "nearest" || scales.Length != 4 || scales.Number(0) != 1 || scales.Number(1) != 1 || scales.Number(3) != factor
            || !(factor is >= 1 and <= 1024) || factor != Math.Floor(factor))
            throw node.Fault("is not the repetition of pixels by a whole factor (mode nearest, asymmetric, floor, scales [1, 1, f, f]), and only that is read");
        node.Attribute("cubic_coeff_a");
        Add(node, new Upsample2D((int)factor));
    }

    private static int Groups(OnnxNode node) => node.Integer("group", 1) is >= 1 and <= int.MaxValue and long groups ? (int)groups : throw node.Fault($"has group = {node.Integer("group", 1)}");

    private static int[] Kernel(OnnxNode node, OnnxTensor weight, int axes)
    {
        int[] kernel = weight.Sizes[^axes..];
        return node.Attribute("kernel_shape") is null || node.Sizes("kernel_shape", axes, 0).AsSpan().SequenceEqual(kernel)
            ? kernel
            : throw node.Fault($"has another kernel_shape than its weight {weight.Name}, whose kernel is [{string.Join(", ", kernel)}]");
    }
}
