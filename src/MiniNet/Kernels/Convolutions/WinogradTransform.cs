using System.Numerics;

namespace MiniNet;

/// <summary>The weights transformed for <see cref="WinogradForward{T}"/>, or the sums of <see cref="WinogradWeightSums{T}"/> transformed back to the weights' gradient.</summary>
internal unsafe struct WinogradTransform<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public ConvolutionGeometry Geometry;
    public T* Weights;         // [3, 3, channels, filters]
    public T* Transformed;     // [place, channels, filters in whole cache lines]
    public bool IsBack;

    /// <summary>How many numbers the transformed ones are.</summary>
    internal static int Length(in ConvolutionGeometry g) => Winograd<T>.Places * (int)WinogradBlocks<T>.PlaneOfWeights(g);

    public readonly void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>
    {
        nint plane = WinogradBlocks<T>.PlaneOfWeights(Geometry), row = WinogradBlocks<T>.WholeLines(Geometry.Filters);
        if (IsBack)
            Winograd<T>.WeightGradient<TSimd, TVector>(Geometry, Transformed, plane, row, Weights);
        else
            Winograd<T>.Weights<TSimd, TVector>(Geometry, Weights, Transformed, plane, row);
    }
}
