namespace MiniNet;

/// <summary>How the windows of a pooling lie on an image: one for each pixel of the output, <see cref="Stride"/> apart, the first one <see cref="Padding"/> outside.</summary>
internal readonly record struct PoolWindows
{
    internal PoolWindows(Shape image, int kernelHeight, int kernelWidth, int stride, int padding)
    {
        (Height, Width, Channels) = (image[0], image[1], image[2]);
        (KernelHeight, KernelWidth, Stride, Padding) = (kernelHeight, kernelWidth, stride, padding);
        OutputHeight = ((Height + (2 * padding) - kernelHeight) / stride) + 1;
        OutputWidth = ((Width + (2 * padding) - kernelWidth) / stride) + 1;
    }

    internal int Height { get; }

    internal int Width { get; }

    internal int Channels { get; }

    internal int KernelHeight { get; }

    internal int KernelWidth { get; }

    internal int Stride { get; }

    internal int Padding { get; }

    internal int OutputHeight { get; }

    internal int OutputWidth { get; }

    /// <summary>Values of one image.</summary>
    internal int Length => Height * Width * Channels;

    /// <summary>Values of one image of the output.</summary>
    internal int OutputLength => OutputHeight * OutputWidth * Channels;

    /// <summary>Whether every pixel of the image is in one window, and in one only.</summary>
    internal bool Tile => Padding == 0 && Tiles(Height, OutputHeight, KernelHeight) && Tiles(Width, OutputWidth, KernelWidth);

    /// <summary>So many rows of output that a hand-over to another thread is worth it.</summary>
    internal int RowGrain => Math.Max(1, WorthAThread / (OutputWidth * KernelHeight * KernelWidth * Channels));

    /// <summary>So many images that a hand-over to another thread is worth it.</summary>
    internal int ImageGrain => Math.Max(1, RowGrain / OutputHeight);

    private const int WorthAThread = 1 << 17;                // taps

    /// <summary>The rows of the image, from … to, that the windows of a row of the output see.</summary>
    internal (int From, int To) Rows(int outputRow)
    {
        int first = (outputRow * Stride) - Padding;
        return (Math.Max(first, 0), Math.Min(first + KernelHeight, Height));
    }

    /// <summary>The columns of the image, from … to, that the windows of a column of the output see.</summary>
    internal (int From, int To) Columns(int outputColumn)
    {
        int first = (outputColumn * Stride) - Padding;
        return (Math.Max(first, 0), Math.Min(first + KernelWidth, Width));
    }

    /// <summary>Whether windows side by side fill a line exactly; where there is more than one, they are then one kernel apart.</summary>
    private bool Tiles(int length, int windows, int kernel) => windows * kernel == length && ((windows - 1) * Stride) + kernel == length;
}
