namespace MiniNet.Tests.Diagnostics;

public class ConfusionMatrixTests
{
    private static readonly int[,] Counts = { { 50, 3, 2 }, { 10, 40, 0 }, { 0, 0, 0 } };

    [Fact]
    public void A_matrix_prints_with_its_class_names()
    {
        string[] expected =
        [
            "     cat  dog  eel  precision   recall       F1",
            "cat   50    3    2    83.33 %  90.91 %  86.96 %",
            "dog   10   40    0    93.02 %  80.00 %  86.02 %",
            "eel    0    0    0     0.00 %   0.00 %   0.00 %",
            "accuracy 85.71 %, macro F1 57.66 %",
        ];
        Assert.Equal(string.Join('\n', expected), new ConfusionMatrix(Counts, ["cat", "dog", "eel"]).ToString());
    }

    [Fact]
    public void A_matrix_without_names_prints_with_numbers()
    {
        string[] expected =
        [
            "   0  1  precision    recall        F1",
            "0  1  0   100.00 %  100.00 %  100.00 %",
            "1  0  2   100.00 %  100.00 %  100.00 %",
            "accuracy 100.00 %, macro F1 100.00 %",
        ];
        Assert.Equal(string.Join('\n', expected), new ConfusionMatrix(new[,] { { 1, 0 }, { 0, 2 } }, null).ToString());
    }

    [Fact]
    public void The_names_come_from_the_dataset()
    {
        Dataset<double> dataset = Dataset.FromClasses<double>(new[] { 0.9, 0.1, 0.8, 0.2 }, 2, [0, 1], 2, ["no", "yes"]);
        ConfusionMatrix confusion = new Sequential<double>(2, new Identity()).Evaluate(dataset, new MeanSquaredError()).Confusion();
        Assert.StartsWith("     no  yes  precision", confusion.ToString(), StringComparison.Ordinal);
        Assert.Equal((1, 0, 1, 0), (confusion[0, 0], confusion[0, 1], confusion[1, 0], confusion[1, 1]));
    }

    [Fact]
    public void Measures_by_hand()
    {
        ConfusionMatrix confusion = new(Counts, null);
        Assert.Equal(50 / 60.0, confusion.Precision(0));
        Assert.Equal(50 / 55.0, confusion.Recall(0));
        Assert.Equal(2 * 50 / (55.0 + 60), confusion.F1(0));
        Assert.Equal(90 / 105.0, confusion.Accuracy);
        Assert.Equal(((100 / 115.0) + (80 / 93.0)) / 3, confusion.MacroF1, 1e-15);
    }

    [Fact]
    public void A_class_that_is_not_there_has_measures_of_0()
    {
        ConfusionMatrix confusion = new(Counts, null);
        Assert.Equal((0.0, 0.0, 0.0), (confusion.Precision(2), confusion.Recall(2), confusion.F1(2)));
        Assert.StartsWith("There are 3 classes, 0 to 2, got 3.", Assert.Throws<ArgumentOutOfRangeException>(() => confusion.Precision(3)).Message);
        Assert.StartsWith("There are 3 classes, 0 to 2, got -1.", Assert.Throws<ArgumentOutOfRangeException>(() => confusion.Recall(-1)).Message);
        Assert.StartsWith("There are 3 classes, 0 to 2, got 3.", Assert.Throws<ArgumentOutOfRangeException>(() => confusion.F1(3)).Message);
        Assert.Equal(0, new ConfusionMatrix(new int[2, 2], null).Accuracy);
    }
}
