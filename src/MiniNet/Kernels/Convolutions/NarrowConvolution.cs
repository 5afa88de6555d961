using System.Numerics;
using System.Runtime.CompilerServices;
using System.Runtime.Intrinsics;

namespace MiniNet;

/// <summary>
/// The way back, dx = Σ over taps of dy · wᵀ (+ bias), where the image has so few channels that much of a vector would be empty. All taps of a pixel of dy are had at once,
/// [pixels, filters] · [filters, taps · channels], some rows of pixels at a time; then each pixel of dx adds up those that saw it.
/// </summary>
/// <remarks>A convolution with stride 1 is the way back of another, so this is also how a few filters are computed: see <see cref="ConvolutionGeometry.Backward"/>.</remarks>
internal unsafe struct NarrowConvolution<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int CacheBytes = 128 << 10, BytesPerFilter = 32 << 10, LargestBytes = 1536 << 10, MostWeights = 1 << 20;

    public ConvolutionGeometry Geometry;
    public T* OutputGradient;  // [images, output height, output width, filters]
    public T* Turned;          // [kernel height, kernel width, filters, channels], the last tap first
    public T* Bias;            // [channels] or null
    public T* InputGradient;   // [images, height, width, channels], overwritten
    public int Images;

    /// <summary>
    /// Whether the way back of a convolution is faster so: it takes fewer steps, most taps of most pixels lie on the image, and the products stay in the cache, of which they may take
    /// the more the more filters each of them sums.
    /// </summary>
    internal static bool Fits(in ConvolutionGeometry g) =>
        (typeof(T) == typeof(float) || typeof(T) == typeof(double))
        && g.Groups == 1 && g.Taps > 1 && IsShorter(g) && g.WeightLength <= MostWeights
        && 2L * RowsSeen(g) * g.OutputWidth * WinogradBlocks<T>.WholeLines(g.Taps * g.Channels) * sizeof(T) <= Math.Min((long)BytesPerFilter * g.Filters, LargestBytes)
        && g.IsMostlyUseful;

    /// <summary>
    /// Whether it takes fewer steps, of a vector times a number each: for every tap and filter of a pixel of dy the channels by themselves, however few of a vector they fill, or all taps'
    /// packed and then, to add up each, about three more.
    /// </summary>
    private static bool IsShorter(in ConvolutionGeometry g) =>
        ((long)WinogradBlocks<T>.WholeLines((nint)g.Taps * g.Channels) * g.Filters) + (3L * ConvolutionMemory<T>.LineLength * g.Taps) < (long)WinogradBlocks<T>.WholeLines(g.Channels) * g.Taps * g.Filters;

    /// <summary>How many rows of dy a row of dx lies between at most.</summary>
    private static int RowsSeen(in ConvolutionGeometry g) => Math.Min(((g.KernelHeight - 1) * g.DilationHeight / g.StrideHeight) + 1, g.OutputHeight);

    public readonly void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
    {
        ConvolutionGeometry g = Geometry;
        int columns = Tile<T>.Vectors<TSimd, TVector>(g.Taps * g.Channels) * TSimd.Count;              // of a pixel: zeros up to a whole vector
        int row = g.OutputWidth * columns, line = ConvolutionMemory<T>.LineLength;
        int rowsAtOnce = Math.Min(Math.Max(CacheBytes / sizeof(T) / row, 2 * RowsSeen(g)), g.OutputHeight);        // twice those seen, so that few are kept and moved
        fixed (nint* chains = ConvolutionMemory<T>.Segments(2 * (Math.Min(g.StrideWidth, g.Width) + g.KernelWidth + g.Taps)))
        fixed (T* memory = ConvolutionMemory<T>.Tiles((rowsAtOnce * row) + (g.Filters * columns) + (2 * line)))
        {
            T* weights = Copies<T>.Align(memory), products = weights + (g.Filters * columns);
            PutSideBySide<TSimd, TVector>(weights, columns);
            nint* endOfChains = FindChains(g, columns, chains);
            for (int image = 0; image < Images; image++)
            {
                T* dy = OutputGradient + ((nint)image * g.OutputLength), dx = InputGradient + ((nint)image * g.Length);
                for (int i = 0, from = 0, to = 0; i < g.Height; i++, dx += g.Width * g.Channels)          // from, to: the rows of dy whose products are there
                {
                    int first = Math.Max(0, (i + g.Top - ((g.KernelHeight - 1) * g.DilationHeight) + g.StrideHeight - 1) / g.StrideHeight), end = Math.Min(((i + g.Top) / g.StrideHeight) + 1, g.OutputHeight);
                    if (end > Math.Max(first, to))
                    {
                        // The next rows come behind those that are seen again.
                        int kept = Math.Max(0, to - first), rows = Math.Min(rowsAtOnce, g.OutputHeight - first) - kept;
                        new ReadOnlySpan<T>(products + ((to - kept - from) * row), kept * row).CopyTo(new Span<T>(products, kept * row));
                        Multiply<TSimd, TVector>(dy + ((nint)(first + kept) * g.OutputWidth * g.Filters), weights, products + (kept * row), rows * g.OutputWidth, columns);
                        (from, to) = (first, first + kept + rows);
                    }
                    AddUp<TSimd, TVector>(products, row, from, i, chains, endOfChains, dx);
                }
            }
        }
    }

    /// <summary>products[pixel, tap, channel] of so many pixels.</summary>
    private readonly void Multiply<TSimd, TVector>(T* dy, T* weights, T* products, int pixels, int columns) where TSimd : struct, ISimd<TVector, T> =>
        new MatrixProduct<T>
        {
            A = dy,
            ARow = Geometry.Filters,
            AColumn = 1,
            B = weights,
            BRow = columns,
            BColumn = 1,
            C = products,
            CRow = columns,
            Rows = pixels,
            Inner = Geometry.Filters,
            Columns = columns,
        }.Run<TSimd, TVector>();

    /// <summary>The weights of all taps beside each other: to[filter, tap, channel].</summary>
    private readonly void PutSideBySide<TSimd, TVector>(T* to, int columns) where TSimd : struct, ISimd<TVector, T>
    {
        int channels = Geometry.Channels, taps = Geometry.Taps, filters = Geometry.Filters;
        for (int filter = 0; filter < filters; filter++, to += columns)
        {
            for (int tap = 0; tap < taps; tap++)
            {
                T* from = Turned + ((((nint)(taps - 1 - tap) * filters) + filter) * channels);
                if (channels == 1)
                {
                    to[tap] = *from;
                    continue;
                }
                for (int channel = 0; channel < channels; channel += TSimd.Count)
                    TSimd.Store(Lanes<T, TSimd, TVector>.Load(from + channel, channels - channel), to + (tap * channels) + channel);        // what it writes beyond is written again
            }
            new Span<T>(to + (taps * channels), columns - (taps * channels)).Clear();
        }
    }

    /// <summary>
    /// Which columns of the kernel see a pixel of dx: with a stride, not all of them. For the first column of dx, and those to the next stride: the column, how many columns of the
    /// kernel see it, and for each of these the pixel of dy it stands on, of which a stride further is the next, and how far its product lies from the beginning of the row.
    /// </summary>
    /// <returns>The end of the list.</returns>
    private static nint* FindChains(in ConvolutionGeometry g, int columns, nint* chain)
    {
        for (int column = 0; column < Math.Min(g.StrideWidth, g.Width); column++)
        {
            nint* next = chain + 2;
            for (int q = 0; q < g.KernelWidth; q++)
            {
                (int pixel, int rest) = Math.DivRem(column + g.Left - (q * g.DilationWidth), g.StrideWidth);
                if (rest != 0)
                    continue;
                *next++ = pixel;
                *next++ = ((nint)pixel * columns) + (q * g.Channels);
            }
            (chain[0], chain[1]) = (column, (nint)(next - chain - 2) / 2);
            chain = next;
        }
        return chain;
    }

    /// <summary>A row of dx, of the products of the rows of dy that saw it: on the shortest vectors that hold all channels, since wider ones would cross cache lines for nothing.</summary>
    private readonly void AddUp<TSimd, TVector>(T* products, int row, int firstRow, int i, nint* chains, nint* endOfChains, T* to) where TSimd : struct, ISimd<TVector, T>
    {
        if (Geometry.Channels <= Vector128<T>.Count && Vector128.IsHardwareAccelerated)
            AddUp<Simd128<T>, Vector128<T>>(Geometry, products, row, firstRow, i, chains, endOfChains, Bias, to);
        else if (Geometry.Channels <= Vector256<T>.Count && Vector256.IsHardwareAccelerated)
            AddUp<Simd256<T>, Vector256<T>>(Geometry, products, row, firstRow, i, chains, endOfChains, Bias, to);
        else
            AddUp<TSimd, TVector>(Geometry, products, row, firstRow, i, chains, endOfChains, Bias, to);
    }

    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void AddUp<TSimd, TVector>(in ConvolutionGeometry g, T* products, int row, int firstRow, int i, nint* chains, nint* endOfChains, T* bias, T* to)
        where TSimd : struct, ISimd<TVector, T>
    {
        nint* taps = endOfChains;
        for (nint* chain = chains; chain < endOfChains; chain += 2 + (2 * chain[1]))
        {
            // All taps of these pixels, row by row of the kernel.
            int count = 0;
            nint least = 0, most = 0;
            for (int p = 0; p < g.KernelHeight; p++)
            {
                (int outputRow, int rest) = g.StrideHeight == 1 ? (i + g.Top - (p * g.DilationHeight), 0) : Math.DivRem(i + g.Top - (p * g.DilationHeight), g.StrideHeight);
                if (rest != 0 || (uint)outputRow >= (uint)g.OutputHeight)
                    continue;
                nint start = ((nint)(outputRow - firstRow) * row) + (p * g.KernelWidth * g.Channels);
                for (int k = 0; k < chain[1]; k++, count++)
                {
                    nint pixel = taps[2 * count] = chain[2 + (2 * k)];
                    taps[(2 * count) + 1] = start + chain[3 + (2 * k)];
                    (least, most) = (Math.Min(least, pixel), Math.Max(most, pixel));
                }
            }
            int column = (int)chain[0], channel = 0;
            for (; channel + TSimd.Count <= g.Channels; channel += TSimd.Count)
                AddUp<TSimd, TVector, WholeLanes<T, TSimd, TVector>>(g, default, products + channel, row, taps, count, least, most, column, bias == null ? null : bias + channel, to + channel);
            if (channel < g.Channels)
                AddUp<TSimd, TVector, FirstLanes<T, TSimd, TVector>>(g, new(g.Channels - channel), products + channel, row, taps, count, least, most, column, bias == null ? null : bias + channel, to + channel);
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void AddUp<TSimd, TVector, TLanes>(in ConvolutionGeometry g, TLanes lanes, T* products, int row, nint* taps, int count, nint least, nint most, int column, T* bias, T* to)
        where TSimd : struct, ISimd<TVector, T> where TLanes : struct, ILanes<TVector, T>
    {
        TVector begin = bias == null ? TSimd.Create(T.Zero) : lanes.Load(bias);
        nint columns = row / g.OutputWidth, width = g.OutputWidth;
        nint* end = taps + (2 * count);
        nint n = 0, step = (nint)g.StrideWidth * g.Channels, pixels = (g.Width - column + g.StrideWidth - 1) / g.StrideWidth;
        to += (nint)column * g.Channels;
        // What is loaded may go on into the products of the next tap: only the first lanes count.
        while (n < pixels)
        {
            TVector sum0 = begin;
            if (n + least >= 0 && n + 3 + most < width && n + 3 < pixels)
            {
                // Four pixels in step, where no tap stands on the zeros around dy.
                TVector sum1 = begin, sum2 = begin, sum3 = begin;
                for (nint* tap = taps; tap < end; tap += 2)
                {
                    T* from = products + tap[1];
                    sum0 = TSimd.Add(sum0, TSimd.Load(from));
                    sum1 = TSimd.Add(sum1, TSimd.Load(from + columns));
                    sum2 = TSimd.Add(sum2, TSimd.Load(from + (2 * columns)));
                    sum3 = TSimd.Add(sum3, TSimd.Load(from + (3 * columns)));
                }
                lanes.Store(sum0, to);
                lanes.Store(sum1, to + step);
                lanes.Store(sum2, to + (2 * step));
                lanes.Store(sum3, to + (3 * step));
                n += 4;
                products += 4 * columns;
                to += 4 * step;
                continue;
            }
            for (nint* tap = taps; tap < end; tap += 2)
            {
                if ((nuint)(n + tap[0]) < (nuint)width)
                    sum0 = TSimd.Add(sum0, TSimd.Load(products + tap[1]));
            }
            lanes.Store(sum0, to);
            n++;
            products += columns;
            to += step;
        }
    }
}
