namespace MiniNet.Tests;

public class LayersTests
{
    private static readonly MiniNet.Layers Body = [new Dense(4), new Tanh(), new Dense(2)];

    [Fact]
    public void Lists_of_equal_layers_are_equal_and_so_are_records_that_hold_them()
    {
        MiniNet.Layers same = [new Dense(4), new Tanh(), new Dense(2)];
        Assert.True(Body.Equals(same));
        Assert.True(Body.Equals((object)same));
        Assert.Equal(Body.GetHashCode(), same.GetHashCode());
        Assert.Equal(new Chain(Body), new Chain(same));
        Assert.Equal(new Chain(Body).GetHashCode(), new Chain(same).GetHashCode());
        Assert.Equal(new Residual(new Chain(Body)), new Residual(new Chain(same)));
    }

    [Fact]
    public void Another_order_number_or_layer_makes_another_list()
    {
        MiniNet.Layers[] others = [[new Tanh(), new Dense(4), new Dense(2)], [new Dense(4), new Tanh()], [new Dense(4), new Tanh(), new Dense(2), new Tanh()], [new Dense(4), new Tanh(), new Dense(3)], []];
        Assert.All(others, other => Assert.False(Body.Equals(other)));
        Assert.False(Body.Equals((MiniNet.Layers?)null));
        Assert.False(Body.Equals((object)"Dense(4)"));
        Assert.NotEqual(new Chain(Body), new Chain(others[0]));
    }

    [Fact]
    public void A_null_layer_is_refused_with_its_place()
    {
        Assert.Equal("Layer 1 is null. (Parameter 'items')", Assert.Throws<ArgumentException>(() => MiniNet.Layers.Create([new Dense(1), null!, new Tanh()])).Message);
        Assert.Throws<ArgumentException>(() => new Chain(new Dense(1), null!));
        Assert.Throws<ArgumentException>(() => new Sequential<float>(2, new Dense(1), null!));
    }

    [Fact]
    public void Layers_are_copied_counted_indexed_enumerated_and_cut()
    {
        Layer[] items = [new Dense(4), new Tanh(), new Dense(2)];
        MiniNet.Layers layers = MiniNet.Layers.Create(items);
        items[0] = new ReLU();
        Assert.Equal(new Dense(4), layers[0]);
        Assert.Equal(3, layers.Count);
        Assert.Equal<Layer>([new Dense(4), new Tanh(), new Dense(2)], layers);
        Assert.Equal<Layer>([new Tanh(), new Dense(2)], layers[1..]);
        Assert.Equal<Layer>([new Dense(4), new Tanh()], layers[..^1]);
        Assert.Equal(new Dense(2), layers[^1]);
        Assert.Throws<IndexOutOfRangeException>(() => layers[3]);
        Assert.Throws<ArgumentOutOfRangeException>(() => layers[2..4]);
    }

    [Fact]
    public void Layers_print_as_code_with_commas()
    {
        Assert.Equal("Dense(4), Tanh(), Dense(2)", Body.ToString());
        Assert.Equal("", MiniNet.Layers.Create([]).ToString());
    }
}
