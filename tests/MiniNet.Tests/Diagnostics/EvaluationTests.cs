using System.Text.Json;

namespace MiniNet.Tests.Diagnostics;

public class EvaluationTests
{
    private static readonly JsonElement Classification = Golden.Read("metrics").GetProperty("classification"), Regression = Golden.Read("metrics").GetProperty("regression"), Binary = Golden.Read("metrics").GetProperty("binary");

    public static TheoryData<bool> OneHotOrIndices => [true, false];

    [Theory]
    [MemberData(nameof(OneHotOrIndices))]
    public void Accuracies_are_those_of_scikit_learn(bool oneHot)
    {
        Evaluation<double> evaluation = Classified(oneHot);
        Assert.Equal(Classification.GetProperty("accuracy").GetDouble(), evaluation.Accuracy, 1e-15);
        Assert.Equal(Classification.GetProperty("accuracy").GetDouble(), evaluation.TopAccuracy(1), 1e-15);
        Assert.Equal(Classification.GetProperty("top2").GetDouble(), evaluation.TopAccuracy(2), 1e-15);
        Assert.Equal(1, evaluation.TopAccuracy(4));
    }

    [Theory]
    [MemberData(nameof(OneHotOrIndices))]
    public void Confusion_precision_recall_and_F1_are_those_of_scikit_learn(bool oneHot)
    {
        ConfusionMatrix confusion = Classified(oneHot).Confusion();
        int[][] counts = [.. Classification.GetProperty("confusion").EnumerateArray().Select(row => row.EnumerateArray().Select(v => v.GetInt32()).ToArray())];
        Assert.Equal(4, confusion.Classes);
        for (int actual = 0; actual < 4; actual++)
        {
            for (int predicted = 0; predicted < 4; predicted++)
                Assert.Equal(counts[actual][predicted], confusion[actual, predicted]);
            Assert.Equal(Classification.Numbers("precision")[actual], confusion.Precision(actual), 1e-15);
            Assert.Equal(Classification.Numbers("recall")[actual], confusion.Recall(actual), 1e-15);
            Assert.Equal(Classification.Numbers("f1")[actual], confusion.F1(actual), 1e-15);
        }
        Assert.Equal(Classification.GetProperty("accuracy").GetDouble(), confusion.Accuracy, 1e-15);
        Assert.Equal(Classification.GetProperty("macroF1").GetDouble(), confusion.MacroF1, 1e-15);
    }

    [Fact]
    public void Regression_measures_are_those_of_scikit_learn()
    {
        Evaluation<double> evaluation = Evaluate(Regression.Numbers("predictions"), 2, Regression.Numbers("targets"), 2);
        Assert.Equal(Regression.GetProperty("r2").GetDouble(), evaluation.RSquared, 1e-14);
        Assert.Equal(Regression.GetProperty("meanAbsoluteError").GetDouble(), evaluation.MeanAbsoluteError, 1e-15);
    }

    [Fact]
    public void A_single_output_is_yes_above_one_half()
    {
        Evaluation<double> evaluation = Evaluate(Binary.Numbers("probabilities"), 1, Binary.Numbers("labels"), 1);
        Assert.Equal(Binary.GetProperty("accuracy").GetDouble(), evaluation.Accuracy, 1e-15);
        Assert.Equal(evaluation.Accuracy, evaluation.TopAccuracy(1));
        ConfusionMatrix confusion = evaluation.Confusion();
        Assert.Equal((2, evaluation.Accuracy), (confusion.Classes, confusion.Accuracy));
        // Exactly ½ is no.
        Evaluation<double> edge = Evaluate([0.5, 0.5, 0.50001, 0.49999], 1, [0, 1, 1, 0], 1);
        Assert.Equal((0.75, 0.75), (edge.Accuracy, edge.TopAccuracy(1)));
        Assert.Equal((2, 0, 1, 1), (edge.Confusion()[0, 0], edge.Confusion()[0, 1], edge.Confusion()[1, 0], edge.Confusion()[1, 1]));
    }

    [Fact]
    public void Of_equal_outputs_the_first_counts()
    {
        double[] tie = [0.4, 0.4, 0.2, 0.4, 0.4, 0.2, 0.2, 0.4, 0.4];
        Evaluation<double> evaluation = Evaluate(tie, 3, [0, 1, 2], 1);
        Assert.Equal(1 / 3.0, evaluation.Accuracy);
        Assert.Equal(1 / 3.0, evaluation.TopAccuracy(1));
        Assert.Equal(1, evaluation.TopAccuracy(2));
        ConfusionMatrix confusion = evaluation.Confusion();
        Assert.Equal((1, 1, 1), (confusion[0, 0], confusion[1, 0], confusion[2, 1]));
    }

    [Fact]
    public void Every_row_of_a_sequence_counts()
    {
        // Two samples of two steps with three classes.
        Sequential<double> model = new((2, 3), new Identity());
        double[] outputs = [3, 0, 0, 0, 3, 0, 0, 0, 3, 3, 0, 0], indices = [0, 1, 2, 1];
        Dataset<double> dataset = new(outputs, (2, 3), OneHot(indices, 3), (2, 3));
        Evaluation<double> evaluation = model.Evaluate(dataset, new MeanSquaredError());
        Assert.Equal((0.75, 0.75, 1), (evaluation.Accuracy, evaluation.TopAccuracy(1), evaluation.Confusion()[1, 0]));
    }

    [Fact]
    public void A_k_that_is_none_is_refused()
    {
        Evaluation<double> evaluation = Classified(oneHot: false);
        foreach (int k in (int[])[0, -1, 5])
            Assert.StartsWith($"k lies between 1 and the number of classes, 4, got {k}.", Assert.Throws<ArgumentOutOfRangeException>(() => evaluation.TopAccuracy(k)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Measures_of_distance_refuse_class_indices()
    {
        Evaluation<double> evaluation = Classified(oneHot: false);
        string message = Assert.Throws<InvalidOperationException>(() => evaluation.RSquared).Message;
        Assert.Equal("The targets are class indices: there is no distance to an output. Ask for Accuracy or Confusion().", message);
        Assert.Equal(message, Assert.Throws<InvalidOperationException>(() => evaluation.MeanAbsoluteError).Message);
    }

    [Fact]
    public void R_squared_of_a_constant_target_is_1_if_met_and_0_if_not()
    {
        Assert.Equal(1, Evaluate([2, 2, 2], 1, [2, 2, 2], 1).RSquared);
        Assert.Equal(0, Evaluate([2, 2, 3], 1, [2, 2, 2], 1).RSquared);
        Assert.Equal(0, Evaluate([2, 2, 2], 1, [1, 2, 3], 1).RSquared, 1e-15);
        Assert.Equal(1, Evaluate([1, 2, 3], 1, [1, 2, 3], 1).RSquared);
    }

    [Fact]
    public void Outputs_and_targets_are_those_of_the_samples_in_their_order()
    {
        Evaluation<double> evaluation = Evaluate([1, 2, 3, 4], 2, [5, 6, 7, 8], 2);
        Assert.Equal([1, 2, 3, 4], evaluation.Outputs);
        Assert.Equal([5, 6, 7, 8], evaluation.Targets);
        Assert.Equal(16, evaluation.Loss);
    }

    [Fact]
    public void An_evaluation_prints_loss_and_accuracy()
    {
        Assert.Equal("loss 0.125, accuracy 75.00 % of 4 samples", Evaluate([1, 0, 0, 1, 0.5, 0.5, 0.5, 0.5], 2, [1, 0, 0, 1, 1, 0, 0, 1], 2).ToString());
        Assert.Equal("loss 0, accuracy 100.00 % of 1,234 samples", Evaluate(new double[1234], 1, new double[1234], 1).ToString());
    }

    private static Evaluation<double> Classified(bool oneHot)
    {
        double[] labels = Classification.Numbers("labels"), probabilities = Classification.Numbers("probabilities");
        return oneHot ? Evaluate(probabilities, 4, OneHot(labels, 4), 4) : Evaluate(probabilities, 4, labels, 1);
    }

    private static double[] OneHot(double[] labels, int classes) => [.. labels.SelectMany(label => Enumerable.Range(0, classes).Select(j => j == label ? 1.0 : 0))];

    /// <summary>What a model that puts out these numbers would get: with the mean squared error, or the cross-entropy for class indices.</summary>
    private static Evaluation<double> Evaluate(double[] outputs, int classes, double[] targets, int targetLength)
    {
        Dataset<double> dataset = new(outputs, classes, targets, targetLength);
        if (classes == targetLength)
            return new Sequential<double>(classes, new Identity()).Evaluate(dataset, new MeanSquaredError());
        return new(0, outputs, targets, classes, classes, dataset);
    }
}
