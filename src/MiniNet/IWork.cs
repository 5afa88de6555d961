namespace MiniNet;

/// <summary>The body of a loop that threads may share: see <see cref="Pass{T}.Share"/>.</summary>
public interface IWork
{
    /// <summary>
    /// Does the items <paramref name="from"/> (inclusive) to <paramref name="to"/> (exclusive). What an item computes must not depend on who computes it,
    /// on where the range was cut, or on other items.
    /// </summary>
    void Run(int from, int to);
}
