using System.Numerics;

namespace MiniNet;

/// <summary>The greatest value of each window, channel by channel: y[i, j, c] = max x[i·stride − padding + a, j·stride − padding + b, c] over a, b within the kernel.</summary>
/// <remarks>
/// Shape: [height, width, channels] → [⌊(height + 2·padding − kernel) / stride⌋ + 1, the same for the width, channels].
/// What the padding adds is −∞, so it is never the greatest. The gradient goes to the pixel that holds the maximum, of equal ones to the first,
/// row by row (as in PyTorch); a pixel that is the maximum of several windows gets the sum.
/// A window with NaN in it gives NaN, and its gradient goes nowhere.
/// </remarks>
public sealed record MaxPool2D : Pool2D
{
    /// <summary>A maximum pooling.</summary>
    /// <param name="kernel">A window's size: one number, or (height, width).</param>
    /// <param name="stride">How far apart the windows are: one number, or (down, across); the kernel if not given.</param>
    /// <param name="padding">How many pixels the first window begins outside of the image: at most half of the kernel.</param>
    /// <exception cref="ArgumentOutOfRangeException">padding is not from 0 to half of the kernel.</exception>
    /// <exception cref="ArgumentException">The kernel is missing, or a size has more than two numbers.</exception>
    public MaxPool2D(Shape kernel, Shape stride = default, int padding = 0) : base(kernel, stride, padding)
    {
    }

    internal override bool MayOverwriteInput => Padding == 0 && Kernel[0] <= Stride[0] && Kernel[1] <= Stride[1];         // no value is in two windows

    internal override bool IsMaximum => true;

    /// <inheritdoc/>
    public override void Forward<T>(in Pass<T> pass) => pass.Gather(default(MaximumPooling<T>), Windows(pass.Plan.Input), pass.Input, pass.Output);

    /// <inheritdoc/>
    public override void Backward<T>(in Pass<T> pass)
    {
        PoolWindows windows = Windows(pass.Plan.Input);
        BackwardWork<T> work = new() { Windows = windows, X = pass.Input, Y = pass.Output, OutputGradient = pass.OutputGradient, InputGradient = pass.InputGradient };
        pass.Share(pass.Batch, windows.ImageGrain, ref work);
    }

    private ref struct BackwardWork<T> : IWork where T : unmanaged, IFloatingPointIeee754<T>
    {
        public PoolWindows Windows;
        public ReadOnlySpan<T> X, Y, OutputGradient;
        public Span<T> InputGradient;

        public readonly void Run(int from, int to)
        {
            Range inputs = (from * Windows.Length)..(to * Windows.Length), outputs = (from * Windows.OutputLength)..(to * Windows.OutputLength);
            PoolMaximum.Run(Windows, X[inputs], Y[outputs], OutputGradient[outputs], InputGradient[inputs]);
        }
    }
}
