namespace MiniNet;

/// <summary>Activations that files hold as several nodes.</summary>
internal sealed partial class OnnxReader
{
    private const double RootOfTwo = 1.41421356237309504880;

    /// <summary>x · σ(x).</summary>
    private bool ReadSiLU(List<OnnxNode> next)
    {
        if (next.Find(n => n.Operator == "Sigmoid") is not { } sigmoid || next.Find(n => n.Operator == "Mul") is not { } product || next.Count != 2)
            return false;
        if (Other(product, current) != sigmoid.Output)
            return false;
        current = product.Output;
        Add(product, new SiLU());
        return true;
    }

    /// <summary>x · (1 + erf(x / √2)) · ½, as PyTorch writes it.</summary>
    private bool ReadGelu(List<OnnxNode> next)
    {
        if (next.Find(n => n.Operator == "Div") is not { } division || next.Find(n => n.Operator == "Mul") is not { } product || next.Count != 2 || !IsBy(division, current, RootOfTwo))
            return false;
        OnnxNode? erf = Follower("Erf", division.Output), sum = Follower("Add", erf?.Output), half = Follower("Mul", product.Output);
        if (sum is null || half is null || !IsBy(sum, erf!.Output, 1) || Other(product, current) != sum.Output || !IsBy(half, product.Output, 0.5))
            return false;
        current = half.Output;
        Add(half, new GELU());
        return true;
    }

    /// <summary>The one node that uses a value, if there is one and it is of this operator.</summary>
    private OnnxNode? Follower(string operatorType, string? value) =>
        value is not null && uses.GetValueOrDefault(value, []) is [OnnxNode only] && only.Operator == operatorType ? only : null;

    private static string? Other(OnnxNode node, string input) => node.Inputs.Count != 2 ? null : node.Inputs[0] == input ? node.Inputs[1] : node.Inputs[1] == input ? node.Inputs[0] : null;

    private bool IsBy(OnnxNode node, string value, double number) =>
        Other(node, value) is { } other && constants.TryGetValue(other, out OnnxTensor? constant) && constant.Length == 1 && !constant.HoldsIntegers && Math.Abs(constant.Number(0) - number) < 1e-6;
}
