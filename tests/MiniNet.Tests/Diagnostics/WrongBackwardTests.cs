using System.Globalization;
using System.Text.RegularExpressions;

namespace MiniNet.Tests.Diagnostics;

/// <summary>The classical mistake in the backward pass of each kind of layer: GradientCheck finds it, and says where.</summary>
public class WrongBackwardTests
{
    [Fact]
    public void A_maximum_pooling_that_overwrites_where_windows_overlap_is_found() =>
        AssertFound(isWrong => new PlainMaxPool(isWrong), (3, 4, 2), @"^the input gradient of sample \d, value \d+, is (\S+), by differences (\S+)$");

    [Fact]
    public void A_mean_pooling_that_gives_each_pixel_the_whole_gradient_is_found() =>
        AssertFound(isWrong => new PlainAveragePool(isWrong), (3, 4, 2), @"^the input gradient of sample \d, value \d+, is (\S+), by differences (\S+)$");

    [Fact]
    public void A_normalisation_that_forgets_that_the_mean_depends_on_the_input_is_found() =>
        AssertFound(isWrong => new PlainNorm(isWrong), 6, @"^the input gradient of sample \d, value \d, is (\S+), by differences (\S+)$");

    [Fact]
    public void An_embedding_that_overwrites_where_an_index_comes_twice_is_found() =>
        AssertFound(isWrong => new PlainEmbedding(isWrong), 3, @"^0\.weight\[[2-3]\] is (\S+), by differences (\S+)$", x: [1, 0, 2, 3, 1, 0]);

    private static void AssertFound(Func<bool, Layer> layer, Shape inputs, string named, double[]? x = null)
    {
        GradientCheck.Run(layer(false), inputs, batch: 2, x).ThrowIfWrong(1e-6);
        GradientReport report = GradientCheck.Run(layer(true), inputs, batch: 2, x);
        ArithmeticException thrown = Assert.Throws<ArithmeticException>(() => report.ThrowIfWrong());
        Assert.StartsWith(layer(true).ToString(), thrown.Message, StringComparison.Ordinal);
        Match worst = Regex.Match(report.Worst, named);
        Assert.True(worst.Success, report.Worst);
        Assert.NotEqual(double.Parse(worst.Groups[1].Value, CultureInfo.InvariantCulture), double.Parse(worst.Groups[2].Value, CultureInfo.InvariantCulture), 1e-3);
    }

    /// <summary>The greatest of 2 × 2 pixels, one pixel apart.</summary>
    private sealed record PlainMaxPool(bool IsWrong) : Layer
    {
        public override Shape Declare(Plan plan) => (plan.Input[0] - 1, plan.Input[1] - 1, plan.Input[2]);

        public override void Forward<T>(in Pass<T> pass)
        {
            for (int i = 0; i < pass.Output.Length; i++)
                pass.Output[i] = pass.Input[Greatest(pass, i)];
        }

        public override void Backward<T>(in Pass<T> pass)
        {
            pass.InputGradient.Clear();
            for (int i = 0; i < pass.Output.Length; i++)
            {
                int at = Greatest(pass, i);
                pass.InputGradient[at] = IsWrong ? pass.OutputGradient[i] : pass.InputGradient[at] + pass.OutputGradient[i];
            }
        }

        private static int Greatest<T>(in Pass<T> pass, int output) where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
        {
            int first = First(pass.Plan, output), best = first, row = pass.Plan.Input[1] * pass.Plan.Input[2];
            foreach (int tap in (ReadOnlySpan<int>)[first + pass.Plan.Input[2], first + row, first + row + pass.Plan.Input[2]])
                best = pass.Input[tap] > pass.Input[best] ? tap : best;
            return best;
        }
    }

    /// <summary>The mean of 2 × 2 pixels, one pixel apart.</summary>
    private sealed record PlainAveragePool(bool IsWrong) : Layer
    {
        public override Shape Declare(Plan plan) => (plan.Input[0] - 1, plan.Input[1] - 1, plan.Input[2]);

        public override void Forward<T>(in Pass<T> pass)
        {
            int channels = pass.Plan.Input[2], row = pass.Plan.Input[1] * channels;
            for (int i = 0; i < pass.Output.Length; i++)
            {
                int first = First(pass.Plan, i);
                pass.Output[i] = (pass.Input[first] + pass.Input[first + channels] + pass.Input[first + row] + pass.Input[first + row + channels]) / T.CreateChecked(4);
            }
        }

        public override void Backward<T>(in Pass<T> pass)
        {
            int channels = pass.Plan.Input[2], row = pass.Plan.Input[1] * channels;
            pass.InputGradient.Clear();
            for (int i = 0; i < pass.Output.Length; i++)
            {
                int first = First(pass.Plan, i);
                foreach (int tap in (ReadOnlySpan<int>)[first, first + channels, first + row, first + row + channels])
                    pass.InputGradient[tap] += pass.OutputGradient[i] / T.CreateChecked(IsWrong ? 1 : 4);
            }
        }
    }

    /// <summary>y = (x − mean(x)) / 2, half a normalisation.</summary>
    private sealed record PlainNorm(bool IsWrong) : Layer
    {
        public override Shape Declare(Plan plan) => plan.Input;

        public override void Forward<T>(in Pass<T> pass) => Center(pass.Input, pass.Output, pass.Plan.Input.Length, isCentered: true);

        public override void Backward<T>(in Pass<T> pass) => Center(pass.OutputGradient, pass.InputGradient, pass.Plan.Input.Length, !IsWrong);

        private static void Center<T>(ReadOnlySpan<T> x, Span<T> y, int n, bool isCentered) where T : unmanaged, System.Numerics.IFloatingPointIeee754<T>
        {
            for (int from = 0; from < x.Length; from += n)
            {
                T mean = T.Zero;
                for (int i = from; i < from + n; i++)
                    mean += x[i] / T.CreateChecked(n);
                for (int i = from; i < from + n; i++)
                    y[i] = (x[i] - (isCentered ? mean : T.Zero)) / T.CreateChecked(2);
            }
        }
    }

    /// <summary>Two values for each of four indices.</summary>
    private sealed record PlainEmbedding(bool IsWrong) : Layer
    {
        public override Shape Declare(Plan plan)
        {
            plan.InputIsDifferentiable = false;
            plan.Parameter("weight", (4, 2), new Normal(1));
            return (plan.Input.Length, 2);
        }

        public override void Forward<T>(in Pass<T> pass)
        {
            for (int i = 0; i < pass.Output.Length; i++)
                pass.Output[i] = pass.Parameter(0)[(2 * int.CreateChecked(pass.Input[i / 2])) + (i % 2)];
        }

        public override void Backward<T>(in Pass<T> pass)
        {
            Span<T> gradient = pass.ParameterGradient(0);
            gradient.Clear();
            for (int i = 0; i < pass.Output.Length; i++)
            {
                int at = (2 * int.CreateChecked(pass.Input[i / 2])) + (i % 2);
                gradient[at] = IsWrong ? pass.OutputGradient[i] : gradient[at] + pass.OutputGradient[i];
            }
        }
    }

    /// <summary>Where the window of an output value begins in the input.</summary>
    private static int First(Plan plan, int output)
    {
        Shape y = plan.Output;
        int channel = output % y[2], column = output / y[2] % y[1], row = output / (y[1] * y[2]) % y[0], sample = output / y.Length;
        return (sample * plan.Input.Length) + (((row * plan.Input[1]) + column) * y[2]) + channel;
    }
}
