using System.Numerics;

namespace MiniNet;

/// <summary>The weights transformed for <see cref="WinogradConvolution{T}"/>, or the sums of <see cref="WinogradWeightSums{T}"/> transformed back to the weights' gradient.</summary>
internal unsafe struct WinogradTransform<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public int Inputs, Outputs;            // channels and filters, or, for the way back, filters and channels
    public T* Weights;                     // [3, 3, inputs, outputs]
    public T* Transformed;                 // [place, inputs, outputs in whole cache lines]
    public bool IsBack;

    /// <summary>How many numbers the transformed ones are.</summary>
    internal static int Length(int inputs, int outputs) => Winograd<T>.Places * (int)WinogradBlocks<T>.WeightPlane(inputs, outputs);

    public readonly void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
    {
        nint plane = WinogradBlocks<T>.WeightPlane(Inputs, Outputs), row = WinogradBlocks<T>.WholeLines(Outputs);
        if (IsBack)
            Winograd<T>.WeightGradient<TSimd, TVector>(Inputs, Outputs, Transformed, plane, row, Weights);
        else
            Winograd<T>.Weights<TSimd, TVector>(Inputs, Outputs, Weights, Transformed, plane, row);
    }
}
