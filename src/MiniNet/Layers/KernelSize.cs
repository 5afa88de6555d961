using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>What the arguments of convolutions have in common: sizes that are one number or a pair, and how weights begin.</summary>
internal static class KernelSize
{
    internal static readonly Initializer DefaultInitializer = new GlorotUniform(), DefaultBiasInitializer = new Zeros();

    /// <summary>[height, width] of a kernel.</summary>
    /// <exception cref="ArgumentException">It is <c>default</c>, or has more than two numbers.</exception>
    internal static Shape Required(Shape kernel) =>
        kernel.Rank > 0 ? Given(kernel) : throw new ArgumentException("kernel is missing: give one number or a pair (height, width).", nameof(kernel));

    /// <summary>[height, width] of a size given as one number, as a pair, or not at all: 1.</summary>
    /// <exception cref="ArgumentException">It has more than two numbers.</exception>
    internal static Shape Given(Shape size, [CallerArgumentExpression(nameof(size))] string name = "") => size.Rank switch
    {
        0 => (1, 1),
        1 => (size[0], size[0]),
        2 => size,
        _ => throw new ArgumentException($"{name} is one number or a pair (height, width), got {size}.", name),
    };

    /// <exception cref="ArgumentException">The filters do not part into the groups.</exception>
    internal static void CheckGroups(int filters, int groups)
    {
        if (filters % groups != 0)
            throw new ArgumentException($"{filters} filters do not part into {groups} equal groups: choose a multiple of {groups}.", nameof(filters));
    }

    /// <summary>One number where both are the same.</summary>
    internal static Shape Short(Shape size) => size[0] == size[1] ? size[0] : size;
}
