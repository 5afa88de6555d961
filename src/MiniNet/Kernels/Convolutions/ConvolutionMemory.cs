using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>What a thread needs beside images and weights while it convolves: images with zeros around them, or in tiles, transformed weights, and where the segments of the kernel begin.</summary>
internal static unsafe class ConvolutionMemory<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>How many bytes a panel of weights has at most.</summary>
    internal const int LargestPanel = 4 << 20;

    private const int CachedImages = 1 << 20, LargestImages = 4 << 20, WorthACopy = 256;                // bytes; pixels of the output

    /// <summary>How many numbers a cache line has.</summary>
    internal static int LineLength => AlignedArray.CacheLine / sizeof(T);

    [ThreadStatic]
    private static T[]? images;

    [ThreadStatic]
    private static (T[]? Array, int Start) weights;

    [ThreadStatic]
    private static nint[]? segments;

    /// <summary>
    /// Whether weights with so many columns are worth being copied into panels: their rows are longer than a tile is wide, or cross cache lines, and enough pixels of the output
    /// use the copy.
    /// </summary>
    internal static bool IsWorthPanels<TSimd, TVector>(in ConvolutionGeometry geometry, T* weights, int columns, int images) where TSimd : struct, ISimd<TVector, T> =>
        !geometry.IsDepthwise && (long)images * geometry.OutputHeight * geometry.OutputWidth >= WorthACopy
        && (columns > Tile<T>.Widest<TSimd, TVector>() * TSimd.Count || Copies<T>.IsAskew<TSimd, TVector>(weights, columns));

    /// <summary>How long a panel of so many rows of weights is at most, if so many columns lie side by side.</summary>
    internal static long PanelLength<TSimd, TVector>(int rows, int columns) where TSimd : struct, ISimd<TVector, T> =>
        (long)rows * Math.Min(Tile<T>.MostVectors<TSimd, TVector>(), Tile<T>.Vectors<TSimd, TVector>(columns)) * TSimd.Count;

    /// <summary>For how many images of this length one panel of the weights is used before the next is: as many as the second-level cache holds, or more where the weights are many.</summary>
    internal static int ImagesAtOnce(in ConvolutionGeometry geometry, int length, int images) =>
        Math.Clamp(Math.Clamp(geometry.WeightLength, CachedImages / sizeof(T), LargestImages / sizeof(T)) / length, 1, images);

    /// <summary>From one image with zeros around it to the next: each begins a cache line.</summary>
    internal static int PaddedStep(in ConvolutionGeometry geometry) => checked((geometry.PaddedLength + LineLength - 1) / LineLength * LineLength);

    /// <summary>Memory of this thread's own for images, zeros around them included, each from a cache line on: made when first needed.</summary>
    internal static T[] Images(in ConvolutionGeometry geometry, int count) => Tiles(checked((PaddedStep(geometry) * count) + LineLength));

    /// <summary>The same memory where there are tiles instead: so many numbers.</summary>
    internal static T[] Tiles(int length) => images?.Length >= length ? images : images = new T[length];

    /// <summary>Memory of this thread's own for so many weights, from a cache line on: the same at each call.</summary>
    internal static Span<T> Weights(int length)
    {
        if (weights.Array is null || weights.Array.Length - weights.Start < length)
            weights = AlignedArray.Create<T>(length, isZero: false);
        return weights.Array.AsSpan(weights.Start, length);
    }

    /// <summary>Memory of this thread's own for so many places.</summary>
    internal static nint[] Segments(int count) => segments?.Length >= count ? segments : segments = new nint[count];

    /// <summary>A row of an image, or null for a row of the zeros around it.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T* RowOf(in ConvolutionGeometry geometry, T* image, int row) => (uint)row < (uint)geometry.Height ? image + ((nint)row * geometry.Width * geometry.Channels) : null;

    /// <summary>The same, with the way from a pixel to the next: a row of zeros is one pixel, seen again and again, so that no loop over pixels has to ask.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    internal static T* RowOf(in ConvolutionGeometry geometry, T* image, int row, T* zeros, out nint step)
    {
        bool isOnImage = (uint)row < (uint)geometry.Height;
        step = isOnImage ? geometry.Channels : 0;
        return isOnImage ? image + ((nint)row * geometry.Width * geometry.Channels) : zeros;
    }

    /// <summary>So many images with zeros around them, <see cref="PaddedStep"/> apart, from where the first cache line begins.</summary>
    internal static T* Pad(in ConvolutionGeometry geometry, T* images, int count, T* memory)
    {
        int step = PaddedStep(geometry);
        memory = Copies<T>.Align(memory);
        for (int image = 0; image < count; image++)
            Pad(geometry, images + ((nint)image * geometry.Length), memory + ((nint)image * step));
        return memory;
    }

    /// <summary>The image with zeros around it, in the memory given, or the image itself where it needs none.</summary>
    internal static T* Pad(in ConvolutionGeometry geometry, T* image, T* memory)
    {
        if (!geometry.IsPadded)
            return image;
        memory = Copies<T>.Align(memory);
        int channels = geometry.Channels, row = geometry.PaddedWidth * channels, rows = Math.Clamp(geometry.PaddedHeight - geometry.Top, 0, geometry.Height);
        int left = Math.Min(geometry.Left, geometry.PaddedWidth) * channels, inner = Math.Min(geometry.Width * channels, row - left);
        // The zeros to the right of a row and those to the left of the next lie side by side, and so do all rows above, and all below.
        T* zeros = memory, end = memory + ((nint)geometry.PaddedHeight * row), to = memory + ((nint)geometry.Top * row) + left;
        for (; rows > 0; rows--, to += row, image += geometry.Width * channels)
        {
            new Span<T>(zeros, (int)(to - zeros)).Clear();
            new ReadOnlySpan<T>(image, inner).CopyTo(new Span<T>(to, inner));
            zeros = to + inner;
        }
        new Span<T>(zeros, (int)(end - zeros)).Clear();
        return memory;
    }
}
