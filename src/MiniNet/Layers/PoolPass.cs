using System.Numerics;

namespace MiniNet;

/// <summary>Pooling and its way back as layers use them: shared out over the threads by rows of output or by images.</summary>
internal static class PoolPass
{
    /// <summary>y = one value for each window of x.</summary>
    internal static void Gather<T, TPooling>(this in Pass<T> pass, TPooling pooling, PoolWindows windows, ReadOnlySpan<T> x, Span<T> y)
        where T : unmanaged, IFloatingPointIeee754<T> where TPooling : struct, IPooling<T>
    {
        GatherWork<T, TPooling> work = new() { Pooling = pooling, Windows = windows, X = x, Y = y };
        pass.Share(pass.Batch * windows.OutputHeight, windows.RowGrain, ref work);
    }

    /// <summary>x = Σ y · scale over the windows that a pixel is in.</summary>
    internal static void Spread<T>(this in Pass<T> pass, T scale, PoolWindows windows, ReadOnlySpan<T> y, Span<T> x) where T : unmanaged, IFloatingPointIeee754<T>
    {
        SpreadWork<T> work = new() { Scale = scale, Windows = windows, Y = y, X = x };
        pass.Share(pass.Batch, windows.ImageGrain, ref work);
    }

    private ref struct GatherWork<T, TPooling> : IWork where T : unmanaged, IFloatingPointIeee754<T> where TPooling : struct, IPooling<T>
    {
        public TPooling Pooling;
        public PoolWindows Windows;
        public ReadOnlySpan<T> X;
        public Span<T> Y;

        public readonly void Run(int from, int to) => PoolGather.Run(Pooling, Windows, X, Y, from, to);
    }

    private ref struct SpreadWork<T> : IWork where T : unmanaged, IFloatingPointIeee754<T>
    {
        public T Scale;
        public PoolWindows Windows;
        public ReadOnlySpan<T> Y;
        public Span<T> X;

        public readonly void Run(int from, int to) => PoolSpread.Run(Scale, Windows, Y[(from * Windows.OutputLength)..(to * Windows.OutputLength)], X[(from * Windows.Length)..(to * Windows.Length)]);
    }
}
