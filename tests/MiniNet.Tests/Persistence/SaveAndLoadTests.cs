using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace MiniNet.Tests.Persistence;

public sealed class SaveAndLoadTests : IDisposable
{
    private readonly string folder = Directory.CreateTempSubdirectory("mininet-save-").FullName;

    public static TheoryData<string> Cases => LayerCases.Names;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Theory]
    [MemberData(nameof(Cases))]
    public void Every_layer_comes_back_equal_with_the_same_bits(string name)
    {
        LayerCase given = LayerCases.Get(name);
        ComesBack<double>(given);
        ComesBack<float>(given);
    }

    [Fact]
    public void Every_layer_and_initializer_of_the_library_has_a_name_in_files()
    {
        IEnumerable<Type> Public<TBase>() => typeof(Layer).Assembly.GetExportedTypes().Where(t => t.IsSubclassOf(typeof(TBase)) && !t.IsAbstract);
        Assert.Equal(Public<Layer>().Select(t => t.Name).Order(), LayerForms.Layers.Select(f => f.Name).Order());
        Assert.Equal(Public<Initializer>().Select(t => t.Name).Order(), LayerForms.Initializers.Select(f => f.Name).Order());
    }

    [Fact]
    public void Every_initializer_comes_back_equal()
    {
        Initializer[] initializers = [new Zeros(), new Constant(0.1), new Normal(0.3), new Uniform(-0.1, 1e-300), new Orthogonal(), new Orthogonal(1.5), new GlorotNormal(), new GlorotUniform(), new HeNormal(), new HeUniform(), new LeCunNormal(), new LeCunUniform()];
        Assert.Equal(LayerForms.Initializers.Select(f => f.Type).ToHashSet(), [.. initializers.Select(i => i.GetType())]);
        foreach (Initializer initializer in (Initializer[])[.. initializers, new Fours()])
            ComesBack<float>(new LayerCase(new Dense(3, initializer, initializer), 2, 0));
    }

    [Fact]
    public void The_file_byte_by_byte()
    {
        Sequential<float> model = new(2, seed: 7, new Dense(3, biasInitializer: new Constant(0.5)), new BatchNorm());
        float[] weights = [1, 2, 3, 4, 5, 6];                          // [inputs, outputs]
        weights.CopyTo(model["0.weight"]);
        byte[] bytes = model.ToBytes();
        int length = (int)BinaryPrimitives.ReadInt64LittleEndian(bytes);
        Assert.Equal(0, (8 + length) % 8);
        Assert.Equal(
            """
            {"__metadata__":{"format":"pt","mininet.architecture":"{\"inputs\":[2],\"seed\":7,\"layers\":[{\"$type\":\"Dense\",\"units\":3,\"initializer\":{\"$type\":\"GlorotUniform\"},\"biasInitializer\":{\"$type\":\"Constant\",\"value\":0.5}},{\"$type\":\"BatchNorm\",\"rate\":0.1,\"epsilon\":1E-05}]}"},"0.weight":{"dtype":"F32","shape":[3,2],"data_offsets":[0,24]},"0.bias":{"dtype":"F32","shape":[3],"data_offsets":[24,36]},"1.weight":{"dtype":"F32","shape":[3],"data_offsets":[36,48]},"1.bias":{"dtype":"F32","shape":[3],"data_offsets":[48,60]},"1.running_mean":{"dtype":"F32","shape":[3],"data_offsets":[60,72]},"1.running_var":{"dtype":"F32","shape":[3],"data_offsets":[72,84]}}
            """,
            Encoding.UTF8.GetString(bytes, 8, length).TrimEnd(' '));
        float[] numbers = [.. Enumerable.Range(0, 21).Select(i => BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(8 + length + (4 * i))))];
        Assert.Equal(8 + length + 84, bytes.Length);
        Assert.Equal([1, 4, 2, 5, 3, 6, /* bias */ 0.5f, 0.5f, 0.5f, /* normalisation */ 1, 1, 1, 0, 0, 0, /* statistics */ 0, 0, 0, 1, 1, 1], numbers);
    }

    [Fact]
    public void A_path_a_stream_and_bytes_are_the_same_file()
    {
        Sequential<float> model = new(3, seed: 1, new Dense(4), new Tanh());
        string path = Path.Combine(folder, "model.safetensors");
        model.Save(path);
        byte[] bytes = File.ReadAllBytes(path);
        using MemoryStream stream = new();
        stream.Write([1, 2, 3]);
        model.Save(stream);
        Assert.Equal(model.ToBytes(), bytes);
        Assert.Equal([1, 2, 3, .. bytes], stream.ToArray());
        stream.Position = 3;
        foreach (Sequential<float> again in (Sequential<float>[])[Sequential<float>.Load(path), Sequential<float>.Load(bytes), Sequential<float>.Load(stream), Sequential<float>.Load(new OneWay(bytes))])
            AssertSame(model, again);
        Assert.Equal([path], Directory.GetFiles(folder));
    }

    [Fact]
    public void A_part_of_a_model_is_saved_as_a_model()
    {
        Sequential<float> model = new(3, seed: 1, new Dense(4), new BatchNorm(), new Dense(2));
        AssertSame(model[1..], Sequential<float>.Load(model[1..].ToBytes()));
        Assert.Equal(model["2.weight"], Sequential<float>.Load(model[1..].ToBytes())["1.weight"]);
    }

    [Fact]
    public void Large_weights_are_turned_block_by_block()
    {
        // More than one block of the reader, so many that threads share them, rows longer than a block, and so long that they are cut.
        string path = Path.Combine(folder, "large");
        foreach ((int inputs, int outputs) in ((int, int)[])[(700, 1000), (1501, 1499), (300_001, 2), (2, 300_001), (2_200_001, 2)])
        {
            Sequential<float> model = new(inputs, seed: 1, new Dense(outputs, new Zeros()));
            Span<float> weights = model["0.weight"];
            for (int i = 0; i < weights.Length; i++)
                weights[i] = i;
            byte[] bytes = model.ToBytes();
            int last = bytes.Length - (4 * outputs) - 4;                // the last weight: of the last output, from the last input
            Assert.Equal(weights[^1], BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(last)));
            Assert.Equal(weights[(inputs - 1) * outputs], BinaryPrimitives.ReadSingleLittleEndian(bytes.AsSpan(bytes.Length - (4 * outputs) - (4 * inputs * outputs) + (4 * (inputs - 1)))));
            AssertSame(model, Sequential<float>.Load(bytes));
            model.Save(path);
            Assert.Equal(bytes, File.ReadAllBytes(path));
            AssertSame(model, Sequential<float>.Load(path));
        }
        Sequential<float> image = new((6, 6, 201), seed: 1, new Conv2D(1030, kernel: (3, 2), initializer: new Zeros()));
        Span<float> kernel = image["0.weight"];                        // [3, 2, 201, 1030], in files [1030, 201, 3, 2]
        for (int i = 0; i < kernel.Length; i++)
            kernel[i] = i;
        image.Save(path);
        AssertSame(image, Sequential<float>.Load(path));
        Assert.Equal(image.Parameters.ToArray(), Array.ConvertAll(Sequential<double>.Load(path).Parameters.ToArray(), v => (float)v));
        Assert.Equal(kernel[(((2 * 2) + 1) * 201 * 1030) + (7 * 1030) + 5], BinaryPrimitives.ReadSingleLittleEndian(File.ReadAllBytes(path).AsSpan(^(4 * (1030 + kernel.Length - ((((5 * 201) + 7) * 6) + 5))))));
    }

    [Fact]
    public void Float_files_make_double_models_and_back_and_Half_is_a_type_like_others()
    {
        Sequential<float> model = new(3, seed: 1, new Dense(4), new BatchNorm());
        Sequential<double> wide = Sequential<double>.Load(model.ToBytes());
        Assert.Equal(model.State().Select(v => (double)v), wide.State());
        AssertSame(model, Sequential<float>.Load(wide.ToBytes()));
        Sequential<Half> narrow = Sequential<Half>.Load(model.ToBytes());
        Assert.Equal(model.State().Select(v => (Half)v), narrow.State());
        Assert.Equal(narrow.State().Select(v => (float)v), Sequential<float>.Load(narrow.ToBytes()).State());
        wide["0.bias"][1] = 1e300;
        Assert.Equal("The memory: value 1 of 0.bias is beyond the range of Single: load the file with double.", Refusal(() => Sequential<float>.Load(wide.ToBytes())));
        float[] before = model.State();
        Assert.Equal("The stream: value 1 of 0.bias is beyond the range of Single: load the file with double.", Refusal(() => model.LoadParameters(new MemoryStream(wide.ToBytes()))));
        Assert.Equal(before, model.State());
        wide["0.bias"][1] = double.PositiveInfinity;                   // infinite it may be
        Assert.Equal(float.PositiveInfinity, Sequential<float>.Load(wide.ToBytes())["0.bias"][1]);
    }

    [Fact]
    public void Brain_floats_are_read()
    {
        // 1 = 0x3F80, −2.5 = 0xC020, π as a brain float = 0x4049 = 3.140625
        byte[] file = SafetensorsFileTests.File("""{"0.weight":{"dtype":"BF16","shape":[1,2],"data_offsets":[0,4]},"0.bias":{"dtype":"F16","shape":[1],"data_offsets":[4,6]}}""", [0x80, 0x3F, 0x20, 0xC0, 0x00, 0x3C]);
        Sequential<float> model = new(2, seed: 1, new Dense(1));
        model.LoadParameters(new MemoryStream(file));
        Assert.Equal([1, -2.5f, 1], model.Parameters);
        file[^6] = 0x49;
        file[^5] = 0x40;
        model.LoadParameters(new MemoryStream(file));
        Assert.Equal(3.140625f, model.Parameters[0]);
    }

    [Fact]
    public void All_that_does_not_fit_stands_in_one_message_and_nothing_changes()
    {
        Sequential<float> model = new(2, seed: 1, new Dense(3), new ReLU(), new Dense(1)), other = new(2, seed: 2, new Dense(3), new BatchNorm(), new Dense(2));
        float[] before = model.State();
        string path = Path.Combine(folder, "other.safetensors");
        other.SaveParameters(path);
        Assert.Equal(
            $"{path} does not hold this model (Dense(3) -> ReLU() -> Dense(1)). Unexpected: 1.weight [3], 1.bias [3], 1.running_mean [3], 1.running_var [3]. "
            + "Other: 2.weight is F32 [2, 3], expected floating-point [1, 3], 2.bias is F32 [2], expected floating-point [1]. LoadMatchingParameters takes what fits and leaves the rest.",
            Refusal(() => model.LoadParameters(path)));
        Sequential<float> longer = new(2, seed: 1, new Dense(3), new BatchNorm(), new Dense(2), new Dense(5));
        Assert.Equal(
            $"{path} does not hold this model (Dense(3) -> BatchNorm() -> Dense(2) -> Dense(5)). Missing: 3.weight [5, 2], 3.bias [5]. LoadMatchingParameters takes what fits and leaves the rest.",
            Refusal(() => longer.LoadParameters(path)));
        byte[] integers = SafetensorsFileTests.File("""{"0.weight":{"dtype":"I32","shape":[1,1],"data_offsets":[0,4]},"0.bias":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}}""", new byte[8]);
        Assert.Contains("Other: 0.weight is I32 [1, 1], expected floating-point [1, 1].", Refusal(() => new Sequential<float>(1, seed: 1, new Dense(1)).LoadParameters(new MemoryStream(integers))));
        Assert.Equal(before, model.State());
    }

    [Fact]
    public void What_fits_is_taken_and_named()
    {
        Sequential<float> model = new(2, seed: 1, new Dense(3), new ReLU(), new Dense(1)), other = new(2, seed: 2, new Dense(3), new ReLU(), new Dense(2));
        float[] head = [.. model["2.weight"], .. model["2.bias"]];
        string path = Path.Combine(folder, "other.safetensors");
        other.Save(path);
        Assert.Equal(["0.weight", "0.bias"], model.LoadMatchingParameters(path));
        Assert.Equal(other["0.weight"], model["0.weight"]);
        Assert.Equal(head, (float[])[.. model["2.weight"], .. model["2.bias"]]);
        using FileStream stream = File.OpenRead(path);
        Assert.Equal(4, new Sequential<double>(2, seed: 1, new Dense(3), new ReLU(), new Dense(2)).LoadMatchingParameters(stream).Count);
    }

    [Fact]
    public void Parameters_alone_go_to_a_model_made_by_code()
    {
        Sequential<float> model = new(2, seed: 1, new Dense(3), new PassOn(), new BatchNorm()), again = new(2, seed: 2, new Dense(3), new PassOn(), new BatchNorm());
        string path = Path.Combine(folder, "state.safetensors");
        model.SaveParameters(path);
        again.LoadParameters(path);
        Assert.Equal(model.State(), again.State());
        Assert.Equal($"{path} holds parameters, but no layers (mininet.architecture in its metadata): make the model by code and call its LoadParameters.", Refusal(() => Sequential<float>.Load(path)));
    }

    [Fact]
    public void The_count_of_batches_that_PyTorch_keeps_is_passed_over_beside_running_means_only()
    {
        const string Tensors = """
            "0.weight":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"0.bias":{"dtype":"F32","shape":[1],"data_offsets":[4,8]},"0.running_mean":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},"0.running_var":{"dtype":"F32","shape":[1],"data_offsets":[12,16]}
            """;
        Sequential<float> model = new((2, 1), seed: 1, new BatchNorm());
        byte[] data = new byte[24];
        data[15] = 0x40;                                               // 2
        model.LoadParameters(new MemoryStream(SafetensorsFileTests.File("{" + Tensors + ""","0.num_batches_tracked":{"dtype":"I64","shape":[],"data_offsets":[16,24]}}""", data)));
        Assert.Equal([0, 0, 0, 2], model.State());
        Assert.Contains("Unexpected: 1.num_batches_tracked [].", Refusal(() => model.LoadParameters(new MemoryStream(SafetensorsFileTests.File("{" + Tensors + ""","1.num_batches_tracked":{"dtype":"I64","shape":[],"data_offsets":[16,24]}}""", data)))));
    }

    [Fact]
    public void A_layer_that_is_not_registered_is_named_and_no_file_is_touched()
    {
        string path = Path.Combine(folder, "model.safetensors");
        File.WriteAllText(path, "old");
        Sequential<float> model = new(2, seed: 1, new Chain(new Dense(2)), new PassOn());
        Assert.StartsWith("PassOn cannot be saved by its name: register it, LayerTypes.Default.With(MyLayers.Default.PassOn), or save the parameters alone", Assert.Throws<NotSupportedException>(() => model.Save(path)).Message);
        Assert.Throws<NotSupportedException>(() => new Sequential<float>(2, seed: 1, new Chain(new PassOn())).Save(path));
        Assert.StartsWith("Fours cannot be saved by its name: register it, LayerTypes.Default.WithInitializer(MyLayers.Default.Fours)", Assert.Throws<NotSupportedException>(() => new Sequential<float>(2, seed: 1, new Dense(2, new Fours())).Save(path)).Message);
        Assert.Equal("old", File.ReadAllText(path));
        Assert.Equal([path], Directory.GetFiles(folder));
        byte[] bytes = model.ToBytes(TestTypes.All);
        AssertSame(model, Sequential<float>.Load(bytes, TestTypes.All));
        Assert.StartsWith("The memory: its architecture cannot be read. layers[1] is of the type PassOn, which is not registered: LayerTypes.Default.With(…), if it is yours.", Refusal(() => Sequential<float>.Load(bytes)));
        Assert.Throws<ArgumentException>(() => TestTypes.All.With(TestLayersJson.Default.Twice));
        Assert.Throws<ArgumentException>(() => LayerTypes.Default.With(TestLayersJson.Default.Twice, name: "Dense"));
        LayerTypes renamed = LayerTypes.Default.With(TestLayersJson.Default.PassOn, name: "through");
        Assert.Contains("\\\"through\\\"", Encoding.UTF8.GetString(model.ToBytes(renamed)));
        AssertSame(model, Sequential<float>.Load(model.ToBytes(renamed), renamed));
    }

    [Theory]
    [InlineData("""{"inputs":[2],"seed":1,"layers":[{"$type":"System.IO.FileInfo","fileName":"x"}]}""", "layers[0] is of the type System.IO.FileInfo, which is not registered")]
    [InlineData("""{"inputs":[2],"seed":1,"layers":[{"$type":"Dense"}]}""", "layers[0], Dense.units is required, but missing.")]
    [InlineData("""{"inputs":[2],"seed":1,"layers":[{"$type":"Dense","units":0}]}""", "layers[0], Dense: units must be at least 1, got 0.")]
    [InlineData("""{"inputs":[2],"seed":1,"layers":[{"$type":"Dense","units":1,"bias":true}]}""", "layers[0], Dense.bias is unknown, expected units, initializer, biasInitializer.")]
    [InlineData("""{"inputs":[2],"seed":1,"layers":[{"$type":"Dense","units":1,"units":2}]}""", "units")]
    [InlineData("""{"inputs":[2],"seed":1,"layers":[{"$type":"Dense","units":1e9}]}""", "layers[0], Dense.units: expected a whole number, got 1e9.")]
    [InlineData("""{"inputs":[2],"seed":1,"layers":[{"$type":"Residual"}]}""", "layers[0], Residual.body is required, but missing.")]
    [InlineData("""{"inputs":[2],"seed":1,"layers":[{"$type":"Frozen","layer":null}]}""", "layers[0], Frozen.layer: expected an object with a $type, got null.")]
    [InlineData("""{"inputs":[2],"seed":1,"layers":[null]}""", "layers[0]: expected an object with a $type, got null.")]
    [InlineData("""{"inputs":[2],"seed":1,"layers":[{"units":1}]}""", "layers[0]: expected an object with a $type, got {\"units\":1}.")]
    [InlineData("""{"inputs":[2],"seed":1,"layers":[{"$type":"GELU","approximation":1}]}""", "layers[0], GELU.approximation: expected \"None\" or \"Tanh\", got 1.")]
    [InlineData("""{"inputs":[2],"seed":1,"layers":[{"$type":"LeakyReLU","slope":"NaN"}]}""", "slope must be a finite number")]
    [InlineData("""{"inputs":[2],"seed":1,"layers":[]}""", "A model needs at least one layer")]
    [InlineData("""{"inputs":[2],"seed":1}""", "layers is required, but missing.")]
    [InlineData("""{"inputs":[],"seed":1,"layers":[{"$type":"ReLU"}]}""", "inputs: expected a list of one to four sizes, got [].")]
    [InlineData("""{"inputs":[0],"seed":1,"layers":[{"$type":"ReLU"}]}""", "Axis 0 of a shape must be at least 1, got 0.")]
    [InlineData("""{"inputs":[1,1,1,1,1],"seed":1,"layers":[{"$type":"ReLU"}]}""", "one to four")]
    [InlineData("""{"inputs":[2],"seed":1,"layers":[{"$type":"ReLU"}]} """ + "{}", "invalid")]
    [InlineData("""{"inputs":[2],"seed":1,"layers":[{"$type":"Dense","units":1000000000}]}""", "The layers need more than the")]
    [InlineData("""{"inputs":[2],"seed":1,"layers":[{"$type":"Dense","units":1}]}""", "The layers need more than the")]
    [InlineData("""{"inputs":[2],"seed":1,"layers":[{"$type":"Reshape","shape":[3]}]}""", "needs 3 values per sample")]
    [InlineData("null", "The whole: expected an object, got null.")]
    [InlineData("", "JSON")]
    public void Layers_that_make_no_model_are_refused_without_taking_memory(string architecture, string message)
    {
        byte[] file = SafetensorsFileTests.File($$$"""{"__metadata__":{"mininet.architecture":{{{System.Text.Json.JsonSerializer.Serialize(architecture)}}}}}""", []);
        Refusal(() => Sequential<float>.Load(file));
        long before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Contains(message, Refusal(() => Sequential<float>.Load(file)), StringComparison.OrdinalIgnoreCase);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Depth_has_a_bound_on_both_sides()
    {
        Layer Nested(int depth) => depth == 0 ? new Tanh() : new Chain(Nested(depth - 1));
        Sequential<float> deep = new(2, seed: 1, Nested(28));
        AssertSame(deep, Sequential<float>.Load(deep.ToBytes()));
        Assert.StartsWith("The layers stand more than 32 deep inside each other", Assert.Throws<NotSupportedException>(() => new Sequential<float>(2, seed: 1, Nested(40)).ToBytes()).Message);
        string text = string.Concat(Enumerable.Repeat("""{"$type":"Chain","layers":[""", 5000));
        byte[] file = SafetensorsFileTests.File($$$"""{"__metadata__":{"mininet.architecture":{{{System.Text.Json.JsonSerializer.Serialize($$"""{"inputs":[2],"seed":1,"layers":[{{text}}""")}}}}}""", []);
        Assert.Contains("depth", Refusal(() => Sequential<float>.Load(file)), StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public void A_failing_save_leaves_the_old_file_and_nothing_beside_it()
    {
        string path = Path.Combine(folder, "model.safetensors");
        Sequential<float> model = new(2, seed: 1, new Dense(2));
        model.Save(path);
        byte[] old = File.ReadAllBytes(path);
        Assert.Throws<IOException>(() => WholeFile.Write(path, stream =>
        {
            stream.Write(new byte[1000]);
            Assert.Equal(old, File.ReadAllBytes(path));                // in the middle of writing, too
            throw new IOException("disk full");
        }));
        Assert.Equal(old, File.ReadAllBytes(path));
        Assert.Equal([path], Directory.GetFiles(folder));
        Assert.Throws<DirectoryNotFoundException>(() => model.Save(Path.Combine(folder, "none", "model.safetensors")));
        Assert.Throws<FileNotFoundException>(() => Sequential<float>.Load(Path.Combine(folder, "none.safetensors")));
    }

    [Fact]
    public void Saving_while_others_read_and_save_gives_whole_files()
    {
        string path = Path.Combine(folder, "model.safetensors");
        Sequential<float> model = new(64, seed: 1, new Dense(64));
        model.Save(path);
        byte[] whole = File.ReadAllBytes(path);
        Parallel.For(0, 64, i =>
        {
            if (i % 4 == 0)
                model.Save(path);
            else
                Assert.Equal(whole, File.ReadAllBytes(path));
        });
        Assert.Equal([path], Directory.GetFiles(folder));
    }

    private static string Refusal(Action load) => Assert.Throws<InvalidDataException>(load).Message;

    private static void ComesBack<T>(LayerCase given) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Sequential<T> model = new(given.Inputs, seed: 5, given.Layer);
        Numbers.Normals<T>(model.Parameters.Length, 1).CopyTo(model.Parameters);
        Numbers.Normals<T>(model.Statistics.Length, 2).CopyTo(model.Statistics);
        for (int i = 0; i < model.Statistics.Length; i++)
            model.Statistics[i] = T.Abs(model.Statistics[i]) + T.One;
        Sequential<T> again = Sequential<T>.Load(model.ToBytes(TestTypes.All), TestTypes.All);
        AssertSame(model, again);
        T[] x = model.Plan.HasDifferentiableInput ? Numbers.Normals<T>(3 * given.Inputs.Length, 3) : [.. Enumerable.Range(0, 3 * given.Inputs.Length).Select(i => T.CreateChecked(i % 4))];
        Assert.Equal(model.Predict(x), again.Predict(x));
    }

    private static void AssertSame<T>(Sequential<T> expected, Sequential<T> actual) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Assert.Equal(expected.Layers, actual.Layers);
        Assert.Equal(expected.ToString(), actual.ToString());
        Assert.Equal(expected.Seed, actual.Seed);
        Assert.Equal(expected.ParameterList, actual.ParameterList);
        Assert.Equal(expected.State(), actual.State());
    }

    /// <summary>A stream that cannot go back and does not know its length.</summary>
    private sealed class OneWay(byte[] bytes) : MemoryStream(bytes)
    {
        public override bool CanSeek => false;

        public override long Length => throw new NotSupportedException();

        public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }
    }
}
