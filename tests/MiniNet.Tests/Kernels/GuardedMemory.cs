using System.Runtime.InteropServices;

namespace MiniNet.Tests.Kernels;

/// <summary>
/// Memory between two pages that may not be touched: a kernel that reads or writes one element too many, even if nothing comes of it, ends the process there,
/// and the runtime prints where it was. Only on Linux.
/// </summary>
internal sealed unsafe partial class GuardedMemory : IDisposable
{
    private const int None = 0, ReadAndWrite = 3, PrivateAndAnonymous = 0x22;

    private readonly nint pages, size;
    private readonly int page = Environment.SystemPageSize, bytes;

    public GuardedMemory(int bytes)
    {
        this.bytes = (bytes + page - 1) / page * page;
        size = this.bytes + (2 * page);
        pages = Map(0, size, ReadAndWrite, PrivateAndAnonymous, -1, 0);
        Assert.NotEqual(-1, pages);
        Assert.Equal(0, Protect(pages, page, None));
        Assert.Equal(0, Protect(pages + page + this.bytes, page, None));
    }

    /// <summary>So many elements, the last of them right before the page that may not be touched; or the first of them right after the other one.</summary>
    public Span<T> Span<T>(int length, bool atEnd) where T : unmanaged
    {
        Assert.InRange(length * sizeof(T), 0, bytes);
        return new((byte*)pages + page + (atEnd ? bytes - (length * sizeof(T)) : 0), length);
    }

    /// <summary>The same, with values in it.</summary>
    public Span<T> Span<T>(ReadOnlySpan<T> values, bool atEnd) where T : unmanaged
    {
        Span<T> span = Span<T>(values.Length, atEnd);
        values.CopyTo(span);
        return span;
    }

    public void Dispose() => Assert.Equal(0, Unmap(pages, size));

    [LibraryImport("libc", EntryPoint = "mmap")]
    private static partial nint Map(nint address, nint length, int protection, int flags, int file, nint offset);

    [LibraryImport("libc", EntryPoint = "mprotect")]
    private static partial int Protect(nint address, nint length, int protection);

    [LibraryImport("libc", EntryPoint = "munmap")]
    private static partial int Unmap(nint address, nint length);
}
