namespace MiniNet;

/// <summary>
/// How the kernel of a convolution moves over an image: sizes, steps and what lies where, without the numbers themselves.
/// </summary>
/// <remarks>
/// Pixel (i, j) of the output sees, under tap (p, q) of the kernel, pixel (i·stride + p·dilation − top, j·stride + q·dilation − left) of the image.
/// Input channels and filters part into as many groups; filter f sees the channels of its group only.
/// Images are [height, width, channels], outputs [output height, output width, filters], weights [kernel height, kernel width, channels / groups, filters].
/// </remarks>
internal readonly struct ConvolutionGeometry
{
    internal readonly int Height, Width, Channels, OutputHeight, OutputWidth, Filters, Groups;
    internal readonly int LeastHeight, LeastWidth;           // of an image that the kernel fits into
    internal readonly Shape Output;                          // [output height, output width, filters]
    internal readonly int KernelHeight, KernelWidth, StrideHeight, StrideWidth, DilationHeight, DilationWidth, Top, Left;

    /// <summary>A convolution of an image by so many filters; the output has no height and width where the kernel does not fit into the padded image.</summary>
    internal ConvolutionGeometry(Shape image, int filters, Shape kernel, Shape stride, Shape dilation, Padding padding, int groups)
    {
        (Height, Width, Channels, Filters, Groups) = (image[0], image[1], image[2], filters, groups);
        (KernelHeight, KernelWidth, StrideHeight, StrideWidth, DilationHeight, DilationWidth) = (kernel[0], kernel[1], stride[0], stride[1], dilation[0], dilation[1]);
        int spanHeight = checked(((KernelHeight - 1) * DilationHeight) + 1), spanWidth = checked(((KernelWidth - 1) * DilationWidth) + 1);
        ((Top, int bottom), (Left, int right)) = (padding.Vertical(Height, spanHeight, StrideHeight), padding.Horizontal(Width, spanWidth, StrideWidth));
        (LeastHeight, LeastWidth) = (Math.Max(1, checked(spanHeight - Top - bottom)), Math.Max(1, checked(spanWidth - Left - right)));
        if (Height < LeastHeight || Width < LeastWidth)
            return;
        OutputHeight = checked(Height + Top + bottom - spanHeight) / StrideHeight + 1;
        OutputWidth = checked(Width + Left + right - spanWidth) / StrideWidth + 1;
        Output = (OutputHeight, OutputWidth, Filters);
        _ = PaddedLength;                                        // what is too large to be laid out is refused now, not in the first pass
        if (kernel.Length == 1 && stride.Length == 1 && OutputHeight == Height && OutputWidth == Width)
            (Height, Width, OutputHeight, OutputWidth) = (1, Height * Width, 1, Height * Width);      // one tap: all pixels in a row
    }

    private ConvolutionGeometry(in ConvolutionGeometry forward)
    {
        this = forward;
        (Height, Width, Channels, OutputHeight, OutputWidth, Filters) = (forward.OutputHeight, forward.OutputWidth, forward.Filters, forward.Height, forward.Width, forward.Channels);
        (Top, Left) = (((KernelHeight - 1) * DilationHeight) - Top, ((KernelWidth - 1) * DilationWidth) - Left);
    }

    internal int Length => Height * Width * Channels;

    internal int OutputLength => OutputHeight * OutputWidth * Filters;

    internal int GroupChannels => Channels / Groups;

    internal int GroupFilters => Filters / Groups;

    internal int Taps => KernelHeight * KernelWidth;

    internal int WeightLength => Taps * GroupChannels * Filters;

    internal long Multiplies => (long)OutputHeight * OutputWidth * WeightLength;

    /// <summary>Each channel by itself, with one filter of its own: the kernel then runs over channels side by side.</summary>
    internal bool IsDepthwise => Groups > 1 && Groups == Channels && Groups == Filters;

    /// <summary>How many groups are worked on one after the other.</summary>
    internal int Blocks => IsDepthwise ? 1 : Groups;

    /// <summary>The filters that are worked on side by side.</summary>
    internal int BlockFilters => Filters / Blocks;

    // The image with its zeros around, as far as the kernel gets.

    internal int PaddedHeight => ((OutputHeight - 1) * StrideHeight) + ((KernelHeight - 1) * DilationHeight) + 1;

    internal int PaddedWidth => ((OutputWidth - 1) * StrideWidth) + ((KernelWidth - 1) * DilationWidth) + 1;

    internal bool IsPadded => Top > 0 || Left > 0 || PaddedHeight > Height || PaddedWidth > Width;

    internal int PaddedLength => IsPadded ? checked(PaddedHeight * PaddedWidth * Channels) : 0;

    /// <summary>From a row of the image, padded where it needs to be, to the next.</summary>
    internal int RowLength => (IsPadded ? PaddedWidth : Width) * Channels;

    // What lies side by side under a row of the kernel: all channels of all its columns, unless dilation or groups part them.

    private bool IsInOnePiece => IsDepthwise || KernelWidth == 1 || (DilationWidth == 1 && Groups == 1);

    internal int SegmentsPerRow => IsInOnePiece ? 1 : KernelWidth;

    internal int SegmentDepth => IsDepthwise ? KernelWidth : IsInOnePiece ? KernelWidth * GroupChannels : GroupChannels;

    /// <summary>From a value of a segment to the next.</summary>
    internal int SegmentStep => IsDepthwise ? DilationWidth * Channels : 1;

    /// <summary>Where a segment begins, seen from the first tap.</summary>
    internal nint Segment(int row, int column) => ((nint)row * DilationHeight * RowLength) + (column * DilationWidth * Channels);

    /// <summary>The rows of the kernel, from … to, that lie on the image and not on zeros for a row of the output.</summary>
    internal (int From, int To) KernelRows(int outputRow) =>
        Range((outputRow * StrideHeight) - Top, DilationHeight, Height, KernelHeight);

    /// <summary>The rows of the output, from … to, that a row of the kernel takes from the image and not from zeros.</summary>
    internal (int From, int To) OutputRows(int kernelRow) => Range((kernelRow * DilationHeight) - Top, StrideHeight, Height, OutputHeight);

    /// <summary>The columns of the output, from … to, that a column of the kernel takes from the image and not from zeros.</summary>
    internal (int From, int To) OutputColumns(int kernelColumn) => Range((kernelColumn * DilationWidth) - Left, StrideWidth, Width, OutputWidth);

    /// <summary>Whether the way back may be taken as a convolution itself, of the output's gradient, padded, by the kernel turned around: with stride 1 only.</summary>
    internal bool HasConvolutionBackward => StrideHeight == 1 && StrideWidth == 1 && Top <= (KernelHeight - 1) * DilationHeight && Left <= (KernelWidth - 1) * DilationWidth;

    /// <summary>How many of the products with the rows of the kernel, in a column of the image, are not with zeros.</summary>
    internal long UsefulRows => Useful(KernelHeight, Top, DilationHeight, StrideHeight, Height, OutputHeight);

    /// <summary>How many of the products with the columns of the kernel, in a row of the image, are not with zeros.</summary>
    internal long UsefulColumns => Useful(KernelWidth, Left, DilationWidth, StrideWidth, Width, OutputWidth);

    /// <summary>Whether most products of the pixels of the output with the kernel are not with zeros: half of them at least.</summary>
    internal bool IsMostlyUseful => UsefulRows * UsefulColumns * 2 >= (long)OutputHeight * OutputWidth * Taps;

    /// <summary>The convolution that goes back, where there is one.</summary>
    internal ConvolutionGeometry Backward() => new(this);

    private static long Useful(int taps, int before, int dilation, int stride, int size, int outputSize)
    {
        long useful = 0;
        for (int tap = 0; tap < taps; tap++)
        {
            (int from, int to) = Range((tap * dilation) - before, stride, size, outputSize);
            useful += Math.Max(0, to - from);
        }
        return useful;
    }

    /// <summary>Which of the places first, first + step, … lie in 0 to size − 1.</summary>
    private static (int From, int To) Range(int first, int step, int size, int count)
    {
        int from = first >= 0 ? 0 : (-first + step - 1) / step;
        int to = first >= size ? 0 : Math.Min(count, ((size - 1 - first) / step) + 1);
        return (Math.Min(from, to), to);
    }
}
