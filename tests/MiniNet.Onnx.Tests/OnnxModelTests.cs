using System.Text.Json;
using Google.Protobuf;
using MiniNet.OnnxSchema;

namespace MiniNet.Onnx.Tests;

public class OnnxModelTests
{
    /// <summary>What is exported as several operators that are read as no layer, or not in a row.</summary>
    private static readonly HashSet<Type> Unreadable = [typeof(Residual), typeof(Branches), typeof(SqueezeExcite), typeof(Gated), typeof(Squared), typeof(RmsNorm), typeof(GroupNorm), typeof(Embedding)];

    private static readonly string Folder = Path.Combine(AppContext.BaseDirectory, "golden");

    public static TheoryData<string> Cases => OnnxCases.Names;

    private static Sequential<float> Load(ModelProto file)
    {
        using MemoryStream stream = new(file.ToByteArray());
        return OnnxModel.Load<float>(stream);
    }

    private static ModelProto Small => OnnxExport.Model(Runtime.Model(2, new Dense(3), new LeakyReLU(0.3)), OnnxOrder.ChannelsLast);

    [Theory]
    [InlineData("dense", "[5] -> Dense(8) [8] -> BatchNorm() [8] -> ReLU() [8] -> Dense(6) [6] -> GELU() [6] -> LayerNorm() [6] -> ELU(0.5) [6] -> Dense(6) [6] -> LeakyReLU(0.2) [6] -> HardSigmoid() [6] -> Softplus() [6] -> PReLU() [6] -> Tanh() [6] -> Dense(3) [3] -> LogSoftmax() [3], 194 parameters")]
    [InlineData("conv", "[8, 8, 3] -> Conv2D(6, kernel: 3, padding: 1) [8, 8, 6] -> ReLU() [8, 8, 6] -> MaxPool2D(2) [4, 4, 6] -> BatchNorm() [4, 4, 6] -> Conv2D(4, kernel: (3, 2), stride: (1, 2), padding: (1, 0), dilation: (2, 1), groups: 2) [2, 2, 4] -> SiLU() [2, 2, 4] -> ConvTranspose2D(4, kernel: 3, stride: 2, padding: 1, outputPadding: 1) [4, 4, 4] -> PReLU(perChannel: true) [4, 4, 4] -> Upsample2D(2) [8, 8, 4] -> AveragePool2D(2) [4, 4, 4] -> Flatten() [64] -> Dense(8) [8] -> Sigmoid() [8] -> Dense(4) [4] -> Softmax() [4], 964 parameters")]
    [InlineData("pooled", "[6, 5, 2] -> Conv2D(5, kernel: 3, padding: 1) [6, 5, 5] -> AveragePool2D(3, stride: 2, padding: 1) [3, 3, 5] -> ReLU() [3, 3, 5] -> GlobalAveragePool2D() [5] -> Dense(2) [2], 107 parameters")]
    [InlineData("sequence", "[8, 3] -> Conv1D(6, kernel: 3, padding: 1) [8, 6] -> ReLU() [8, 6] -> Conv1D(4, kernel: 2, stride: 2) [4, 4] -> Flatten() [16] -> Dense(2) [2], 146 parameters")]
    [InlineData("steps", "[4, 3] -> Dense(6) [4, 6] -> Tanh() [4, 6] -> LayerNorm() [4, 6] -> Dense(2) [4, 2] -> Softmax() [4, 2], 50 parameters")]
    public void What_PyTorch_exports_is_read_and_computes_what_PyTorch_computes(string name, string layers)
    {
        using JsonDocument golden = JsonDocument.Parse(File.ReadAllText(Path.Combine(Folder, "onnx.json")));
        JsonElement entry = golden.RootElement.GetProperty(name);
        float[] x = Numbers(entry, "x"), expected = Numbers(entry, "y");

        Sequential<float> model = OnnxModel.Load<float>(Path.Combine(Folder, $"{name}.onnx"));
        Assert.Equal(layers, model.ToString());
        bool isChannelsFirst = name is not ("dense" or "steps");
        float[] actual = model.Predict(isChannelsFirst ? Runtime.ChannelsLast(x, 3, model.InputShape) : x);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-5f));

        double[] inDouble = OnnxModel.Load<double>(Path.Combine(Folder, $"{name}.onnx")).Predict([.. (isChannelsFirst ? Runtime.ChannelsLast(x, 3, model.InputShape) : x).Select(v => (double)v)]);
        Assert.All(expected.Zip(inDouble), pair => Assert.Equal(pair.First, pair.Second, 1e-5));
    }

    [Theory]
    [MemberData(nameof(Cases))]
    public void What_was_exported_comes_back_with_the_same_bits(string name)
    {
        OnnxCase @case = OnnxCases.Get(name);
        Layer[] layers = @case.Layer is Tied ? [new Dense(@case.Inputs.Last), @case.Layer] : [@case.Layer];
        Sequential<float> model = Runtime.Model(@case.Inputs, layers);
        using MemoryStream file = new(Runtime.Export(model));
        if (Unreadable.Any(u => name.Contains($"{u.Name}(", StringComparison.Ordinal)) || name.Contains("GeluApproximation.Tanh", StringComparison.Ordinal) || name.Contains("Gated", StringComparison.Ordinal))
        {
            string message = Assert.Throws<InvalidDataException>(() => OnnxModel.Load<float>(file)).Message;
            Assert.Matches("only networks whose layers stand in a row are read|is an operator that is not known|needs its channels last", message);
            return;
        }
        Sequential<float> again = OnnxModel.Load<float>(file);
        float[] x = Runtime.Samples(3, model);
        Assert.Equal(model.InputShape, again.InputShape);
        Assert.Equal(model.OutputShape, again.OutputShape);
        Assert.Equal(model.Predict(x), again.Predict(x));
    }

    [Fact]
    public void A_model_with_channels_first_comes_back_with_channels_last()
    {
        Sequential<float> model = Runtime.Model((6, 5, 3), new Conv2D(4, kernel: 3), new BatchNorm(rate: 0.3, epsilon: 0.01), new MaxPool2D(2), new Flatten(), new Dense(2));
        using MemoryStream file = new(Runtime.Export(model, OnnxOrder.ChannelsFirst));
        Sequential<float> again = OnnxModel.Load<float>(file);
        Assert.Equal(model.ToString(), again.ToString());
        Assert.Equal(model.Predict(Runtime.Samples(2, model)), again.Predict(Runtime.Samples(2, model)));
    }

    [Fact]
    public void A_double_model_comes_back_with_the_same_bits()
    {
        Sequential<double> model = new((4, 3), seed: 1, new Normalize(), new Dense(4), new ELU(0.3), new LayerNorm(1e-4), new Flatten(), new Dense(2), new Softmax());
        using MemoryStream file = new(Runtime.Export(model));
        double[] x = [.. Enumerable.Range(0, 24).Select(i => Math.Sin(i))];
        Assert.Equal(model.Predict(x), OnnxModel.Load<double>(file).Predict(x));
    }

    [Fact]
    public void The_order_can_be_told_where_the_file_does_not_show_it()
    {
        Sequential<float> model = Runtime.Model((4, 3), new Flatten(), new Dense(2));
        float[] x = Runtime.Samples(1, model);
        byte[] file = Runtime.Export(model, OnnxOrder.ChannelsFirst);
        Assert.Equal(model.Predict(x), OnnxModel.Load<float>(new MemoryStream(file), OnnxOrder.ChannelsFirst).Predict(x));
        Sequential<float> asItIs = OnnxModel.Load<float>(new MemoryStream(file));
        Assert.Equal((Shape)(3, 4), asItIs.InputShape);
        Assert.Equal(model.Predict(x), asItIs.Predict([.. Enumerable.Range(0, 12).Select(i => x[((i % 4) * 3) + (i / 4)])]));
    }

    [Fact]
    public void What_is_not_known_is_named_with_its_place()
    {
        Expect("Node 1.LeakyRelu, Mish, is an operator that is not known.", f => f.Graph.Node[1].OpType = "Mish");
        Expect("Node 1.LeakyRelu, com.example.LeakyRelu, is an operator that is not known.", f => f.Graph.Node[1].Domain = "com.example");
        Expect("Node 1.LeakyRelu, LeakyRelu, has the attribute gamma, which is not known.", f => f.Graph.Node[1].Attribute.Add(new AttributeProto { Name = "gamma" }));
        Expect("Node 0.Gemm, Gemm, has transA = 1, and only 0 is read.", f => f.Graph.Node[0].Attribute.Add(new AttributeProto { Name = "transA", I = 1 }));
        Expect("Node 0.Gemm, Gemm, has the weight 0.weight of [3, 2], expected numbers of [2, 3].", f => (f.Graph.Initializer[0].Dims[0], f.Graph.Initializer[0].Dims[1]) = (3, 2), "expected numbers of [2, 2]");
        Expect("Node 0.Gemm, Gemm, has no constant as its input 1: only weights that lie in the file are read.", f => f.Graph.Node[0].Input[1] = "elsewhere");
        Expect("The value 0.Gemm goes to LeakyRelu and Add: only networks whose layers stand in a row are read.", f => f.Graph.Node.Add(new NodeProto { OpType = "Add", Input = { "0.Gemm", "output" } }));
        Expect("The value 0.Gemm goes to no node: only networks whose layers stand in a row are read.", f => f.Graph.Node.RemoveAt(1));
        Expect("The nodes form a circle through 0.Gemm.", f => f.Graph.Node[1].Output[0] = "0.Gemm");
        Expect("The input input leaves the size of its axis 1 open: only the batch, axis 0, may be. Export it with a fixed size.", f => f.Graph.Input[0].Type.TensorType.Shape.Dim[1].DimParam = "width");
        Expect("The graph has 1 inputs and 2 outputs, and only networks with one of each are read.", f => f.Graph.Output.Add(new ValueInfoProto { Name = "second" }));
        Expect("The file holds no graph: it is no ONNX model.", f => f.Graph = null);
        Expect("The file is written for operator set 6, and 7 is the oldest that is read: export it with a newer one.", f => f.OpsetImport[0].Version = 6);
    }

    [Fact]
    public void Sizes_are_held_against_the_bytes_that_are_there()
    {
        Expect("The tensor 0.weight has the sizes [2, 1000000000], so 2000000000 values, but 24 bytes.", f => f.Graph.Initializer[0].Dims[1] = 1_000_000_000);
        Expect("The tensor 0.weight has the sizes [2, 4611686018427387904].", f => f.Graph.Initializer[0].Dims[1] = 1L << 62);
        Expect("The tensor 0.weight has the sizes [2, -3].", f => f.Graph.Initializer[0].Dims[1] = -3);
        Expect("The tensor 0.weight holds Bool: only float, double and int64 are read.", f => f.Graph.Initializer[0].DataType = 9);
        Expect("The tensor 0.weight lies in another file: export the model as one file.", f => f.Graph.Initializer[0].DataLocation = TensorProto.Types.DataLocation.External);
        Expect("Node 0.Gemm, Gemm, has the weight 0.weight of [2, 3], expected numbers of [2000000000, 3].", f => f.Graph.Input[0].Type.TensorType.Shape.Dim[1].DimValue = 2_000_000_000, "does not fit: ");
    }

    [Fact]
    public void Few_weights_that_many_nodes_use_do_not_become_many()
    {
        ModelProto file = OnnxExport.Model(Runtime.Model(100, new Dense(100)), OnnxOrder.ChannelsLast);
        NodeProto gemm = file.Graph.Node[0];
        file.Graph.Node.Clear();
        for (int i = 0; i < 1000; i++)
            file.Graph.Node.Add(new NodeProto(gemm) { Input = { [0] = i == 0 ? "input" : $"y{i}" }, Output = { [0] = i == 999 ? "output" : $"y{i + 1}" } });
        Assert.EndsWith("shared weights are not read.", Assert.Throws<InvalidDataException>(() => Load(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Values_may_be_listed_instead_of_raw()
    {
        Sequential<float> model = Runtime.Model(2, new Dense(3), new LeakyReLU(0.3));
        ModelProto file = OnnxExport.Model(model, OnnxOrder.ChannelsLast);
        foreach (TensorProto tensor in file.Graph.Initializer)
        {
            tensor.FloatData.AddRange(System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(tensor.RawData.Span).ToArray());
            tensor.ClearRawData();
        }
        Assert.Equal(model.Predict([1, 2]), Load(file).Predict([1, 2]));
    }

    private static void Expect(string message, Action<ModelProto> change, string? instead = null)
    {
        ModelProto file = Small;
        change(file);
        string actual = Assert.Throws<InvalidDataException>(() => Load(file)).Message;
        if (instead is null)
            Assert.Equal(message, actual);
        else
            Assert.Contains(instead, actual, StringComparison.Ordinal);
    }

    private static float[] Numbers(JsonElement entry, string name) => [.. entry.GetProperty(name).EnumerateArray().Select(v => v.GetSingle())];
}
