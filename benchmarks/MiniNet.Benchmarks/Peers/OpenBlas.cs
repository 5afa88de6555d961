using System.Diagnostics.CodeAnalysis;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace MiniNet.Benchmarks;

/// <summary>OpenBLAS, if the loader finds it.</summary>
/// <remarks>
/// It picks its kernels by the processor's name, and an older one does not know a newer processor: it then falls back to narrower vectors. Where it does,
/// a second copy is loaded and told to use its AVX-512 kernels, so that MiniNet is compared with the best that OpenBLAS can do.
/// </remarks>
internal sealed unsafe partial class OpenBlas
{
    private const int RowMajor = 101, NoTranspose = 111, Transpose = 112;
    private const string CoreVariable = "OPENBLAS_CORETYPE", WideCore = "SkylakeX";
    private static readonly string[] Names = ["libopenblas.so.0", "libopenblas.so", "libopenblas.0.dylib", "libopenblas", "openblas"];
    private static readonly string[] WideCores = [WideCore, "Cooperlake", "SapphireRapids"];

    private readonly delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void> single;
    private readonly delegate* unmanaged<int, int, int, int, int, int, double, double*, int, double*, int, double, double*, int, void> twofold;

    private OpenBlas(nint library, int threads)
    {
        single = (delegate* unmanaged<int, int, int, int, int, int, float, float*, int, float*, int, float, float*, int, void>)NativeLibrary.GetExport(library, "cblas_sgemm");
        twofold = (delegate* unmanaged<int, int, int, int, int, int, double, double*, int, double*, int, double, double*, int, void>)NativeLibrary.GetExport(library, "cblas_dgemm");
        ((delegate* unmanaged<int, void>)NativeLibrary.GetExport(library, "openblas_set_num_threads"))(threads);
        Configuration = Text("openblas_get_config");
        Core = Text("openblas_get_corename");

        string Text(string export) => Marshal.PtrToStringUTF8(((delegate* unmanaged<nint>)NativeLibrary.GetExport(library, export))())!.Trim();
    }

    /// <summary>How it was built.</summary>
    public string Configuration { get; }

    /// <summary>Whose kernels it uses.</summary>
    public string Core { get; }

    /// <summary>OpenBLAS as it is, and where its own choice of kernels is not the widest, once more with those.</summary>
    public static IReadOnlyList<OpenBlas> Load(int threads, out string? missing)
    {
        foreach (string name in Names)
        {
            if (!NativeLibrary.TryLoad(name, out nint library))
                continue;
            OpenBlas asItIs = new(library, threads);
            missing = null;
            return Vector512.IsHardwareAccelerated && !WideCores.Contains(asItIs.Core) && TryLoadWide(threads, out OpenBlas? wide) ? [asItIs, wide] : [asItIs];
        }
        missing = $"OpenBLAS: the loader finds none of {string.Join(", ", Names)}";
        return [];
    }

    /// <summary>destination = x·y, with either transposed, all row-major: the lengths as <see cref="MatrixPrimitives"/> has them.</summary>
    public void Multiply<T>(T* x, T* y, T* destination, int rows, int inner, int columns, bool transposeX, bool transposeY) where T : unmanaged, INumber<T>
    {
        int tx = transposeX ? Transpose : NoTranspose, ty = transposeY ? Transpose : NoTranspose, strideX = transposeX ? rows : inner, strideY = transposeY ? inner : columns;
        if (typeof(T) == typeof(float))
            single(RowMajor, tx, ty, rows, columns, inner, 1, (float*)x, strideX, (float*)y, strideY, 0, (float*)destination, columns);
        else
            twofold(RowMajor, tx, ty, rows, columns, inner, 1, (double*)x, strideX, (double*)y, strideY, 0, (double*)destination, columns);
    }

    // The loader gives the same library for the same file, so the second one is a copy of the file. The variable must reach getenv, which .NET's own setter does not do.
    private static bool TryLoadWide(int threads, [NotNullWhen(true)] out OpenBlas? wide)
    {
        wide = null;
        const string maps = "/proc/self/maps";
        string? file = File.Exists(maps)
            ? File.ReadLines(maps).Where(l => l.Contains("libopenblas", StringComparison.Ordinal)).Select(l => l[l.IndexOf('/', StringComparison.Ordinal)..]).FirstOrDefault()
            : null;
        if (file is null)
            return false;
        string copy = Path.Combine(Path.GetTempPath(), $"mininet-openblas-{Environment.ProcessId}.so");
        try
        {
            File.Copy(file, copy, overwrite: true);
            _ = SetEnvironment(CoreVariable, WideCore, 1);
            if (!NativeLibrary.TryLoad(copy, out nint library))
                return false;
            wide = new(library, threads);
            return WideCores.Contains(wide.Core);
        }
        finally
        {
            _ = UnsetEnvironment(CoreVariable);
            File.Delete(copy);
        }
    }

    [LibraryImport("libc", EntryPoint = "setenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int SetEnvironment(string name, string value, int overwrite);

    [LibraryImport("libc", EntryPoint = "unsetenv", StringMarshalling = StringMarshalling.Utf8)]
    private static partial int UnsetEnvironment(string name);
}
