using System.Diagnostics;
using MiniNet;

namespace PlaygroundSample;

/// <summary>One training, from first weights on, and what the page shows of it.</summary>
internal sealed class Session
{
    /// <summary>The pictures have so many cells along each side.</summary>
    public const int Cells = 64;

    private readonly Settings settings;
    private readonly Sequential<float> model;
    private readonly Sequential<float>[] stages;                   // each dense layer with the activation after it
    private readonly IEnumerator<Epoch>? epochs;                   // null where there is no point to learn from
    private readonly float[] plane;                                // [cells, 2], the middle of each cell, from the upper left corner on

    public Session(Settings settings)
    {
        this.settings = settings;
        (X, Y) = settings.CreatePoints();
        model = new(inputs: 2, settings.Seed, settings.CreateLayers());
        stages = [.. Enumerable.Range(0, model.Layers.Count / 2).Select(i => model[(2 * i)..((2 * i) + 2)])];
        if (Y.Length > 0)
        {
            Trainer<float> trainer = new(model, new BinaryCrossEntropy(), settings.CreateOptimizer());
            epochs = trainer.Epochs(new Dataset<float>(X, 2, Y, 1), int.MaxValue, settings.BatchSize).GetEnumerator();
        }
        (From, To) = settings.Data == "xor" ? (-0.5, 1.5) : (-1.0, 1.0);
        plane = new float[2 * Cells * Cells];
        for (int i = 0; i < Cells * Cells; i++)
        {
            plane[2 * i] = (float)(From + ((To - From) * ((i % Cells) + 0.5) / Cells));
            plane[(2 * i) + 1] = (float)(To - ((To - From) * ((i / Cells) + 0.5) / Cells));
        }
    }

    /// <summary>[points, 2]</summary>
    public float[] X { get; }

    /// <summary>[points], 0 or 1</summary>
    public float[] Y { get; }

    /// <summary>Where the pictures begin, along both axes.</summary>
    public double From { get; }

    /// <summary>Where they end.</summary>
    public double To { get; }

    /// <summary>The last epoch; the number is 0 before the first.</summary>
    public Epoch Epoch { get; private set; }

    public LossCurve Curve { get; } = new();

    /// <summary>[parameters]: for each dense layer its weights, [inputs, units], then its biases, [units].</summary>
    public ReadOnlySpan<float> Parameters => model.Parameters;

    public string Listing => PlaygroundSample.Listing.Of(settings, Epoch.Number);

    /// <summary>Trains for so many epochs, or until the time is over, but for one epoch at least.</summary>
    public void Train(int count, TimeSpan time)
    {
        long start = Stopwatch.GetTimestamp();
        for (int i = 0; i < count && epochs is not null && (i == 0 || Stopwatch.GetElapsedTime(start) < time); i++)
        {
            epochs.MoveNext();
            Epoch = epochs.Current;
            Curve.Add(Epoch.Number, Epoch.Loss);
        }
    }

    /// <summary>What every neuron answers to every place of the plane, the two inputs first: 255 is the most, 0 as much below, 127.5 the middle.</summary>
    /// <returns>[neurons, cells, cells]</returns>
    public byte[] Responses()
    {
        byte[] pictures = new byte[(2 + stages.Sum(stage => stage.OutputShape.Length)) * Cells * Cells];
        float[] values = plane;
        int at = Draw(values, 2, (float)(From + To) / 2, pictures);
        foreach (Sequential<float> stage in stages)
        {
            values = stage.Predict(values);
            at += Draw(values, stage.OutputShape.Length, stage.Layers[^1] is Sigmoid ? 0.5f : 0, pictures.AsSpan(at));
        }
        return pictures;
    }

    /// <param name="values">[cells, units]</param>
    /// <param name="units">How many neurons.</param>
    /// <param name="middle">Which value is neither one colour nor the other.</param>
    /// <param name="pictures">[units, cells], or longer</param>
    /// <returns>How much was written.</returns>
    private static int Draw(ReadOnlySpan<float> values, int units, float middle, Span<byte> pictures)
    {
        for (int unit = 0; unit < units; unit++)
        {
            // Each neuron as far as it goes; a sigmoid from 0 to 1, so that the output's colour is the class.
            float greatest = middle == 0.5f ? 0.5f : 1e-6f;
            for (int i = unit; i < values.Length; i += units)
                greatest = MathF.Max(greatest, MathF.Abs(values[i] - middle));
            float scale = 127.5f / greatest;
            Span<byte> picture = pictures.Slice(unit * Cells * Cells, Cells * Cells);
            for (int i = 0, j = unit; i < picture.Length; i++, j += units)
                picture[i] = (byte)(127.5f + (scale * (values[j] - middle)));
        }
        return values.Length;
    }
}
