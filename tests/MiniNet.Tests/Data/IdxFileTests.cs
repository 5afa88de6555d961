using System.Buffers.Binary;
using System.IO.Compression;

namespace MiniNet.Tests.Data;

public sealed class IdxFileTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mininet-idx-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void Images_and_labels_are_read_plain_and_gzip(bool gzip)
    {
        string images = Write("images", Idx([3, 2, 2], [0, 255, 51, 102, 1, 2, 3, 4, 5, 6, 7, 8]), gzip), labels = Write("labels", Idx([3], [2, 0, 1]), gzip);
        Dataset<double> dataset = Dataset.FromIdx<double>(images, labels);
        Assert.Equal((3, (Shape)(2, 2, 1), (Shape)3), (dataset.Count, dataset.InputShape, dataset.TargetShape));
        Assert.Equal([0, 1, 51 / 255.0, 102 / 255.0], dataset.Input(0));
        Assert.Equal([5 / 255.0, 6 / 255.0, 7 / 255.0, 8 / 255.0], dataset.Input(2));
        Assert.Equal([[0, 0, 1], [1, 0, 0], [0, 1, 0]], Enumerable.Range(0, 3).Select(i => dataset.Target(i).ToArray()));
        Assert.Equal(51f / 255f, Dataset.FromIdx<float>(images, labels).Input(0)[2]);
        Assert.Equal(10, Dataset.FromIdx<float>(images, labels, classes: 10).TargetShape);
    }

    [Fact]
    public void The_axes_after_the_first_are_the_shape()
    {
        string labels = Write("labels", Idx([2], [0, 0]));
        Assert.Equal(6, Dataset.FromIdx<float>(Write("features", Idx([2, 6], new byte[12])), labels).InputShape);
        Assert.Equal((2, 3, 1), Dataset.FromIdx<float>(Write("grey", Idx([2, 2, 3], new byte[12])), labels).InputShape);
        Dataset<float> colour = Dataset.FromIdx<float>(Write("colour", Idx([2, 1, 2, 3], new byte[12])), labels);
        Assert.Equal((1, 2, 3), colour.InputShape);
        Assert.Equal(2, colour.TargetShape);                      // one class only is still a choice of two
    }

    [Fact]
    public void Files_that_are_no_IDX_files_of_bytes_are_refused_by_name()
    {
        AssertRefused("is no IDX file: it must begin with two zero bytes.", []);
        AssertRefused("is no IDX file: it must begin with two zero bytes.", [0, 0, 8]);
        AssertRefused("is no IDX file: it must begin with two zero bytes.", [1, 0, 8, 1, 0, 0, 0, 1, 0]);
        AssertRefused("is no IDX file: it must begin with two zero bytes.", [0, 1, 8, 1, 0, 0, 0, 1, 0]);
        AssertRefused("holds IDX type 0x0D, expected 0x08: unsigned bytes.", [0, 0, 0x0D, 1, 0, 0, 0, 1, 0, 0, 0, 0]);
        AssertRefused("has 0 axes, expected 1 to 4.", [0, 0, 8, 0]);
        AssertRefused("has 5 axes, expected 1 to 4.", Idx([1, 1, 1, 1, 1], [0]));
        AssertRefused("has 255 axes, expected 1 to 4.", [0, 0, 8, 255]);
    }

    [Fact]
    public void Files_that_end_too_soon_or_too_late_are_refused()
    {
        byte[] whole = Idx([3, 2, 2], new byte[12]);
        for (int length = 4; length < 16; length++)
            AssertRefused("is cut short: it ends within its header.", whole[..length]);
        AssertRefused("is cut short: it has 0 bytes of the 12 that its header promises (3 × 2 × 2).", whole[..16]);
        AssertRefused("is cut short: it has 11 bytes of the 12 that its header promises (3 × 2 × 2).", whole[..27]);
        AssertRefused("goes on after the 12 bytes that its header promises (3 × 2 × 2).", [.. whole, 0]);
        AssertRefused("goes on after the 12 bytes that its header promises (3 × 2 × 2).", [.. whole, .. new byte[100_000]]);
    }

    [Fact]
    public void A_damaged_gzip_file_is_refused()
    {
        string whole = Write("whole", Idx([100, 10, 10], [.. Enumerable.Range(0, 10_000).Select(i => (byte)new RandomStream(1).Bits(i))]), gzip: true), labels = Write("labels", Idx([100], new byte[100]));
        byte[] bytes = File.ReadAllBytes(whole);
        Assert.Equal(100, Dataset.FromIdx<float>(whole, labels).Count);
        Assert.Throws<InvalidDataException>(() => Dataset.FromIdx<float>(Write("half", bytes[..(bytes.Length / 2)]), labels));
        Assert.Throws<InvalidDataException>(() => Dataset.FromIdx<float>(Write("head", bytes[..5]), labels));
        Assert.Throws<InvalidDataException>(() => Dataset.FromIdx<float>(Write("broken", [.. bytes[..10], .. bytes[10..].Select(b => (byte)~b)]), labels));
    }

    [Theory]
    [InlineData(-1, 1, 0)]
    [InlineData(1, -1, 1)]
    [InlineData(int.MinValue, 2, 0)]
    [InlineData(65536, 65536, 1)]
    [InlineData(int.MaxValue, 2, 0)]
    [InlineData(2, int.MaxValue, 1)]
    public void Sizes_that_no_array_has_are_refused(int first, int second, int axis) =>
        AssertRefused($"claims {(axis == 0 ? first : second)} on axis {axis}, more than an array holds.", Idx([first, second], []));

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void A_tiny_file_that_claims_a_huge_size_takes_no_huge_memory(bool gzip)
    {
        string images = Write("images", Idx([2_000_000_000], [1, 2, 3]), gzip);
        Assert.Throws<InvalidDataException>(() => IdxFile.Read(images));
        long before = GC.GetAllocatedBytesForCurrentThread();
        InvalidDataException e = Assert.Throws<InvalidDataException>(() => IdxFile.Read(images));
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 4 << 20);
        Assert.Equal($"{images} is cut short: it has 3 bytes of the 2000000000 that its header promises (2000000000).", e.Message);
    }

    [Fact]
    public void Images_and_labels_that_do_not_belong_together_are_refused()
    {
        string images = Write("images", Idx([3, 2, 2], new byte[12])), labels = Write("labels", Idx([3], [2, 0, 1])), four = Write("four", Idx([4], new byte[4])), none = Write("none", Idx([0], [])), empty = Write("empty", Idx([0, 2, 2], []));
        Assert.Equal($"{four} has 4 labels, but {images} has 3 samples.", Refusal(images, four));
        Assert.Equal($"{images} has 3 axes, expected 1: one label for each sample.", Refusal(images, images));
        Assert.Equal($"{labels} has 1 axes, expected 2 to 4: samples, then features or height, width and channels.", Refusal(labels, labels));
        Assert.Equal($"{empty} has no samples.", Refusal(empty, none));
        Assert.Equal($"{labels}: the label of sample 0 is 2, expected one from 0 to 1.", Assert.Throws<InvalidDataException>(() => Dataset.FromIdx<float>(images, labels, classes: 2)).Message);
    }

    [Fact]
    public void A_file_that_is_not_there_is_named()
    {
        string labels = Write("labels", Idx([3], [2, 0, 1])), missing = Path.Combine(folder, "missing");
        Assert.Equal(missing, Assert.Throws<FileNotFoundException>(() => Dataset.FromIdx<float>(missing, labels)).FileName);
        Assert.Equal(missing, Assert.Throws<FileNotFoundException>(() => Dataset.FromIdx<float>(labels, missing)).FileName);
    }

    private static string Refusal(string images, string labels) => Assert.Throws<InvalidDataException>(() => Dataset.FromIdx<float>(images, labels)).Message;

    private void AssertRefused(string message, byte[] content)
    {
        string path = Write("wrong", content);
        Assert.Equal($"{path} {message}", Assert.Throws<InvalidDataException>(() => IdxFile.Read(path)).Message);
        string packed = Write("wrong.gz", content, gzip: true);
        Assert.Equal($"{packed} {message}", Assert.Throws<InvalidDataException>(() => IdxFile.Read(packed)).Message);
    }

    private static byte[] Idx(int[] sizes, byte[] bytes)
    {
        byte[] head = new byte[4 + (4 * sizes.Length)];
        (head[2], head[3]) = (8, (byte)sizes.Length);
        for (int axis = 0; axis < sizes.Length; axis++)
            BinaryPrimitives.WriteInt32BigEndian(head.AsSpan(4 + (4 * axis)), sizes[axis]);
        return [.. head, .. bytes];
    }

    private string Write(string name, byte[] content, bool gzip = false)
    {
        string path = Path.Combine(folder, name);
        using FileStream file = File.Create(path);
        using Stream stream = gzip ? new GZipStream(file, CompressionMode.Compress) : file;
        stream.Write(content);
        return path;
    }
}
