namespace MiniNet.Tests;

/// <summary>What people do in their first hour, and what they are told: where, expected, got, and how to mend it.</summary>
public sealed class BeginnerTests : IDisposable
{
    private static readonly float[] X = [0, 0, 0, 1, 1, 0, 1, 1], Y = [0, 1, 1, 0];

    private readonly string folder = Directory.CreateTempSubdirectory("mininet-beginner-").FullName;

    public void Dispose() => Directory.Delete(folder, recursive: true);

    [Fact]
    public void The_last_layer_of_another_loss_is_to_be_replaced()
    {
        Sequential<float> yesNo = new(2, seed: 1, new Dense(1), new Sigmoid()), logarithms = new(2, seed: 1, new Dense(3), new LogSoftmax());
        Assert.StartsWith("CrossEntropy() needs a model that ends with Softmax(), but this one ends with Sigmoid(): put new Softmax() in its place, or take BinaryCrossEntropy.\n", Told<ArgumentException>(() => _ = new Trainer<float>(yesNo, new CrossEntropy(), new Adam())));
        Assert.StartsWith("CrossEntropy() needs a model that ends with Softmax(), but this one ends with LogSoftmax(): put new Softmax() in its place.\n", Told<ArgumentException>(() => _ = new Trainer<float>(logarithms, new CrossEntropy(), new Adam())));
    }

    [Fact]
    public void A_softmax_over_one_value_learns_nothing()
    {
        Sequential<float> model = new(2, seed: 1, new Dense(1), new Softmax());
        const string Message = "Softmax() over one value is always 1, so that nothing can be learned. For yes or no end with new Dense(1), new Sigmoid() and take BinaryCrossEntropy; for classes give the last layer a unit for each.\n";
        Assert.StartsWith(Message, Told<ArgumentException>(() => model.Fit(X, Y, new CrossEntropy(), new Adam(), epochs: 1)));
    }

    [Fact]
    public void Labels_are_counted_from_0()
    {
        Sequential<float> model = new(2, seed: 1, new Dense(3), new Softmax());
        Assert.StartsWith("targets[2] is 3: CrossEntropy takes class indices, whole numbers from 0 to 2. Count classes from 0, and give the last layer a unit for each.", Told<ArgumentException>(() => model.Fit(X, [1f, 2, 3, 1], new CrossEntropy(), new Adam(), epochs: 1)));
        Assert.StartsWith("targets[0] is -1: BinaryCrossEntropy takes probabilities from 0 to 1: write 0 for no and 1 for yes.", Told<ArgumentException>(() => new Sequential<float>(2, seed: 1, new Dense(1), new Sigmoid()).Fit(X, [-1f, 1, 1, -1], new BinaryCrossEntropy(), new Adam(), epochs: 1)));
    }

    [Fact]
    public void An_image_without_Flatten_has_a_row_of_classes_at_each_pixel()
    {
        Dataset<float> data = Dataset.FromClasses<float>(new float[4 * 6], (3, 2, 1), [0, 1, 2, 0], classes: 5);
        Sequential<float> model = new((3, 2, 1), seed: 1, new Dense(5), new Softmax());
        const string Flatten = "The model puts out [3, 2, 5]: for one row a sample, put new Flatten() before the last Dense.";
        Assert.StartsWith($"A target of the dataset has 5 values, expected 30, the outputs of Softmax(), or 6 class indices. {Flatten}", Told<ArgumentException>(() => model.Fit(data, new CrossEntropy(), new Adam(), epochs: 1)));
        Assert.StartsWith($"A target of the dataset has 1 values, expected 30, the outputs of Softmax(), or 6 class indices. {Flatten}", Told<ArgumentException>(() => model.Fit(new float[4 * 6], Y, new CrossEntropy(), new Adam(), epochs: 1)));
        Sequential<float> flat = new((3, 2, 1), seed: 1, new Flatten(), new Dense(4), new Softmax());
        Assert.StartsWith("A target of the dataset has 5 values, expected 4, the outputs of Softmax(), or 1 class index. (Parameter", Told<ArgumentException>(() => flat.Fit(data, new CrossEntropy(), new Adam(), epochs: 1)));
    }

    [Fact]
    public void Channels_first_are_not_taken_for_channels_last()
    {
        Sequential<float> model = new((4, 4, 3), seed: 1, new Flatten(), new Dense(1));
        Dataset<float> first = new(new float[96], (3, 4, 4), new float[2], 1);
        Assert.StartsWith(
            "A sample of the dataset has the shape [3, 4, 4], and the model takes [4, 4, 3]: as many values in another order. Bring them into the model's order (features, or channels, come last), or give the dataset the shape in which they lie.",
            Told<ArgumentException>(() => model.Fit(first, new MeanSquaredError(), new Adam(), epochs: 1)));
        Assert.Throws<ArgumentException>(() => model.Evaluate(first, new MeanSquaredError()));
        Assert.Throws<ArgumentException>(() => model.Fit(new Dataset<float>(new float[96], (8, 6), new float[2], 1), new MeanSquaredError(), new Adam(), epochs: 1));
        Dataset<float> flat = new(new float[96], 48, new float[2], 1);
        Assert.Single(model.Fit(flat, new MeanSquaredError(), new Adam(), epochs: 1));                    // without a shape of their own they go with any
        Sequential<float> grey = new((4, 4, 1), seed: 1, new Flatten(), new Dense(1));
        foreach (Shape same in (Shape[])[(4, 4, 1), (1, 4, 4), (4, 4), (4, 1, 4)])
            Assert.Single(grey.Fit(new Dataset<float>(new float[32], same, new float[2], 1), new MeanSquaredError(), new Adam(), epochs: 1));
    }

    [Fact]
    public void Epochs_below_0()
    {
        Sequential<float> model = new(2, seed: 1, new Dense(1));
        Assert.StartsWith("epochs must be at least 0, got -1.", Told<ArgumentOutOfRangeException>(() => model.Fit(X, Y, new MeanSquaredError(), new Adam(), epochs: -1)));
        Assert.Empty(model.Fit(X, Y, new MeanSquaredError(), new Adam(), epochs: 0));
    }

    [Theory]
    [InlineData(new byte[] { (byte)'P', (byte)'K', 3, 4, 0, 0, 8, 8, 0 }, "a zip archive, as torch.save, numpy.savez and Keras write them: in Python, write the weights with safetensors.torch.save_file or safetensors.numpy.save_file.")]
    [InlineData(new byte[] { 0x93, (byte)'N', (byte)'U', (byte)'M', (byte)'P', (byte)'Y', 1, 0, 0 }, "NumPy's: NumPy.Read reads it.")]
    [InlineData(new byte[] { 0x89, (byte)'H', (byte)'D', (byte)'F', 13, 10, 26, 10, 0 }, "an HDF5 file, as Keras writes them: in Python, write the weights with safetensors.numpy.save_file.")]
    public void A_file_of_another_kind_is_named(byte[] bytes, string kind)
    {
        string path = Path.Combine(folder, "weights");
        File.WriteAllBytes(path, bytes);
        Assert.Equal($"{path} is no safetensors file, but {kind}", Told<InvalidDataException>(() => Sequential<float>.Load(path)));
        Assert.Equal($"{path} is no safetensors file, but {kind}", Told<InvalidDataException>(() => new Sequential<float>(2, seed: 1, new Dense(1)).LoadParameters(path)));
    }

    [Fact]
    public void A_folder_that_is_not_there_is_named()
    {
        string path = Path.Combine(folder, "none", "model.safetensors");
        Assert.Equal($"{path} cannot be written: there is no folder {Path.Combine(folder, "none")}. Make it first: Directory.CreateDirectory.", Told<DirectoryNotFoundException>(() => new Sequential<float>(2, seed: 1, new Dense(1)).Save(path)));
    }

    private static string Told<TException>(Action mistake) where TException : Exception => Assert.Throws<TException>(mistake).Message;
}
