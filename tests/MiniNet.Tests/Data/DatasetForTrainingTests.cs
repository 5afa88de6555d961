namespace MiniNet.Tests.Data;

public class DatasetForTrainingTests
{
    [Theory]
    [InlineData(1, 64, 2)]
    [InlineData(10, 64, 20)]
    [InlineData(10, 128, 10)]
    [InlineData(3, 1, 300)]
    [InlineData(2, 3, 68)]
    public void Steps_counts_what_a_trainer_does(int epochs, int batchSize, long steps)
    {
        Dataset<double> dataset = new(new double[100], 1, new double[100], 1);
        Assert.Equal(steps, dataset.Steps(epochs, batchSize));
        Trainer<double> trainer = new(new Sequential<double>(1, seed: 1, new Dense(1)), new MeanSquaredError(), new Sgd(0.1));
        Assert.Equal(epochs, trainer.Epochs(dataset, epochs, batchSize).Count());
        Assert.Equal(steps, trainer.StepCount);
    }

    [Fact]
    public void Adapt_to_a_part_of_a_dataset_is_Adapt_to_its_inputs()
    {
        double[] x = [1, 10, 2, 20, 3, 60, 4, 80];
        Dataset<double> whole = new(x, 2, new double[4], 1), part = whole[1..3];
        Sequential<double> fromSpan = new(2, new Normalize()), fromPart = new(2, new Normalize()), fromWhole = new(2, new Normalize());
        fromPart.Adapt(part);
        fromSpan.Adapt(x.AsSpan(2, 4));
        fromWhole.Adapt(whole);
        Assert.Equal([2.5, 40], fromPart["0.mean"].ToArray());
        Assert.Equal([0.5, 20], fromPart["0.deviation"].ToArray());
        Assert.Equal(fromSpan.Statistics.ToArray(), fromPart.Statistics.ToArray());
        Assert.Equal([2.5, 42.5], fromWhole["0.mean"].ToArray());
        Assert.Equal("A sample of the dataset has the shape [1], 1 values, and the model takes [2]: 2. (Parameter 'dataset')",
            Assert.Throws<ArgumentException>(() => fromWhole.Adapt(new Dataset<double>(new double[3], 1, new double[3], 1))).Message);
    }
}
