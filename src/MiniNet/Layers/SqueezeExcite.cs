using System.Text;

namespace MiniNet;

/// <summary>Lets an image turn its channels up and down: what is seen anywhere in it decides how much of each channel passes.</summary>
/// <remarks>
/// y[i, j, c] = x[i, j, c]·s[c] with s = sigmoid(W₂·relu(W₁·z)) and z[c] the mean of the channel over the image (the squeeze). W₁ makes
/// channels / <see cref="Reduction"/> of them, W₂ as many as there were; both have biases.
/// Shape: [height, width, channels] → the same. Parameters: fc1.weight, fc1.bias, fc2.weight, fc2.bias, the names in torchvision (where they belong to
/// convolutions of 1 × 1). Hu, Shen and Sun, "Squeeze-and-excitation networks", 2018.
/// </remarks>
public sealed record SqueezeExcite : Composite
{
    private const int DefaultReduction = 16;

    /// <summary>A squeeze and excitation.</summary>
    /// <param name="reduction">How many times fewer values there are between the two dense layers than channels.</param>
    /// <exception cref="ArgumentOutOfRangeException">reduction is less than 1.</exception>
    public SqueezeExcite(int reduction = DefaultReduction) => Reduction = Guard.AtLeastOne(reduction);

    /// <summary>How many times fewer values there are between the two dense layers than channels.</summary>
    public int Reduction { get; }

    /// <inheritdoc/>
    protected override Value Wire(Wiring wiring, Value x)
    {
        int channels = x.Shape.Last;
        if (x.Shape.Rank != 3 || channels < Reduction)
            throw wiring.Error($"[height, width, channels] with at least {Reduction} channels, so that one is left between the dense layers");
        Value squeezed = wiring.Apply("pool", new GlobalAveragePool2D(), x);
        Value hidden = wiring.Apply("relu", new ReLU(), wiring.Apply("fc1", new Dense(channels / Reduction), squeezed));
        return wiring.Multiply(x, wiring.Apply("sigmoid", new Sigmoid(), wiring.Apply("fc2", new Dense(channels), hidden)));
    }

    /// <inheritdoc/>
    protected override bool PrintMembers(StringBuilder builder)
    {
        if (Reduction != DefaultReduction)
            builder.Argument(Reduction);
        return true;
    }
}
