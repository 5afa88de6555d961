namespace MiniNet;

/// <summary>What a node of an <see cref="OnnxGraph"/> puts out: known by its name and the shape of one sample.</summary>
public readonly record struct OnnxValue
{
    internal OnnxValue(string name, Shape shape, OnnxOrder order) => (Name, Shape, Order) = (name, shape, order);

    /// <summary>Its name in the graph.</summary>
    public string Name { get; }

    /// <summary>The shape of one sample as MiniNet counts it, features last, whatever the <see cref="Order"/>; <c>default</c> for parameters and constants.</summary>
    public Shape Shape { get; init; }

    /// <summary>In which order the graph has its axes. It makes no difference where there is one axis.</summary>
    public OnnxOrder Order { get; init; }

    /// <summary>Which axis of the graph's tensor the features or channels are, the batch being axis 0.</summary>
    public int ChannelAxis => IsChannelsFirst ? 1 : Shape.Rank;

    internal bool IsChannelsFirst => Order == OnnxOrder.ChannelsFirst && Shape.Rank > 1;
}
