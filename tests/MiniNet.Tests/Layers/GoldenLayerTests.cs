using System.Text.Json;

namespace MiniNet.Tests.Layers;

public class GoldenLayerTests
{
    private const double Tolerance = 1e-12;

    private static readonly Dictionary<string, Layer[]> Cases = new()
    {
        ["Dense(3)"] = [new Dense(3)],
        ["Dense(3) steps"] = [new Dense(3)],
        ["Flatten()"] = [new Flatten()],
        ["Flatten() steps"] = [new Flatten()],
        ["Conv2D(3, kernel: 3)"] = [new Conv2D(3, kernel: 3)],
        ["Conv2D(4, kernel: (3, 2), stride: (2, 1), padding: (1, 0))"] = [new Conv2D(4, kernel: (3, 2), stride: (2, 1), padding: (1, 0))],
        ["Conv2D(3, kernel: 3, padding: Padding.Same, dilation: (2, 1))"] = [new Conv2D(3, kernel: 3, padding: Padding.Same, dilation: (2, 1))],
        ["Conv2D(3, kernel: (4, 3), stride: 2, padding: Padding.Same)"] = [new Conv2D(3, kernel: (4, 3), stride: 2, padding: Padding.Same)],
        ["Conv2D(6, kernel: 3, stride: 2, padding: 2, groups: 2, bias: false)"] = [new Conv2D(6, kernel: 3, stride: 2, padding: 2, groups: 2, bias: false)],
        ["Conv2D(4, kernel: 3, padding: Padding.Same, groups: 4)"] = [new Conv2D(4, kernel: 3, padding: Padding.Same, groups: 4)],
        ["Conv2D(8, kernel: 3, groups: 4)"] = [new Conv2D(8, kernel: 3, groups: 4)],
        ["Conv2D(17, kernel: 3, padding: 1)"] = [new Conv2D(17, kernel: 3, padding: 1)],
        ["Conv2D(17, kernel: 3, padding: 1) large"] = [new Conv2D(17, kernel: 3, padding: 1)],
        ["Convolutional"] = [new Conv2D(4, kernel: 3), new ReLU(), new Conv2D(3, kernel: 2, stride: 2), new Flatten(), new Dense(3), new Softmax()],
        ["Conv1D(3, kernel: 3)"] = [new Conv1D(3, kernel: 3)],
        ["Conv1D(4, kernel: 3, stride: 2, padding: 2, dilation: 2, groups: 2)"] = [new Conv1D(4, kernel: 3, stride: 2, padding: 2, dilation: 2, groups: 2)],
        ["Conv1D, Flatten, Dense"] = [new Conv1D(3, kernel: 2, padding: 1), new Flatten(), new Dense(2)],
        ["ConvTranspose2D(3, kernel: 3)"] = [new ConvTranspose2D(3, kernel: 3)],
        ["ConvTranspose2D(4, kernel: (3, 2), stride: 2, padding: (1, 0), outputPadding: (1, 0), groups: 2)"] =
            [new ConvTranspose2D(4, kernel: (3, 2), stride: 2, padding: (1, 0), outputPadding: (1, 0), groups: 2)],
        ["ConvTranspose2D(2, kernel: 3, padding: 2, dilation: 2, bias: false)"] = [new ConvTranspose2D(2, kernel: 3, padding: 2, dilation: 2, bias: false)],
        ["BatchNorm() [4] training"] = [new BatchNorm()],
        ["BatchNorm() [4] predicting"] = [new BatchNorm()],
        ["BatchNorm() [3,2] training"] = [new BatchNorm()],
        ["BatchNorm() [2,3,2] training"] = [new BatchNorm()],
        ["BatchNorm() [2,3,2] predicting"] = [new BatchNorm()],
        ["PReLU() [7]"] = [new PReLU()],
        ["PReLU() [2,3,4]"] = [new PReLU()],
        ["PReLU(perChannel: true)"] = [new PReLU(perChannel: true)],
        ["SqueezeExcite(2)"] = [new SqueezeExcite(2)],
        ["Embedding(5, 3)"] = [new Embedding(5, 3)],
        ["LayerNorm() [7]"] = [new LayerNorm()],
        ["LayerNorm() [3,18]"] = [new LayerNorm()],
        ["LayerNorm() [2,3,4]"] = [new LayerNorm()],
        ["LayerNorm(epsilon: 0.01)"] = [new LayerNorm(0.01)],
        ["GroupNorm(1) [2,3,4]"] = [new GroupNorm(1)],
        ["GroupNorm(2) [3,2,18]"] = [new GroupNorm(2)],
        ["GroupNorm(3) [5,6]"] = [new GroupNorm(3)],
        ["GroupNorm(3, epsilon: 0.01) [6]"] = [new GroupNorm(3, 0.01)],
        ["RmsNorm() [7]"] = [new RmsNorm()],
        ["RmsNorm() [3,18]"] = [new RmsNorm()],
        ["RmsNorm(epsilon: 0.01)"] = [new RmsNorm(0.01)],
        ["MaxPool2D(2)"] = [new MaxPool2D(2)],
        ["MaxPool2D(3, stride: 2, padding: 1)"] = [new MaxPool2D(3, stride: 2, padding: 1)],
        ["MaxPool2D(3, stride: 1, padding: 1)"] = [new MaxPool2D(3, stride: 1, padding: 1)],
        ["MaxPool2D(2, stride: 3)"] = [new MaxPool2D(2, stride: 3)],
        ["MaxPool2D(2) ties"] = [new MaxPool2D(2)],
        ["MaxPool2D(3, stride: 1, padding: 1) ties"] = [new MaxPool2D(3, stride: 1, padding: 1)],
        ["AveragePool2D(2)"] = [new AveragePool2D(2)],
        ["AveragePool2D(3, stride: 2, padding: 1)"] = [new AveragePool2D(3, stride: 2, padding: 1)],
        ["AveragePool2D(2, stride: 3)"] = [new AveragePool2D(2, stride: 3)],
        ["GlobalAveragePool2D()"] = [new GlobalAveragePool2D()],
        ["Upsample2D(2)"] = [new Upsample2D(2)],
        ["Upsample2D(3)"] = [new Upsample2D(3)],
        ["Sigmoid()"] = [new Sigmoid()],
        ["ReLU()"] = [new ReLU()],
        ["Tanh()"] = [new Tanh()],
        ["LeakyReLU()"] = [new LeakyReLU()],
        ["LeakyReLU(0.2)"] = [new LeakyReLU(0.2)],
        ["ELU()"] = [new ELU()],
        ["ELU(0.5)"] = [new ELU(0.5)],
        ["GELU()"] = [new GELU()],
        ["GELU tanh"] = [new GELU(GeluApproximation.Tanh)],
        ["SiLU()"] = [new SiLU()],
        ["Softplus()"] = [new Softplus()],
        ["HardSigmoid()"] = [new HardSigmoid()],
        ["Identity()"] = [new Identity()],
        ["Softmax()"] = [new Softmax()],
        ["Softmax() steps"] = [new Softmax()],
        ["LogSoftmax()"] = [new LogSoftmax()],
        ["LogSoftmax() steps"] = [new LogSoftmax()],
        ["Chain"] = [new Dense(5), new Tanh(), new Dense(3), new Softmax()],
        ["Residual"] = [new Residual(new Dense(6), new SiLU(), new Dense(4))],
        ["Branches"] = [new Branches(new Dense(2), new Chain(new Dense(3), new Tanh()))],
        ["Tied"] = [new Dense(4), new Tanh(), new Tied("0", new Dense(4))],
        ["Normalize"] = [new Normalize()],
    };

    public static TheoryData<string> Names => [.. Golden.Read("layers").EnumerateArray().Select(c => c.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Output_gradients_and_statistics_are_those_of_PyTorch(string name)
    {
        JsonElement golden = Golden.Case("layers", name);
        Sequential<double> model = new(golden.Shape("inputShape"), seed: 1, Cases[name]);
        foreach ((string parameter, double[] values) in golden.Named("parameters").Concat(golden.Named("statistics")))
            values.CopyTo(model[parameter]);
        double[] x = golden.Numbers("x"), dx = new double[golden.Numbers("dx").Length];                // an index has no gradient
        if (!golden.GetProperty("training").GetBoolean())
        {
            // What predicts is run, and differentiated, frozen.
            Golden.AssertClose(golden.Numbers("y"), model.Predict(x), Tolerance, "y");
            return;
        }
        Trainer<double> trainer = new(model, new Sgd(0));
        Golden.AssertClose(golden.Numbers("y"), trainer.Forward(x), Tolerance, "y");
        trainer.Backpropagate(golden.Numbers("dy"), dx);
        double tolerance = name == "HardSigmoid()" ? 1e-7 : Tolerance;       // PyTorch 1.13 takes 1/6 in float there, in double too
        Golden.AssertClose(golden.Numbers("dx"), dx, tolerance, "dx");
        foreach ((string parameter, double[] values) in golden.Named("gradients"))
        {
            ParameterInfo info = model.ParameterList.Single(p => p.Name == parameter);
            Golden.AssertClose(values, trainer.Gradients.Slice(info.Offset, info.Shape.Length), Tolerance, $"gradient of {parameter}");
        }
        trainer.Update();
        foreach ((string statistic, double[] values) in golden.Named("statisticsAfter"))
            Golden.AssertClose(values, model[statistic], Tolerance, statistic);
    }

    [Theory]
    [InlineData("BatchNorm() [4] predicting")]
    [InlineData("BatchNorm() [2,3,2] predicting")]
    public void A_frozen_layer_passes_back_the_gradient_of_PyTorchs_eval_mode(string name)
    {
        JsonElement golden = Golden.Case("layers", name);
        Sequential<double> model = new(golden.Shape("inputShape"), seed: 1, new Frozen(new BatchNorm()));
        foreach ((string parameter, double[] values) in golden.Named("parameters").Concat(golden.Named("statistics")))
            values.CopyTo(model[parameter]);
        double[] x = golden.Numbers("x"), dx = new double[x.Length];
        Trainer<double> trainer = new(model, new Sgd(0));
        Golden.AssertClose(golden.Numbers("y"), trainer.Forward(x), Tolerance, "y");
        trainer.Backpropagate(golden.Numbers("dy"), dx);
        Golden.AssertClose(golden.Numbers("dx"), dx, Tolerance, "dx");
    }

    [Fact]
    public void Every_case_has_golden_values() => Assert.Equal(Cases.Keys.Order(), Names.Select(n => n.Data).Order());
}
