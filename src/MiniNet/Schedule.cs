using System.Globalization;

namespace MiniNet;

/// <summary>A learning rate as a function of the step. Where one is wanted, a number is a constant one.</summary>
/// <remarks>To write one of your own, derive a <c>sealed record</c>.</remarks>
public abstract record Schedule
{
    /// <summary>The rate after so many updates: 0 for the first.</summary>
    public abstract double At(long step);

    /// <summary>The same rate always.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The rate is not a finite number, 0 or more.</exception>
    public static Schedule Constant(double rate) => new ConstantSchedule(rate);

    /// <summary>The rate, multiplied by a factor once every so many steps: rate·factor^⌊step / every⌋.</summary>
    /// <exception cref="ArgumentOutOfRangeException">An argument is not above 0, or the rate is negative.</exception>
    public static Schedule Step(double rate, long every, double factor = 0.1) => new StepSchedule(rate, every, factor);

    /// <summary>The rate, multiplied by a factor at each step: rate·factorˢᵗᵉᵖ.</summary>
    /// <exception cref="ArgumentOutOfRangeException">The factor is not above 0, or the rate is negative.</exception>
    public static Schedule Exponential(double rate, double factor) => new ExponentialSchedule(rate, factor);

    /// <summary>From the rate down to a last one along half a cosine: last + ½·(rate − last)·(1 + cos(π·step / steps)), and the last from there on.</summary>
    /// <remarks>Loshchilov and Hutter, "SGDR: stochastic gradient descent with warm restarts", 2016.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">A rate is negative, or steps is less than 1.</exception>
    public static Schedule Cosine(double rate, long steps, double last = 0) => new CosineSchedule(rate, steps, last);

    /// <summary>
    /// Up to the rate and down again within so many steps, each along half a cosine: from rate / 25 over the first share of the steps to the rate,
    /// then to rate / 250,000.
    /// </summary>
    /// <remarks>As PyTorch's OneCycleLR. Smith and Topin, "Super-convergence: very fast training of neural networks using large learning rates", 2017.</remarks>
    /// <exception cref="ArgumentOutOfRangeException">The rate is negative, steps is less than 2, or rise is not between 0 and 1.</exception>
    public static Schedule OneCycle(double rate, long steps, double rise = 0.3) => new OneCycleSchedule(rate, steps, rise);

    /// <summary>This schedule after a linear rise: over so many steps from its first rate / steps to its first rate; it begins where the rise ends.</summary>
    /// <exception cref="ArgumentOutOfRangeException">steps is less than 1.</exception>
    public Schedule WarmUp(long steps) => new WarmUpSchedule(this, steps);

    /// <summary>The code that made it, invariant culture: <c>Schedule.Cosine(0.001, steps: 100)</c>.</summary>
    public sealed override string ToString() => Print() ?? Code.Of(this, PrintMembers);

    /// <summary>A number is a constant rate.</summary>
    public static implicit operator Schedule(double rate) => Constant(rate);

    /// <summary>The code, for schedules that are not made by their constructor.</summary>
    private protected virtual string? Print() => null;

    private protected static string Text(double value) => value.ToString(CultureInfo.InvariantCulture);

    private protected static string Text(long value) => value.ToString(CultureInfo.InvariantCulture);

    private protected static double CosineBetween(double from, double to, double share) => to + (0.5 * (from - to) * (1 + Math.Cos(Math.PI * share)));

    private sealed record ConstantSchedule(double Rate) : Schedule
    {
        private readonly double rate = Guard.NotNegative(Rate, "learningRate");

        public override double At(long step) => rate;

        private protected override string Print() => Text(rate);
    }

    private sealed record StepSchedule(double Rate, long Every, double Factor) : Schedule
    {
        private readonly double rate = Guard.NotNegative(Rate, "rate"), factor = Guard.Positive(Factor, "factor");
        private readonly long every = Guard.AtLeastOne(Every, "every");

        public override double At(long step) => rate * Math.Pow(factor, step / every);

        private protected override string Print() => $"Schedule.Step({Text(rate)}, every: {Text(every)}, factor: {Text(factor)})";
    }

    private sealed record ExponentialSchedule(double Rate, double Factor) : Schedule
    {
        private readonly double rate = Guard.NotNegative(Rate, "rate"), factor = Guard.Positive(Factor, "factor");

        public override double At(long step) => rate * Math.Pow(factor, step);

        private protected override string Print() => $"Schedule.Exponential({Text(rate)}, factor: {Text(factor)})";
    }

    private sealed record CosineSchedule(double Rate, long Steps, double Last) : Schedule
    {
        private readonly double rate = Guard.NotNegative(Rate, "rate"), last = Guard.NotNegative(Last, "last");
        private readonly long steps = Guard.AtLeastOne(Steps, "steps");

        public override double At(long step) => CosineBetween(rate, last, Math.Min(1, (double)step / steps));

        private protected override string Print() => $"Schedule.Cosine({Text(rate)}, steps: {Text(steps)}{(last == 0 ? "" : $", last: {Text(last)}")})";
    }

    private sealed record OneCycleSchedule(double Rate, long Steps, double Rise) : Schedule
    {
        private readonly double rate = Guard.NotNegative(Rate, "rate");
        private readonly double rise = Rise is > 0 and < 1 ? Rise : throw new ArgumentOutOfRangeException("rise", Rise, string.Create(CultureInfo.InvariantCulture, $"rise must lie between 0 and 1, got {Rise}."));
        private readonly long steps = Steps >= 2 ? Steps : throw new ArgumentOutOfRangeException("steps", Steps, $"steps must be at least 2, got {Steps}.");

        public override double At(long step)
        {
            double first = rate / 25, last = first / 1e4, peak = (rise * steps) - 1;
            if (step < peak)                                            // at the peak, which may be step 0, both give the rate
                return CosineBetween(first, rate, step / peak);
            return CosineBetween(rate, last, Math.Min(1, (step - peak) / (steps - 1 - peak)));
        }

        private protected override string Print() => $"Schedule.OneCycle({Text(rate)}, steps: {Text(steps)}{(rise == 0.3 ? "" : $", rise: {Text(rise)}")})";
    }

    private sealed record WarmUpSchedule(Schedule Inner, long Steps) : Schedule
    {
        private readonly long steps = Guard.AtLeastOne(Steps, "steps");

        public override double At(long step) => step < steps ? Inner.At(0) * (step + 1) / steps : Inner.At(step - steps);

        private protected override string Print() => $"{(Inner is ConstantSchedule ? $"Schedule.Constant({Inner})" : Inner)}.WarmUp({Text(steps)})";
    }
}
