using MiniNet;

namespace CustomLayerSample;

/// <summary>Something to learn: z = sin(πx)·cos(πy) on the square from −1 to 1.</summary>
internal static class Surface
{
    /// <summary>So many points of it, at places that follow from a seed.</summary>
    public static Dataset<float> Sample(int count, long seed)
    {
        RandomStream random = new(seed);
        float[,] points = new float[count, 2], heights = new float[count, 1];
        for (int i = 0; i < count; i++)
        {
            double x = (2 * random.Uniform(2 * i)) - 1, y = (2 * random.Uniform((2 * i) + 1)) - 1;
            (points[i, 0], points[i, 1]) = ((float)x, (float)y);
            heights[i, 0] = (float)(Math.Sin(Math.PI * x) * Math.Cos(Math.PI * y));
        }
        return Dataset.From(points, heights);
    }
}
