namespace MiniNet;

/// <summary>What moves values about or needs them in an order.</summary>
internal sealed partial class OnnxReader
{
    private int ChannelAxis => order == OnnxOrder.ChannelsFirst ? 1 : shape.Rank;

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
