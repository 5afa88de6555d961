namespace MiniNet;

/// <summary>The mean of each channel over the whole image: y[c] = Σ x[i, j, c] / (height · width).</summary>
/// <remarks>
/// Shape: [height, width, channels] → [channels], whatever the size of the image. ∂x[i, j, c] = dy[c] / (height · width).
/// Lin, Chen and Yan, "Network in network", 2014.
/// </remarks>
public sealed record GlobalAveragePool2D : Layer
{
    internal override bool MayOverwriteInput => true;

    /// <inheritdoc/>
    public override Shape Declare(Plan plan) => plan.Input.Rank == 3 ? plan.Input.Last : throw plan.Error("[height, width, channels]");

    /// <inheritdoc/>
    public override void Forward<T>(in Pass<T> pass)
    {
        PoolWindows image = WholeImage(pass.Plan.Input);
        pass.Gather(new MeanPooling<T>(T.CreateChecked(image.Height * image.Width)), image, pass.Input, pass.Output);
    }

    /// <inheritdoc/>
    public override void Backward<T>(in Pass<T> pass)
    {
        PoolWindows image = WholeImage(pass.Plan.Input);
        pass.Spread(T.One / T.CreateChecked(image.Height * image.Width), image, pass.OutputGradient, pass.InputGradient);
    }

    private static PoolWindows WholeImage(Shape image) => new(image, (image[0], image[1]), (1, 1), padding: 0);
}
