namespace MiniNet.PublicApi.Tests.Diagnostics;

/// <summary>Whether the gradient check finds what goes wrong in the backward pass of a convolution, and names it.</summary>
public class SpoiledConvolutionTests
{
    private static readonly Dictionary<string, (Layer Layer, Shape Inputs)> Layers = new()
    {
        ["Conv2D"] = (new Conv2D(3, kernel: 3, padding: Padding.Same), (4, 5, 2)),
        ["Conv2D, depthwise"] = (new Conv2D(2, kernel: 3, stride: 2, padding: 1, groups: 2), (5, 4, 2)),
        ["Conv1D"] = (new Conv1D(3, kernel: 3), (6, 2)),
        ["ConvTranspose2D"] = (new ConvTranspose2D(3, kernel: 3, stride: 2), (3, 2, 2)),
    };

    public static TheoryData<string, Spoil> Cases => [.. from name in Layers.Keys from spoil in Enum.GetValues<Spoil>() select (name, spoil)];

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_spoiled_backward_is_found_and_named(string name, Spoil spoil)
    {
        (Layer layer, Shape inputs) = Layers[name];
        GradientReport report = GradientCheck.Run(new Spoiled(layer, spoil), inputs, batch: 2);
        if (spoil == Spoil.Nothing)
        {
            report.ThrowIfWrong(1e-8);
            return;
        }
        Assert.Throws<ArithmeticException>(() => report.ThrowIfWrong());
        string named = spoil switch { Spoil.BiasForgotten => "0.bias[", Spoil.KernelTurned => "0.weight[", _ => "the input gradient of sample " };
        Assert.StartsWith(named, report.Worst, StringComparison.Ordinal);
    }

    public enum Spoil
    {
        Nothing,
        BiasForgotten,
        KernelTurned,
        EdgeForgotten,
        ChannelsExchanged,
    }

    private sealed record Spoiled(Layer Layer, Spoil Spoil) : Layer
    {
        public override Shape Declare(Plan plan) => Layer.Declare(plan);

        public override void Forward<T>(in Pass<T> pass) => Layer.Forward(pass);

        public override void Backward<T>(in Pass<T> pass)
        {
            Layer.Backward(pass);
            if (Spoil == Spoil.BiasForgotten)
                pass.ParameterGradient(1).Clear();
            if (Spoil == Spoil.KernelTurned)
                pass.ParameterGradient(0).Reverse();
            if (Spoil == Spoil.EdgeForgotten && !pass.InputGradient.IsEmpty)
                pass.InputGradient[..pass.Plan.Input.Last].Clear();
            for (int i = 0; Spoil == Spoil.ChannelsExchanged && i < pass.InputGradient.Length; i += 2)
                pass.InputGradient.Slice(i, 2).Reverse();
        }
    }
}
