using System.Numerics;

namespace MiniNet;

/// <summary>
/// How many rows of tiles <see cref="Winograd{T}"/> takes at once, and how they lie in memory: as many as a part of the second-level cache holds between the steps, and some in any case, place after place.
/// </summary>
internal readonly unsafe struct WinogradBlocks<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const int LeastTiles = 48;                       // that the transformed weights are read for

    internal readonly int Down;                              // rows of tiles of an image
    internal readonly int Across;                            // tiles of a row
    internal readonly int Rows;                              // rows of tiles of all images
    internal readonly int RowsAtOnce;
    internal readonly int Length;                            // of the memory for as many planes as are needed at once
    internal readonly nint OutputRow;                        // from a tile's outputs to the next one's: whole cache lines
    internal readonly nint InputPlane, OutputPlane;          // from a place to the next: [tiles, inputs], [tiles, outputs]

    internal WinogradBlocks(in ConvolutionGeometry g, int images, int inputs, int outputs, int inputPlanes, int outputPlanes, int cacheBytes)
    {
        int line = ConvolutionMemory<T>.LineLength;
        (Down, Across) = ((g.OutputHeight + 1) / 2, (g.OutputWidth + 1) / 2);
        Rows = checked(Down * images);
        OutputRow = WholeLines(outputs);
        int tiles = Math.Max(LeastTiles, cacheBytes / sizeof(T) / ((inputs * inputPlanes) + ((int)OutputRow * outputPlanes)));
        RowsAtOnce = Math.Min(Rows, (tiles + Across - 1) / Across);
        InputPlane = WholeLines((nint)RowsAtOnce * Across * inputs) + line;
        OutputPlane = (RowsAtOnce * Across * OutputRow) + line;
        Length = checked((int)((inputPlanes * InputPlane) + (outputPlanes * OutputPlane)) + line);
    }

    // Between planes lies a cache line: else, where they are a multiple of 4 KB, all places of a tile would fall on one set of the cache.

    /// <summary>From a place of the weights, [inputs, outputs], to the next.</summary>
    internal static nint WeightPlane(int inputs, int outputs) => (inputs * WholeLines(outputs)) + ConvolutionMemory<T>.LineLength;

    /// <summary>So many numbers, and as many more as fill the last cache line.</summary>
    internal static nint WholeLines(nint numbers) => (numbers + ConvolutionMemory<T>.LineLength - 1) / ConvolutionMemory<T>.LineLength * ConvolutionMemory<T>.LineLength;
}
