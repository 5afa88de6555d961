using System.Numerics;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>What a pooling makes of the values in a window, for one element, written once for every vector width.</summary>
internal interface IPooling<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    TVector Start<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T>;

    TVector Take<TSimd, TVector>(TVector state, TVector x) where TSimd : struct, ISimd<TVector, T>;

    TVector Finish<TSimd, TVector>(TVector state) where TSimd : struct, ISimd<TVector, T>;
}

/// <summary>The greatest value; NaN where there is one.</summary>
internal readonly struct MaximumPooling<T> : IPooling<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Start<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T> => TSimd.Create(T.NegativeInfinity);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Take<TSimd, TVector>(TVector state, TVector x) where TSimd : struct, ISimd<TVector, T> => TSimd.Max(state, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Finish<TSimd, TVector>(TVector state) where TSimd : struct, ISimd<TVector, T> => state;
}

/// <summary>The sum, divided by a number that does not depend on how much of the window lies in the image.</summary>
internal readonly struct MeanPooling<T>(T divisor) : IPooling<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Start<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T> => TSimd.Create(T.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Take<TSimd, TVector>(TVector state, TVector x) where TSimd : struct, ISimd<TVector, T> => TSimd.Add(state, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Finish<TSimd, TVector>(TVector state) where TSimd : struct, ISimd<TVector, T> => TSimd.Divide(state, TSimd.Create(divisor));
}

/// <summary>The sum.</summary>
internal readonly struct SumPooling<T> : IPooling<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Start<TSimd, TVector>() where TSimd : struct, ISimd<TVector, T> => TSimd.Create(T.Zero);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Take<TSimd, TVector>(TVector state, TVector x) where TSimd : struct, ISimd<TVector, T> => TSimd.Add(state, x);

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public TVector Finish<TSimd, TVector>(TVector state) where TSimd : struct, ISimd<TVector, T> => state;
}
