using System.Text;

namespace MiniNet;

/// <summary>What poolings share: square windows on an image, one for each pixel of the output.</summary>
/// <remarks>
/// Shape: [height, width, channels] → [(height + 2·padding − kernel) / stride + 1, the same of the width, channels], rounded down:
/// pixels beyond the last whole window are not seen, as in PyTorch.
/// </remarks>
public abstract record Pool2D : Layer
{
    private protected Pool2D(int kernel, int? stride, int padding)
    {
        Kernel = Guard.AtLeastOne(kernel);
        Stride = Guard.AtLeastOne(stride ?? kernel, nameof(stride));
        if (padding < 0 || padding > kernel / 2)
            throw new ArgumentOutOfRangeException(nameof(padding), padding, $"padding must be from 0 to half of the kernel, {kernel / 2}, so that every window sees the image, got {padding}.");
        Padding = padding;
    }

    /// <summary>How high and wide a window is.</summary>
    public int Kernel { get; }

    /// <summary>How many pixels lie between a window and the next.</summary>
    public int Stride { get; }

    /// <summary>How many pixels the first window begins outside of the image, and the last one may end.</summary>
    public int Padding { get; }

    /// <inheritdoc/>
    public sealed override Shape Declare(Plan plan)
    {
        Shape image = plan.Input;
        int least = Kernel - (2 * Padding);
        if (image.Rank != 3)
            throw plan.Error("[height, width, channels]");
        if (image[0] < least || image[1] < least)
            throw plan.Error($"[height, width, channels] with height and width of at least {least}, so that a window fits");
        PoolWindows windows = Windows(image);
        return (windows.OutputHeight, windows.OutputWidth, windows.Channels);
    }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        builder.Argument(Kernel).Argument("stride", Stride, unless: Kernel).Argument("padding", Padding, unless: 0);
        return true;
    }

    private protected PoolWindows Windows(Shape image) => new(image, Kernel, Kernel, Stride, Padding);
}
