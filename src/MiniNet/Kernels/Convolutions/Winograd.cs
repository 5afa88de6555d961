using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>
/// Convolution by a kernel of 3 × 3 with stride 1 as Winograd found it, F(2×2, 3×3): two by two pixels of the output from four by four of the input, by 16 multiplications
/// for each channel and filter where the formula has 36.
/// </summary>
/// <remarks>
/// In one dimension, two outputs y₀ = d₀g₀ + d₁g₁ + d₂g₂ and y₁ = d₁g₀ + d₂g₁ + d₃g₂ come from four products instead of six:
/// <code>
/// m₀ = (d₀ − d₂) · g₀                    y₀ = m₀ + m₁ + m₂
/// m₁ = (d₁ + d₂) · (g₀ + g₁ + g₂) / 2    y₁ = m₁ − m₂ − m₃
/// m₂ = (d₂ − d₁) · (g₀ − g₁ + g₂) / 2
/// m₃ = (d₁ − d₃) · g₂
/// </code>
/// With the signs and halves of the three columns in matrices that is y = Aᵀ[(Bᵀd) ⊙ (Gg)], and for rows and columns both, y = Aᵀ[(BᵀdB) ⊙ (GgGᵀ)]A. The sum over the
/// channels may be taken inside: for each of the 16 places of a 4 × 4 it is a matrix product, [tiles, channels] · [channels, filters].
/// The gradients follow, the same turned around: dg = Gᵀ[Σ over tiles of (BᵀdB) ⊙ (A dy Aᵀ)]G, and dd = B[(A dy Aᵀ) ⊙ (GgGᵀ)]Bᵀ, where tiles share pixels added up.
/// <para>
/// What it saves in products it pays in part for what stands around them, which comes and goes by the second-level cache: between 1.1 (32 channels, 11 × 11) and 1.8 times as
/// fast as the formula is what is left with 512-bit vectors, up to twice as fast with shorter ones.
/// Small whole numbers give the formula's bits. Others have other roundings: their root mean square error is 0.6 to 1 of the formula's in y and dx, where sums are nine times
/// shorter, and 0.7 to 1.2 of it in dw. What is not finite spoils those outputs that see it and no others, but ∞ may show as NaN, and at the border of an image it may
/// reach weights, in dw, that never saw it. Sums of four values must not overflow.
/// </para>
/// Winograd, "Arithmetic complexity of computations", 1980; Lavin and Gray, "Fast algorithms for convolutional neural networks", 2016.
/// </remarks>
internal static unsafe class Winograd<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    /// <summary>In each of which a tile has one product: 4 × 4.</summary>
    internal const int Places = Side * Side, Side = 4;

    private const int LeastChannels = 16, LeastPixels = 100, LeastSide = 4;
    private const int MostPairs = 1 << 16;                   // of channel and filter
    private const int MostOfTileRow = 1 << 20;               // numbers, of all channels and filters in all places

    /// <summary>Whether a convolution is one of these, and faster so, be it of a single image.</summary>
    internal static bool Fits(in ConvolutionGeometry g) =>
        (typeof(T) == typeof(float) || typeof(T) == typeof(double))
        && g.Groups == 1 && g.KernelHeight == 3 && g.KernelWidth == 3 && g.StrideHeight == 1 && g.StrideWidth == 1 && g.DilationHeight == 1 && g.DilationWidth == 1
        && g.Channels >= LeastChannels && g.Filters >= LeastChannels && (long)g.Channels * g.Filters <= MostPairs
        && g.OutputHeight >= LeastSide && g.OutputWidth >= LeastSide && g.OutputHeight * g.OutputWidth >= LeastPixels && (long)g.OutputWidth * (g.Channels + g.Filters) * Places / 2 <= MostOfTileRow;

    /// <summary>A row of the 4 × 4 places of BᵀdB, for a row of tiles: to[place, tile, channel].</summary>
    /// <param name="g">What lies where.</param>
    /// <param name="image">The first channel of the image's first pixel.</param>
    /// <param name="tileRow">Which row of tiles.</param>
    /// <param name="placeRow">Which row of places.</param>
    /// <param name="channels">How many channels, 16 at least; the pixels may have more.</param>
    /// <param name="to">The first tile's first place.</param>
    /// <param name="plane">From a place to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Input<TSimd, TVector>(in ConvolutionGeometry g, T* image, int tileRow, int placeRow, int channels, T* to, nint plane) where TSimd : struct, ISimd<TVector, T>
    {
        int pixel = g.Channels, width = g.Width, first = -g.Left, last = g.OutputWidth + (g.OutputWidth & 1) - g.Left, row = (2 * tileRow) - g.Top;
        // The rows of Bᵀd: d₀ − d₂, d₁ + d₂, d₂ − d₁, d₁ − d₃.
        (int one, int other) = placeRow switch { 0 => (0, 2), 1 => (1, 2), 2 => (2, 1), _ => (1, 3) };
        T* oneRow = ConvolutionMemory<T>.RowOf(g, image, row + one), otherRow = ConvolutionMemory<T>.RowOf(g, image, row + other);
        TVector zero = TSimd.Create(T.Zero), sign = TSimd.Create(placeRow == 1 ? T.One : -T.One);
        for (int channel = 0; channel < channels; channel += TSimd.Count)
        {
            int at = Math.Min(channel, channels - TSimd.Count);                      // the last vector may overlap the one before it, and writes the same there
            T* tile = to + at;
            TVector d0 = zero, d1 = zero;
            for (int column = first; column <= last; column += 2)
            {
                // Two more columns. With the two before them the tile to the left has its four.
                TVector d2 = (uint)column < (uint)width ? Both<TSimd, TVector>(oneRow, otherRow, sign, ((nint)column * pixel) + at) : zero;
                TVector d3 = (uint)(column + 1) < (uint)width ? Both<TSimd, TVector>(oneRow, otherRow, sign, ((nint)(column + 1) * pixel) + at) : zero;
                if (column > first)
                {
                    TSimd.Store(TSimd.Subtract(d0, d2), tile);
                    TSimd.Store(TSimd.Add(d1, d2), tile + plane);
                    TSimd.Store(TSimd.Subtract(d2, d1), tile + (2 * plane));
                    TSimd.Store(TSimd.Subtract(d1, d3), tile + (3 * plane));
                    tile += channels;
                }
                (d0, d1) = (d2, d3);
            }
        }
    }

    /// <summary>A vector of one row ± that of another, where a row that is not there is zero.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static TVector Both<TSimd, TVector>(T* oneRow, T* otherRow, TVector sign, nint at) where TSimd : struct, ISimd<TVector, T>
    {
        TVector zero = TSimd.Create(T.Zero);
        return TSimd.MultiplyAdd(sign, otherRow == null ? zero : TSimd.Load(otherRow + at), oneRow == null ? zero : TSimd.Load(oneRow + at));
    }

    /// <summary>GgGᵀ: to[place, input, output].</summary>
    /// <param name="inputs">Channels, or filters for the way back.</param>
    /// <param name="outputs">Filters, or channels for the way back.</param>
    /// <param name="w">[3, 3, inputs, outputs]</param>
    /// <param name="to">The first place.</param>
    /// <param name="plane">From a place to the next.</param>
    /// <param name="row">From an input to the next.</param>
    internal static void Weights<TSimd, TVector>(int inputs, int outputs, T* w, T* to, nint plane, nint row) where TSimd : struct, ISimd<TVector, T>
    {
        nint tap = (nint)inputs * outputs;
        for (int input = 0; input < inputs; input++, w += outputs, to += row)
        {
            for (int output = 0; output < outputs; output += TSimd.Count)
            {
                int at = Math.Min(output, outputs - TSimd.Count);
                T* from = w + at, u = to + at;
                Four<TSimd, TVector>(from, 3 * tap, out TVector g00, out TVector g10, out TVector g20, out TVector g30);
                Four<TSimd, TVector>(from + tap, 3 * tap, out TVector g01, out TVector g11, out TVector g21, out TVector g31);
                Four<TSimd, TVector>(from + (2 * tap), 3 * tap, out TVector g02, out TVector g12, out TVector g22, out TVector g32);
                WeightRow<TSimd, TVector>(g00, g01, g02, u, plane);
                WeightRow<TSimd, TVector>(g10, g11, g12, u + (4 * plane), plane);
                WeightRow<TSimd, TVector>(g20, g21, g22, u + (8 * plane), plane);
                WeightRow<TSimd, TVector>(g30, g31, g32, u + (12 * plane), plane);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Four<TSimd, TVector>(T* from, nint step, out TVector u0, out TVector u1, out TVector u2, out TVector u3) where TSimd : struct, ISimd<TVector, T>
    {
        u0 = TSimd.Load(from);
        u3 = TSimd.Load(from + (2 * step));
        Halves<TSimd, TVector>(u0, TSimd.Load(from + step), u3, out u1, out u2);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WeightRow<TSimd, TVector>(TVector g0, TVector g1, TVector g2, T* to, nint plane) where TSimd : struct, ISimd<TVector, T>
    {
        Halves<TSimd, TVector>(g0, g1, g2, out TVector plus, out TVector minus);
        TSimd.Store(g0, to);
        TSimd.Store(plus, to + plane);
        TSimd.Store(minus, to + (2 * plane));
        TSimd.Store(g2, to + (3 * plane));
    }

    /// <summary>(g₀ + g₂ ± g₁) / 2.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Halves<TSimd, TVector>(TVector g0, TVector g1, TVector g2, out TVector plus, out TVector minus) where TSimd : struct, ISimd<TVector, T>
    {
        TVector half = TSimd.Create(T.One / (T.One + T.One)), outer = TSimd.Add(g0, g2);
        plus = TSimd.Multiply(half, TSimd.Add(outer, g1));
        minus = TSimd.Multiply(half, TSimd.Subtract(outer, g1));
    }

    /// <summary>AᵀmA + bias for a row of tiles, from[place, tile, filter].</summary>
    /// <param name="g">What lies where.</param>
    /// <param name="from">The first tile's first place.</param>
    /// <param name="plane">From a place to the next.</param>
    /// <param name="row">From a tile to the next.</param>
    /// <param name="bias">[filters] or null.</param>
    /// <param name="image">The first pixel of the image that is put out.</param>
    /// <param name="tileRow">Which row of tiles.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void Output<TSimd, TVector>(in ConvolutionGeometry g, T* from, nint plane, nint row, T* bias, T* image, int tileRow) where TSimd : struct, ISimd<TVector, T>
    {
        int filters = g.Filters, width = g.OutputWidth;
        bool hasTwoRows = (2 * tileRow) + 1 < g.OutputHeight;
        T* row0 = image + ((nint)2 * tileRow * width * filters), row1 = hasTwoRows ? row0 + ((nint)width * filters) : row0;
        for (int filter = 0; filter < filters; filter += TSimd.Count)
        {
            int at = Math.Min(filter, filters - TSimd.Count);
            T* m = from + at, y0 = row0 + at, y1 = row1 + at;
            TVector b = bias == null ? TSimd.Create(T.Zero) : TSimd.Load(bias + at);
            for (int column = 0; column < width; column += 2, m += row, y0 += 2 * filters, y1 += 2 * filters)
            {
                OutputColumn<TSimd, TVector>(m, plane, out TVector m00, out TVector m10);
                OutputColumn<TSimd, TVector>(m + plane, plane, out TVector m01, out TVector m11);
                OutputColumn<TSimd, TVector>(m + (2 * plane), plane, out TVector m02, out TVector m12);
                OutputColumn<TSimd, TVector>(m + (3 * plane), plane, out TVector m03, out TVector m13);
                // Where there is one row only, both go there, the upper one last.
                TSimd.Store(TSimd.Add(b, TSimd.Add(TSimd.Add(m10, m11), m12)), y1);
                TSimd.Store(TSimd.Add(b, TSimd.Add(TSimd.Add(m00, m01), m02)), y0);
                if (column + 1 < width)
                {
                    TSimd.Store(TSimd.Add(b, TSimd.Subtract(TSimd.Subtract(m11, m12), m13)), y1 + filters);
                    TSimd.Store(TSimd.Add(b, TSimd.Subtract(TSimd.Subtract(m01, m02), m03)), y0 + filters);
                }
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void OutputColumn<TSimd, TVector>(T* from, nint plane, out TVector m0, out TVector m1) where TSimd : struct, ISimd<TVector, T>
    {
        TVector x0 = TSimd.Load(from), x1 = TSimd.Load(from + (4 * plane)), x2 = TSimd.Load(from + (8 * plane)), x3 = TSimd.Load(from + (12 * plane));
        m0 = TSimd.Add(TSimd.Add(x0, x1), x2);
        m1 = TSimd.Subtract(TSimd.Subtract(x1, x2), x3);
    }

    /// <summary>A row of the 4 × 4 places of A dy Aᵀ, for a row of tiles: to[place, tile, filter]. What <see cref="Output"/> is to the values, this is to their gradients.</summary>
    /// <param name="g">What lies where.</param>
    /// <param name="image">The first pixel of the gradient.</param>
    /// <param name="tileRow">Which row of tiles.</param>
    /// <param name="placeRow">Which row of places.</param>
    /// <param name="to">The first tile's first place.</param>
    /// <param name="plane">From a place to the next.</param>
    /// <param name="row">From a tile to the next.</param>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    internal static void OutputGradient<TSimd, TVector>(in ConvolutionGeometry g, T* image, int tileRow, int placeRow, T* to, nint plane, nint row) where TSimd : struct, ISimd<TVector, T>
    {
        int filters = g.Filters, width = g.OutputWidth;
        // The rows of A dy: y₀, y₀ + y₁, y₀ − y₁, −y₁. Below the image y₁ is zero.
        T* first = image + ((nint)2 * tileRow * width * filters), second = first + ((nint)width * filters);
        T* upper = placeRow < 3 ? first : null, lower = placeRow > 0 && (2 * tileRow) + 1 < g.OutputHeight ? second : null;
        TVector zero = TSimd.Create(T.Zero), sign = TSimd.Create(placeRow == 1 ? T.One : -T.One);
        for (int column = 0; column < width; column += 2, to += row)
        {
            bool hasRight = column + 1 < width;
            for (int filter = 0; filter < filters; filter += TSimd.Count)
            {
                int at = Math.Min(filter, filters - TSimd.Count);
                T* tile = to + at;
                nint pixel = ((nint)column * filters) + at;
                TVector left = Both<TSimd, TVector>(upper, lower, sign, pixel), right = hasRight ? Both<TSimd, TVector>(upper, lower, sign, pixel + filters) : zero;
                TSimd.Store(left, tile);
                TSimd.Store(TSimd.Add(left, right), tile + plane);
                TSimd.Store(TSimd.Subtract(left, right), tile + (2 * plane));
                TSimd.Store(TSimd.Subtract(zero, right), tile + (3 * plane));
            }
        }
    }

    /// <summary>
    /// dx = BmBᵀ (+ bias) of a row of tiles, from[place, tile, channel]. What <see cref="Input"/> is to the values, this is to their gradients: of the four rows of pixels it
    /// sees, it adds to the upper two, where the tiles above have been, and begins the lower two.
    /// </summary>
    /// <param name="g">What lies where.</param>
    /// <param name="from">The first tile's first place.</param>
    /// <param name="plane">From a place to the next.</param>
    /// <param name="row">From a tile to the next.</param>
    /// <param name="bias">[channels] or null, for a transposed convolution.</param>
    /// <param name="image">The first pixel of the gradient, to be written row of tiles by row of tiles.</param>
    /// <param name="tileRow">Which row of tiles.</param>
    internal static void InputGradient<TSimd, TVector>(in ConvolutionGeometry g, T* from, nint plane, nint row, T* bias, T* image, int tileRow) where TSimd : struct, ISimd<TVector, T>
    {
        int channels = g.Channels, channel = 0;
        for (; channel + TSimd.Count <= channels; channel += TSimd.Count)
            FourRows<TSimd, TVector, WholeLanes<T, TSimd, TVector>>(g, default, from + channel, plane, row, bias == null ? null : bias + channel, image + channel, tileRow);
        if (channel < channels)
            FourRows<TSimd, TVector, FirstLanes<T, TSimd, TVector>>(g, new(channels - channel), from + channel, plane, row, bias == null ? null : bias + channel, image + channel, tileRow);
    }

    /// <summary>All pixels that a row of tiles sees, of so many channels as a vector has.</summary>
    [MethodImpl(MethodImplOptions.AggressiveOptimization)]
    private static void FourRows<TSimd, TVector, TLanes>(in ConvolutionGeometry g, TLanes lanes, T* from, nint plane, nint row, T* bias, T* image, int tileRow)
        where TSimd : struct, ISimd<TVector, T> where TLanes : struct, ILanes<TVector, T>
    {
        int top = (2 * tileRow) - g.Top;
        TVector begin = bias == null ? TSimd.Create(T.Zero) : lanes.Load(bias);
        TwoRows<TSimd, TVector, TLanes>(g, lanes, from, plane, row, isLower: false, ConvolutionMemory<T>.RowOf(g, image, top), ConvolutionMemory<T>.RowOf(g, image, top + 1), begin, adds: tileRow > 0);
        TwoRows<TSimd, TVector, TLanes>(g, lanes, from, plane, row, isLower: true, ConvolutionMemory<T>.RowOf(g, image, top + 2), ConvolutionMemory<T>.RowOf(g, image, top + 3), begin, adds: false);
    }

    /// <summary>The upper or lower two of the four rows of pixels; one that is not there is null.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void TwoRows<TSimd, TVector, TLanes>(in ConvolutionGeometry g, TLanes lanes, T* from, nint plane, nint row, bool isLower, T* row0, T* row1, TVector begin, bool adds)
        where TSimd : struct, ISimd<TVector, T> where TLanes : struct, ILanes<TVector, T>
    {
        int pixel = g.Channels, width = g.Width, last = g.OutputWidth + (g.OutputWidth & 1) - g.Left;
        TVector zero = TSimd.Create(T.Zero), left00 = zero, left01 = zero, left10 = zero, left11 = zero;         // of the two columns that a tile shares with the next
        for (int column = -g.Left; column <= last; column += 2, from += row)
        {
            TVector m00 = zero, m01 = zero, m02 = zero, m03 = zero, m10 = zero, m11 = zero, m12 = zero, m13 = zero;
            if (column < last)
            {
                InputGradientColumn<TSimd, TVector>(from, plane, isLower, out m00, out m10);
                InputGradientColumn<TSimd, TVector>(from + plane, plane, isLower, out m01, out m11);
                InputGradientColumn<TSimd, TVector>(from + (2 * plane), plane, isLower, out m02, out m12);
                InputGradientColumn<TSimd, TVector>(from + (3 * plane), plane, isLower, out m03, out m13);
            }
            if ((uint)column < (uint)width)
            {
                Put<TSimd, TVector, TLanes>(lanes, row0, (nint)column * pixel, TSimd.Add(left00, m00), begin, adds);
                Put<TSimd, TVector, TLanes>(lanes, row1, (nint)column * pixel, TSimd.Add(left10, m10), begin, adds);
            }
            if ((uint)(column + 1) < (uint)width)
            {
                Put<TSimd, TVector, TLanes>(lanes, row0, (nint)(column + 1) * pixel, TSimd.Add(left01, TSimd.Add(TSimd.Subtract(m01, m02), m03)), begin, adds);
                Put<TSimd, TVector, TLanes>(lanes, row1, (nint)(column + 1) * pixel, TSimd.Add(left11, TSimd.Add(TSimd.Subtract(m11, m12), m13)), begin, adds);
            }
            (left00, left01) = (TSimd.Subtract(TSimd.Add(m01, m02), m00), TSimd.Subtract(zero, m03));
            (left10, left11) = (TSimd.Subtract(TSimd.Add(m11, m12), m10), TSimd.Subtract(zero, m13));
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void InputGradientColumn<TSimd, TVector>(T* from, nint plane, bool isLower, out TVector m0, out TVector m1) where TSimd : struct, ISimd<TVector, T>
    {
        TVector x0 = TSimd.Load(from), x1 = TSimd.Load(from + (4 * plane)), x2 = TSimd.Load(from + (8 * plane)), x3 = TSimd.Load(from + (12 * plane));
        m0 = isLower ? TSimd.Subtract(TSimd.Add(x1, x2), x0) : x0;
        m1 = isLower ? TSimd.Subtract(TSimd.Create(T.Zero), x3) : TSimd.Add(TSimd.Subtract(x1, x2), x3);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Put<TSimd, TVector, TLanes>(TLanes lanes, T* row, nint at, TVector value, TVector begin, bool adds)
        where TSimd : struct, ISimd<TVector, T> where TLanes : struct, ILanes<TVector, T>
    {
        if (row != null)
            lanes.Store(TSimd.Add(adds ? lanes.Load(row + at) : begin, value), row + at);
    }

    /// <summary>GᵀsG, from[place, channel, filter]: the gradient of the weights.</summary>
    /// <param name="channels">How many channels.</param>
    /// <param name="filters">How many filters.</param>
    /// <param name="from">The first place.</param>
    /// <param name="plane">From a place to the next.</param>
    /// <param name="row">From a channel to the next.</param>
    /// <param name="dw">[3, 3, channels, filters], overwritten</param>
    internal static void WeightGradient<TSimd, TVector>(int channels, int filters, T* from, nint plane, nint row, T* dw) where TSimd : struct, ISimd<TVector, T>
    {
        nint tap = (nint)channels * filters;
        for (int channel = 0; channel < channels; channel++, from += row, dw += filters)
        {
            for (int filter = 0; filter < filters; filter += TSimd.Count)
            {
                int at = Math.Min(filter, filters - TSimd.Count);
                T* s = from + at, to = dw + at;
                WeightGradientColumn<TSimd, TVector>(s, plane, out TVector g00, out TVector g10, out TVector g20);
                WeightGradientColumn<TSimd, TVector>(s + plane, plane, out TVector g01, out TVector g11, out TVector g21);
                WeightGradientColumn<TSimd, TVector>(s + (2 * plane), plane, out TVector g02, out TVector g12, out TVector g22);
                WeightGradientColumn<TSimd, TVector>(s + (3 * plane), plane, out TVector g03, out TVector g13, out TVector g23);
                WeightGradientRow<TSimd, TVector>(g00, g01, g02, g03, to, tap);
                WeightGradientRow<TSimd, TVector>(g10, g11, g12, g13, to + (3 * tap), tap);
                WeightGradientRow<TSimd, TVector>(g20, g21, g22, g23, to + (6 * tap), tap);
            }
        }
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WeightGradientColumn<TSimd, TVector>(T* from, nint plane, out TVector g0, out TVector g1, out TVector g2) where TSimd : struct, ISimd<TVector, T> =>
        Three<TSimd, TVector>(TSimd.Load(from), TSimd.Load(from + (4 * plane)), TSimd.Load(from + (8 * plane)), TSimd.Load(from + (12 * plane)), out g0, out g1, out g2);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void WeightGradientRow<TSimd, TVector>(TVector s0, TVector s1, TVector s2, TVector s3, T* to, nint tap) where TSimd : struct, ISimd<TVector, T>
    {
        Three<TSimd, TVector>(s0, s1, s2, s3, out TVector g0, out TVector g1, out TVector g2);
        TSimd.Store(g0, to);
        TSimd.Store(g1, to + tap);
        TSimd.Store(g2, to + (2 * tap));
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Three<TSimd, TVector>(TVector s0, TVector s1, TVector s2, TVector s3, out TVector g0, out TVector g1, out TVector g2) where TSimd : struct, ISimd<TVector, T>
    {
        TVector half = TSimd.Create(T.One / (T.One + T.One)), sum = TSimd.Multiply(half, TSimd.Add(s1, s2));
        g0 = TSimd.Add(s0, sum);
        g1 = TSimd.Multiply(half, TSimd.Subtract(s1, s2));
        g2 = TSimd.Add(sum, s3);
    }
}
