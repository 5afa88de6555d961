using System.Numerics;

namespace MiniNet;

/// <summary>
/// A chance change of a sample that leaves its target right: a moved image still shows the same digit. <see cref="Dataset{T}.Augment"/> gives a dataset some,
/// and training then sees each sample a little different in every epoch.
/// </summary>
/// <remarks>
/// Derive a <c>sealed record</c> for one of your own. It holds nothing that changes; all chance comes from the stream that it is handed, which follows from the
/// trainer's seed, the epoch and the sample: the result does not depend on threads, batches or the order of samples.
/// </remarks>
public abstract record Augmentation
{
    /// <summary>What it needs of the shape of a sample, in words, if that shape is not what it needs; null if it can take it.</summary>
    public virtual string? Needs(Shape shape) => null;

    /// <summary>Writes the changed sample, every element of it.</summary>
    /// <param name="shape">The shape of the sample.</param>
    /// <param name="x">[shape], the sample</param>
    /// <param name="y">[shape], to be written; other memory than x</param>
    /// <param name="random">What chance follows from: the same stream, the same change.</param>
    public abstract void Apply<T>(Shape shape, ReadOnlySpan<T> x, Span<T> y, RandomStream random) where T : unmanaged, IFloatingPointIeee754<T>;

    /// <summary>The code that made it, invariant culture: <c>RandomShift(2)</c>.</summary>
    public sealed override string ToString() => Code.Of(this, PrintMembers);

    /// <summary>The need of all that move pixels.</summary>
    private protected static string? NeedsImage(Shape shape) => shape.Rank == 3 ? null : "images, [height, width, channels]";
}
