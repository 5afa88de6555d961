using System.Text;

namespace MiniNet;

/// <summary>An image so many times as high and wide, every pixel repeated: y[i, j, c] = x[⌊i / factor⌋, ⌊j / factor⌋, c].</summary>
/// <remarks>
/// Shape: [height, width, channels] → [factor · height, factor · width, channels]. The way back from pooling: each pixel fills a window of its own, and
/// ∂x[i, j, c] is the sum of dy over that window. PyTorch's Upsample(mode="nearest") with a whole factor.
/// </remarks>
public sealed record Upsample2D : Layer
{
    /// <summary>An enlargement.</summary>
    /// <param name="factor">How often each pixel is repeated along each axis.</param>
    /// <exception cref="ArgumentOutOfRangeException">factor is less than 1.</exception>
    public Upsample2D(int factor) => Factor = Guard.AtLeastOne(factor);

    /// <summary>How often each pixel is repeated along each axis.</summary>
    public int Factor { get; }

    internal override bool MayOverwriteInput => true;

    /// <inheritdoc/>
    public override Shape Declare(Plan plan)
    {
        Shape image = plan.Input;
        if (image.Rank != 3)
            throw plan.Error("[height, width, channels]");
        if ((double)image.Length * Factor * Factor > int.MaxValue)
            throw plan.Error($"an image of which {Factor} × {Factor} as many values are no more than {int.MaxValue}");
        return (image[0] * Factor, image[1] * Factor, image[2]);
    }

    /// <inheritdoc/>
    public override void Forward<T>(in Pass<T> pass) => pass.Spread(T.One, Windows(pass.Plan.Output), pass.Input, pass.Output);

    /// <inheritdoc/>
    public override void Backward<T>(in Pass<T> pass) => pass.Gather(default(SumPooling<T>), Windows(pass.Plan.Output), pass.OutputGradient, pass.InputGradient);

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Argument(Factor);
        return true;
    }

    private PoolWindows Windows(Shape enlarged) => new(enlarged, (Factor, Factor), (Factor, Factor), padding: 0);
}
