using System.Numerics;

namespace MiniNet;

/// <summary>
/// Convolutions of images by the matrix kernel's tiles, on the images as they lie.
/// </summary>
/// <remarks>
/// With channels last, the kernel width · channels values under an output pixel lie side by side, and the pixel to its right sees the same values one pixel further. So the
/// pixels of an output row are rows of a matrix A that is the image itself, read in as many segments as the kernel has rows; B are the weights as they are, and the filters
/// are the columns of C. Nothing is unfolded (im2col). Where zeros stand around an image it is copied, a few images at a time, into memory that stays in the cache; and so are weights
/// and gradients whose rows are long or cross cache lines, a panel at a time.
/// <para>
/// Kernels of 3 × 3 with stride 1 on 16 channels and more, and 100 pixels, go another way, with fewer multiplications: <see cref="Winograd{T}"/>. So do few filters, and the way back
/// to few channels, which would leave much of a vector empty: <see cref="NarrowConvolution{T}"/>.
/// </para>
/// <para>
/// Every sum has one order, there as here: forward taps row by row, or channels; weights image by image, pixel by pixel or tile by tile, where they are few in groups of
/// images that follow from the batch; backward tap by tap, or filters, and then row of tiles by row of tiles. Images, or weights, may be shared out over threads without a change of bits.
/// </para>
/// </remarks>
internal static unsafe class Convolution
{
    private const int MostExchanged = 32;                    // filters

    /// <summary>The weights as <see cref="Forward"/> takes them: as they are, or transformed, in memory of this thread's own until it prepares others.</summary>
    /// <param name="geometry">What lies where.</param>
    /// <param name="w">[kernel height, kernel width, channels / groups, filters]</param>
    internal static ReadOnlySpan<T> Prepare<T>(scoped in ConvolutionGeometry geometry, ReadOnlySpan<T> w) where T : unmanaged, IFloatingPointIeee754<T> =>
        Winograd<T>.Fits(geometry) ? Transform(geometry.Channels, geometry.Filters, w) : w;

    /// <summary>y = x ∗ w + bias.</summary>
    /// <param name="geometry">What lies where.</param>
    /// <param name="x">[images, height, width, channels]</param>
    /// <param name="w">[kernel height, kernel width, channels / groups, filters], as <see cref="Prepare"/> gives them.</param>
    /// <param name="bias">[filters], or empty.</param>
    /// <param name="y">[images, output height, output width, filters], overwritten</param>
    internal static void Forward<T>(in ConvolutionGeometry geometry, ReadOnlySpan<T> x, ReadOnlySpan<T> w, ReadOnlySpan<T> bias, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        int images = y.Length / geometry.OutputLength;
        fixed (T* px = x, pw = w[..PreparedLength<T>(geometry)], pb = bias, py = y)
        {
            if (DepthwiseRows<T>.Fits(geometry))
                Simd.Run<T, DepthwiseRows<T>>(new() { Geometry = geometry, X = px, W = pw, Bias = pb, Y = py, Images = images });
            else if (Winograd<T>.Fits(geometry))
                Simd.Run<T, WinogradConvolution<T>>(new() { Geometry = geometry, From = px, Weights = pw, Bias = pb, To = py, Images = images });
            else if (IsNarrow<T>(geometry))
                Simd.Run<T, NarrowConvolution<T>>(new() { Geometry = geometry.Backward(), OutputGradient = px, Turned = pw, Bias = pb, InputGradient = py, Images = images });
            else
                Simd.RunRows<T, ConvolutionForward<T>>(new() { Geometry = geometry, X = px, W = pw, Bias = pb, Y = py, Images = images }, geometry.BlockFilters);
        }
    }

    /// <summary>How many parts <see cref="Weights"/> has to share out over threads.</summary>
    internal static int WeightParts<T>(in ConvolutionGeometry geometry, int images) where T : unmanaged, IFloatingPointIeee754<T> =>
        IsExchanged<T>(geometry) ? WeightParts<T>(geometry.Backward(), images)
        : Winograd<T>.Fits(geometry) ? WinogradWeightSums<T>.Parts(geometry)
        : ConvolutionWeights<T>.Tiles(geometry) * ConvolutionWeights<T>.Groups(geometry, images);

    /// <summary>Where <see cref="Weights"/> adds up: ∂w itself, or what it is made of, in memory of this thread's own until it prepares others.</summary>
    internal static Span<T> Sums<T>(scoped in ConvolutionGeometry geometry, int images, Span<T> dw) where T : unmanaged, IFloatingPointIeee754<T>
    {
        int length = SumLength<T>(geometry, images);
        return length == dw.Length && !IsExchanged<T>(geometry) ? dw : ConvolutionMemory<T>.Weights(length);
    }

    /// <summary>
    /// Some parts of the sums of ∂w: rows of places and channels of <see cref="WinogradWeightSums{T}"/>, or tiles of <see cref="ConvolutionWeights{T}"/>, for one group of images
    /// after the other.
    /// </summary>
    /// <param name="geometry">What lies where.</param>
    /// <param name="x">[images, height, width, channels]</param>
    /// <param name="dy">[images, output height, output width, filters]</param>
    /// <param name="sums">As <see cref="Sums"/> gives them, of which the parts are overwritten.</param>
    /// <param name="from">The first part.</param>
    /// <param name="to">The part after the last.</param>
    internal static void Weights<T>(in ConvolutionGeometry geometry, ReadOnlySpan<T> x, ReadOnlySpan<T> dy, Span<T> sums, int from, int to)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (IsExchanged<T>(geometry))
        {
            Weights(geometry.Backward(), dy, x, sums, from, to);
            return;
        }
        int images = dy.Length / geometry.OutputLength;
        fixed (T* px = x, pdy = dy, ps = sums[..SumLength<T>(geometry, images)])
        {
            if (Winograd<T>.Fits(geometry))
            {
                WinogradWeightSums<T> kernel = new() { Geometry = geometry, X = px, OutputGradient = pdy, Sums = ps, Images = images };
                while (from < to)
                {
                    from += kernel.NextParts(from, to);
                    Simd.Run<T, WinogradWeightSums<T>>(kernel);
                }
                return;
            }
            int tiles = ConvolutionWeights<T>.Tiles(geometry), groups = ConvolutionWeights<T>.Groups(geometry, images);
            for (int end; from < to; from = end)
            {
                (int group, int first) = Math.DivRem(from, tiles);
                end = Math.Min(to, from - first + tiles);
                int firstImage = (int)((long)images * group / groups), endImage = (int)((long)images * (group + 1) / groups);
                ConvolutionWeights<T> kernel = new()
                {
                    Geometry = geometry,
                    X = px + ((nint)firstImage * geometry.Length),
                    OutputGradient = pdy + ((nint)firstImage * geometry.OutputLength),
                    Gradient = ps + ((nint)group * geometry.WeightLength),
                    Images = endImage - firstImage,
                    MostImages = (images + groups - 1) / groups,
                    From = first,
                    To = first + end - from,
                };
                if (DepthwiseRows<T>.Fits(geometry))
                    Simd.Run<T, DepthwiseWeights<T>>(new(kernel));
                else
                    Simd.RunRows<T, ConvolutionWeights<T>>(kernel, geometry.BlockFilters);
            }
        }
    }

    /// <summary>∂w of its sums, once all parts are there.</summary>
    /// <param name="geometry">What lies where.</param>
    /// <param name="sums">As <see cref="Sums"/> gave them.</param>
    /// <param name="dw">[kernel height, kernel width, channels / groups, filters], overwritten</param>
    internal static void Finish<T>(in ConvolutionGeometry geometry, Span<T> sums, Span<T> dw) where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (sums == dw)
            return;
        if (Winograd<T>.Fits(geometry))
        {
            fixed (T* from = sums, pdw = dw)
                Simd.Run<T, WinogradTransform<T>>(new() { Inputs = geometry.Channels, Outputs = geometry.Filters, Weights = pdw, Transformed = from, IsBack = true });
            return;
        }
        Span<T> first = sums[..dw.Length];
        for (int group = dw.Length; group < sums.Length; group += dw.Length)
            RowKernels.Add(first, sums.Slice(group, dw.Length), first);
        if (!IsExchanged<T>(geometry))
        {
            first.CopyTo(dw);
            return;
        }
        fixed (T* from = first, pdw = dw)
        {
            int length = geometry.Channels * geometry.Filters;
            for (int tap = 0; tap < geometry.Taps; tap++)
                Copies<T>.Transposed(from + ((geometry.Taps - 1 - tap) * length), geometry.Channels, pdw + (tap * length), geometry.Filters, geometry.Channels, geometry.Filters);
        }
    }

    /// <summary>The way back: dx = Σ over taps of dy · wᵀ (+ bias, where a transposed convolution goes forward by it).</summary>
    /// <param name="geometry">What lies where.</param>
    /// <param name="dy">[images, output height, output width, filters]</param>
    /// <param name="turned">[kernel height, kernel width, filters / groups, channels], the weights as <see cref="Turn"/> gives them.</param>
    /// <param name="bias">[channels], or empty.</param>
    /// <param name="dx">[images, height, width, channels], overwritten</param>
    internal static void Backward<T>(in ConvolutionGeometry geometry, ReadOnlySpan<T> dy, ReadOnlySpan<T> turned, ReadOnlySpan<T> bias, Span<T> dx)
        where T : unmanaged, IFloatingPointIeee754<T>
    {
        if (Winograd<T>.Fits(geometry))
        {
            fixed (T* from = dy, pw = turned[..WinogradTransform<T>.Length(geometry.Filters, geometry.Channels)], pb = bias, to = dx)
                Simd.Run<T, WinogradConvolution<T>>(new() { Geometry = geometry, IsBack = true, From = from, Weights = pw, Bias = pb, To = to, Images = dx.Length / geometry.Length });
            return;
        }
        if (NarrowConvolution<T>.Fits(geometry) && !IsWinogradBackward<T>(geometry))
        {
            fixed (T* pdy = dy, pw = turned, pb = bias, pdx = dx)
                Simd.Run<T, NarrowConvolution<T>>(new() { Geometry = geometry, OutputGradient = pdy, Turned = pw, Bias = pb, InputGradient = pdx, Images = dx.Length / geometry.Length });
            return;
        }
        if (IsConvolutionBackward<T>(geometry))
        {
            Forward(geometry.Backward(), dy, turned, bias, dx);
            return;
        }
        fixed (T* pdy = dy, pw = turned, pb = bias, pdx = dx)
            Simd.RunRows<T, ConvolutionScatter<T>>(new() { Geometry = geometry, OutputGradient = pdy, Turned = pw, Bias = pb, InputGradient = pdx, Images = dx.Length / geometry.Length }, geometry.Channels / geometry.Blocks);
    }

    /// <summary>
    /// The weights as <see cref="Backward"/> takes them: inputs and outputs exchanged within each group, and the kernel turned by half a turn; or, the kernel as it is, transformed.
    /// </summary>
    /// <param name="geometry">What lies where.</param>
    /// <param name="w">[kernel height, kernel width, channels / groups, filters]</param>
    /// <param name="turned">[kernel height, kernel width, filters / groups, channels], memory for them.</param>
    internal static ReadOnlySpan<T> Turn<T>(scoped in ConvolutionGeometry geometry, ReadOnlySpan<T> w, Span<T> turned) where T : unmanaged, IFloatingPointIeee754<T>
    {
        (int channels, int filters, int taps) = (geometry.GroupChannels, geometry.GroupFilters, geometry.Taps);
        bool isTransformed = Winograd<T>.Fits(geometry);
        fixed (T* from = w, to = turned)
        {
            for (int tap = 0; tap < taps; tap++)
            {
                T* tapFrom = from + ((nint)tap * channels * geometry.Filters), tapTo = to + ((nint)(isTransformed ? tap : taps - 1 - tap) * filters * geometry.Channels);
                for (int group = 0; group < geometry.Groups; group++)
                    Copies<T>.Transposed(tapFrom + (group * filters), geometry.Filters, tapTo + (group * channels), geometry.Channels, filters, channels);
            }
        }
        if (isTransformed)
            return Transform<T>(geometry.Filters, geometry.Channels, turned);
        return IsConvolutionBackward<T>(geometry) ? Prepare<T>(geometry.Backward(), turned) : turned;
    }

    /// <summary>Whether the way back is taken as a convolution itself: where the zeros of its padding are few, or cheap. Elsewhere each tap is better scattered by itself.</summary>
    private static bool IsConvolutionBackward<T>(in ConvolutionGeometry geometry) where T : unmanaged, IFloatingPointIeee754<T> =>
        geometry.HasConvolutionBackward
        && (geometry.IsDepthwise || geometry.UsefulColumns * 10 >= 9L * geometry.Width * geometry.KernelWidth || IsWinogradBackward<T>(geometry));

    /// <summary>Whether the convolution that goes back is one of <see cref="Winograd{T}"/>'s: padded, it may have the pixels that the other lacks.</summary>
    private static bool IsWinogradBackward<T>(in ConvolutionGeometry geometry) where T : unmanaged, IFloatingPointIeee754<T> =>
        geometry.HasConvolutionBackward && Winograd<T>.Fits(geometry.Backward());

    /// <summary>Whether filters are so few that their convolution is taken as the way back of another.</summary>
    private static bool IsNarrow<T>(in ConvolutionGeometry geometry) where T : unmanaged, IFloatingPointIeee754<T> =>
        geometry.HasConvolutionBackward && NarrowConvolution<T>.Fits(geometry.Backward());

    /// <summary>
    /// Whether the weights' gradient is better taken as that of the convolution that goes back, where image and gradient have changed places: its filters are these channels, and
    /// where there are more of them, they fill more of a vector. What is not finite at the border of an image may then show in weights that never saw it, as with <see cref="Winograd{T}"/>.
    /// </summary>
    private static bool IsExchanged<T>(in ConvolutionGeometry geometry) where T : unmanaged, IFloatingPointIeee754<T> =>
        geometry.HasConvolutionBackward && geometry.Groups == 1 && geometry.Taps > 1 && geometry.Filters <= MostExchanged && geometry.Filters * 2 <= geometry.Channels
        && !Winograd<T>.Fits(geometry) && !IsWinogradBackward<T>(geometry) && geometry.Backward().IsMostlyUseful;

    private static int PreparedLength<T>(in ConvolutionGeometry geometry) where T : unmanaged, IFloatingPointIeee754<T> =>
        Winograd<T>.Fits(geometry) ? WinogradTransform<T>.Length(geometry.Channels, geometry.Filters) : geometry.WeightLength;

    private static int SumLength<T>(in ConvolutionGeometry geometry, int images) where T : unmanaged, IFloatingPointIeee754<T> =>
        Winograd<T>.Fits(geometry) ? WinogradTransform<T>.Length(geometry.Channels, geometry.Filters)
        : IsExchanged<T>(geometry) ? SumLength<T>(geometry.Backward(), images)
        : geometry.WeightLength * ConvolutionWeights<T>.Groups(geometry, images);

    private static ReadOnlySpan<T> Transform<T>(int inputs, int outputs, ReadOnlySpan<T> w) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Span<T> transformed = ConvolutionMemory<T>.Weights(WinogradTransform<T>.Length(inputs, outputs));
        fixed (T* from = w, to = transformed)
            Simd.Run<T, WinogradTransform<T>>(new() { Inputs = inputs, Outputs = outputs, Weights = from, Transformed = to });
        return transformed;
    }
}
