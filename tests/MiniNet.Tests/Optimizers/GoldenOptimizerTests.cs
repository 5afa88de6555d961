using System.Text.Json;

namespace MiniNet.Tests.Optimizers;

public class GoldenOptimizerTests
{
    private static readonly Dictionary<string, Optimizer> Optimizers = new()
    {
        ["Sgd(0.1)"] = new Sgd(0.1),
        ["Sgd(0.1, momentum: 0.9)"] = new Sgd(0.1, momentum: 0.9),
        ["Sgd(0.1, momentum: 0.9, nesterov: true)"] = new Sgd(0.1, momentum: 0.9, nesterov: true),
        ["Sgd(0.1, momentum: 0.9, weightDecay: 0.05)"] = new Sgd(0.1, momentum: 0.9, weightDecay: 0.05),
        ["Adam(0.01)"] = new Adam(0.01),
        ["Adam(0.01, beta1: 0.8, beta2: 0.95, epsilon: 0.001)"] = new Adam(0.01, beta1: 0.8, beta2: 0.95, epsilon: 0.001),
        ["Adam(0.01, weightDecay: 0.1)"] = new Adam(0.01, weightDecay: 0.1),
        ["AdamW(0.01, weightDecay: 0.1)"] = new AdamW(0.01, weightDecay: 0.1),
        ["RmsProp(0.01)"] = new RmsProp(0.01),
        ["RmsProp(0.01, beta2: 0.9, momentum: 0.9)"] = new RmsProp(0.01, beta2: 0.9, momentum: 0.9),
        ["RmsProp(0.01, centered: true)"] = new RmsProp(0.01, centered: true),
        ["AdaGrad(0.1)"] = new AdaGrad(0.1),
        ["AdaGrad(0.1, weightDecay: 0.05)"] = new AdaGrad(0.1, weightDecay: 0.05),
        ["Lbfgs(history: 5)"] = new Lbfgs(history: 5),
        ["ClipNorm(0.1, Sgd(1))"] = new ClipNorm(0.1, new Sgd(1)),
        ["ClipValue(0.01, Adam(0.01))"] = new ClipValue(0.01, new Adam(0.01)),
        ["Adam(Schedule.Cosine(0.01, steps: 8))"] = new Adam(Schedule.Cosine(0.01, steps: 8)),
    };

    public static TheoryData<string> Names => [.. Golden.Read("optimizers").GetProperty("cases").EnumerateArray().Select(c => c.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Ten_steps_lead_where_PyTorchs_lead(string name)
    {
        JsonElement problem = Golden.Read("optimizers"), golden = problem.GetProperty("cases").EnumerateArray().First(c => c.GetProperty("name").GetString() == name);
        Sequential<double> model = new(3, seed: 1, new Dense(4), new Tanh(), new Dense(2));
        foreach ((string parameter, double[] values) in problem.Named("initial"))
            values.CopyTo(model[parameter]);
        Trainer<double> trainer = new(model, new MeanSquaredError(), Optimizers[name]);
        double[] x = problem.Numbers("x"), targets = problem.Numbers("targets"), losses = golden.Numbers("losses");
        int step = 0;
        foreach (JsonElement after in golden.GetProperty("steps").EnumerateArray())
        {
            double loss = trainer.Step(x, targets);
            Golden.AssertClose([losses[step]], [loss], 1e-11, $"loss before step {step + 1}");
            foreach (JsonProperty parameter in after.EnumerateObject())
                Golden.AssertClose(parameter.Value.Numbers(), model[parameter.Name], 1e-11, $"{parameter.Name} after step {step + 1}");
            step++;
        }
        Assert.Equal(10, step);
    }

    [Theory]
    [MemberData(nameof(Names))]
    public void Optimizers_print_as_the_code_that_made_them(string name) => Assert.Equal(name, Optimizers[name].ToString());
}
