namespace MiniNet;

/// <summary>Where one parameter lies in <see cref="Sequential{T}.Parameters"/>, and what may be done to it.</summary>
/// <param name="Name">Its name in the manner of PyTorch: <c>0.weight</c>.</param>
/// <param name="Shape">[inputs, outputs] for weights, [height, width, inputs, outputs] for kernels, [features] for vectors.</param>
/// <param name="Offset">Where it begins in the vector of all parameters.</param>
/// <param name="Trained">False inside <see cref="Frozen"/>.</param>
/// <param name="Decays">Whether weight decay pulls at it.</param>
public readonly record struct ParameterInfo(string Name, Shape Shape, int Offset, bool Trained, bool Decays)
{
    /// <summary>How files hold it: <c>[1, 0]</c> for weights, which are [outputs, inputs] there.</summary>
    public FileLayout FileLayout { get; init; }
}
