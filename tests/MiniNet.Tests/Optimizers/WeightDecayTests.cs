namespace MiniNet.Tests.Optimizers;

public class WeightDecayTests
{
    public static TheoryData<string> Names => [.. Optimizers.Keys];

    private static readonly Dictionary<string, (Optimizer Decaying, Optimizer Plain)> Optimizers = new()
    {
        ["Sgd"] = (new Sgd(0.1, weightDecay: 0.5), new Sgd(0.1)),
        ["Sgd with momentum"] = (new Sgd(0.1, momentum: 0.9, weightDecay: 0.5), new Sgd(0.1, momentum: 0.9)),
        ["Adam"] = (new Adam(0.1, epsilon: 0.1, weightDecay: 0.5), new Adam(0.1, epsilon: 0.1)),
        ["AdamW"] = (new AdamW(0.1, weightDecay: 0.5), new AdamW(0.1, weightDecay: 0)),
        ["RmsProp"] = (new RmsProp(0.1, epsilon: 0.1, weightDecay: 0.5), new RmsProp(0.1, epsilon: 0.1)),
        ["AdaGrad"] = (new AdaGrad(0.1, epsilon: 0.1, weightDecay: 0.5), new AdaGrad(0.1, epsilon: 0.1)),
        ["ClipNorm"] = (new ClipNorm(100, new Sgd(0.1, weightDecay: 0.5)), new ClipNorm(100, new Sgd(0.1))),
    };

    [Theory]
    [MemberData(nameof(Names))]
    public void Weight_decay_pulls_at_weights_and_spares_biases_and_the_gains_of_a_normalisation(string name)
    {
        double[] decaying = Step(Optimizers[name].Decaying, out IReadOnlyList<ParameterInfo> parameters), plain = Step(Optimizers[name].Plain, out _);
        Assert.Equal(["0.weight", "0.bias", "1.weight", "1.bias", "2.weight", "2.bias"], parameters.Select(p => p.Name));
        foreach (ParameterInfo parameter in parameters)
        {
            bool isWeight = parameter.Name is "0.weight" or "2.weight";
            Assert.Equal(isWeight, parameter.Decays);
            for (int i = parameter.Offset; i < parameter.Offset + parameter.Shape.Length; i++)
                Assert.True(decaying[i] != plain[i] == isWeight, $"{parameter.Name}[{i - parameter.Offset}]: {decaying[i]:R} with decay, {plain[i]:R} without.");
        }
    }

    [Fact]
    public void Without_a_gradient_AdamW_shrinks_weights_by_rate_times_decay_and_nothing_else()
    {
        Sequential<double> model = new(3, seed: 1, new Dense(4, biasInitializer: new Constant(0.5)));
        double[] before = model.Parameters.ToArray();
        Trainer<double> trainer = new(model, new AdamW(0.1, weightDecay: 0.5));
        trainer.Forward(new double[6]);
        trainer.Backpropagate(new double[8]);
        trainer.Update();
        for (int i = 0; i < before.Length; i++)
            Assert.Equal(i < 12 ? 0.95 * before[i] : 0.5, model.Parameters[i], 1e-15);
    }

    private static double[] Step(Optimizer optimizer, out IReadOnlyList<ParameterInfo> parameters)
    {
        // All parameters are nonzero, so that a decay shows. One step: in a second the gradients of the biases would follow from the decayed weights.
        Sequential<double> model = new(3, seed: 1, new Dense(4, biasInitializer: new Normal(1)), new BatchNorm(), new Dense(2, biasInitializer: new Normal(1)));
        model["1.bias"].Fill(0.5);
        parameters = model.ParameterList;
        double[] x = [.. Enumerable.Range(0, 15).Select(i => new RandomStream(2).Normal(i))], dy = [.. Enumerable.Range(0, 10).Select(i => new RandomStream(3).Normal(i))];
        Trainer<double> trainer = new(model, optimizer);
        trainer.Forward(x);
        trainer.Backpropagate(dy);
        trainer.Update();
        return model.Parameters.ToArray();
    }
}
