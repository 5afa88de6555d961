namespace MiniNet;

/// <summary>The mean of each window, channel by channel: y[i, j, c] = Σ x[i·stride − padding + a, j·stride − padding + b, c] / kernel² over a, b &lt; kernel.</summary>
/// <remarks>
/// Shape: [height, width, channels] → [(height + 2·padding − kernel) / stride + 1, the same of the width, channels], rounded down.
/// What the padding adds is 0 and counts as a value: the sum is always divided by kernel² (PyTorch's default, count_include_pad=True).
/// ∂x = Σ dy / kernel² over the windows that a pixel is in.
/// </remarks>
public sealed record AveragePool2D : Pool2D
{
    /// <summary>A mean pooling.</summary>
    /// <param name="kernel">How high and wide a window is.</param>
    /// <param name="stride">How many pixels lie between a window and the next; the kernel if not given.</param>
    /// <param name="padding">How many pixels of zeros lie around the image: at most half of the kernel.</param>
    /// <exception cref="ArgumentOutOfRangeException">kernel or stride is less than 1, or padding is not from 0 to half of the kernel.</exception>
    public AveragePool2D(int kernel, int? stride = null, int padding = 0) : base(kernel, stride, padding)
    {
    }

    /// <inheritdoc/>
    public override void Forward<T>(in Pass<T> pass) =>
        pass.Gather(new MeanPooling<T>(T.CreateChecked(Kernel * Kernel)), Windows(pass.Plan.Input), pass.Input, pass.Output);

    /// <inheritdoc/>
    public override void Backward<T>(in Pass<T> pass) =>
        pass.Spread(T.CreateChecked(Kernel * Kernel), Windows(pass.Plan.Input), pass.OutputGradient, pass.InputGradient);
}
