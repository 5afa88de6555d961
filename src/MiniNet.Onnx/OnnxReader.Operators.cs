namespace MiniNet;

/// <summary>The table of operators: what layer each becomes.</summary>
internal sealed partial class OnnxReader
{
    private const double RootOfTwo = 1.41421356237309504880, Sixth = 1.0 / 6;

    private int ChannelAxis => order == OnnxOrder.ChannelsFirst ? 1 : shape.Rank;

    private void Read(OnnxNode node)
    {
        if (node.Inputs[0] != current)
            throw node.Fault($"takes {current}, but not as its first input");
        current = node.Output;
        switch (node.Operator)
        {
            case "Identity":
                break;
            case "Relu":
                Add(node, new ReLU());
                break;
            case "LeakyRelu":
                Add(node, new LeakyReLU(Finite(node, "alpha", 0.01)));
                break;
            case "PRelu":
                OnnxTensor slope = Slope(node);
                Add(node, new PReLU(perChannel: slope.Length > 1), new ReadWeight("weight", slope));
                break;
            case "Elu":
                Add(node, new ELU(Finite(node, "alpha", 1)));
                break;
            case "Sigmoid":
                Add(node, new Sigmoid());
                break;
            case "HardSigmoid":
                if (!(Math.Abs(node.Number("alpha", 0.2) - Sixth) < 1e-6) || node.Number("beta", 0.5) != 0.5)
                    throw node.Fault("has another alpha than 1/6 or another beta than 1/2");
                Add(node, new HardSigmoid());
                break;
            case "Tanh":
                Add(node, new Tanh());
                break;
            case "Softplus":
                Add(node, new Softplus());
                break;
            case "Softmax":
                RequireChannels(node, node.Integer("axis", operatorSet >= 13 ? -1 : 1));
                Add(node, new Softmax());
                break;
            case "LogSoftmax":
                RequireChannels(node, node.Integer("axis", operatorSet >= 13 ? -1 : 1));
                Add(node, new LogSoftmax());
                break;
            case "Dropout":
                ReadDropout(node);
                break;
            case "Gemm":
                ReadGemm(node);
                break;
            case "MatMul":
                ReadMatMul(node);
                break;
            case "Conv":
                ReadConv(node);
                break;
            case "ConvTranspose":
                ReadConvTranspose(node);
                break;
            case "MaxPool":
                node.Require("storage_order", 0, unless: 0);
                Add(node, ReadPool(node, isMean: false));
                break;
            case "Pad":
                ReadPad(node);
                break;
            case "AveragePool":
                Add(node, ReadPool(node, isMean: true));
                break;
            case "GlobalAveragePool":
                RequireOrder(node, OnnxOrder.ChannelsFirst);
                Add(node, new GlobalAveragePool2D());
                break;
            case "Resize":
                ReadResize(node);
                break;
            case "BatchNormalization":
                ReadBatchNorm(node);
                break;
            case "LayerNormalization":
                ReadLayerNorm(node);
                break;
            case "Sub":
                ReadNormalize(node);
                break;
            case "Flatten":
                node.Require("axis", 1, unless: 1);
                Flatten(node);
                break;
            case "Reshape":
                ReadReshape(node);
                break;
            case "Transpose":
                ReadTranspose(node);
                break;
            default:
                throw node.Fault("is an operator that is not known");
        }
        node.RefuseOtherAttributes();
    }

    /// <summary>One slope, or one for each channel: [channels, 1, …] where they come first.</summary>
    private OnnxTensor Slope(OnnxNode node)
    {
        if (node.Inputs.Count < 2 || !constants.TryGetValue(node.Inputs[1], out OnnxTensor? slope))
            throw node.Fault("has no constant slope");
        int[] sizes = slope.Sizes;
        int axis = order == OnnxOrder.ChannelsFirst && shape.Rank > 1 ? sizes.Length - shape.Rank : sizes.Length - 1;
        return slope.Length == 1 || (axis >= 0 && sizes[axis] == slope.Length) ? slope.AsVector() : throw node.Fault($"has slopes [{string.Join(", ", sizes)}], expected one, or one for each channel");
    }

    private void ReadDropout(OnnxNode node)
    {
        if (node.Inputs.Count > 2 && node.Inputs[2].Length > 0)
            throw node.Fault("is written for training: export the model for inference");
        double rate = node.Inputs.Count > 1 && node.Inputs[1].Length > 0 ? Number(node, 1) : node.Number("ratio", 0.5);
        if (!(rate is >= 0 and < 1))
            throw node.Fault($"has the ratio {rate}, expected at least 0 and less than 1");
        Add(node, new Dropout(Math.Round(rate, 6)));
    }

    private void ReadGemm(OnnxNode node)
    {
        node.Require("transA", 0, unless: 0);
        if (node.Number("alpha", 1) != 1 || node.Number("beta", 1) != 1)
            throw node.Fault("has another alpha or beta than 1");
        if (shape.Rank != 1)
            throw node.Fault($"needs samples of one axis, but gets {shape}");
        bool isTransposed = node.Integer("transB", 0) != 0;
        OnnxTensor weight = Constant(node, 1, axes: 2);
        Dense(node, weight, weight.Sizes[isTransposed ? 0 : 1], !isTransposed, node.Inputs.Count > 2 ? Constant(node, 2, axes: 1) : null);
    }

    /// <summary>x·W, with the bias of the Add that follows, if one does.</summary>
    private void ReadMatMul(OnnxNode node)
    {
        RequireOrder(node, OnnxOrder.ChannelsLast);
        OnnxTensor weight = Constant(node, 1, axes: 2);
        OnnxTensor? bias = null;
        if (Follower("Add", current) is { } add && add.Inputs.Count == 2 && constants.TryGetValue(add.Inputs[add.Inputs[0] == current ? 1 : 0], out bias))
            current = add.Output;
        Dense(node, weight, weight.Sizes[1], true, bias);
    }

    private void Dense(OnnxNode node, OnnxTensor weight, int units, bool isAsInMemory, OnnxTensor? bias)
    {
        if (units < 1)
            throw node.Fault("has no outputs");
        ReadWeight read = new("weight", weight, isAsInMemory);
        Add(node, new Dense(units), bias is null ? [read] : [read, new("bias", bias)]);
    }

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

    private void ReadBatchNorm(OnnxNode node)
    {
        RequireOrder(node, OnnxOrder.ChannelsFirst);
        node.Require("training_mode", 0, unless: 0);
        double rate = Math.Round(1 - node.Number("momentum", 0.9), 6), epsilon = node.Number("epsilon", 1e-5);
        if (!(rate is > 0 and <= 1) || !(epsilon > 0 && double.IsFinite(epsilon)))
            throw node.Fault("has a momentum that is not from 0 to below 1, or an epsilon that is not above 0");
        Add(
            node, new BatchNorm(rate, epsilon), new("weight", Constant(node, 1, 1)), new("bias", Constant(node, 2, 1)), new("running_mean", Constant(node, 3, 1)), new("running_var", Constant(node, 4, 1)));
    }

    private void ReadLayerNorm(OnnxNode node)
    {
        RequireOrder(node, OnnxOrder.ChannelsLast);
        RequireChannels(node, node.Integer("axis", -1));
        node.Require("stash_type", 1, unless: 1);
        double epsilon = node.Number("epsilon", 1e-5);
        if (!(epsilon > 0 && double.IsFinite(epsilon)))
            throw node.Fault("has an epsilon that is not above 0");
        ReadWeight weight = new("weight", Constant(node, 1, 1));
        Add(node, new LayerNorm(epsilon), node.Inputs.Count > 2 && node.Inputs[2].Length > 0 ? [weight, new("bias", Constant(node, 2, 1))] : [weight]);
    }

    /// <summary>(x − mean) / deviation.</summary>
    private void ReadNormalize(OnnxNode node)
    {
        RequireOrder(node, OnnxOrder.ChannelsLast);
        if (Follower("Div", current) is not { } division || division.Inputs[0] != current)
            throw node.Fault("is not followed by a Div, with which it would be a Normalize");
        current = division.Output;
        Add(node, new Normalize(), new("mean", Constant(node, 1, 1)), new("deviation", Constant(division, 1, 1)));
    }

    private void ReadReshape(OnnxNode node)
    {
        node.Require("allowzero", 0, unless: 0);
        OnnxTensor sizes = Constant(node, 1, axes: 1);
        if (!sizes.HoldsIntegers || sizes.Length is < 2 or > 5)
            throw node.Fault("has a shape that is not 2 to 5 whole numbers, the batch first");
        int[] given = new int[sizes.Length - 1];
        long product = 1;
        for (int i = 0; i < given.Length; i++)
        {
            long size = sizes.Integer(i + 1);
            given[i] = size is >= -1 and <= int.MaxValue ? (int)size : throw node.Fault($"has the size {size}");
            product = given[i] > 0 ? Math.Min(product * given[i], int.MaxValue) : product;
        }
        if (sizes.Integer(0) != -1 && given.Count(g => g == -1) == 1 && shape.Length % product == 0)
            given[Array.IndexOf(given, -1)] = (int)(shape.Length / product);
        if (given.Any(g => g < 1) || given.Aggregate(1L, (a, b) => Math.Min(a * b, int.MaxValue)) != shape.Length)
            throw node.Fault($"makes [{string.Join(", ", given)}] of samples {shape}, which have {shape.Length} values");
        if (given.Length == 1)
            Flatten(node);
        else
        {
            if (shape.Rank > 1)
                RequireOrder(node, OnnxOrder.ChannelsLast);
            order = OnnxOrder.ChannelsLast;
            Add(node, new Reshape(ShapeOf(given)));
        }
    }

    /// <summary>All values in a row, in the order in which the graph has them.</summary>
    private void Flatten(OnnxNode node)
    {
        if (shape.Rank > 1)
            Add(node, order == OnnxOrder.ChannelsFirst ? new Flatten() : new Reshape(shape.Length));
    }

    private void ReadTranspose(OnnxNode node)
    {
        int rank = shape.Rank;
        int[] axes = node.Sizes("perm", rank + 1, -1), toFirst = [0, rank, .. Enumerable.Range(1, rank - 1)], toLast = [0, .. Enumerable.Range(2, rank - 1), 1];
        bool isFirst = order == OnnxOrder.ChannelsFirst && rank > 1;
        if (!axes.AsSpan().SequenceEqual(isFirst ? toLast : toFirst))
            throw node.Fault($"turns the axes to [{string.Join(", ", axes)}], and only [{string.Join(", ", isFirst ? toLast : toFirst)}] is read here");
        order = isFirst ? OnnxOrder.ChannelsLast : OnnxOrder.ChannelsFirst;
    }

    /// <summary>x · σ(x).</summary>
    private bool ReadSiLU(List<OnnxNode> next)
    {
        if (next.Find(n => n.Operator == "Sigmoid") is not { } sigmoid || next.Find(n => n.Operator == "Mul") is not { } product || next.Count != 2)
            return false;
        if (Other(product, current) != sigmoid.Output)
            return false;
        current = product.Output;
        Add(product, new SiLU());
        return true;
    }

    /// <summary>x · (1 + erf(x / √2)) · ½, as PyTorch writes it.</summary>
    private bool ReadGelu(List<OnnxNode> next)
    {
        if (next.Find(n => n.Operator == "Div") is not { } division || next.Find(n => n.Operator == "Mul") is not { } product || next.Count != 2 || !IsBy(division, current, RootOfTwo))
            return false;
        OnnxNode? erf = Follower("Erf", division.Output), sum = Follower("Add", erf?.Output), half = Follower("Mul", product.Output);
        if (sum is null || half is null || !IsBy(sum, erf!.Output, 1) || Other(product, current) != sum.Output || !IsBy(half, product.Output, 0.5))
            return false;
        current = half.Output;
        Add(half, new GELU());
        return true;
    }

    /// <summary>The one node that uses a value, if there is one and it is of this operator.</summary>
    private OnnxNode? Follower(string operatorType, string? value) =>
        value is not null && uses.GetValueOrDefault(value, []) is [OnnxNode only] && only.Operator == operatorType ? only : null;

    private static string? Other(OnnxNode node, string input) => node.Inputs.Count != 2 ? null : node.Inputs[0] == input ? node.Inputs[1] : node.Inputs[1] == input ? node.Inputs[0] : null;

    private bool IsBy(OnnxNode node, string value, double number) =>
        Other(node, value) is { } other && constants.TryGetValue(other, out OnnxTensor? constant) && constant.Length == 1 && !constant.HoldsIntegers && Math.Abs(constant.Number(0) - number) < 1e-6;

    private OnnxTensor Constant(OnnxNode node, int input, int axes)
    {
        if (input >= node.Inputs.Count || !constants.TryGetValue(node.Inputs[input], out OnnxTensor? tensor))
            throw node.Fault($"has no constant as its input {input}: only weights that lie in the file are read");
        return tensor.Sizes.Length == axes ? tensor : throw node.Fault($"has an input {tensor.Name} of [{string.Join(", ", tensor.Sizes)}], expected {axes} axes");
    }

    private double Number(OnnxNode node, int input) =>
        constants.TryGetValue(node.Inputs[input], out OnnxTensor? tensor) && tensor.Length == 1 && !tensor.HoldsIntegers ? tensor.Number(0) : throw node.Fault($"has no constant number as its input {input}");

    private static double Finite(OnnxNode node, string name, double unless) =>
        node.Number(name, unless) is var number && double.IsFinite(number) ? number : throw node.Fault($"has {name} = {number}");

    private static int Groups(OnnxNode node) => node.Integer("group", 1) is >= 1 and <= int.MaxValue and long groups ? (int)groups : throw node.Fault($"has group = {node.Integer("group", 1)}");

    private static int[] Kernel(OnnxNode node, OnnxTensor weight, int axes)
    {
        int[] kernel = weight.Sizes[^axes..];
        return node.Attribute("kernel_shape") is null || node.Sizes("kernel_shape", axes, 0).AsSpan().SequenceEqual(kernel)
            ? kernel
            : throw node.Fault($"has another kernel_shape than its weight {weight.Name}, whose kernel is [{string.Join(", ", kernel)}]");
    }

    private void RequireOrder(OnnxNode node, OnnxOrder needed)
    {
        if (shape.Rank > 1 && order != needed)
            throw node.Fault($"needs its channels {(needed == OnnxOrder.ChannelsFirst ? "first, but they are last" : "last, but they are first")} here");
    }

    private void RequireChannels(OnnxNode node, long axis)
    {
        if ((axis < 0 ? axis + shape.Rank + 1 : axis) != ChannelAxis)
            throw node.Fault($"works along axis {axis}, and only the channels' ({ChannelAxis}) is read");
    }
}
