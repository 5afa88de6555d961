using System.IO.Compression;

namespace MiniNet.Tests.Persistence;

/// <summary>Damaged files: whatever bytes are changed, only the documented exception comes, and memory stays in proportion to the file.</summary>
public class MutationTests
{
    private const int Mutations = 3_000, MostMemory = 16 << 20;

    [Fact]
    public void Safetensors_models() => Mutate(Model(), bytes => Sequential<float>.Load(bytes));

    [Fact]
    public void Safetensors_checkpoints()
    {
        Trainer<float> trainer = new(new(2, seed: 1, new Dense(3), new BatchNorm(), new Dense(2), new Softmax()), new CrossEntropy(), new Adam(0.01));
        trainer.Step([1, 2, 3, 4], [1, 0, 0, 1]);
        using MemoryStream stream = new();
        trainer.Save(stream);
        Mutate(stream.ToArray(), bytes => Trainer<float>.Resume(new MemoryStream(bytes), new CrossEntropy(), new Adam(0.01)), alsoExpected: typeof(ArgumentException));
    }

    [Fact]
    public void NumPy_arrays() => Mutate(Npy(), bytes => NpyFormat.Read<float>(new MemoryStream(bytes), "x.npy"));

    [Fact]
    public void NumPy_archives()
    {
        using MemoryStream stream = new();
        using (ZipArchive archive = new(stream, ZipArchiveMode.Create, leaveOpen: true))
        {
            foreach ((string name, CompressionLevel level) in ((string, CompressionLevel)[])[("a.npy", CompressionLevel.NoCompression), ("b.npy", CompressionLevel.Optimal)])
            {
                using Stream entry = archive.CreateEntry(name, level).Open();
                entry.Write(Npy());
            }
        }
        Mutate(stream.ToArray(), bytes => NumPy.ReadArchive<double>(new MemoryStream(bytes), "x.npz"));
    }

    [Fact]
    public void Idx_files() => Mutate([0, 0, 8, 3, 0, 0, 0, 2, 0, 0, 0, 3, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12], bytes => IdxFile.Read(new MemoryStream(bytes), "x.idx"));

    /// <summary>How many times over: the environment variable MININET_MUTATIONS, for long runs.</summary>
    private static int Times => int.TryParse(Environment.GetEnvironmentVariable("MININET_MUTATIONS"), out int times) ? times : 1;

    private static byte[] Model()
    {
        Sequential<float> model = new((4, 4, 2), seed: 1, new Conv2D(2, kernel: 3), new BatchNorm(), new Residual(new Tanh()), new Flatten(), new Dense(3, new Normal(0.5)), new GELU(GeluApproximation.Tanh), new Softmax());
        return model.ToBytes();
    }

    private static byte[] Npy()
    {
        using MemoryStream stream = new();
        NpyFormat.Write(stream, new NumPyArray<float>([2, 3], [1, 2, 3, 4, 5, 6]));
        return stream.ToArray();
    }

    private static void Mutate(byte[] whole, Action<byte[]> read, Type? alsoExpected = null)
    {
        read(whole);
        int refused = 0;
        RandomStream random = new(11);
        for (int i = 0; i < Mutations * Times; i++)
        {
            byte[] bytes = Damage(whole, random.Split(i));
            long before = GC.GetAllocatedBytesForCurrentThread();
            try
            {
                read(bytes);
            }
            catch (Exception e) when (e is InvalidDataException || (alsoExpected is not null && e.GetType() == alsoExpected))
            {
                refused++;
            }
            catch (Exception e)
            {
                Assert.Fail($"Mutation {i}: {e}");
            }
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, MostMemory);
        }
        Assert.InRange(refused, Mutations * Times / 10, Mutations * Times);      // they do reach the reader, and it does notice
    }

    /// <summary>One to four damages: a bit, a byte, a digit, a piece cut out, doubled or copied elsewhere, an end cut off or put on.</summary>
    private static byte[] Damage(byte[] whole, RandomStream random)
    {
        List<byte> bytes = [.. whole];
        int draw = 0;
        int Below(int limit) => (int)(random.Bits(draw++) % (ulong)Math.Max(1, limit));
        for (int damages = 1 + Below(4); damages > 0 && bytes.Count > 0; damages--)
        {
            int at = Below(3) == 0 ? Below(Math.Min(64, bytes.Count)) : Below(bytes.Count), length = Math.Min(1 + Below(16), bytes.Count - at);
            switch (Below(8))
            {
                case 0: bytes[at] ^= (byte)(1 << Below(8)); break;
                case 1: bytes[at] = (byte)Below(256); break;
                case 2: bytes[at] = (byte)('0' + Below(10)); break;
                case 3: bytes.RemoveRange(at, length); break;
                case 4: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                case 5: bytes.InsertRange(Below(bytes.Count), bytes.GetRange(at, length)); break;
                case 6: bytes.RemoveRange(at, bytes.Count - at); break;
                default: bytes.AddRange(bytes.GetRange(at, length)); break;
            }
        }
        return [.. bytes];
    }
}
