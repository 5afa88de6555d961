namespace MiniNet;

/// <summary>How a parameter begins: each element a function of a random stream, its index and the fans of its layer.</summary>
public abstract record Initializer
{
    /// <summary>The first value of one element.</summary>
    /// <param name="random">The parameter's own stream.</param>
    /// <param name="index">The element's place in the parameter.</param>
    /// <param name="fanIn">How many inputs feed one output.</param>
    /// <param name="fanOut">How many outputs one input feeds.</param>
    public abstract double Draw(RandomStream random, long index, int fanIn, int fanOut);

    /// <summary>Fills a whole parameter. The elements are drawn one by one, unless an initializer needs to see them together.</summary>
    /// <param name="random">The parameter's own stream.</param>
    /// <param name="shape">[inputs, outputs], [height, width, inputs, outputs], or [features] (a bias: both fans are its length).</param>
    /// <param name="groups">Into how many groups inputs and outputs part: [.., inputs] is then one group's, [.., outputs] all groups'.</param>
    /// <param name="values">[shape], to be written.</param>
    public virtual void Fill(RandomStream random, Shape shape, int groups, Span<double> values)
    {
        (int fanIn, int fanOut) = Fans(shape, groups);
        for (int i = 0; i < values.Length; i++)
            values[i] = Draw(random, i, fanIn, fanOut);
    }

    /// <summary>The code that made it, defaults left out, invariant culture: <c>HeNormal()</c>.</summary>
    public sealed override string ToString() => Code.Of(this, PrintMembers);

    /// <summary>The last two axes are inputs and outputs; what stands before them (a kernel) multiplies both.</summary>
    private static (int In, int Out) Fans(Shape shape, int groups)
    {
        if (shape.Rank == 1)
            return (shape[0], shape[0]);
        int inputs = shape[shape.Rank - 2], outputs = shape.Last, kernel = shape.Length / (inputs * outputs);
        return (kernel * inputs, kernel * (outputs / groups));
    }
}
