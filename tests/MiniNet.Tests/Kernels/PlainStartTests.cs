using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet.Tests.Kernels;

[CollectionDefinition(nameof(PlainStartTests), DisableParallelization = true)]
public static class PlainStartCollection;

/// <summary>A young process runs short kernels number by number. That must not show in any bit, and all other tests must see the vectors.</summary>
[Collection(nameof(PlainStartTests))]
public class PlainStartTests
{
    private static int left;

    public static TheoryData<string> Names => LayerCases.Names;

    [ModuleInitializer]
    internal static void EveryOtherTestRunsOnVectors() => Simd.PlainElements = 0;

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_layer_puts_out_and_learns_the_same_bits_plainly_and_on_vectors(string name)
    {
        AssertPlainDoesNotShow<float>(name);
        AssertPlainDoesNotShow<double>(name);
    }

    [Theory]
    [InlineData(typeof(Sgd))]
    [InlineData(typeof(AdamW))]
    [InlineData(typeof(RmsProp))]
    [InlineData(typeof(AdaGrad))]
    public void Every_rule_moves_weights_to_the_same_bits_plainly_and_on_vectors(Type kind)
    {
        AssertRuleDoesNotShow<float>(kind);
        AssertRuleDoesNotShow<double>(kind);
    }

    [Fact]
    public void What_is_short_runs_plainly_until_that_has_cost_as_much_as_compiling_would()
    {
        float[] x = [1, 2, 3], y = new float[3];
        Plainly(10, () => new Sequential<float>(3, seed: 1, new Sigmoid()).Predict(x, y));
        Assert.Equal(10 - 3, left);
        Plainly(0, () => new Sequential<float>(3, seed: 1, new Sigmoid()).Predict(x, y));
        Assert.Equal(0, left);
        Plainly(1_000, () => new Sequential<float>(129, seed: 1, new Sigmoid()).Predict(new float[129]));
        Assert.Equal(1_000, left);
    }

    private static void Plainly(int elements, Action run)
    {
        Simd.PlainElements = elements;
        try
        {
            run();
            left = Simd.PlainElements;
        }
        finally
        {
            Simd.PlainElements = 0;
        }
    }

    private static void AssertPlainDoesNotShow<T>(string name) where T : unmanaged, IFloatingPointIeee754<T>
    {
        T[] vectors = [], plain = [];
        Plainly(0, () => vectors = LearnOnce<T>(LayerCases.Get(name)));
        Plainly(int.MaxValue, () => plain = LearnOnce<T>(LayerCases.Get(name)));
        Bits.AssertSame<T>(vectors, plain, name);
    }

    private static void AssertRuleDoesNotShow<T>(Type kind) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Optimizer optimizer = kind == typeof(Sgd) ? new Sgd(0.1, momentum: 0.9, nesterov: true, weightDecay: 0.01)
            : kind == typeof(AdamW) ? new AdamW(0.1)
            : kind == typeof(RmsProp) ? new RmsProp(0.01, momentum: 0.5) : new AdaGrad(0.1);
        T[] vectors = [], plain = [];
        Plainly(0, () => vectors = Steps<T>(optimizer));
        Plainly(int.MaxValue, () => plain = Steps<T>(optimizer));
        Bits.AssertSame<T>(vectors, plain, optimizer.ToString());
    }

    /// <summary>Output, gradients and the parameters after one step, one after the other.</summary>
    private static T[] LearnOnce<T>(LayerCase which) where T : unmanaged, IFloatingPointIeee754<T>
    {
        const int Batch = 3;
        Sequential<T> model = new(which.Inputs, seed: 3, which.Layer);
        Trainer<T> trainer = new(model, new Sgd(0.1), seed: 5, maxDegreeOfParallelism: 1);
        T[] x = which.X<T>(Batch, 4);
        T[] output = trainer.Forward(x).ToArray();
        trainer.Backpropagate(Numbers.Normals<T>(output.Length, 7));
        T[] gradients = trainer.Gradients.ToArray();
        trainer.Update();
        return [.. output, .. gradients, .. model.Parameters, .. model.Statistics, .. model.Predict(x)];
    }

    private static T[] Steps<T>(Optimizer optimizer) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Sequential<T> model = new(5, seed: 1, new Dense(3), new Tanh(), new Dense(2));
        Trainer<T> trainer = new(model, new MeanSquaredError(), optimizer, maxDegreeOfParallelism: 1);
        T[] x = Numbers.Normals<T>(15, 1), y = Numbers.Normals<T>(6, 2);
        for (int step = 0; step < 5; step++)
            trainer.Step(x, y);
        return [.. model.Parameters];
    }
}
