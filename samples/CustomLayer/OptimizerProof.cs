using MiniNet;

namespace CustomLayerSample;

/// <summary>Follows an optimizer on one weight, with gradients that are handed in.</summary>
internal static class OptimizerProof
{
    private static readonly double[] Gradients = [2, -0.19, -0.1];

    /// <summary>The weight after each step.</summary>
    public static double[] Weights(Optimizer optimizer, double first)
    {
        var model = new Sequential<double>(inputs: 1, seed: 1, new Dense(1));
        model["0.weight"][0] = first;
        var trainer = new Trainer<double>(model, optimizer);
        double[] weights = new double[Gradients.Length];
        for (int step = 0; step < weights.Length; step++)
        {
            trainer.Forward([1]);                          // with an input of 1 …
            trainer.Backpropagate([Gradients[step]]);      // … the weight's gradient is the output's
            trainer.Update();
            weights[step] = model["0.weight"][0];
        }
        return weights;
    }

    /// <summary>From w = 1 and m = 0, with η = 0.1.</summary>
    /// <remarks>
    /// g = 2:     0.9·0 + 0.1·2 = 0.2, so w falls to 0.9; m = 0.01·2 = 0.02.
    /// g = −0.19: 0.9·0.02 − 0.1·0.19 = −0.001, so w rises to 1.0; m = 0.99·0.02 − 0.01·0.19 = 0.0179.
    /// g = −0.1:  0.9·0.0179 − 0.1·0.1 = 0.00611, so w falls to 0.9, against this gradient, with those before it.
    /// </remarks>
    public static readonly double[] ByHand = [0.9, 1.0, 0.9];

    /// <summary>Both side by side.</summary>
    public static void Print()
    {
        double[] weights = Weights(new Lion(0.1), first: 1);
        for (int step = 0; step < weights.Length; step++)
            Console.WriteLine(FormattableString.Invariant($"  step {step + 1}: weight {weights[step]:F4}, by hand {ByHand[step]:F4}"));
        if (weights.Zip(ByHand, (a, b) => Math.Abs(a - b)).Max() > 1e-12)
            throw new ArithmeticException("Lion does not follow its formula.");
    }
}
