namespace MiniNet.Benchmarks;

/// <summary>A network of dense layers as one would write it oneself for this case alone: plain loops, gradient descent, no library.</summary>
internal sealed class PlainNetwork
{
    private readonly Network network;
    private readonly float[][] weights, biases, outputs, gradients, weightGradients;

    public PlainNetwork(Network network, Sequential<float> model)
    {
        this.network = network;
        int[] sizes = network.Sizes;
        int layers = sizes.Length - 1;
        weights = [.. Enumerable.Range(0, layers).Select(l => model[$"{2 * l}.weight"].ToArray())];
        biases = [.. Enumerable.Range(0, layers).Select(l => model[$"{2 * l}.bias"].ToArray())];
        outputs = [.. Enumerable.Range(0, layers).Select(l => new float[network.Batch * sizes[l + 1]])];
        gradients = [.. outputs.Select(o => new float[o.Length])];
        weightGradients = [.. weights.Select(w => new float[w.Length])];
    }

    /// <summary>[batch, outputs], valid until the next call.</summary>
    public float[] Forward(float[] x)
    {
        int[] sizes = network.Sizes;
        for (int l = 0; l < weights.Length; l++)
        {
            float[] y = outputs[l], b = biases[l];
            Naive.Multiply<float>(l == 0 ? x : outputs[l - 1], weights[l], y, network.Batch, sizes[l], sizes[l + 1]);
            for (int i = 0; i < y.Length; i++)
                y[i] += b[i % b.Length];
            if (l < weights.Length - 1 ? network.Hidden is Sigmoid : !network.Classifies)
                PlainActivation.Forward<PlainActivation.Sigmoid>(y, y);
            else if (l < weights.Length - 1)
                PlainActivation.Forward<PlainActivation.ReLU>(y, y);
            else
                Softmax(y, sizes[^1]);
        }
        return outputs[^1];
    }

    /// <summary>A whole step of gradient descent; gives the loss.</summary>
    public float Step(float[] x, float[] targets, float rate)
    {
        int[] sizes = network.Sizes;
        int batch = network.Batch, last = weights.Length - 1;
        float[] p = Forward(x), g = gradients[last];
        float loss = 0;
        for (int i = 0; i < p.Length; i++)
        {
            if (network.Classifies)
            {
                bool isRight = i % sizes[^1] == (int)targets[i / sizes[^1]];
                g[i] = (p[i] - (isRight ? 1 : 0)) / batch;
                loss -= isRight ? MathF.Log(p[i]) / batch : 0;
            }
            else
            {
                float error = p[i] - targets[i];
                g[i] = 2 * error / p.Length * p[i] * (1 - p[i]);
                loss += error * error / p.Length;
            }
        }
        for (int l = last; l >= 0; l--)
        {
            Naive.TransposeMultiply<float>(l == 0 ? x : outputs[l - 1], gradients[l], weightGradients[l], sizes[l], batch, sizes[l + 1]);
            if (l > 0)
            {
                float[] y = outputs[l - 1], dy = gradients[l - 1];
                Naive.MultiplyTranspose<float>(gradients[l], weights[l], dy, batch, sizes[l + 1], sizes[l]);
                for (int i = 0; i < dy.Length; i++)
                    dy[i] *= network.Hidden is Sigmoid ? y[i] * (1 - y[i]) : y[i] > 0 ? 1 : 0;
            }
            for (int i = 0; i < weights[l].Length; i++)
                weights[l][i] -= rate * weightGradients[l][i];
            for (int i = 0; i < gradients[l].Length; i++)
                biases[l][i % biases[l].Length] -= rate * gradients[l][i];
        }
        return loss;
    }

    private static void Softmax(float[] z, int classes)
    {
        for (int from = 0; from < z.Length; from += classes)
        {
            Span<float> row = z.AsSpan(from, classes);
            float largest = row[0], sum = 0;
            foreach (float value in row)
                largest = MathF.Max(largest, value);
            foreach (ref float value in row)
                sum += value = MathF.Exp(value - largest);
            foreach (ref float value in row)
                value /= sum;
        }
    }
}
