using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace MiniNet;

/// <summary>Arrays whose numbers begin on a cache line: a vector that crosses one costs two loads, and a matrix product is held up by its loads.</summary>
internal static unsafe class AlignedArray
{
    /// <summary>How many bytes a cache line has.</summary>
    internal const int CacheLine = 64;

    private const int WorthIt = 1024;                        // numbers

    /// <summary>An array that never moves, and where so many numbers of it begin on a cache line. Short ones begin where they come.</summary>
    /// <param name="length">How many numbers.</param>
    /// <param name="isZero">Whether they must be zero at first.</param>
    internal static (T[] Array, int Start) Create<T>(int length, bool isZero = true) where T : unmanaged
    {
        int more = CacheLine / sizeof(T);
        if (length < WorthIt || length > Array.MaxLength - more)
            return (isZero ? new T[length] : GC.AllocateUninitializedArray<T>(length), 0);
        T[] array = isZero ? GC.AllocateArray<T>(length + more, pinned: true) : GC.AllocateUninitializedArray<T>(length + more, pinned: true);
        nint address = (nint)Unsafe.AsPointer(ref MemoryMarshal.GetArrayDataReference(array));
        return (array, (int)(-address & (CacheLine - 1)) / sizeof(T));
    }
}
