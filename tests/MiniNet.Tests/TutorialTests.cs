using System.Text.Json;

namespace MiniNet.Tests;

public class TutorialTests
{
    private static readonly double[] X = [0, 0, 0, 1, 1, 0, 1, 1], Y = [0, 1, 1, 0];

    [Fact]
    public void Ten_thousand_epochs_of_xor_follow_the_path_of_the_tutorial_in_NumPy()
    {
        JsonElement golden = Golden.Read("tutorial-xor");
        Sequential<double> model = new(2, seed: 1, new Dense(4), new Sigmoid(), new Dense(1), new Sigmoid());
        golden.Numbers("0.weight").CopyTo(model["0.weight"]);
        golden.Numbers("2.weight").CopyTo(model["2.weight"]);
        Trainer<double> trainer = new(model, new MeanSquaredError(), new Sgd(0.2));
        foreach (JsonElement after in golden.GetProperty("after").EnumerateArray())
        {
            int epochs = after.GetProperty("epochs").GetInt32();
            while (trainer.StepCount < epochs)
                trainer.Step(X, Y);
            foreach (string name in (string[])["0.weight", "0.bias", "2.weight", "2.bias"])
                Golden.AssertClose(after.Numbers(name), model[name], 1e-10, $"{name} after {epochs} epochs");
            Golden.AssertClose(after.Numbers("predictions"), model.Predict(X), 1e-10, $"predictions after {epochs} epochs");
        }
        Assert.Equal(10_000, trainer.StepCount);
    }
}
