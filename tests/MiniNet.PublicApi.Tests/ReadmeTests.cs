using System.Globalization;
using MiniNet.PublicApi.Tests.Readme;

namespace MiniNet.PublicApi.Tests;

[Collection("Console")]                  // one at a time: programs print, and tests listen
public class ReadmeTests
{
    private static readonly string Readme = Read("README.md"), Programs = Read("ReadmePrograms.cs");

    [Theory]
    [InlineData("xor")]
    [InlineData("classification")]
    [InlineData("loop")]
    [InlineData("swish")]
    [InlineData("check")]
    [InlineData("onnx")]
    public void The_code_of_the_page_is_compiled_code(string region)
    {
        string[] lines = [.. Programs.Split('\n').SkipWhile(l => l.Trim() != $"// <{region}>").Skip(1).TakeWhile(l => l.Trim() != $"// </{region}>")];
        int indent = lines.Where(l => l.Length > 0).Min(l => l.Length - l.TrimStart().Length);
        string code = string.Join('\n', lines.Select(l => l.Length > 0 ? l[indent..] : l));
        Assert.NotEmpty(code);
        Assert.Contains(code, Readme, StringComparison.Ordinal);
    }

    [Fact]
    public void The_first_program_prints_what_the_page_says()
    {
        string printed = Printed(ReadmePrograms.Xor);
        string[] expected = Block("```text"), actual = printed.TrimEnd().Split('\n');
        Assert.Equal(expected[0], actual[0]);

        // The last digits depend on the processor's instructions: with a fused multiply-add or without.
        double[] expectedNumbers = Numbers(expected[1]), actualNumbers = Numbers(actual[1]);
        Assert.Equal(4, actualNumbers.Length);
        Assert.All(expectedNumbers.Zip(actualNumbers), pair => Assert.Equal(pair.First, pair.Second, tolerance: 1e-3));
    }

    [Fact]
    public void The_layer_of_the_page_is_proved() => ReadmePrograms.CheckSwish();

    [Fact]
    public void The_ONNX_file_of_the_page_gives_the_model_back()
    {
        string path = Path.Combine(Path.GetTempPath(), $"{Guid.NewGuid():N}.onnx");
        Sequential<float> model = new(2, seed: 1, new Dense(4), new Sigmoid(), new Dense(1), new Sigmoid());
        try
        {
            Assert.Equal(model.Predict([0, 1, 1, 0]), ReadmePrograms.Onnx(model, path).Predict([0, 1, 1, 0]));
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void The_loop_of_the_page_learns()
    {
        float[] x = [.. Enumerable.Range(0, 128).Select(i => i % 2 == 0 ? 1f : -1f)], y = [.. Enumerable.Range(0, 256).Select(i => (i / 2 % 2) == (i % 2) ? 1f : 0f)];
        Sequential<float> model = new(1, seed: 1, new Dense(16), new ReLU(), new Dense(2), new Softmax());
        float before = (float)model.Evaluate(new(x, 1, y, 2), new CrossEntropy()).Loss;
        Assert.True(ReadmePrograms.Loop(model, new(x, 1, y, 2), x, y) < 0.5 * before);
    }

    [Fact]
    public void The_classification_of_the_page_reaches_97_8_percent_on_MNIST()
    {
        string? folder = Environment.GetEnvironmentVariable("MININET_MNIST");
        Assert.SkipWhen(folder is null, "MININET_MNIST is not set: it names the folder with the four files of MNIST.");
        double accuracy = 0;
        Printed(() => accuracy = ReadmePrograms.Classification(folder!));
        File.Delete("mnist.safetensors");
        Assert.True(accuracy >= 0.978, $"accuracy {accuracy}");
    }

    private static string Printed(Action program)
    {
        TextWriter console = Console.Out;
        using StringWriter writer = new(CultureInfo.InvariantCulture);
        try
        {
            Console.SetOut(writer);
            program();
        }
        finally
        {
            Console.SetOut(console);
        }
        return writer.ToString();
    }

    private static string[] Block(string fence) => [.. Readme.Split('\n').SkipWhile(l => l != fence).Skip(1).TakeWhile(l => l != "```")];

    private static double[] Numbers(string line) => [.. line.Split(", ").Select(n => double.Parse(n, CultureInfo.InvariantCulture))];

    private static string Read(string name) => File.ReadAllText(Path.Combine(AppContext.BaseDirectory, name)).ReplaceLineEndings("\n");
}
