namespace MiniNet.Tests.Layers;

/// <summary>A convolution and its gradients as the formula has them: seven loops, one multiplication.</summary>
internal sealed class PlainConvolution
{
    internal PlainConvolution(Conv2D layer, Shape image, Shape output, int batch, double[] x, double[] w, double[] bias, double[] dy)
    {
        Y = new double[dy.Length];
        WeightGradient = new double[w.Length];
        BiasGradient = new double[bias.Length];
        InputGradient = new double[x.Length];
        ((int height, int width), (int perGroup, int filtersPerGroup)) = ((image[0], image[1]), (image[2] / layer.Groups, layer.Filters / layer.Groups));
        (int top, int left) = (Before(layer.Padding, 0), Before(layer.Padding, 1));
        for (int n = 0; n < batch; n++)
        {
            for (int i = 0; i < output[0]; i++)
            {
                for (int j = 0; j < output[1]; j++)
                {
                    for (int f = 0; f < layer.Filters; f++)
                    {
                        int to = (((((n * output[0]) + i) * output[1]) + j) * layer.Filters) + f;
                        Y[to] = bias[f];
                        BiasGradient[f] += dy[to];
                        for (int p = 0; p < layer.Kernel[0]; p++)
                        {
                            for (int q = 0; q < layer.Kernel[1]; q++)
                            {
                                int row = (i * layer.Stride[0]) + (p * layer.Dilation[0]) - top, column = (j * layer.Stride[1]) + (q * layer.Dilation[1]) - left;
                                if (row < 0 || row >= height || column < 0 || column >= width)
                                    continue;
                                for (int c = 0; c < perGroup; c++)
                                {
                                    int from = (((((n * height) + row) * width) + column) * image[2]) + (f / filtersPerGroup * perGroup) + c;
                                    int tap = (((((p * layer.Kernel[1]) + q) * perGroup) + c) * layer.Filters) + f;
                                    Y[to] += x[from] * w[tap];
                                    WeightGradient[tap] += x[from] * dy[to];
                                    InputGradient[from] += w[tap] * dy[to];
                                }
                            }
                        }
                    }
                }
            }
        }

        int Before(Padding padding, int axis)
        {
            int span = ((layer.Kernel[axis] - 1) * layer.Dilation[axis]) + 1;
            if (padding == Padding.Same)
                return Math.Max(0, ((output[axis] - 1) * layer.Stride[axis]) + span - image[axis]) / 2;
            return axis == 0 ? padding.Vertical(0, 0, 1).Before : padding.Horizontal(0, 0, 1).Before;
        }
    }

    internal double[] Y { get; }

    internal double[] WeightGradient { get; }

    internal double[] BiasGradient { get; }

    internal double[] InputGradient { get; }
}
