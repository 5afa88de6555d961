using System.Numerics;

namespace MiniNet;

/// <summary>The weights for <see cref="WinogradForward{T}"/>.</summary>
internal unsafe struct WinogradTransform<T> : IKernel<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    public ConvolutionGeometry Geometry;
    public T* W;               // [3, 3, channels, filters]
    public T* To;              // [place, channels, filters in whole cache lines]

    /// <summary>How many numbers they are.</summary>
    internal static int Length(in ConvolutionGeometry g) => Winograd<T>.Places * g.Channels * (int)WinogradBlocks<T>.WholeLines(g.Filters);

    public readonly void Run<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T> =>
        Winograd<T>.Weights<TSimd, TVector>(Geometry, W, To, WinogradBlocks<T>.WholeLines(Geometry.Filters));
}
