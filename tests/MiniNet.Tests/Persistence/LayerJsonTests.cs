namespace MiniNet.Tests.Persistence;

/// <summary>The JSON of every layer and initializer, as files hold it: those of earlier versions must stay readable, so that no character here changes.</summary>
public sealed class LayerJsonTests
{
    private static readonly (Layer Layer, string Json)[] Cases =
    [
        (new AveragePool2D(2), """{"$type":"AveragePool2D","kernel":[2,2],"stride":[2,2],"padding":0}"""),
        (new AveragePool2D((2, 3), stride: (1, 2), padding: 1), """{"$type":"AveragePool2D","kernel":[2,3],"stride":[1,2],"padding":1}"""),
        (new BatchNorm(), """{"$type":"BatchNorm","rate":0.1,"epsilon":1E-05}"""),
        (new BatchNorm(0.25, 1e-3), """{"$type":"BatchNorm","rate":0.25,"epsilon":0.001}"""),
        (new Branches(new Dense(1), new Chain(new Tanh())), """{"$type":"Branches","layers":[{"$type":"Dense","units":1,"initializer":{"$type":"GlorotUniform"},"biasInitializer":{"$type":"Zeros"}},{"$type":"Chain","layers":[{"$type":"Tanh"}]}]}"""),
        (new Chain(new ReLU(), new Dropout(0.5)), """{"$type":"Chain","layers":[{"$type":"ReLU"},{"$type":"Dropout","rate":0.5}]}"""),
        (new Conv1D(4, 3), """{"$type":"Conv1D","filters":4,"kernel":3,"stride":1,"padding":[0,0,0,0],"dilation":1,"groups":1,"bias":true,"initializer":{"$type":"GlorotUniform"},"biasInitializer":{"$type":"Zeros"}}"""),
        (new Conv1D(4, 3, stride: 2, padding: 2, dilation: 2, groups: 2, bias: false, initializer: new HeNormal(), biasInitializer: new Constant(0.1)), """{"$type":"Conv1D","filters":4,"kernel":3,"stride":2,"padding":[2,2,2,2],"dilation":2,"groups":2,"bias":false,"initializer":{"$type":"HeNormal"},"biasInitializer":{"$type":"Constant","value":0.1}}"""),
        (new Conv2D(4, 3), """{"$type":"Conv2D","filters":4,"kernel":[3,3],"stride":[1,1],"padding":[0,0,0,0],"dilation":[1,1],"groups":1,"bias":true,"initializer":{"$type":"GlorotUniform"},"biasInitializer":{"$type":"Zeros"}}"""),
        (new Conv2D(4, (3, 2), stride: (2, 1), padding: Padding.Same, dilation: (2, 1), groups: 2, bias: false, initializer: new HeUniform(), biasInitializer: new Normal(1e-300)), """{"$type":"Conv2D","filters":4,"kernel":[3,2],"stride":[2,1],"padding":"same","dilation":[2,1],"groups":2,"bias":false,"initializer":{"$type":"HeUniform"},"biasInitializer":{"$type":"Normal","deviation":1E-300}}"""),
        (new ConvTranspose2D(4, 3), """{"$type":"ConvTranspose2D","filters":4,"kernel":[3,3],"stride":[1,1],"padding":[0,0,0,0],"outputPadding":[0,0,0,0],"dilation":[1,1],"groups":1,"bias":true,"initializer":{"$type":"GlorotUniform"},"biasInitializer":{"$type":"Zeros"}}"""),
        (new ConvTranspose2D(4, (3, 2), stride: (2, 3), padding: (1, 1, 0, 1), outputPadding: (1, 1, 0, 0), dilation: (1, 2), groups: 2, bias: false, initializer: new LeCunNormal(), biasInitializer: new Uniform(-0.1, 0.1)), """{"$type":"ConvTranspose2D","filters":4,"kernel":[3,2],"stride":[2,3],"padding":[1,1,0,1],"outputPadding":[1,1,0,0],"dilation":[1,2],"groups":2,"bias":false,"initializer":{"$type":"LeCunNormal"},"biasInitializer":{"$type":"Uniform","low":-0.1,"high":0.1}}"""),
        (new Dense(3), """{"$type":"Dense","units":3,"initializer":{"$type":"GlorotUniform"},"biasInitializer":{"$type":"Zeros"}}"""),
        (new Dense(3, new Orthogonal(1.5), new Zeros()), """{"$type":"Dense","units":3,"initializer":{"$type":"Orthogonal","gain":1.5},"biasInitializer":{"$type":"Zeros"}}"""),
        (new Dropout(0.1), """{"$type":"Dropout","rate":0.1}"""),
        (new Dropout2D(0.2), """{"$type":"Dropout2D","rate":0.2}"""),
        (new ELU(), """{"$type":"ELU","alpha":1}"""),
        (new ELU(0.5), """{"$type":"ELU","alpha":0.5}"""),
        (new Embedding(5, 2), """{"$type":"Embedding","classes":5,"features":2,"initializer":{"$type":"Normal","deviation":1}}"""),
        (new Embedding(5, 2, new Normal(1)), """{"$type":"Embedding","classes":5,"features":2,"initializer":{"$type":"Normal","deviation":1}}"""),
        (new Flatten(), """{"$type":"Flatten"}"""),
        (new Frozen(new Dense(2)), """{"$type":"Frozen","layer":{"$type":"Dense","units":2,"initializer":{"$type":"GlorotUniform"},"biasInitializer":{"$type":"Zeros"}}}"""),
        (new GELU(), """{"$type":"GELU","approximation":"None"}"""),
        (new GELU(GeluApproximation.Tanh), """{"$type":"GELU","approximation":"Tanh"}"""),
        (new GlobalAveragePool2D(), """{"$type":"GlobalAveragePool2D"}"""),
        (new GroupNorm(2), """{"$type":"GroupNorm","groups":2,"epsilon":1E-05}"""),
        (new GroupNorm(2, 1e-3), """{"$type":"GroupNorm","groups":2,"epsilon":0.001}"""),
        (new HardSigmoid(), """{"$type":"HardSigmoid"}"""),
        (new Identity(), """{"$type":"Identity"}"""),
        (new LayerNorm(), """{"$type":"LayerNorm","epsilon":1E-05}"""),
        (new LayerNorm(1e-3), """{"$type":"LayerNorm","epsilon":0.001}"""),
        (new LeakyReLU(), """{"$type":"LeakyReLU","slope":0.01}"""),
        (new LeakyReLU(0.2), """{"$type":"LeakyReLU","slope":0.2}"""),
        (new LogSoftmax(), """{"$type":"LogSoftmax"}"""),
        (new MaxPool2D(2), """{"$type":"MaxPool2D","kernel":[2,2],"stride":[2,2],"padding":0}"""),
        (new MaxPool2D((3, 2), stride: 1, padding: 1), """{"$type":"MaxPool2D","kernel":[3,2],"stride":[1,1],"padding":1}"""),
        (new Normalize(), """{"$type":"Normalize"}"""),
        (new PReLU(), """{"$type":"PReLU","perChannel":false,"initial":0.25}"""),
        (new PReLU(perChannel: true, initial: 0.1), """{"$type":"PReLU","perChannel":true,"initial":0.1}"""),
        (new ReLU(), """{"$type":"ReLU"}"""),
        (new Reshape((2, 3, 4, 5)), """{"$type":"Reshape","shape":[2,3,4,5]}"""),
        (new Residual(new Dense(2), new Tanh()), """{"$type":"Residual","body":[{"$type":"Dense","units":2,"initializer":{"$type":"GlorotUniform"},"biasInitializer":{"$type":"Zeros"}},{"$type":"Tanh"}]}"""),
        (new RmsNorm(), """{"$type":"RmsNorm","epsilon":null}"""),
        (new RmsNorm(1e-6), """{"$type":"RmsNorm","epsilon":1E-06}"""),
        (new Sigmoid(), """{"$type":"Sigmoid"}"""),
        (new SiLU(), """{"$type":"SiLU"}"""),
        (new Softmax(), """{"$type":"Softmax"}"""),
        (new Softplus(), """{"$type":"Softplus"}"""),
        (new SqueezeExcite(), """{"$type":"SqueezeExcite","reduction":16}"""),
        (new SqueezeExcite(4), """{"$type":"SqueezeExcite","reduction":4}"""),
        (new Tanh(), """{"$type":"Tanh"}"""),
        (new Tied("0.ü\"", new Dense(2)), """{"$type":"Tied","to":"0.ü\"","layer":{"$type":"Dense","units":2,"initializer":{"$type":"GlorotUniform"},"biasInitializer":{"$type":"Zeros"}}}"""),
        (new Upsample2D(3), """{"$type":"Upsample2D","factor":3}"""),
        (new Dense(2, new GlorotNormal(), new LeCunUniform()), """{"$type":"Dense","units":2,"initializer":{"$type":"GlorotNormal"},"biasInitializer":{"$type":"LeCunUniform"}}"""),
    ];

    [Fact]
    public void Every_layer_is_written_as_ever_and_read_back()
    {
        foreach ((Layer layer, string json) in Cases)
        {
            string text = $$"""{"inputs":[2],"seed":1,"layers":[{{json}}]}""";
            Assert.Equal(text, LayerTypes.Default.Write(new Architecture(2, 1, [layer])));
            Assert.Equal([layer], LayerTypes.Default.ReadArchitecture(text, "file").Layers);
        }
        Assert.Equal(LayerForms.Layers.Select(f => f.Type).ToHashSet(), [.. Cases.Select(c => c.Layer.GetType())]);
        Assert.All(LayerForms.Initializers, form => Assert.Contains(Cases, c => c.Json.Contains($"\"{form.Name}\"", StringComparison.Ordinal)));
    }

    [Fact]
    public void A_layer_of_a_users_own_is_written_as_ever()
    {
        const string Text = """{"inputs":[2,3],"seed":-1,"layers":[{"$type":"Twice","body":{"$type":"Dense","units":2,"initializer":{"$type":"GlorotUniform"},"biasInitializer":{"$type":"Zeros"}}}]}""";
        Assert.Equal(Text, TestTypes.All.Write(new Architecture((2, 3), -1, [new Twice(new Dense(2))])));
        Assert.Equal([new Twice(new Dense(2))], TestTypes.All.ReadArchitecture(Text, "file").Layers);
        Assert.Equal(
            "file: its architecture cannot be read. layers[0], Twice: its Layer, Dense.units: expected a whole number, got \"2\".",
            Assert.Throws<InvalidDataException>(() => TestTypes.All.ReadArchitecture("""{"inputs":[2],"seed":1,"layers":[{"$type":"Twice","body":{"$type":"Dense","units":"2"}}]}""", "file")).Message);
    }

    [Fact]
    public void What_stands_in_a_training()
    {
        (TrainingState State, string Json)[] cases =
        [
            (new(1L << 40, 3, -5, "Adam(0.001)", null, null), """{"steps":1099511627776,"epochs":3,"seed":-5,"optimizer":"Adam(0.001)","loss":null,"bestValidationLoss":null}"""),
            (new(1, 3, -5, "Adam(0.001)", "Huber(1)", double.PositiveInfinity), """{"steps":1,"epochs":3,"seed":-5,"optimizer":"Adam(0.001)","loss":"Huber(1)","bestValidationLoss":"Infinity"}"""),
            (new(1, 3, -5, "Adam(0.001)", "Huber(1)", 0.1), """{"steps":1,"epochs":3,"seed":-5,"optimizer":"Adam(0.001)","loss":"Huber(1)","bestValidationLoss":0.1}"""),
        ];
        foreach ((TrainingState state, string json) in cases)
        {
            Assert.Equal(json, LayerTypes.Default.Write(state));
            Assert.Equal(state, LayerTypes.Default.ReadTrainingState(json, "file"));
        }
    }

    [Theory]
    [InlineData("""{"$type":"BatchNorm"}""", "BatchNorm()")]
    [InlineData("""{"$type":"Conv2D","filters":4,"kernel":[3,2]}""", "Conv2D(4, kernel: (3, 2))")]
    [InlineData("""{"$type":"ConvTranspose2D","filters":4,"kernel":[3,2]}""", "ConvTranspose2D(4, kernel: (3, 2))")]
    [InlineData("""{"$type":"Conv1D","filters":4,"kernel":3}""", "Conv1D(4, kernel: 3)")]
    [InlineData("""{"$type":"MaxPool2D","kernel":[3,2]}""", "MaxPool2D((3, 2))")]
    [InlineData("""{"$type":"Dense","biasInitializer":null,"units":4}""", "Dense(4)")]
    [InlineData("""{"$type":"RmsNorm"}""", "RmsNorm()")]
    [InlineData("""{"$type":"GELU"}""", "GELU()")]
    [InlineData("""{"$type":"PReLU"}""", "PReLU()")]
    public void What_is_left_out_has_its_default(string json, string code) =>
        Assert.Equal(code, LayerTypes.Default.ReadArchitecture($$"""{"inputs":[2],"seed":1,"layers":[{{json}}]}""", "file").Layers[0].ToString());
}
