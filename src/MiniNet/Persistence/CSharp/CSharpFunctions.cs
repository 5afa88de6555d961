using System.Text;

namespace MiniNet;

/// <summary>
/// The functions that exported source may need, as text: the library's kernels for one number at a time, step for step, so that they give the same bits.
/// REAL stands for float or double, MATH for MathF or Math. A function calls only those further down.
/// </summary>
internal static class CSharpFunctions
{
    private const string Layers = """
        // y = x·W + b for each row of x: a sum begins at its bias and takes the inputs in their order.
        private static void Dense(ReadOnlySpan<REAL> x, ReadOnlySpan<REAL> weight, ReadOnlySpan<REAL> bias, Span<REAL> y)
        {
            int inputs = weight.Length / bias.Length;
            for (; !x.IsEmpty; x = x.Slice(inputs), y = y.Slice(bias.Length))
            {
                bias.CopyTo(y);
                for (int i = 0; i < inputs; i++)
                {
                    ReadOnlySpan<REAL> row = weight.Slice(i * bias.Length, bias.Length);
                    for (int j = 0; j < row.Length; j++)
                        y[j] = MATH.FusedMultiplyAdd(x[i], row[j], y[j]);
                }
            }
        }

        // [height, width, channels], weight [kernel, inputs of a group, filters]
        private static void Conv2D(
            ReadOnlySpan<REAL> x, (int Height, int Width, int Channels) image, ReadOnlySpan<REAL> weight, ReadOnlySpan<REAL> bias, (int Height, int Width) kernel,
            (int Down, int Across) stride, (int Down, int Across) dilation, (int Top, int Left) padding, int groups, Span<REAL> y, (int Height, int Width, int Channels) output)
        {
            int inputs = image.Channels / groups, filters = output.Channels / groups;
            for (int row = 0; row < output.Height; row++)
            {
                for (int column = 0; column < output.Width; column++)
                {
                    Span<REAL> sums = y.Slice((row * output.Width + column) * output.Channels, output.Channels);
                    if (bias.IsEmpty)
                        sums.Clear();
                    else
                        bias.CopyTo(sums);
                    for (int k = 0; k < kernel.Height * kernel.Width; k++)
                    {
                        int r = row * stride.Down - padding.Top + k / kernel.Width * dilation.Down, c = column * stride.Across - padding.Left + k % kernel.Width * dilation.Across;
                        if (r < 0 || r >= image.Height || c < 0 || c >= image.Width)
                            continue;
                        for (int i = 0; i < inputs; i++)
                        {
                            for (int j = 0; j < sums.Length; j++)
                                sums[j] = MATH.FusedMultiplyAdd(x[(r * image.Width + c) * image.Channels + j / filters * inputs + i], weight[(k * inputs + i) * sums.Length + j], sums[j]);
                        }
                    }
                }
            }
        }

        private static void MaxPool2D(
            ReadOnlySpan<REAL> x, (int Height, int Width, int Channels) image, (int Height, int Width) kernel, (int Down, int Across) stride, int padding, Span<REAL> y, (int Height, int Width, int Channels) output)
        {
            for (int i = 0; i < y.Length; i++)
            {
                int top = i / output.Channels / output.Width * stride.Down - padding, left = i / output.Channels % output.Width * stride.Across - padding;
                REAL max = REAL.NegativeInfinity;
                for (int r = Math.Max(top, 0); r < Math.Min(top + kernel.Height, image.Height); r++)
                {
                    for (int c = Math.Max(left, 0); c < Math.Min(left + kernel.Width, image.Width); c++)
                        max = MATH.Max(max, x[(r * image.Width + c) * image.Channels + i % image.Channels]);
                }
                y[i] = max;
            }
        }

        // The sum of what a window sees, divided by its size, be it within the image or not.
        private static void AveragePool2D(
            ReadOnlySpan<REAL> x, (int Height, int Width, int Channels) image, (int Height, int Width) kernel, (int Down, int Across) stride, int padding, Span<REAL> y, (int Height, int Width, int Channels) output)
        {
            for (int i = 0; i < y.Length; i++)
            {
                int top = i / output.Channels / output.Width * stride.Down - padding, left = i / output.Channels % output.Width * stride.Across - padding;
                REAL sum = 0;
                for (int r = Math.Max(top, 0); r < Math.Min(top + kernel.Height, image.Height); r++)
                {
                    for (int c = Math.Max(left, 0); c < Math.Min(left + kernel.Width, image.Width); c++)
                        sum += x[(r * image.Width + c) * image.Channels + i % image.Channels];
                }
                y[i] = sum / (kernel.Height * kernel.Width);
            }
        }

        private static void Upsample2D(ReadOnlySpan<REAL> x, (int Height, int Width, int Channels) image, int factor, Span<REAL> y)
        {
            for (int i = 0; i < y.Length; i++)
            {
                int pixel = i / image.Channels, row = pixel / (image.Width * factor) / factor, column = pixel % (image.Width * factor) / factor;
                y[i] = x[(row * image.Width + column) * image.Channels + i % image.Channels];
            }
        }

        // Channels first, as the weights after it expect them.
        private static void Flatten(ReadOnlySpan<REAL> x, int channels, Span<REAL> y)
        {
            for (int i = 0; i < x.Length; i++)
                y[i % channels * (x.Length / channels) + i / channels] = x[i];
        }

        // Each row of x beside the same row of z.
        private static void Concatenate(ReadOnlySpan<REAL> x, int columns, ReadOnlySpan<REAL> z, int zColumns, Span<REAL> y)
        {
            for (; !y.IsEmpty; x = x.Slice(columns), z = z.Slice(zColumns), y = y.Slice(columns + zColumns))
            {
                x.Slice(0, columns).CopyTo(y);
                z.Slice(0, zColumns).CopyTo(y.Slice(columns));
            }
        }

        // (x − mean)·inverse·weight + bias, each row by its own mean and deviation; without a bias by its size alone.
        private static void LayerNorm(ReadOnlySpan<REAL> x, ReadOnlySpan<REAL> weight, ReadOnlySpan<REAL> bias, REAL epsilon, Span<REAL> y)
        {
            for (; !x.IsEmpty; x = x.Slice(weight.Length), y = y.Slice(weight.Length))
            {
                REAL mean = 0, squares = 0;
                for (int j = 0; j < bias.Length; j++)
                    mean += x[j] / weight.Length;
                for (int j = 0; j < weight.Length; j++)
                    squares += (x[j] - mean) * (x[j] - mean);
                REAL inverse = 1 / MATH.Sqrt(squares / weight.Length + epsilon);
                for (int j = 0; j < weight.Length; j++)
                    y[j] = (x[j] - mean) * inverse * weight[j] + (bias.IsEmpty ? 0 : bias[j]);
            }
        }

        private static void LogSoftmax(ReadOnlySpan<REAL> x, int classes, Span<REAL> y)
        {
            for (; !x.IsEmpty; x = x.Slice(classes), y = y.Slice(classes))
            {
                REAL max = Greatest(x.Slice(0, classes)), sum = 0;
                for (int j = 0; j < classes; j++)
                    sum += Exp(x[j] - max);
                REAL all = max + MATH.Log(sum);
                for (int j = 0; j < classes; j++)
                    y[j] = x[j] - all;
            }
        }

        private static void Softmax(ReadOnlySpan<REAL> x, int classes, Span<REAL> y)
        {
            for (; !x.IsEmpty; x = x.Slice(classes), y = y.Slice(classes))
            {
                REAL max = Greatest(x.Slice(0, classes)), sum = 0;
                for (int j = 0; j < classes; j++)
                    sum += y[j] = Exp(x[j] - max);
                for (int j = 0; j < classes; j++)
                    y[j] /= sum;
            }
        }

        private static REAL Greatest(ReadOnlySpan<REAL> x)
        {
            REAL max = x[0];
            foreach (REAL value in x)
                max = MATH.Max(max, value);
            return max;
        }
        """;

    private const string Numbers = """
        private static REAL ReLU(REAL x) => 0 > x ? 0 : x;

        private static REAL LeakyReLU(REAL x, REAL slope) => 0 > x ? x * slope : x;

        private static REAL PReLU(REAL x, REAL slope) => x > 0 ? x : x * slope;

        private static REAL ELU(REAL x, REAL alpha) => 0 > x ? alpha * ExpM1(-40 > x ? -40 : x) : x;

        private static REAL HardSigmoid(REAL x)
        {
            REAL y = (x + 3) / 6;
            return 0 > y ? 0 : y > 1 ? 1 : y;
        }

        private static REAL SiLU(REAL x) => x * Sigmoid(x);

        private static REAL Softplus(REAL x) => (0 > x ? 0 : x) + Log1PUnit(Exp(-MATH.Abs(x)));

        private static REAL GELU(REAL x) => x * NormalCdf(x);

        private static REAL GELUByTanh(REAL x)
        {
            REAL half = x * (REAL)0.5, u = MATH.FusedMultiplyAdd(x * (x * x), (REAL)(0.79788456080286535588 * 0.044715), x * (REAL)0.79788456080286535588);
            return MATH.FusedMultiplyAdd(half, Tanh(u), half);
        }

        private static REAL Sigmoid(REAL x)
        {
            REAL e = Exp(-MATH.Abs(x));
            return (0 > x ? e : 1) / (1 + e);
        }

        private static REAL Tanh(REAL x)
        {
            REAL a = MATH.Abs(x);
            a = a > 22 ? 22 : a;
            REAL e = ExpM1(a + a);
            return MATH.CopySign(e / (e + 2), x);
        }

        // Φ(x), the distribution function of the standard normal, from its tail t·Q(t − u)·e^(−x²/2).
        private static REAL NormalCdf(REAL x)
        {
            REAL a = MATH.Min(MATH.Abs(x), 40), u = a / (a + (REAL)4.75), t = 1 - u, s = t - u, s2 = s * s, q = 0;
            ReadOnlySpan<REAL> c = NormalTail();
            for (int k = c.Length - 4; k >= 0; k -= 4)
                q = MATH.FusedMultiplyAdd(q, s2 * s2, Cubic(s, s2, c[k], c[k + 1], c[k + 2], c[k + 3]));
            REAL tail = t * q * Exp(x * (REAL)(-0.5) * x);
            return x > 0 ? 1 - tail : tail;
        }

        private static ReadOnlySpan<REAL> NormalTail() =>
        [
            NORMALTAIL
        ];

        // ln(1 + u) for u from 0 to 1.
        private static REAL Log1PUnit(REAL u)
        {
            REAL s = u / (u + 2), s2 = s * s, s4 = s2 * s2, rest = 0;
            for (int k = FIRSTOFLAST; k >= 3; k -= 8)
                rest = MATH.FusedMultiplyAdd(rest, s4 * s4, Cubic(s2, s4, (REAL)(1.0 / k), (REAL)(1.0 / (k + 2)), (REAL)(1.0 / (k + 4)), (REAL)(1.0 / (k + 6))));
            return MATH.FusedMultiplyAdd(s + s, rest * s2, s + s);
        }

        // e^x − 1
        private static REAL ExpM1(REAL x)
        {
            REAL r = Remainder(x, out REAL n), scale = MATH.ScaleB(1, (int)n);
            return MATH.FusedMultiplyAdd(ExpM1Near0(r), scale, scale - 1);
        }

        // e^x = 2ⁿ·eʳ
        private static REAL Exp(REAL x)
        {
            x = x > HIGHEST ? HIGHEST : LOWEST > x ? LOWEST : x;
            REAL r = Remainder(x, out REAL n), half = MATH.Round(n * (REAL)0.5);
            return (1 + ExpM1Near0(r)) * MATH.ScaleB(1, (int)half) * MATH.ScaleB(1, (int)(n - half));
        }

        // x = n·ln 2 + r: a sum as large as this has no bits for a fraction.
        private static REAL Remainder(REAL x, out REAL n)
        {
            n = MATH.FusedMultiplyAdd(x, (REAL)1.4426950408889634, OFFSET) - OFFSET;
            return MATH.FusedMultiplyAdd(n, (REAL)(LN2REST), MATH.FusedMultiplyAdd(n, (REAL)(LN2), x));
        }

        // eʳ − 1 for |r| of at most ln 2 / 2
        private static REAL ExpM1Near0(REAL r)
        {
            REAL r2 = r * r, sum = SERIES;
            return MATH.FusedMultiplyAdd(sum, r2, r);
        }

        // c0 + c1·x + c2·x² + c3·x³
        private static REAL Cubic(REAL x, REAL x2, REAL c0, REAL c1, REAL c2, REAL c3) =>
            MATH.FusedMultiplyAdd(MATH.FusedMultiplyAdd(c3, x, c2), x2, MATH.FusedMultiplyAdd(c1, x, c0));
        """;

    private const string SeriesOfFloat =
        "MathF.FusedMultiplyAdd(MathF.FusedMultiplyAdd(0.00138145378937f, r2, MathF.FusedMultiplyAdd(0.00836874532005f, r, 0.0416683908313f)), r2, MathF.FusedMultiplyAdd(0.166665203968f, r, 0.499999934319f))";

    private const string SeriesOfDouble =
        "Math.FusedMultiplyAdd(Math.FusedMultiplyAdd(Math.FusedMultiplyAdd(2.5000020789555685659e-8, r, 2.7630306802981199788e-7), r2 * r2, "
        + "Cubic(r, r2, 0.0013888888943761657549, 0.00019841269505773519746, 0.000024801492947987370177, 2.7557586800370730301e-6)), r2 * r2, "
        + "Cubic(r, r2, 0.50000000000000106696, 0.16666666666666411496, 0.041666666666529721379, 0.0083333333334949802825))";

    private const string TailOfFloat =
        "0.161350795737f, 0.13759776338f, 0.0993820336998f, 0.0598280107119f, 0.0290746146901f, 0.0106601283736f, 0.00243106079342f, -0.000051477818698f, -0.000272924461133f, 0, 0, 0,";

    private const string TailOfDouble =
        "0.16135079834509872348, 0.13759775395954226039, 0.099381757684934636811, 0.05982831998477227602, 0.029079026743372797275, 0.010655543393393467908, 0.0024085562548793698292, -0.000022377945777677451887, "
        + "-0.00023952061053635403875, -0.000062069226824648305912, 0.000013700449024937672775, 0.000010170244774714426695, -3.5103181911743743376e-7, -1.4541083366059496694e-6, -5.3808210482759775602e-8, 2.2056655577738478978e-7, "
        + "1.0748092916333405439e-8, -3.6381373980476233662e-8, -1.4644320935492408517e-10, 5.9730256735056630948e-9, -5.0342725357673283102e-10, -7.3897913983549402018e-10, 1.2839267410364993396e-10, 2.586824475550461639e-11,";

    /// <summary>The functions that a text calls, and those that they call.</summary>
    /// <param name="text">The calls.</param>
    /// <param name="isDouble">Whether the numbers are double, not float.</param>
    /// <param name="names">Receives their names.</param>
    internal static string For(string text, bool isDouble, List<string> names)
    {
        (string, string)[] words = isDouble
            ? [("MATH", "Math"), ("REAL", "double"), ("HIGHEST", "710"), ("LOWEST", "-746"), ("OFFSET", "6755399441056767"), ("LN2REST", "-1.90821492927058770002e-10"), ("LN2", "-0.693147180369123816490"), ("SERIES", SeriesOfDouble), ("FIRSTOFLAST", "27"), ("NORMALTAIL", TailOfDouble)]
            : [("MATH", "MathF"), ("REAL", "float"), ("HIGHEST", "89"), ("LOWEST", "-104"), ("OFFSET", "12583039"), ("LN2REST", "-1.428606820309417e-6"), ("LN2", "-0.693145751953125"), ("SERIES", SeriesOfFloat), ("FIRSTOFLAST", "11"), ("NORMALTAIL", TailOfFloat)];
        StringBuilder all = new($"{Layers}\n\n{Numbers}".ReplaceLineEndings("\n")), chosen = new();
        foreach ((string word, string meaning) in words)
            all.Replace(word, meaning);
        foreach (string function in all.ToString().Split("\n\n"))
        {
            int from = function.IndexOf("private static ", StringComparison.Ordinal), end = function.IndexOf('(', from);
            string name = function[(function.LastIndexOf(' ', end) + 1)..end];
            if (!Calls(text, name) && !Calls(chosen.ToString(), name))
                continue;
            chosen.Append('\n').Append(function).Append('\n');
            names.Add(name);
        }
        return chosen.ToString();
    }

    /// <summary>Whether a name stands before a parenthesis and is not the end of a longer one.</summary>
    private static bool Calls(string text, string name)
    {
        for (int at = text.IndexOf($"{name}(", StringComparison.Ordinal); at >= 0; at = text.IndexOf($"{name}(", at + 1, StringComparison.Ordinal))
        {
            if (at == 0 || !(char.IsLetterOrDigit(text[at - 1]) || text[at - 1] == '.'))
                return true;
        }
        return false;
    }
}
