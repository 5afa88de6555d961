using System.Text;

namespace MiniNet;

/// <summary>A random matrix whose columns (or rows, where there are fewer of them) stand at right angles and have the length <see cref="Gain"/>.</summary>
/// <remarks>
/// Made from a matrix of normal numbers by Gram and Schmidt's method, twice for the rounding. The matrix is [kernel · inputs, outputs].
/// Saxe, McClelland and Ganguli, "Exact solutions to the nonlinear dynamics of learning in deep linear neural networks", 2013.
/// </remarks>
public sealed record Orthogonal : Initializer
{
    /// <summary>An orthogonal matrix.</summary>
    /// <param name="gain">The length of each column or row.</param>
    /// <exception cref="ArgumentOutOfRangeException">The gain is not a finite number above 0.</exception>
    public Orthogonal(double gain = 1) => Gain = Guard.Positive(gain);

    /// <summary>The length of each column or row.</summary>
    public double Gain { get; }

    /// <summary>An element of the normal matrix that <see cref="Fill"/> makes orthogonal: no element can be drawn without the others.</summary>
    public override double Draw(RandomStream random, long index, int fanIn, int fanOut) => random.Normal(index);

    /// <inheritdoc/>
    public override void Fill(RandomStream random, Shape shape, int groups, Span<double> values)
    {
        base.Fill(random, shape, groups, values);
        int columns = shape.Last, rows = shape.Length / columns;
        bool byRow = rows <= columns;
        (int vectors, int length) = byRow ? (rows, columns) : (columns, rows);
        (int next, int step) = byRow ? (columns, 1) : (1, columns);           // from vector to vector, from element to element
        for (int i = 0; i < vectors; i++)
        {
            Span<double> v = values[(i * next)..];
            for (int repeat = 0; repeat < 2; repeat++)
            {
                for (int j = 0; j < i; j++)
                {
                    Span<double> u = values[(j * next)..];
                    double along = Dot(u, v, length, step) / (Gain * Gain);
                    for (int k = 0; k < length; k++)
                        v[k * step] -= along * u[k * step];
                }
            }
            double scale = Gain / Math.Sqrt(Dot(v, v, length, step));
            for (int k = 0; k < length; k++)
                v[k * step] *= scale;
        }
    }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        if (Gain != 1)
            builder.Argument(Gain);
        return true;
    }

    private static double Dot(ReadOnlySpan<double> a, ReadOnlySpan<double> b, int length, int step)
    {
        double sum = 0;
        for (int k = 0; k < length; k++)
            sum += a[k * step] * b[k * step];
        return sum;
    }
}
