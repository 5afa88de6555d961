namespace MiniNet.Tests.Layers;

public class ChannelLayerTests
{
    [Fact]
    public void Dropout2D_drops_whole_channels_and_scales_the_others()
    {
        Sequential<float> model = new((4, 5, 64), seed: 1, new Dropout2D(0.25));
        Trainer<float> trainer = new(model, new Sgd(0));
        float[] x = [.. Enumerable.Range(1, 50 * 1280).Select(i => (float)i)], dx = new float[x.Length];
        float[] y = trainer.Forward(x).ToArray();
        trainer.Backpropagate(x, dx);
        Assert.Equal(y, dx);                                                                    // the same mask on the way back
        int dropped = 0;
        for (int sample = 0; sample < 50; sample++)
        {
            for (int channel = 0; channel < 64; channel++)
            {
                float factor = y[(sample * 1280) + channel] == 0 ? 0 : (float)(1 / 0.75);
                dropped += factor == 0 ? 1 : 0;
                for (int i = (sample * 1280) + channel; i < (sample + 1) * 1280; i += 64)
                    Assert.Equal(x[i] * factor, y[i]);
            }
        }
        Assert.InRange(dropped, (0.25 * 3200) - 100, (0.25 * 3200) + 100);                      // four standard deviations
        trainer.Update();
        Assert.NotEqual(y, trainer.Forward(x).ToArray());                                       // another step, other channels
        Assert.Equal(x, model.Predict(x));
    }

    [Fact]
    public void PReLU_by_hand_with_one_slope_and_with_one_for_each_channel()
    {
        double[] x = [-2, 4, 6, -8], dy = [1, 2, 3, 4], dx = new double[4];
        Sequential<double> one = new((2, 2), new PReLU());
        Trainer<double> trainer = new(one, new Sgd(0));
        Assert.Equal([-0.5, 4, 6, -2], trainer.Forward(x).ToArray());
        trainer.Backpropagate(dy, dx);
        Assert.Equal([0.25, 2, 3, 1], dx);
        Assert.Equal([-2 - 32], trainer.Gradients.ToArray());

        Sequential<double> each = new((2, 2), new PReLU(perChannel: true, initial: 0.5));
        trainer = new(each, new Sgd(0));
        Assert.Equal([-1, 4, 6, -4], trainer.Forward(x).ToArray());
        trainer.Backpropagate(dy, dx);
        Assert.Equal([0.5, 2, 3, 2], dx);
        Assert.Equal([-2, -32], trainer.Gradients.ToArray());
        Assert.All((ParameterInfo[])[.. one.ParameterList, .. each.ParameterList], p => Assert.Equal(("0.weight", false), (p.Name, p.Decays)));
    }

    [Fact]
    public void SqueezeExcite_scales_each_channel_by_what_the_means_say()
    {
        Sequential<double> model = new((1, 2, 2), seed: 1, new SqueezeExcite(reduction: 2));
        Assert.Equal([("0.fc1.weight", (Shape)(2, 1)), ("0.fc1.bias", 1), ("0.fc2.weight", (1, 2)), ("0.fc2.bias", 2)], model.ParameterList.Select(p => (p.Name, p.Shape)));
        double[] weight1 = [1, 2], weight2 = [0.5, -0.25], bias2 = [1, 0];
        weight1.CopyTo(model["0.fc1.weight"]);
        weight2.CopyTo(model["0.fc2.weight"]);
        bias2.CopyTo(model["0.fc2.bias"]);
        // means 2 and 5, hidden 12, gates sigmoid(7) and sigmoid(−3)
        double first = 1 / (1 + Math.Exp(-7)), second = 1 / (1 + Math.Exp(3));
        Golden.AssertClose([1 * first, 4 * second, 3 * first, 6 * second], model.Predict([1, 4, 3, 6]), 1e-15, "y");
    }

    [Fact]
    public void Impossible_arguments_and_shapes_are_refused()
    {
        Assert.Equal("Layer 0, Dropout2D(0.5), needs [height, width, channels]; for other shapes there is Dropout, but gets [3, 4].\n[3, 4] -> Dropout2D(0.5)", Assert.Throws<ShapeException>(() => new Sequential<float>((3, 4), new Dropout2D(0.5))).Message);
        Assert.Equal("rate", Assert.Throws<ArgumentOutOfRangeException>(() => new Dropout2D(1)).ParamName);
        Assert.Equal("initial", Assert.Throws<ArgumentOutOfRangeException>(() => new PReLU(initial: double.NaN)).ParamName);
        Assert.Equal("reduction", Assert.Throws<ArgumentOutOfRangeException>(() => new SqueezeExcite(0)).ParamName);
        foreach (Shape shape in (Shape[])[20, (4, 20), (2, 2, 15)])
        {
            Assert.Equal($"Layer 0, SqueezeExcite(), needs [height, width, channels] with at least 16 channels, so that one is left between the dense layers, but gets {shape}.\n{shape} -> SqueezeExcite()",
                Assert.Throws<ShapeException>(() => new Sequential<float>(shape, new SqueezeExcite())).Message);
        }
    }
}
