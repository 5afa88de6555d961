using System.IO.Compression;

namespace MiniNet.Fuzz;

/// <summary>The readers of the core: models, checkpoints, NumPy's files, IDX files.</summary>
internal static class CoreTargets
{
    public static FuzzTarget[] All =>
    [
        new("safetensors", [Model()], bytes => Sequential<float>.Load(bytes), typeof(InvalidDataException)),
        new("checkpoint", [Checkpoint()], bytes => Trainer<float>.Resume(new MemoryStream(bytes), new CrossEntropy(), new Adam(0.01)), typeof(InvalidDataException), typeof(ArgumentException)),
        new("npy", [Npy(), Npy(isFortran: true)], bytes => NpyFormat.Read<float>(new MemoryStream(bytes), "x.npy"), typeof(InvalidDataException)),
        new("npz", [Npz(CompressionLevel.NoCompression), Npz(CompressionLevel.Optimal)], bytes => NumPy.ReadArchive<double>(new MemoryStream(bytes), "x.npz"), typeof(InvalidDataException)),
        new("idx", [Idx, [0, 0, 8, 1, 0, 0, 0, 4, 9, 8, 7, 6]], bytes => IdxFile.Read(new MemoryStream(bytes), "x.idx"), typeof(InvalidDataException)),
        new("idx.gz", [Gzip(Idx)], bytes => IdxFile.Read(new GZipStream(new MemoryStream(bytes), CompressionMode.Decompress), "x.idx.gz"), typeof(InvalidDataException)),
    ];

    private static byte[] Idx => [0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12];

    private static byte[] Model() => new Sequential<float>((4, 4, 2), seed: 1,
        new Conv2D(2, kernel: 3), new BatchNorm(), new Residual(new Tanh()), new Flatten(), new Dense(3, new Normal(0.5)), new GELU(GeluApproximation.Tanh), new Softmax()).ToBytes();

    private static byte[] Checkpoint()
    {
        Trainer<float> trainer = new(new(2, seed: 1, new Dense(3), new BatchNorm(), new Dense(2), new Softmax()), new CrossEntropy(), new Adam(0.01));
        trainer.Step([1, 2, 3, 4], [1, 0, 0, 1]);
        using MemoryStream stream = new();
        trainer.Save(stream);
        return stream.ToArray();
    }

    private static byte[] Npy(bool isFortran = false)
    {
        using MemoryStream stream = new();
        NpyFormat.Write(stream, new NumPyArray<float>([2, 3], [1, 2, 3, 4, 5, 6]));
        byte[] bytes = stream.ToArray();
        if (isFortran)
            "True, 'shape': (2, 3), } "u8.CopyTo(bytes.AsSpan(bytes.AsSpan().IndexOf("False"u8)));
        return bytes;
    }

    private static byte[] Npz(CompressionLevel level)
    {
        using MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach (string name in (string[])["a.npy", "b.npy"])
            {
                using Stream entry = archive.CreateEntry(name, level).Open();
                entry.Write(Npy());
            }
        }
        return stream.ToArray();
    }

    private static byte[] Gzip(byte[] bytes)
    {
        using MemoryStream stream = new();
        using (GZipStream gzip = new(stream, CompressionLevel.Optimal, leaveOpen: true))
            gzip.Write(bytes);
        return stream.ToArray();
    }
}
