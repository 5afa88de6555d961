namespace MiniNet;

/// <summary>The table of operators: what layer each becomes.</summary>
internal sealed partial class OnnxReader
{
    private const double Sixth = 1.0 / 6;

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
}
