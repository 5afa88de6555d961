namespace MiniNet;

/// <summary>What happened in one epoch, or so far in it.</summary>
public readonly record struct Epoch
{
    /// <summary>Which epoch this is, counted from 1 over all that the trainer has run.</summary>
    public required int Number { get; init; }

    /// <summary>The number of the last epoch that was asked for.</summary>
    public required int Count { get; init; }

    /// <summary>The mean loss of the samples, each measured at the step that it took part in.</summary>
    public required double Loss { get; init; }

    /// <summary>The share of right classes among them, from 0 to 1; null where the loss is not one of classes.</summary>
    public double? Accuracy { get; init; }

    /// <summary>The mean loss on the validation samples after the epoch; null without them.</summary>
    public double? ValidationLoss { get; init; }

    /// <summary>The share of right classes on the validation samples, from 0 to 1; null where there is none.</summary>
    public double? ValidationAccuracy { get; init; }

    /// <summary>How many samples of the epoch have been seen.</summary>
    public required int Samples { get; init; }

    /// <summary>How many samples the epoch has.</summary>
    public required int SampleCount { get; init; }

    /// <summary>How long the epoch took, its validation included.</summary>
    public required TimeSpan Elapsed { get; init; }

    /// <summary>How long all epochs of the loop took up to now.</summary>
    public required TimeSpan TotalElapsed { get; init; }

    /// <summary>How many epochs the trainer had run before the loop began.</summary>
    internal int First { get; init; }

    /// <summary>Whether the epoch is at its end (a progress is told of it before, too).</summary>
    public bool IsComplete => Samples == SampleCount;

    /// <summary>Samples a second.</summary>
    public double SamplesPerSecond => Samples / Math.Max(1e-9, Elapsed.TotalSeconds);

    /// <summary>How long the epochs to come will take if they are as fast as those before.</summary>
    public TimeSpan Remaining
    {
        get
        {
            double done = Number - 1 - First + ((double)Samples / SampleCount), all = Count - First;
            return TotalElapsed * ((all - done) / done);
        }
    }

    /// <summary>One line: <c>epoch 3/10  loss 0.0712  accuracy 97.93 %  validation loss 0.0801  accuracy 97.55 %</c>.</summary>
    public override string ToString() =>
        $"epoch {Number}/{Count}  loss {Text.Number(Loss)}"
        + (Accuracy is { } accuracy ? $"  accuracy {Text.Percent(accuracy)}" : "")
        + (ValidationLoss is { } loss ? $"  validation loss {Text.Number(loss)}" : "")
        + (ValidationAccuracy is { } share ? $"  accuracy {Text.Percent(share)}" : "");
}
