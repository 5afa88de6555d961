namespace MiniNet.PublicApi.Tests;

public class DesignTests
{
    [Fact]
    public void Xor_is_learned()
    {
        float[] x = [0, 0,   0, 1,   1, 0,   1, 1];
        float[] y = [0,      1,      1,      0];

        var model = new Sequential<float>(inputs: 2, seed: 1, new Dense(4), new Sigmoid(), new Dense(1), new Sigmoid());
        model.Fit(x, y, new MeanSquaredError(), new Sgd(learningRate: 2), epochs: 5_000);

        float[] p = model.Predict(x);
        Assert.All(p.Zip(y), pair => Assert.True(Math.Abs(pair.First - pair.Second) < 0.1, string.Join(", ", p)));
    }
}
