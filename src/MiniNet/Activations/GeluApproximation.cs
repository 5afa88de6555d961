namespace MiniNet;

/// <summary>How <see cref="GELU"/> computes the distribution function of the normal. The names are PyTorch's.</summary>
public enum GeluApproximation
{
    /// <summary>Exactly.</summary>
    None,

    /// <summary>By ½·(1 + tanh(√(2/π)·(x + 0.044715·x³))).</summary>
    Tanh,
}
