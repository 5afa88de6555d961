using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.RegularExpressions;

namespace MiniNet.PublicApi.Tests.Diagnostics;

public class GradientCheckTests
{
    private const string OutputNotWritten = "Forward does not write every element of the output, or reads memory that it did not write";
    private const string AddsOrChanges = "Backward a second time gives other gradients: it adds to what was there, or changes what Forward left";

    [Fact]
    public void A_right_layer_passes_and_the_report_says_what_was_compared()
    {
        GradientReport report = GradientCheck.Run(new Faulty(Fault.None), inputs: 4, batch: 3);
        report.ThrowIfWrong(1e-8);
        Assert.Equal(2 * (4 + 12), report.Compared);                     // in training and in prediction
        Assert.Equal(0, report.Kinks);
        Assert.Empty(report.Faults);
        Assert.Equal("Faulty(None)", report.Subject);
    }

    [Theory]
    [InlineData(Fault.WrongSign, -1)]
    [InlineData(Fault.WrongFactor, 1.001)]
    [InlineData(Fault.WrongInPrediction, 1.001)]
    [InlineData(Fault.WrongInTraining, 1.001)]
    public void A_wrong_input_gradient_is_found_and_named_with_both_values(Fault fault, double factor)
    {
        GradientReport report = GradientCheck.Run(new Faulty(fault), inputs: 4, batch: 3);
        Assert.True(report.ParameterError < 1e-8);
        Match worst = Regex.Match(report.Worst, @"^the input gradient of sample [0-2], value [0-3], is (\S+), by differences (\S+)$");
        Assert.True(worst.Success, report.Worst);
        Assert.Equal(factor, Number(worst, 1) / Number(worst, 2), 1e-7);
        ArithmeticException thrown = Assert.Throws<ArithmeticException>(() => report.ThrowIfWrong());
        Assert.Equal(report.ToString(), thrown.Message);
        Assert.Matches($@"^Faulty\({fault}\): relative error of parameters \d\.\dE-0\d\d, of inputs \d\.\dE[+-]0\d\d, 32 values compared; worst: the input gradient of ", thrown.Message);
    }

    [Theory]
    [InlineData(Fault.WrongParameterSign, -1)]
    [InlineData(Fault.WrongParameterFactor, 1.001)]
    public void A_wrong_parameter_gradient_is_found_and_named_with_both_values(Fault fault, double factor)
    {
        GradientReport report = GradientCheck.Run(new Faulty(fault), inputs: 4, batch: 3);
        Assert.True(report.InputError < 1e-8);
        Match worst = Regex.Match(report.Worst, @"^0\.gain\[[0-3]\] is (\S+), by differences (\S+)$");
        Assert.True(worst.Success, report.Worst);
        Assert.Equal(factor, Number(worst, 1) / Number(worst, 2), 1e-7);
        Assert.Throws<ArithmeticException>(() => report.ThrowIfWrong());
    }

    [Theory]
    [InlineData(Fault.AddsToParameterGradient, "in training, Backward does not write every parameter gradient")]
    [InlineData(Fault.AddsToInputGradient, "in training, Backward does not write every element of the input gradient")]
    [InlineData(Fault.LeavesInputGradient, "in training, Backward does not write every element of the input gradient")]
    [InlineData(Fault.LeavesOutput, "in training, " + OutputNotWritten)]
    [InlineData(Fault.ReadsStaleScratch, "in training, " + OutputNotWritten)]
    [InlineData(Fault.ReadsStaleIntegers, "in training, " + AddsOrChanges)]
    [InlineData(Fault.ChangesOutputInBackward, "in training, " + AddsOrChanges)]
    [InlineData(Fault.ChangesParameters, "in training, a pass changed the model")]
    [InlineData(Fault.ChangesStatistics, "in training, a pass changed the model")]
    [InlineData(Fault.NeedsInputGradient, "in training, the parameter gradients differ when no input gradient is asked for")]
    public void What_no_number_shows_is_found_and_said_in_words(Fault fault, string words)
    {
        GradientReport report = GradientCheck.Run(new Faulty(fault), inputs: 4, batch: 3);
        Assert.Contains(words, report.Faults);
        ArithmeticException thrown = Assert.Throws<ArithmeticException>(() => report.ThrowIfWrong(tolerance: 1));
        Assert.Contains($"\n  fault: {words}", thrown.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void An_infinite_gradient_is_no_kink()
    {
        GradientReport report = GradientCheck.Run(new Faulty(Fault.InfiniteElement), inputs: 10, batch: 3);
        Assert.Equal(double.PositiveInfinity, report.InputError);
        Assert.Throws<ArithmeticException>(() => report.ThrowIfWrong());
    }

    [Fact]
    public void A_function_that_is_all_kinks_proves_nothing_and_says_so()
    {
        GradientReport report = GradientCheck.Run(new ReLU(), inputs: 4, batch: 2, x: new double[8]);
        Assert.Equal(16, report.Kinks);
        Assert.Equal(["16 of 16 values stand on a kink: too many to prove anything; give other inputs"], report.Faults);
    }

    [Fact]
    public void A_few_kinks_are_stepped_around_and_counted()
    {
        GradientReport report = GradientCheck.Run(new ReLU(), inputs: 6, batch: 1, x: [1, -1, 0, 1e-4, -2.1e-3, 1.9999e-3]);
        report.ThrowIfWrong();
        Assert.Equal((2, 10), (report.Kinks, report.Compared));
        Assert.Contains(", 10 values compared, 2 on a kink", report.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public void The_report_prints_the_same_in_every_culture()
    {
        GradientReport report = GradientCheck.Run(new Faulty(Fault.WrongFactor), inputs: 4);
        string here = report.ToString();
        CultureInfo culture = CultureInfo.CurrentCulture, commas = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        commas.NumberFormat.NumberDecimalSeparator = ",";
        try
        {
            CultureInfo.CurrentCulture = commas;
            Assert.Equal(here, report.ToString());
            Assert.Equal(report.Worst, GradientCheck.Run(new Faulty(Fault.WrongFactor), inputs: 4).Worst);
        }
        finally
        {
            CultureInfo.CurrentCulture = culture;
        }
    }

    [Theory]
    [InlineData(Fault.WrongSign)]
    [InlineData(Fault.WrongFactor)]
    [InlineData(Fault.LeavesInputGradient)]
    [InlineData(Fault.AddsToInputGradient)]
    public void A_wrong_loss_is_found(Fault fault)
    {
        GradientCheck.Run(new FaultyLoss(Fault.None), outputs: 3).ThrowIfWrong(1e-8);
        GradientReport report = GradientCheck.Run(new FaultyLoss(fault), outputs: 3);
        Assert.Throws<ArithmeticException>(() => report.ThrowIfWrong());
        if (fault == Fault.AddsToInputGradient)
            Assert.Equal(["Backward a second time gives other gradients: the loss adds to what was there, or a layer changes what Forward left"], report.Faults);
        else
            Assert.Matches(@"^the input gradient of sample \d, value \d, is \S+, by differences \S+$", report.Worst);
    }

    [Fact]
    public void Inputs_of_another_length_are_refused()
    {
        ArgumentException thrown = Assert.Throws<ArgumentException>(() => GradientCheck.Run(new Faulty(Fault.None), inputs: 4, batch: 3, x: new double[8]));
        Assert.Equal("x has 8 values, expected 12: 3 samples of [4]. (Parameter 'x')", thrown.Message);
    }

    private static double Number(Match match, int group) => double.Parse(match.Groups[group].Value, CultureInfo.InvariantCulture);

    public enum Fault
    {
        None,
        WrongSign,
        WrongFactor,
        WrongParameterSign,
        WrongParameterFactor,
        WrongInPrediction,
        WrongInTraining,
        AddsToParameterGradient,
        AddsToInputGradient,
        LeavesInputGradient,
        LeavesOutput,
        ReadsStaleScratch,
        ReadsStaleIntegers,
        ChangesOutputInBackward,
        ChangesParameters,
        ChangesStatistics,
        NeedsInputGradient,
        InfiniteElement,
    }

    /// <summary>y = gain · x over the last axis, with one thing wrong.</summary>
    private sealed record Faulty(Fault Fault) : Layer
    {
        public override Shape Declare(Plan plan)
        {
            plan.Parameter("gain", plan.Input.Last, new Constant(1));
            plan.Statistic("seen", 1, initial: 0, rate: 0);
            plan.Scratch(plan.Input.Length);
            plan.Integers(1);
            return plan.Input;
        }

        public override void Forward<T>(in Pass<T> pass)
        {
            ReadOnlySpan<T> gain = pass.Parameter(0);
            Span<T> scratch = pass.Scratch(0);
            for (int i = 0; i < pass.Output.Length - (Fault == Fault.LeavesOutput ? 1 : 0); i++)
            {
                pass.Output[i] = gain[i % gain.Length] * pass.Input[i];
                if (Fault == Fault.ReadsStaleScratch)
                    pass.Output[i] += T.Zero * scratch[i];
            }
            if (Fault == Fault.ChangesParameters)
                MemoryMarshal.GetReference(gain) += T.One;
            if (Fault == Fault.ChangesStatistics)
                MemoryMarshal.GetReference(pass.Statistic(0)) += T.One;
        }

        public override void Backward<T>(in Pass<T> pass)
        {
            ReadOnlySpan<T> gain = pass.Parameter(0), dy = pass.OutputGradient;
            Span<T> dGain = pass.ParameterGradient(0), dx = pass.InputGradient;
            T wrong = T.CreateChecked(1.001);
            if (Fault != Fault.AddsToParameterGradient)
                dGain.Clear();
            for (int i = 0; i < dy.Length; i++)
                dGain[i % gain.Length] += dy[i] * (Fault == Fault.ChangesOutputInBackward ? pass.Output[i] / gain[i % gain.Length] : pass.Input[i]);
            if (Fault == Fault.ReadsStaleIntegers)
                dGain[0] *= T.CreateChecked(pass.Integers(0)[0]++);
            if (Fault == Fault.ChangesOutputInBackward)
                pass.Output[0] += T.One;
            for (int j = 0; j < dGain.Length; j++)
                dGain[j] *= Fault == Fault.WrongParameterSign ? -T.One : Fault == Fault.WrongParameterFactor ? wrong : Fault == Fault.NeedsInputGradient && dx.IsEmpty ? T.Zero : T.One;
            for (int i = 0; i < dx.Length - (Fault == Fault.LeavesInputGradient ? 1 : 0); i++)
            {
                T d = dy[i] * gain[i % gain.Length];
                if (Fault == Fault.WrongSign)
                    d = -d;
                if (Fault == Fault.WrongFactor || (Fault == Fault.WrongInPrediction && !pass.IsTraining) || (Fault == Fault.WrongInTraining && pass.IsTraining))
                    d *= wrong;
                if (Fault == Fault.InfiniteElement && i == 5)
                    d = T.PositiveInfinity;
                dx[i] = Fault == Fault.AddsToInputGradient ? dx[i] + d : d;
            }
        }
    }

    /// <summary>Σ (y − t)² / n, with one thing wrong.</summary>
    private sealed record FaultyLoss(Fault Fault) : Loss
    {
        public override T Evaluate<T>(in LossPass<T> pass)
        {
            T n = T.CreateChecked(pass.Output.Length), sum = T.Zero;
            for (int i = 0; i < pass.Output.Length; i++)
            {
                T d = pass.Output[i] - pass.Target[i];
                sum += d * d / n;
                if (pass.Gradient.IsEmpty || (Fault == Fault.LeavesInputGradient && i == 4))
                    continue;
                T gradient = T.CreateChecked(Fault == Fault.WrongSign ? -2 : Fault == Fault.WrongFactor ? 2.002 : 2) * d / n;
                pass.Gradient[i] = Fault == Fault.AddsToInputGradient ? pass.Gradient[i] + gradient : gradient;
            }
            return sum;
        }
    }
}
