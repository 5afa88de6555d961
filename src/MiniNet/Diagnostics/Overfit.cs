namespace MiniNet;

/// <summary>What <see cref="Trainer{T}.OverfitOneBatch"/> saw.</summary>
public readonly record struct Overfit
{
    internal Overfit(double firstLoss, double lastLoss, int steps) => (FirstLoss, LastLoss, Steps) = (firstLoss, lastLoss, steps);

    /// <summary>The loss of the batch before the first step.</summary>
    public double FirstLoss { get; }

    /// <summary>The loss of the batch after the last step.</summary>
    public double LastLoss { get; }

    /// <summary>How many steps were made.</summary>
    public int Steps { get; }

    /// <summary>Whether the loss fell to a tenth or less: a model that cannot do this for one batch will not learn.</summary>
    public bool Learns => LastLoss <= 0.1 * FirstLoss;

    /// <summary>The two losses, and what to look at.</summary>
    public override string ToString() =>
        $"One batch, {Steps} steps: loss {Text.Number(FirstLoss)} -> {Text.Number(LastLoss)}. " + (Learns
            ? "It can be learned by heart, as it should."
            : "It should fall to nearly nothing. Try another learning rate, more units, no dropout; check that the targets belong to the samples.");
}
