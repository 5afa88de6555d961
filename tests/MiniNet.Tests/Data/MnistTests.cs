namespace MiniNet.Tests.Data;

public class MnistTests
{
    [Theory]
    [InlineData(true, "train")]
    [InlineData(false, "t10k")]
    public void A_folder_without_the_files_is_told_what_to_put_there(bool train, string set)
    {
        string missing = Path.Combine(Path.GetTempPath(), "mininet-no-such-folder"), folder = Path.GetTempPath(), path = Path.Combine(folder, set + "-images-idx3-ubyte");
        Assert.Equal($"The folder {missing} does not exist. Give the one with the four files of MNIST.",
            Assert.Throws<DirectoryNotFoundException>(() => train ? Mnist.LoadTrain<float>(missing) : Mnist.LoadTest<float>(missing)).Message);
        FileNotFoundException e = Assert.Throws<FileNotFoundException>(() => train ? Mnist.LoadTrain<float>(folder) : Mnist.LoadTest<float>(folder));
        Assert.Equal($"{path} is not there, nor the same with .gz. Put the four files of MNIST into the folder.", e.Message);
        Assert.Equal(path, e.FileName);
        Assert.Throws<ArgumentNullException>(() => train ? Mnist.LoadTrain<float>(null!) : Mnist.LoadTest<float>(null!));
    }

    [Fact]
    public void Images_without_labels_are_told_which_file_is_missing()
    {
        string folder = Directory.CreateTempSubdirectory("mininet-mnist-").FullName;
        try
        {
            File.WriteAllBytes(Path.Combine(folder, "train-images-idx3-ubyte"), [0, 0, 8, 3, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 255]);
            Assert.Equal(Path.Combine(folder, "train-labels-idx1-ubyte"), Assert.Throws<FileNotFoundException>(() => Mnist.LoadTrain<float>(folder)).FileName);
            File.WriteAllBytes(Path.Combine(folder, "train-labels-idx1-ubyte"), [0, 0, 8, 1, 0, 0, 0, 1, 7]);
            Dataset<float> one = Mnist.LoadTrain<float>(folder);
            Assert.Equal((1, (Shape)10, 1f, 1f), (one.Count, one.TargetShape, one.Target(0)[7], one.Input(0)[0]));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void The_real_files_have_60000_and_10000_digits()
    {
        string? folder = Environment.GetEnvironmentVariable("MININET_MNIST");
        Assert.SkipWhen(string.IsNullOrEmpty(folder), "MININET_MNIST is not set: point it to a folder with the four files of MNIST to run this test.");
        Dataset<float> train = Mnist.LoadTrain<float>(folder!), test = Mnist.LoadTest<float>(folder!);
        Assert.Equal((60_000, (Shape)(28, 28, 1), (Shape)10), (train.Count, train.InputShape, train.TargetShape));
        Assert.Equal((10_000, (Shape)(28, 28, 1), (Shape)10), (test.Count, test.InputShape, test.TargetShape));
        Assert.Equal([5, 0, 4, 1, 9, 2, 1, 3, 1, 4], Enumerable.Range(0, 10).Select(i => Digit(train, i)));      // as every tutorial shows them
        Assert.Equal([7, 2, 1, 0, 4, 1, 4, 9, 5, 9], Enumerable.Range(0, 10).Select(i => Digit(test, i)));
        int[] counts = new int[10];
        for (int i = 0; i < train.Count; i++)
            counts[Digit(train, i)]++;
        Assert.Equal([5923, 6742, 5958, 6131, 5842, 5421, 5918, 6265, 5851, 5949], counts);
        Assert.Equal(0.1307, Enumerable.Range(0, train.Count).Average(i => train.Input(i).ToArray().Average()), 0.0001);       // the published mean

        static int Digit(Dataset<float> dataset, int sample) => dataset.Target(sample).IndexOf(1f);
    }
}
