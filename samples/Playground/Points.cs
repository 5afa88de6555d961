using MiniNet;

namespace PlaygroundSample;

/// <summary>
/// Points of the plane, [points, 2], with a colour each, 0 or 1: [points]. What stands between two marks is shown in the page, word for word, as the way to
/// make them.
/// </summary>
internal static class Points
{
    public static (float[] X, float[] Y) Xor()
    {
        // <xor>
        float[] x = [0, 0, 0, 1, 1, 0, 1, 1];      // four samples of two inputs
        float[] y = [0, 1, 1, 0];                  // and what XOR makes of them
        // </xor>
        return (x, y);
    }

    public static (float[] X, float[] Y) Circles()
    {
        // <circles>
        float[] x = new float[400], y = new float[200];      // 200 points: a disk, and a ring around it
        var random = new RandomStream(seed: 1);
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = i % 2;
            double angle = 2 * Math.PI * random.Uniform(2 * i), u = random.Uniform((2 * i) + 1);
            double radius = i % 2 == 0 ? 0.45 * Math.Sqrt(u) : 0.65 + (0.25 * u);
            x[2 * i] = (float)(radius * Math.Cos(angle));
            x[(2 * i) + 1] = (float)(radius * Math.Sin(angle));
        }
        // </circles>
        return (x, y);
    }

    public static (float[] X, float[] Y) Moons()
    {
        // <moons>
        float[] x = new float[400], y = new float[200];      // 200 points: two half moons, one hooked into the other
        var random = new RandomStream(seed: 1);
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = i % 2;
            double angle = Math.PI * (i / 2) / 99, side = i % 2 == 0 ? 1 : -1;
            x[2 * i] = (float)((side * ((0.55 * Math.Cos(angle)) - 0.28)) + (0.05 * random.Normal(2 * i)));
            x[(2 * i) + 1] = (float)((side * ((0.7 * Math.Sin(angle)) - 0.2)) + (0.05 * random.Normal((2 * i) + 1)));
        }
        // </moons>
        return (x, y);
    }

    public static (float[] X, float[] Y) Spirals()
    {
        // <spirals>
        float[] x = new float[400], y = new float[200];      // 200 points: the two arms of a spiral
        var random = new RandomStream(seed: 1);
        for (int i = 0; i < y.Length; i++)
        {
            y[i] = i % 2;
            double along = i / 2 / 99.0, radius = 0.08 + (0.84 * along), angle = Math.PI * ((3.2 * along) + (i % 2));
            x[2 * i] = (float)((radius * Math.Cos(angle)) + (0.015 * random.Normal(2 * i)));
            x[(2 * i) + 1] = (float)((radius * Math.Sin(angle)) + (0.015 * random.Normal((2 * i) + 1)));
        }
        // </spirals>
        return (x, y);
    }
}
