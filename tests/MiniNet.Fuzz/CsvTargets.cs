using System.Text;

namespace MiniNet.Fuzz;

/// <summary>The readers of MiniNet.Csv. A column that is no longer there is, by their documentation, an <see cref="ArgumentException"/>.</summary>
internal static class CsvTargets
{
    public static FuzzTarget[] All =>
    [
        new("csv", Seeds("length,width,\"species, as found\"\n1.5,2,setosa\n-2e-3,4.25,\"versi\"\"color\"\n3,1,setosa\n"),
            bytes => CsvDataset.LoadClasses<float>(Text(bytes), label: "species, as found"), typeof(InvalidDataException), typeof(ArgumentException)),
        new("csv-values", Seeds("a;b;\"y\"\n1;2;3\n\n4.5;\"-6\";7e2\n"),
            bytes => CsvDataset.LoadValues<double>(Text(bytes), targets: ["y"], features: ["a", "b"]), typeof(InvalidDataException), typeof(ArgumentException)),
    ];

    /// <summary>The text with either ending of lines, and with a byte order mark.</summary>
    private static byte[][] Seeds(string text) => [Encoding.UTF8.GetBytes(text), Encoding.UTF8.GetBytes(text.Replace("\n", "\r\n", StringComparison.Ordinal)), [.. Encoding.UTF8.Preamble, .. Encoding.UTF8.GetBytes(text)]];

    private static StreamReader Text(byte[] bytes) => new(new MemoryStream(bytes), new UTF8Encoding(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true);
}
