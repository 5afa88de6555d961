using System.Text;

namespace MiniNet;

/// <summary>What poolings share: windows on an image, one for each pixel of the output.</summary>
/// <remarks>
/// Shape: [height, width, channels] → [⌊(height + 2·padding − kernel) / stride⌋ + 1, the same for the width, channels]:
/// pixels beyond the last whole window are not seen, as in PyTorch.
/// </remarks>
public abstract record Pool2D : Layer
{
    private protected Pool2D(Shape kernel, Shape stride, int padding)
    {
        Kernel = KernelSize.Required(kernel);
        Stride = stride.Rank == 0 ? Kernel : KernelSize.Given(stride);
        int most = Math.Min(Kernel[0], Kernel[1]) / 2;
        if (padding < 0 || padding > most)
            throw new ArgumentOutOfRangeException(nameof(padding), padding, $"padding must be from 0 to half of the kernel, {most}, so that every window sees the image, got {padding}.");
        Padding = padding;
    }

    /// <summary>A window's [height, width].</summary>
    public Shape Kernel { get; }

    /// <summary>How far apart the windows are: [down, across].</summary>
    public Shape Stride { get; }

    /// <summary>How many pixels the first window begins outside of the image, and the last one may end.</summary>
    public int Padding { get; }

    /// <inheritdoc/>
    public sealed override Shape Declare(Plan plan)
    {
        Shape image = plan.Input;
        (int leastHeight, int leastWidth) = (Kernel[0] - (2 * Padding), Kernel[1] - (2 * Padding));
        if (image.Rank != 3)
            throw plan.Error("[height, width, channels]");
        if (image[0] < leastHeight || image[1] < leastWidth)
            throw plan.Error($"[height, width, channels] with a height and width of at least {Math.Max(leastHeight, 1)} and {Math.Max(leastWidth, 1)} (or a smaller kernel, or more padding)");
        PoolWindows windows = Windows(image);
        return (windows.OutputHeight, windows.OutputWidth, windows.Channels);
    }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Argument(KernelSize.Short(Kernel)).Argument("stride", KernelSize.Short(Stride), unless: KernelSize.Short(Kernel)).Argument("padding", Padding, unless: 0);
        return true;
    }

    private protected PoolWindows Windows(Shape image) => new(image, Kernel, Stride, Padding);
}
