using System.Runtime.CompilerServices;

namespace MiniNet.Benchmarks;

/// <summary>An activation as one would write it with MathF, y = f(x) and f′(x) from both, looped over element by element.</summary>
internal interface IPlainActivation
{
    static abstract float Apply(float x);

    static abstract float Derivative(float x, float y);
}

internal static class PlainActivation
{
    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Forward<TActivation>(ReadOnlySpan<float> x, Span<float> y) where TActivation : struct, IPlainActivation
    {
        for (int i = 0; i < x.Length && i < y.Length; i++)
            y[i] = TActivation.Apply(x[i]);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    public static void Backward<TActivation>(ReadOnlySpan<float> x, ReadOnlySpan<float> y, ReadOnlySpan<float> dy, Span<float> dx) where TActivation : struct, IPlainActivation
    {
        for (int i = 0; i < x.Length && i < y.Length && i < dy.Length && i < dx.Length; i++)
            dx[i] = dy[i] * TActivation.Derivative(x[i], y[i]);
    }

    internal struct Sigmoid : IPlainActivation
    {
        public static float Apply(float x) => 1 / (1 + MathF.Exp(-x));

        public static float Derivative(float x, float y) => y * (1 - y);
    }

    internal struct Tanh : IPlainActivation
    {
        public static float Apply(float x) => MathF.Tanh(x);

        public static float Derivative(float x, float y) => 1 - (y * y);
    }

    internal struct ReLU : IPlainActivation
    {
        public static float Apply(float x) => x > 0 ? x : 0;

        public static float Derivative(float x, float y) => x > 0 ? 1 : 0;
    }

    /// <summary>The exact one; .NET has no error function, so Math.NET's serves.</summary>
    internal struct GELU : IPlainActivation
    {
        public static float Apply(float x) => x * Cdf(x);

        public static float Derivative(float x, float y) => Cdf(x) + (x * 0.398942280f * MathF.Exp(-0.5f * x * x));

        private static float Cdf(float x) => 0.5f * (1 + (float)MathNet.Numerics.SpecialFunctions.Erf(x * 0.70710678118654752));
    }

    internal struct SiLU : IPlainActivation
    {
        public static float Apply(float x) => x * Sigmoid.Apply(x);

        public static float Derivative(float x, float y)
        {
            float s = Sigmoid.Apply(x);
            return s + (y * (1 - s));
        }
    }
}
