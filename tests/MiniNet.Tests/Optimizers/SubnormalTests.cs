using System.Numerics;

namespace MiniNet.Tests.Optimizers;

/// <summary>Averages of a gradient that is zero from some step on decay, and must end at zero: 0.9 times four of the smallest numbers is rounded to four.</summary>
public class SubnormalTests
{
    public static TheoryData<Optimizer> Optimizers => [new Adam(0.1), new AdamW(0.1), new Sgd(0.1, momentum: 0.9), new Sgd(0.1, momentum: 0.9, nesterov: true), new RmsProp(0.1, beta2: 0.9)];

    [Theory]
    [MemberData(nameof(Optimizers))]
    public void A_slot_that_only_decays_ends_at_zero(Optimizer optimizer)
    {
        // 20 weights: a whole vector and the rest of one, whatever the processor.
        AssertEnds<float>(optimizer, steps: 1_500);
        AssertEnds<double>(optimizer, steps: 8_000);
    }

    [Fact]
    public void Where_something_is_added_small_numbers_stay()
    {
        // Squares of 1e-19 are subnormal, and all that keeps a tiny epsilon from making the step huge.
        Trainer<float> trainer = new(new Sequential<float>(20, new Dense(1)), new Adam(0.1, epsilon: 1e-30));
        float[] before = trainer.Model.Parameters.ToArray();
        for (int i = 0; i < 20; i++)
            Step(trainer, 1e-19f);
        for (int i = 0; i < before.Length; i++)
            Assert.InRange(before[i] - trainer.Model.Parameters[i], 1, 3);
    }

    [Fact]
    public void Small_numbers_that_are_normal_stay()
    {
        Trainer<float> trainer = new(new Sequential<float>(20, new Dense(1)), new Sgd(0.1, momentum: 0.5));
        trainer.Slots.AsSpan().Fill(4e-38f);
        Step(trainer, 0);
        Assert.All(trainer.Slots, s => Assert.Equal(2e-38f, s));
    }

    private static void AssertEnds<T>(Optimizer optimizer, int steps) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Trainer<T> trainer = new(new Sequential<T>(20, new Dense(1)), optimizer);
        Step(trainer, T.One);
        Assert.All(trainer.Slots[..21], s => Assert.NotEqual(T.Zero, s));
        for (int i = 0; i < steps; i++)
            Step(trainer, T.Zero);
        Assert.All(trainer.Slots[..21], s => Assert.Equal(T.Zero, s));
        Assert.All(trainer.Slots, s => Assert.False(T.IsSubnormal(s)));
    }

    private static void Step<T>(Trainer<T> trainer, T gradient) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] x = new T[20];
        x.AsSpan().Fill(T.One);
        trainer.Forward(x);
        trainer.Backpropagate([gradient]);
        trainer.Update();
    }
}
