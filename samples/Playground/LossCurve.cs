namespace PlaygroundSample;

/// <summary>The loss of every n-th epoch. Whenever it has become long, every second value goes, and n doubles: any number of epochs fits.</summary>
internal sealed class LossCurve
{
    private const int Longest = 512;

    private readonly List<double> losses = [];

    /// <summary>How many epochs lie between two values.</summary>
    public int Every { get; private set; } = 1;

    /// <summary>The losses of the epochs 1, 1 + n, 1 + 2n, …</summary>
    public double[] ToArray() => [.. losses];

    /// <param name="number">Which epoch, counted from 1.</param>
    /// <param name="loss">Its loss.</param>
    public void Add(int number, double loss)
    {
        if ((number - 1) % Every != 0)
            return;
        if (losses.Count == Longest)
        {
            for (int i = 0; i < Longest / 2; i++)
                losses[i] = losses[2 * i];
            losses.RemoveRange(Longest / 2, Longest / 2);
            Every *= 2;
        }
        losses.Add(loss);
    }
}
