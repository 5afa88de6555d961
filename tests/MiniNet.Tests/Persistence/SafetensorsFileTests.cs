using System.Text;

namespace MiniNet.Tests.Persistence;

public class SafetensorsFileTests
{
    [Theory]
    [InlineData("[]", "Expected StartObject at byte 0, got StartArray.")]
    [InlineData("", "JSON")]
    [InlineData("{", "JSON")]
    [InlineData("{}{}", "JSON")]
    [InlineData("""{"a":1}""", "Expected StartObject at byte 5, got Number.")]
    [InlineData("""{"a":{}}""", "\"a\" lacks its dtype, its shape or its two data_offsets.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1]}}""", "\"a\" lacks its dtype, its shape or its two data_offsets.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0]}}""", "\"a\" lacks its dtype, its shape or its two data_offsets.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4,4]}}""", "Expected at most 2 numbers, none below 0, at byte 52.")]
    [InlineData("""{"a":{"dtype":"F32","dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "\"a\" has \"dtype\", expected dtype, shape and data_offsets, each once.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4],"type":"x"}}""", "\"a\" has \"type\", expected dtype, shape and data_offsets, each once.")]
    [InlineData("""{"a":{"dtype":"F7","shape":[1],"data_offsets":[0,4]}}""", "\"a\" is of the type \"F7\", which is none of the format's.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}}""", "Expected at most 8 numbers, none below 0, at byte 29.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1.5],"data_offsets":[0,4]}}""", "its header is no valid JSON of tensors.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[99999999999999999999],"data_offsets":[0,4]}}""", "its header is no valid JSON of tensors.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1,1,1,1,1,1,1,1,1],"data_offsets":[0,4]}}""", "Expected at most 8 numbers")]
    [InlineData("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,4]}}""", "\"a\", F32 [2], takes 8 bytes, but lies from 0 to 4.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,0]}}""", "\"a\", F32 [1], takes 4 bytes, but lies from 4 to 0.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[4294967296,4294967296],"data_offsets":[0,4]}}""", "\"a\", F32 [4294967296, 4294967296], takes too many bytes, but lies from 0 to 4.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "\"a\" begins at 4, expected 0: tensors lie one after the other, without a gap and without overlapping.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "\"b\" begins at 0, expected 4: tensors lie one after the other, without a gap and without overlapping.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", "names \"a\" twice.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[3],"data_offsets":[0,12]}}""", "is cut short: \"a\" ends at 12, but there are 8 bytes of tensors.")]
    [InlineData("""{"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}}""", "goes on after its last tensor: 8 bytes of tensors, expected 4.")]
    [InlineData("""{"__metadata__":{"a":1}}""", "Expected String")]
    [InlineData("""{"__metadata__":{"a":"1","a":"1"}}""", "has the metadata \"a\" twice.")]
    [InlineData("""{"__metadata__":{},"__metadata__":{}}""", "names \"__metadata__\" twice.")]
    [InlineData("""{"__metadata__":{"a":{"b":{"c":{"d":"e"}}}}}""", "its header is no valid JSON of tensors.")]
    public void Headers_that_are_wrong_are_refused_and_say_where(string header, string message)
    {
        string refusal = Assert.Throws<InvalidDataException>(() => Open(File(header, new byte[8]))).Message;
        Assert.StartsWith("x.safetensors", refusal);
        Assert.Contains(message, refusal);
    }

    [Fact]
    public void Lengths_are_compared_with_the_file_before_memory_is_taken()
    {
        byte[] whole = File("""{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}""", new byte[8]);
        Assert.Equal(2, Open(whole).Tensors[0].Sizes[0]);
        for (int length = 0; length < whole.Length; length++)
            Assert.Throws<InvalidDataException>(() => Open(whole[..length]));
        Assert.Throws<InvalidDataException>(() => Open([.. whole, 0]));
        Assert.Equal("x.safetensors is no safetensors file: it has 7 bytes, and the length of the header alone takes 8.", Assert.Throws<InvalidDataException>(() => Open(new byte[7])).Message);
        foreach (ulong claim in (ulong[])[100_000_000_000, ulong.MaxValue, long.MaxValue, 1000])
        {
            byte[] liar = [.. BitConverter.GetBytes(claim), 1, 2, 3];
            long before = GC.GetAllocatedBytesForCurrentThread();
            Assert.Equal($"x.safetensors is no safetensors file, or cut short: its header has {claim} bytes by its own account, but only 3 follow.", Assert.Throws<InvalidDataException>(() => Open(liar)).Message);
            Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 16);
        }
    }

    [Fact]
    public void What_is_right_is_read_in_whatever_order_it_is_named()
    {
        SafetensorsFile file = Open(File("""{ "b" : {"data_offsets":[4,6], "shape":[1,2,1], "dtype":"U8"}, "__metadata__":{"x":"ü"}, "none":{"dtype":"F64","shape":[0,3],"data_offsets":[4,4]}, "a":{"dtype":"F32","shape":[],"data_offsets":[0,4]} }   """, new byte[6]));
        Assert.Equal(["a", "none", "b"], file.Tensors.Select(t => t.Name));
        Assert.Equal("ü", file.Metadata["x"]);
        Assert.Equal([1, 2, 1], file.Find("b")!.Sizes);
    }

    internal static byte[] File(string header, byte[] data)
    {
        byte[] text = Encoding.UTF8.GetBytes(header);
        return [.. BitConverter.GetBytes((long)text.Length), .. text, .. data];
    }

    private static SafetensorsFile Open(byte[] bytes) => SafetensorsFile.Open(new MemoryStream(bytes), "x.safetensors");
}
