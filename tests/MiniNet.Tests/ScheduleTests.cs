using System.Text.Json;

namespace MiniNet.Tests;

public class ScheduleTests
{
    private static readonly Dictionary<string, Schedule> Schedules = new()
    {
        ["Schedule.Cosine(0.1, steps: 20)"] = Schedule.Cosine(0.1, steps: 20),
        ["Schedule.Step(0.1, every: 5, factor: 0.5)"] = Schedule.Step(0.1, every: 5, factor: 0.5),
        ["Schedule.Exponential(0.1, factor: 0.9)"] = Schedule.Exponential(0.1, factor: 0.9),
        ["Schedule.OneCycle(0.1, steps: 20)"] = Schedule.OneCycle(0.1, steps: 20),
        ["Schedule.Cosine(0.1, steps: 20).WarmUp(5)"] = Schedule.Cosine(0.1, steps: 20).WarmUp(5),
    };

    public static TheoryData<string> Names => [.. Golden.Read("schedules").EnumerateArray().Select(c => c.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Rates_are_those_of_PyTorch_step_by_step(string name)
    {
        JsonElement golden = Golden.Case("schedules", name);
        double[] rates = [.. golden.Numbers("values").Select((_, step) => Schedules[name].At(step))];
        Golden.AssertClose(golden.Numbers("values"), rates, 1e-15, name);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Schedules_print_as_the_code_that_made_them(string name) => Assert.Equal(name, Schedules[name].ToString());

    [Fact]
    public void Arguments_that_are_not_the_default_are_printed()
    {
        Assert.Equal("0.25", Schedule.Constant(0.25).ToString());
        Assert.Equal("Schedule.Step(0.5, every: 10, factor: 0.1)", Schedule.Step(0.5, every: 10).ToString());
        Assert.Equal("Schedule.Cosine(0.5, steps: 10, last: 0.01)", Schedule.Cosine(0.5, 10, 0.01).ToString());
        Assert.Equal("Schedule.OneCycle(0.5, steps: 10, rise: 0.4)", Schedule.OneCycle(0.5, 10, 0.4).ToString());
        Assert.Equal("Schedule.Constant(0.5).WarmUp(10)", Schedule.Constant(0.5).WarmUp(10).ToString());
        Assert.Equal("Schedule.Cosine(1, steps: 5).WarmUp(3).WarmUp(2)", Schedule.Cosine(1, 5).WarmUp(3).WarmUp(2).ToString());
    }

    [Fact]
    public void A_number_is_a_constant_rate()
    {
        Schedule schedule = 0.3;
        Assert.Equal([0.3, 0.3, 0.3], ((long[])[0, 1, long.MaxValue]).Select(schedule.At));
        Assert.Equal(Schedule.Constant(0.3), schedule);
        Assert.NotEqual(Schedule.Constant(0.2), schedule);
    }

    [Fact]
    public void A_cosine_ends_at_its_last_rate_and_stays_there()
    {
        Schedule schedule = Schedule.Cosine(0.1, steps: 10, last: 0.02);
        Assert.Equal(0.1, schedule.At(0), 1e-15);
        Assert.Equal(0.06, schedule.At(5), 1e-15);
        Assert.Equal([0.02, 0.02, 0.02], ((long[])[10, 11, 1_000_000]).Select(schedule.At));
    }

    [Fact]
    public void One_cycle_stays_at_its_last_rate()
    {
        Schedule schedule = Schedule.OneCycle(0.1, steps: 20);
        Assert.Equal(0.1 / 250_000, schedule.At(19), 1e-17);
        Assert.Equal(schedule.At(19), schedule.At(1000));
    }

    [Theory]
    [InlineData(2, 0.5)]
    [InlineData(4, 0.25)]
    [InlineData(10, 0.1)]
    public void One_cycle_whose_rise_is_one_step_begins_at_its_peak(long steps, double rise)
    {
        Schedule schedule = Schedule.OneCycle(0.1, steps, rise);
        Assert.Equal(0.1, schedule.At(0), 1e-15);
        Assert.Equal(0.1 / 250_000, schedule.At(steps - 1), 1e-17);
    }

    [Fact]
    public void Warm_up_begins_above_zero_and_hands_over_to_the_first_rate()
    {
        Schedule schedule = Schedule.Step(0.8, every: 2, factor: 0.5).WarmUp(4);
        Assert.Equal([0.2, 0.4, 0.6, 0.8, 0.8, 0.8, 0.4, 0.4], Enumerable.Range(0, 8).Select(step => Math.Round(schedule.At(step), 12)));
        Assert.Equal(0.8, Schedule.Constant(0.8).WarmUp(1).At(0));
    }

    [Fact]
    public void Arguments_out_of_their_range_are_refused_by_name()
    {
        foreach (double bad in (double[])[-0.1, double.NaN, double.PositiveInfinity])
        {
            AssertRefused("learningRate", () => Schedule.Constant(bad));
            AssertRefused("rate", () => Schedule.Step(bad, 5));
            AssertRefused("rate", () => Schedule.Exponential(bad, 0.9));
            AssertRefused("rate", () => Schedule.Cosine(bad, 5));
            AssertRefused("last", () => Schedule.Cosine(0.1, 5, bad));
            AssertRefused("rate", () => Schedule.OneCycle(bad, 5));
        }
        foreach (double bad in (double[])[0, -1, double.NaN, double.PositiveInfinity])
        {
            AssertRefused("factor", () => Schedule.Step(0.1, 5, bad));
            AssertRefused("factor", () => Schedule.Exponential(0.1, bad));
        }
        foreach (double bad in (double[])[0, 1, -0.1, 1.1, double.NaN])
            AssertRefused("rise", () => Schedule.OneCycle(0.1, 10, bad));
        foreach (long bad in (long[])[0, -1, long.MinValue])
        {
            AssertRefused("every", () => Schedule.Step(0.1, bad));
            AssertRefused("steps", () => Schedule.Cosine(0.1, bad));
            AssertRefused("steps", () => Schedule.OneCycle(0.1, bad));
            AssertRefused("steps", () => Schedule.Constant(0.1).WarmUp(bad));
        }
        AssertRefused("steps", () => Schedule.OneCycle(0.1, 1));
        Assert.StartsWith("learningRate must be a finite number, 0 or more, got -1.", Assert.Throws<ArgumentOutOfRangeException>(() => new Sgd(-1)).Message, StringComparison.Ordinal);
        Assert.Equal(0, Schedule.Constant(0).At(0));                   // a rate of 0 is allowed: it freezes
    }

    private static void AssertRefused(string name, Func<Schedule> make) => Assert.Equal(name, Assert.Throws<ArgumentOutOfRangeException>(() => make()).ParamName);
}
