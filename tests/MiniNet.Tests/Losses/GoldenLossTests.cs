using System.Text.Json;

namespace MiniNet.Tests.Losses;

public class GoldenLossTests
{
    private static readonly Dictionary<string, (Loss Loss, Layer Last)> Losses = new()
    {
        ["MeanSquaredError"] = (new MeanSquaredError(), new Identity()),
        ["MeanAbsoluteError"] = (new MeanAbsoluteError(), new Identity()),
        ["Huber(1)"] = (new Huber(), new Identity()),
        ["Huber(0.5)"] = (new Huber(0.5), new Identity()),
        ["CrossEntropy"] = (new CrossEntropy(), new Softmax()),
        ["CrossEntropy(smoothing: 0.1)"] = (new CrossEntropy(smoothing: 0.1), new Softmax()),
        ["BinaryCrossEntropy"] = (new BinaryCrossEntropy(), new Sigmoid()),
    };

    public static TheoryData<string> Names => [.. Golden.Read("losses").EnumerateArray().Select(c => c.GetProperty("name").GetString()!)];

    [Theory]
    [MemberData(nameof(Names))]
    public void Value_and_gradient_are_those_of_PyTorch(string name)
    {
        JsonElement golden = Golden.Case("losses", name);
        (Loss loss, Layer last) = Losses[golden.GetProperty("loss").GetString()!];
        Sequential<double> model = new(golden.Shape("outputShape"), last);
        Trainer<double> trainer = new(model, loss, new Sgd(0));
        double[] output = golden.Numbers("output"), gradient = new double[output.Length];
        trainer.Forward(output);
        double value = trainer.Backward(golden.Numbers("targets"), gradient, golden.Numbers("sampleWeights"));
        Golden.AssertClose([golden.GetProperty("value").GetDouble()], [value], 1e-13, "value");
        Golden.AssertClose(golden.Numbers("gradient"), gradient, 1e-13, "gradient");
    }
}
