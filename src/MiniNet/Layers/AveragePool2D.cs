namespace MiniNet;

/// <summary>The mean of each window, channel by channel: y[i, j, c] = Σ x[i·stride − padding + a, j·stride − padding + b, c] over a, b within the kernel, / (kernel height · kernel width).</summary>
/// <remarks>
/// Shape: [height, width, channels] → [⌊(height + 2·padding − kernel) / stride⌋ + 1, the same for the width, channels].
/// What the padding adds is 0 and counts as a value: the sum is always divided by all of them (PyTorch's default, count_include_pad=True).
/// ∂x = Σ dy / (kernel height · kernel width) over the windows that a pixel is in.
/// </remarks>
public sealed record AveragePool2D : Pool2D
{
    /// <summary>A mean pooling.</summary>
    /// <param name="kernel">A window's size: one number, or (height, width).</param>
    /// <param name="stride">How far apart the windows are: one number, or (down, across); the kernel if not given.</param>
    /// <param name="padding">How many pixels of zeros lie around the image: at most half of the kernel.</param>
    /// <exception cref="ArgumentOutOfRangeException">padding is not from 0 to half of the kernel.</exception>
    /// <exception cref="ArgumentException">The kernel is missing, or a size has more than two numbers.</exception>
    public AveragePool2D(Shape kernel, Shape stride = default, int padding = 0) : base(kernel, stride, padding)
    {
    }

    internal override bool MayOverwriteInput => true;

    /// <inheritdoc/>
    public override void Forward<T>(in Pass<T> pass) =>
        pass.Gather(new MeanPooling<T>(T.CreateChecked(Kernel.Length)), Windows(pass.Plan.Input), pass.Input, pass.Output);

    /// <inheritdoc/>
    public override void Backward<T>(in Pass<T> pass) =>
        pass.Spread(T.One / T.CreateChecked(Kernel.Length), Windows(pass.Plan.Input), pass.OutputGradient, pass.InputGradient);
}
