namespace MiniNet.Fuzz;

/// <summary>A reader of files that must stand any bytes.</summary>
/// <param name="Name">What the command line calls it.</param>
/// <param name="Seeds">Whole files, from which damaged ones are made.</param>
/// <param name="Read">Reads the bytes of a file.</param>
/// <param name="Documented">Which exceptions its documentation names for what a file holds; any other is a fault of the library.</param>
internal sealed record FuzzTarget(string Name, byte[][] Seeds, Action<byte[]> Read, params Type[] Documented)
{
    /// <summary>The most that reading a small file may allocate: memory follows what a file holds, not what it promises.</summary>
    public const long MostMemory = 16 << 20;

    /// <summary>Reads the bytes.</summary>
    /// <returns>Whether they were taken; false for the documented exception.</returns>
    /// <exception cref="InvalidOperationException">Too much memory was allocated.</exception>
    public bool TryRead(byte[] bytes)
    {
        long before = GC.GetAllocatedBytesForCurrentThread();
        bool isTaken = true;
        try
        {
            Read(bytes);
        }
        catch (Exception e) when (Array.Exists(Documented, d => d == e.GetType()))
        {
            isTaken = false;
        }
        long allocated = GC.GetAllocatedBytesForCurrentThread() - before;
        return allocated <= MostMemory ? isTaken : throw new InvalidOperationException($"{Name}: {bytes.Length} bytes of a file made the reader allocate {allocated}.");
    }
}
