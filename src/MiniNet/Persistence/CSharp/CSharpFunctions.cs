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

        // Φ(x), the distribution function of the standard normal, from a Chebyshev expansion of ln erfc.
        private static REAL NormalCdf(REAL x)
        {
            REAL z = MATH.Abs(x) * (REAL)0.70710678118654752440, t = 2 / (2 + z), s = t + t - 1, s2 = s * s, p = 0;
            ReadOnlySpan<REAL> c = LogErfc();
            for (int k = c.Length - 4; k >= 0; k -= 4)
                p = MATH.FusedMultiplyAdd(p, s2 * s2, Cubic(s, s2, c[k], c[k + 1], c[k + 2], c[k + 3]));
            REAL tail = t * (REAL)0.5 * Exp(p - z * z);
            return x > 0 ? 1 - tail : tail;
        }

        private static ReadOnlySpan<REAL> LogErfc() =>
        [
            LOGERFC
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

        // x = n·ln 2 + r: adding 1.5 · 2^23 (or 2^52) leaves no bits for a fraction.
        private static REAL Remainder(REAL x, out REAL n)
        {
            n = MATH.FusedMultiplyAdd(x, (REAL)1.4426950408889634, WHOLE) - WHOLE;
            return MATH.FusedMultiplyAdd(n, (REAL)(LN2REST), MATH.FusedMultiplyAdd(n, (REAL)(LN2), x));
        }

        // eʳ − 1 = r + r²/2! + r³/3! + …
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
        "MathF.FusedMultiplyAdd(Cubic(r, r2, 1f / 24, 1f / 120, 1f / 720, 1f / 5040), r2, MathF.FusedMultiplyAdd(1f / 6, r, 1f / 2))";

    private const string SeriesOfDouble =
        "Math.FusedMultiplyAdd(Math.FusedMultiplyAdd(Cubic(r, r2, 1.0 / 3628800, 1.0 / 39916800, 1.0 / 479001600, 1.0 / 6227020800), r2 * r2, Cubic(r, r2, 1.0 / 720, 1.0 / 5040, 1.0 / 40320, 1.0 / 362880)), r2 * r2, "
        + "Cubic(r, r2, 1.0 / 2, 1.0 / 6, 1.0 / 24, 1.0 / 120))";

    private const string ErfcOfFloat =
        "-0.67179408515172142804f, 0.67264322054600843326f, 0.04734341752106750045f, -0.04689548216099500058f, -0.0098745349182913754735f, 0.0088235581776450398644f, 0.0017706661186296710207f, "
        + "-0.0023392777240525919358f, -0.00018278214171601266745f, 0.00065795384777102352661f, -0.000032113772312125478287f, -0.0001546337908296659341f, 0.000013371503491274447865f, 0.000020723070957778816786f, 0, 0,";

    private const string ErfcOfDouble =
        "-0.671794084056692266, 0.67264322397765596714, 0.047343306841904428319, -0.046895610231083022596, -0.0098726893663899585729, 0.0088249385537387633919, 0.0017589335577990160867, -0.0023458124448021560996, "
        + "-0.00014624686337800336423, 0.00067367826970698314625, -0.000093735031170981704879, -0.00017429984933155644963, 0.0000714010141275703064, 0.000031733105993770606605, -0.000030187884551394244299, 1.6992332312277021952e-7, "
        + "8.562623420121285649e-6, -3.0076454344106692577e-6, -1.27231190486886998e-6, 1.3267813608518888117e-6, -1.6849800720653297471e-7, -3.168341367694146854e-7, 1.5334345920908176839e-7, 3.9722035472737954118e-8, "
        + "-3.9171820510271858252e-8, -1.5867042924138043173e-9, 4.0608821469697202197e-9, 0,";

    /// <summary>The functions that a text calls, and those that they call.</summary>
    /// <param name="text">The calls.</param>
    /// <param name="isDouble">Whether the numbers are double, not float.</param>
    /// <param name="names">Receives their names.</param>
    internal static string For(string text, bool isDouble, List<string> names)
    {
        (string, string)[] words = isDouble
            ? [("MATH", "Math"), ("REAL", "double"), ("HIGHEST", "710"), ("LOWEST", "-746"), ("WHOLE", "6755399441055744"), ("LN2REST", "-1.90821492927058770002e-10"), ("LN2", "-0.693147180369123816490"), ("SERIES", SeriesOfDouble), ("FIRSTOFLAST", "27"), ("LOGERFC", ErfcOfDouble)]
            : [("MATH", "MathF"), ("REAL", "float"), ("HIGHEST", "89"), ("LOWEST", "-104"), ("WHOLE", "12582912"), ("LN2REST", "-1.428606820309417e-6"), ("LN2", "-0.693145751953125"), ("SERIES", SeriesOfFloat), ("FIRSTOFLAST", "11"), ("LOGERFC", ErfcOfFloat)];
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
