using System.Text;

namespace MiniNet.Tests.Persistence;

public sealed class NumPyTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mininet-numpy-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void What_is_written_is_numpy_s_format_and_comes_back_bit_by_bit()
    {
        string path = Path.Combine(folder, "x.npy");
        float[] values = [1, -0f, float.NaN, float.PositiveInfinity, float.Epsilon, 6];
        NumPy.Write<float>(path, values, 2, 3);
        byte[] bytes = File.ReadAllBytes(path);
        Assert.Equal(128 + 24, bytes.Length);
        Assert.Equal([0x93, .. "NUMPY"u8, 1, 0, 118, 0], bytes[..10]);
        Assert.Equal("{'descr': '<f4', 'fortran_order': False, 'shape': (2, 3), }".PadRight(117) + "\n", Encoding.ASCII.GetString(bytes, 10, 118));
        NumPyArray<float> again = NumPy.Read<float>(path);
        Assert.Equal([2, 3], again.Sizes);
        Assert.Equal(values.Select(BitConverter.SingleToUInt32Bits), again.Values.Select(BitConverter.SingleToUInt32Bits));
        NumPy.Write<double>(path, [1, 2], 2);
        Assert.Contains("'descr': '<f8', 'fortran_order': False, 'shape': (2,), }", File.ReadAllText(path));
        Assert.Throws<ArgumentException>(() => NumPy.Write<float>(path, [1, 2, 3], 2));
        Assert.Throws<ArgumentException>(() => NumPy.Write<float>(path, [1, 2, 3], -1, -3));
    }

    [Theory]
    [InlineData("'<f4'", "False", "(2, 2)", new byte[] { 0, 0, 128, 63, 0, 0, 0, 64, 0, 0, 64, 64, 0, 0, 128, 64 }, new double[] { 1, 2, 3, 4 })]
    [InlineData("'>f4'", "False", "(2, 2)", new byte[] { 63, 128, 0, 0, 64, 0, 0, 0, 64, 64, 0, 0, 64, 128, 0, 0 }, new double[] { 1, 2, 3, 4 })]
    [InlineData("'<f4'", "True", "(2, 2)", new byte[] { 0, 0, 128, 63, 0, 0, 0, 64, 0, 0, 64, 64, 0, 0, 128, 64 }, new double[] { 1, 3, 2, 4 })]
    [InlineData("'|u1'", "True", "(2, 3)", new byte[] { 1, 2, 3, 4, 5, 255 }, new double[] { 1, 3, 5, 2, 4, 255 })]
    [InlineData("'|i1'", "False", "(2,)", new byte[] { 1, 255 }, new double[] { 1, -1 })]
    [InlineData("'|b1'", "False", "(2,)", new byte[] { 1, 0 }, new double[] { 1, 0 })]
    [InlineData("'<i8'", "False", "(1,)", new byte[] { 254, 255, 255, 255, 255, 255, 255, 255 }, new double[] { -2 })]
    [InlineData("'>i2'", "False", "(2,)", new byte[] { 1, 0, 255, 255 }, new double[] { 256, -1 })]
    [InlineData("'<f2'", "False", "()", new byte[] { 0, 0x3C }, new double[] { 1 })]
    public void Numbers_of_every_kind_are_read(string type, string fortran, string shape, byte[] data, double[] expected) =>
        Assert.Equal(expected, Read($"{{'descr': {type}, 'fortran_order': {fortran}, 'shape': {shape}, }}", data).Values);

    [Theory]
    [InlineData("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }", "has a header that is none of numbers")]
    [InlineData("{'descr': '<c8', 'fortran_order': False, 'shape': (1,), }", "holds 'c8', expected numbers")]
    [InlineData("{'descr': [('a', '<f4')], 'fortran_order': False, 'shape': (1,), }", "has a header that is none of numbers")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (-1,), }", "has a header that is none of numbers")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (3,), }", "is cut short: it has 8 bytes of numbers, expected 12.")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (1,), }", "goes on after its 1 numbers.")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2000000000,), }", "is cut short")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (2000000000, 2), }", "more than an array holds")]
    [InlineData("{'descr': '<f4', 'fortran_order': False, 'shape': (99999999999,), }", "more than an array holds")]
    public void Files_that_are_wrong_are_refused_without_taking_memory(string header, string message)
    {
        Assert.Throws<InvalidDataException>(() => Read(header, new byte[8]));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(message, Assert.Throws<InvalidDataException>(() => Read(header, new byte[8])).Message);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 16 << 20);
    }

    [Fact]
    public void Archives_come_back_and_make_datasets()
    {
        string path = Path.Combine(folder, "data.npz");
        NumPy.WriteArchive<float>(path, [new("x", new([2, 3], [1, 2, 3, 4, 5, 6])), new("y", new([2], [0, 1])), new("z", new([3], [0, 1, 2]))]);
        IReadOnlyDictionary<string, NumPyArray<float>> arrays = NumPy.ReadArchive<float>(path);
        Assert.Equal(["x", "y", "z"], arrays.Keys.Order());
        Assert.Equal([1, 2, 3, 4, 5, 6], arrays["x"].Values);
        Dataset<float> dataset = Dataset.FromNumPy<float>(path, "x", "y");
        Assert.Equal((2, (Shape)3, (Shape)1), (dataset.Count, dataset.InputShape, dataset.TargetShape));
        Assert.Equal([4, 5, 6], dataset.Input(1));
        Assert.Equal($"{path} has no array w; it has x, y, z.", Assert.Throws<InvalidDataException>(() => Dataset.FromNumPy<float>(path, "x", "w")).Message);
        Assert.Throws<InvalidDataException>(() => Dataset.FromNumPy<float>(path, "x", "z"));
        NumPy.Write<float>(Path.Combine(folder, "x.npy"), [1, 2, 3, 4, 5, 6, 7, 8], 1, 2, 2, 2);
        NumPy.Write<float>(Path.Combine(folder, "y.npy"), [1, 2], 1, 2);
        Assert.Equal((2, 2, 2), Dataset.FromNumPy<float>(Path.Combine(folder, "x.npy"), Path.Combine(folder, "y.npy")).InputShape);
    }

    private static NumPyArray<double> Read(string header, byte[] data) =>
        NpyFormat.Read<double>(new MemoryStream([0x93, .. "NUMPY"u8, 1, 0, (byte)(header.Length + 1), 0, .. Encoding.ASCII.GetBytes(header + "\n"), .. data]), "x.npy");
}
