namespace MiniNet;

/// <summary>How the windows of a pooling lie on an image: one for each pixel of the output, a stride apart, the first one so much outside as the padding is.</summary>
internal readonly record struct PoolWindows
{
    private const int WorthAThread = 1 << 15;                // taps

    internal PoolWindows(Shape image, Shape kernel, Shape stride, int padding)
    {
        (Height, Width, Channels) = (image[0], image[1], image[2]);
        (KernelHeight, KernelWidth, Down, Across, Padding) = (kernel[0], kernel[1], stride[0], stride[1], padding);
        OutputHeight = ((Height + (2 * padding) - KernelHeight) / Down) + 1;
        OutputWidth = ((Width + (2 * padding) - KernelWidth) / Across) + 1;
    }

    internal int Height { get; }

    internal int Width { get; }

    internal int Channels { get; }

    internal int KernelHeight { get; }

    internal int KernelWidth { get; }

    /// <summary>The stride from a row of windows to the next.</summary>
    internal int Down { get; }

    /// <summary>The stride from a column of windows to the next.</summary>
    internal int Across { get; }

    internal int Padding { get; }

    internal int OutputHeight { get; }

    internal int OutputWidth { get; }

    /// <summary>Values of one image.</summary>
    internal int Length => Height * Width * Channels;

    /// <summary>Values of one image of the output.</summary>
    internal int OutputLength => OutputHeight * OutputWidth * Channels;

    /// <summary>Whether every pixel of the image is in one window, and in one only.</summary>
    internal bool Tile => Padding == 0 && Tiles(Height, OutputHeight, KernelHeight, Down) && Tiles(Width, OutputWidth, KernelWidth, Across);

    /// <summary>Whether no pixel of the image is in two windows.</summary>
    internal bool AreApart => (KernelHeight <= Down || OutputHeight == 1) && (KernelWidth <= Across || OutputWidth == 1);

    /// <summary>So many rows of output that a hand-over to another thread is worth it.</summary>
    internal int RowGrain => (int)Math.Max(1, WorthAThread / ((long)OutputWidth * KernelHeight * KernelWidth * Channels));

    /// <summary>So many images that a hand-over to another thread is worth it.</summary>
    internal int ImageGrain => Math.Max(1, RowGrain / OutputHeight);

    /// <summary>The rows of the image, from … to, that the windows of a row of the output see.</summary>
    internal (int From, int To) Rows(int outputRow)
    {
        int first = (outputRow * Down) - Padding;
        return (Math.Max(first, 0), Math.Min(first + KernelHeight, Height));
    }

    /// <summary>The columns of the image, from … to, that the windows of a column of the output see.</summary>
    internal (int From, int To) Columns(int outputColumn)
    {
        int first = (outputColumn * Across) - Padding;
        return (Math.Max(first, 0), Math.Min(first + KernelWidth, Width));
    }

    /// <summary>Whether windows side by side fill a line exactly; where there is more than one, they are then one kernel apart.</summary>
    private static bool Tiles(int length, int windows, int kernel, int stride) => windows * kernel == length && ((windows - 1) * stride) + kernel == length;
}
