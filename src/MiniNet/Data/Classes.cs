using System.Numerics;
using System.Numerics.Tensors;

namespace MiniNet;

/// <summary>Reads classes off outputs and targets.</summary>
internal static class Classes
{
    /// <summary>
    /// How many rows have the right class: the place of the largest output against that of the largest target, or against a class index;
    /// with one output a row, both sides of ½.
    /// </summary>
    /// <param name="outputs">[rows, classes]</param>
    /// <param name="targets">[rows, classes] or [rows]</param>
    /// <param name="classes">How many outputs a row has.</param>
    /// <param name="rows">How many rows were looked at.</param>
    internal static long CountRight<T>(ReadOnlySpan<T> outputs, ReadOnlySpan<T> targets, int classes, out int rows) where T : unmanaged, IFloatingPointIeee754<T>
    {
        rows = outputs.Length / classes;
        long right = 0;
        for (int row = 0; row < rows; row++)
            right += Of(outputs, row, classes) == Target(targets, row, rows, classes) ? 1 : 0;
        return right;
    }

    internal static int Of<T>(ReadOnlySpan<T> outputs, int row, int classes) where T : unmanaged, IFloatingPointIeee754<T> =>
        classes == 1 ? (outputs[row] > T.CreateChecked(0.5) ? 1 : 0) : TensorPrimitives.IndexOfMax(outputs.Slice(row * classes, classes));

    internal static int Target<T>(ReadOnlySpan<T> targets, int row, int rows, int classes) where T : unmanaged, IFloatingPointIeee754<T> =>
        classes > 1 && targets.Length == rows ? int.CreateSaturating(targets[row]) : Of(targets, row, classes);
}
