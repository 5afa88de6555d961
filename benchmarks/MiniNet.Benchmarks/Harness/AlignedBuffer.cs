using System.Numerics;
using System.Runtime.InteropServices;

namespace MiniNet.Benchmarks;

/// <summary>Memory that begins on a cache line, as peers allocate theirs: where an array happens to begin would be worth up to a tenth either way.</summary>
internal sealed unsafe class AlignedBuffer<T> : IDisposable where T : unmanaged, IFloatingPointIeee754<T>
{
    public AlignedBuffer(int length)
    {
        Length = length;
        Pointer = (T*)NativeMemory.AlignedAlloc((nuint)length * (nuint)sizeof(T), 64);
        Span.Clear();
    }

    public T* Pointer { get; private set; }

    public int Length { get; }

    public Span<T> Span => new(Pointer, Length);

    /// <summary>Values between −scale and scale that follow from the seed.</summary>
    public AlignedBuffer<T> Fill(int seed, double scale = 1)
    {
        Noise.Fill(Span, seed, scale);
        return this;
    }

    public void Dispose()
    {
        NativeMemory.AlignedFree(Pointer);
        Pointer = null;
    }
}
