using MiniNet.OnnxSchema;

namespace MiniNet.Onnx.Tests;

public class OnnxExportTests
{
    public static TheoryData<string> Cases => OnnxCases.Names;

    private static Sequential<float> Network => Runtime.Model(
        (12, 12, 3), new Conv2D(8, kernel: 3, padding: 1), new BatchNorm(), new ReLU(), new MaxPool2D(2), new Residual(new Conv2D(8, kernel: 3, padding: 1)), new Softmax(), new RmsNorm(),
        new GroupNorm(2), new Normalize(), new Flatten(), new Dense(5));

    [Theory]
    [MemberData(nameof(Cases))]
    public void ONNX_Runtime_computes_what_the_model_predicts(string name)
    {
        OnnxCase @case = OnnxCases.Get(name);
        // Tied needs an earlier layer to share with.
        Layer[] layers = @case.Layer is Tied ? [new Dense(@case.Inputs.Last), @case.Layer] : [@case.Layer];
        Sequential<float> model = Runtime.Model(@case.Inputs, layers);
        Runtime.AssertSame(model, OnnxOrder.ChannelsLast);
        Runtime.AssertSame(model, OnnxOrder.ChannelsFirst);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public void ONNX_Runtime_computes_random_networks_of_every_layer(int seed)
    {
        Random random = new(seed);
        Shape[] shapes = [7, (4, 6), (8, 8, 4)];
        for (int network = 0; network < 20; network++)
        {
            Shape inputs = shapes[random.Next(shapes.Length)];
            List<Layer> layers = [];
            for (int attempt = 0; attempt < 40 && layers.Count < 6; attempt++)
            {
                Layer next = OnnxCases.All[random.Next(OnnxCases.All.Length)].Layer;
                try
                {
                    if (next is Tied || next.ToString().Contains("Embedding", StringComparison.Ordinal) || new Sequential<float>(inputs, 1, [.. layers, next]).OutputShape.Length > 2000)
                        continue;
                    layers.Add(next);
                }
                catch (ShapeException)
                {
                    // It does not fit here: another one.
                }
            }
            // What multiplies without end would leave no digit to compare.
            Sequential<float> model = Runtime.Model(inputs, [.. layers, new Tanh()]);
            Runtime.AssertSame(model, random.Next(2) == 0 ? OnnxOrder.ChannelsLast : OnnxOrder.ChannelsFirst);
        }
    }

    [Fact]
    public void Every_layer_of_the_library_is_exported_or_has_a_reason()
    {
        HashSet<Type> exported = [.. OnnxCases.All.Select(c => c.Layer.GetType())];
        foreach (Type type in typeof(Layer).Assembly.GetExportedTypes().Where(t => t.IsSubclassOf(typeof(Layer)) && !t.IsAbstract))
            Assert.True(exported.Contains(type) != OnnxCases.NoForm.ContainsKey(type), $"{type.Name} belongs into OnnxCases: among the cases, or in NoForm with the reason.");
    }

    [Fact]
    public void A_double_model_is_written_in_double()
    {
        Sequential<double> model = new(3, seed: 1, new Dense(4), new Tanh(), new LayerNorm(), new Dense(2), new Softmax());
        double[] x = [0.1, 0.2, 0.3, -4, 5, -6], expected = model.Predict(x);
        double[] actual = Runtime.Run(Runtime.Export(model), x, 2, model.InputShape, model.OutputShape, OnnxOrder.ChannelsLast);
        Assert.All(expected.Zip(actual), pair => Assert.Equal(pair.First, pair.Second, 1e-7));
    }

    [Fact]
    public void Weights_keep_their_names_and_the_file_says_what_it_is()
    {
        Sequential<float> model = Runtime.Model(6, new Residual(new Dense(6), new BatchNorm()), new Tied("0.0", new Dense(6)), new Dense(2));
        ModelProto file = ModelProto.Parser.ParseFrom(Runtime.Export(model));
        Assert.Equal(
            ["0.0.weight", "0.0.bias", "0.1.weight", "0.1.bias", "0.1.running_mean", "0.1.running_var", "2.weight", "2.bias"],
            file.Graph.Initializer.Select(t => t.Name));
        Assert.Equal(["0.0.Gemm", "0.1.BatchNormalization", "0.Add", "1.Gemm", "2.Gemm"], file.Graph.Node.Select(n => n.Name));
        Assert.Equal((8, "MiniNet", model.ToString(), 17), (file.IrVersion, file.ProducerName, file.DocString, file.OpsetImport.Single().Version));
        Assert.NotEmpty(file.ProducerVersion);
        Assert.Equal(("batch", 6), (file.Graph.Input.Single().Type.TensorType.Shape.Dim[0].DimParam, file.Graph.Input.Single().Type.TensorType.Shape.Dim[1].DimValue));
    }

    [Theory]
    [InlineData(OnnxOrder.ChannelsLast, 1)]
    [InlineData(OnnxOrder.ChannelsFirst, 0)]
    public void A_convolutional_network_is_transposed_at_the_entrance_at_most(OnnxOrder order, int expected)
    {
        ModelProto file = OnnxExport.Model(Network, order);
        Assert.Equal(expected, file.Graph.Node.Count(n => n.OpType == "Transpose"));
        Assert.Equal(expected == 1 ? "Transpose" : "Conv", file.Graph.Node[0].OpType);
    }

    [Fact]
    public void A_layer_of_ones_own_says_its_operators()
    {
        Runtime.AssertSame(Runtime.Model((3, 3, 2), new Conv2D(2, kernel: 3, padding: 1), new Scaled(), new Chain(new Scaled())), OnnxOrder.ChannelsLast);
    }

    [Fact]
    public void A_layer_that_says_nothing_is_named_and_nothing_is_written()
    {
        using MemoryStream stream = new();
        NotSupportedException e = Assert.Throws<NotSupportedException>(() => new Sequential<float>(2, new Dense(3), new Residual(new Cubed())).ExportOnnx(stream));
        Assert.Equal("Layer 1.0, Cubed(), has no form in ONNX that MiniNet.Onnx knows. A layer of your own can say which operators it is made of: let Cubed implement IOnnxLayer.", e.Message);
        Assert.Equal(0, stream.Length);
    }

    [Fact]
    public void A_file_is_replaced_as_a_whole_or_not_at_all()
    {
        string folder = Directory.CreateTempSubdirectory("mininet-onnx").FullName, path = Path.Combine(folder, "model.onnx");
        try
        {
            File.WriteAllText(path, "old");
            Assert.Throws<NotSupportedException>(() => new Sequential<float>(2, new Cubed()).ExportOnnx(path));
            Assert.Equal("old", File.ReadAllText(path));
            Network.ExportOnnx(path);
            Assert.Equal(Runtime.Export(Network), File.ReadAllBytes(path));
            Assert.Equal([path], Directory.GetFiles(folder));
            Assert.Throws<ArgumentOutOfRangeException>(() => Network.ExportOnnx(path, (OnnxOrder)2));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    private sealed record Cubed : Activation
    {
        protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y)
        {
            for (int i = 0; i < x.Length; i++)
                y[i] = x[i] * x[i] * x[i];
        }

        protected override void Differentiate<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> outputGradient, Span<T> inputGradient) => throw new NotSupportedException();
    }

    /// <summary>Each channel times a trained number, minus a statistic, times 2.</summary>
    private sealed record Scaled : Layer, IOnnxLayer
    {
        public override Shape Declare(Plan plan)
        {
            plan.Parameter("scale", plan.Input.Last, new Zeros());
            plan.Statistic("shift", plan.Input.Last, 0, rate: 0);
            return plan.Input;
        }

        public override void Forward<T>(in Pass<T> pass)
        {
            int channels = pass.Parameter(0).Length;
            for (int i = 0; i < pass.Input.Length; i++)
                pass.Output[i] = ((pass.Input[i] * pass.Parameter(0)[i % channels]) - pass.Statistic(0)[i % channels]) * T.CreateChecked(2);
        }

        public override void Backward<T>(in Pass<T> pass) => throw new NotSupportedException();

        public OnnxValue Export(OnnxGraph graph, OnnxValue x)
        {
            OnnxValue scaled = graph.Node("Mul", [x, graph.PerChannel(graph.Parameter(0), x)]);
            return graph.Node("Mul", [graph.Node("Sub", [scaled, graph.PerChannel(graph.Statistic(0), x)]), graph.Number(2)]);
        }
    }
}
