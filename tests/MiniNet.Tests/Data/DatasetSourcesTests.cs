using System.Numerics.Tensors;

namespace MiniNet.Tests.Data;

public class DatasetSourcesTests
{
    [Fact]
    public void The_rows_of_matrices_are_copied_samples()
    {
        float[,] x = { { 1, 2, 3 }, { 4, 5, 6 } }, y = { { 7 }, { 8 } };
        Dataset<float> dataset = Dataset.From(x, y);
        x[1, 0] = 99;
        y[1, 0] = 99;
        Assert.Equal((2, (Shape)3, (Shape)1), (dataset.Count, dataset.InputShape, dataset.TargetShape));
        Assert.Equal([4, 5, 6], dataset.Input(1));
        Assert.Equal([8], dataset.Target(1));
    }

    [Fact]
    public void Matrices_that_do_not_belong_together_are_refused()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => Dataset.From(new float[3, 2], new float[2, 1]));
        Assert.Equal("x has 3 samples and y has 2: each sample needs its target. (Parameter 'y')", e.Message);
        Assert.ThrowsAny<ArgumentException>(() => Dataset.From(new float[0, 2], new float[0, 1]));
        Assert.ThrowsAny<ArgumentException>(() => Dataset.From(new float[2, 0], new float[2, 1]));
        Assert.Equal("x", Assert.Throws<ArgumentNullException>(() => Dataset.From(null!, new float[2, 1])).ParamName);
        Assert.Equal("y", Assert.Throws<ArgumentNullException>(() => Dataset.From(new float[2, 1], null!)).ParamName);
        Assert.Throws<ArgumentException>(() => Dataset.From(new[,] { { float.NaN } }, new float[1, 1]));
    }

    [Fact]
    public void Tensors_keep_the_axes_after_the_first()
    {
        float[] values = [.. Enumerable.Range(0, 2 * 3 * 4 * 5).Select(i => (float)i)];
        ReadOnlyTensorSpan<float> y = new([1, 2], [2, 1]);
        Assert.Equal(60, Dataset.From(new ReadOnlyTensorSpan<float>(values, [2, 60]), y).InputShape);
        Assert.Equal((12, 5), Dataset.From(new ReadOnlyTensorSpan<float>(values, [2, 12, 5]), y).InputShape);
        Assert.Equal((2, 3, 4, 5), Dataset.From(new ReadOnlyTensorSpan<float>(values, [1, 2, 3, 4, 5]), new ReadOnlyTensorSpan<float>([1], [1, 1])).InputShape);
        Dataset<float> images = Dataset.From(new ReadOnlyTensorSpan<float>(values, [2, 3, 4, 5]), new ReadOnlyTensorSpan<float>([1, 2, 3, 4], [2, 2]));
        Assert.Equal((3, 4, 5), images.InputShape);
        Assert.Equal(values.AsSpan(60), images.Input(1));
        Assert.Equal([3, 4], images.Target(1));
        values[60] = -1;
        Assert.Equal(60, images.Input(1)[0]);                      // copied
    }

    [Fact]
    public void A_cut_of_a_tensor_is_read_as_it_stands()
    {
        float[] values = [.. Enumerable.Range(0, 12).Select(i => (float)i)];
        ReadOnlyTensorSpan<float> whole = new(values, [3, 4]);
        Dataset<float> dataset = Dataset.From(whole[[1..3, 1..3]], new ReadOnlyTensorSpan<float>([1, 2], [2, 1]));
        Assert.Equal([5, 6], dataset.Input(0));
        Assert.Equal([9, 10], dataset.Input(1));
    }

    [Fact]
    public void Tensors_with_the_wrong_axes_are_refused()
    {
        ArgumentException e = Assert.Throws<ArgumentException>(() => Dataset.From(new ReadOnlyTensorSpan<float>(new float[4], [4]), new ReadOnlyTensorSpan<float>(new float[4], [4, 1])));
        Assert.Equal("x has 1 axes, expected 2 to 5: samples, then the shape of one. (Parameter 'x')", e.Message);
        e = Assert.Throws<ArgumentException>(() => Dataset.From(new ReadOnlyTensorSpan<float>(new float[4], [4, 1]), new ReadOnlyTensorSpan<float>(new float[4], [4, 1, 1, 1, 1, 1])));
        Assert.Equal("y has 6 axes, expected 2 to 5: samples, then the shape of one. (Parameter 'y')", e.Message);
        e = Assert.Throws<ArgumentException>(() => Dataset.From(new ReadOnlyTensorSpan<float>(new float[4], [4, 1]), new ReadOnlyTensorSpan<float>(new float[3], [3, 1])));
        Assert.Equal("x has 4 samples and y has 3: each sample needs its target. (Parameter 'y')", e.Message);
    }

    [Fact]
    public void A_model_predicts_a_tensor_only_where_its_samples_are_the_models()
    {
        Sequential<float> one = new(1, new Identity()), two = new((1, 2), new Identity());
        float[] values = [1, 2, 3, 4];
        Assert.Equal(values, one.Predict(new ReadOnlyTensorSpan<float>(values, [4, 1])));
        Assert.Equal(values, one.Predict(new ReadOnlyTensorSpan<float>(values, [4])));
        Assert.Equal(values, two.Predict(new ReadOnlyTensorSpan<float>(values, [2, 2])));
        Assert.Equal(values, two.Predict(new ReadOnlyTensorSpan<float>(values, [2, 1, 2])));
        ArgumentException e = Assert.Throws<ArgumentException>(() => one.Predict(new ReadOnlyTensorSpan<float>(values, [2, 2])));
        Assert.Equal("x has the axes [2, 2], expected samples first and 1 values for each. (Parameter 'x')", e.Message);
        Assert.Throws<ArgumentException>(() => two.Predict(new ReadOnlyTensorSpan<float>(values, [1, 4])));
        Assert.Throws<ArgumentException>(() => two.Predict(new ReadOnlyTensorSpan<float>(values, [4])));
    }

    [Fact]
    public void Labels_become_one_hot_targets()
    {
        Dataset<float> dataset = Dataset.FromClasses<float>(new float[] { 1, 2, 3 }, 1, [2, 0, 1], 3, ["cat", "dog", "eel"]);
        Assert.Equal((3, (Shape)3), (dataset.Count, dataset.TargetShape));
        Assert.Equal([[0, 0, 1], [1, 0, 0], [0, 1, 0]], Enumerable.Range(0, 3).Select(i => dataset.Target(i).ToArray()));
        Assert.Equal(["cat", "dog", "eel"], dataset.ClassNames!);
    }

    [Fact]
    public void Labels_that_are_no_classes_are_refused()
    {
        float[] x = [1, 2, 3];
        Assert.Equal("The label of sample 1 is 3, expected one from 0 to 2: count classes from 0, and give classes as many as there are. (Parameter 'labels')", Assert.Throws<ArgumentException>(() => Dataset.FromClasses<float>(x, 1, [0, 3, 1], 3)).Message);
        Assert.Equal("The label of sample 2 is -1, expected one from 0 to 2: count classes from 0, and give classes as many as there are. (Parameter 'labels')", Assert.Throws<ArgumentException>(() => Dataset.FromClasses<float>(x, 1, [0, 2, -1], 3)).Message);
        Assert.StartsWith("classes must be at least 2, got 1.", Assert.Throws<ArgumentOutOfRangeException>(() => Dataset.FromClasses<float>(x, 1, [0, 0, 0], 1)).Message, StringComparison.Ordinal);
        Assert.Equal("classNames has 2 names, expected 3: one for each class. (Parameter 'classNames')", Assert.Throws<ArgumentException>(() => Dataset.FromClasses<float>(x, 1, [0, 1, 2], 3, ["a", "b"])).Message);
        Assert.Throws<ArgumentException>(() => Dataset.FromClasses<float>(x, 1, [0, 1], 3));
        Assert.Throws<ArgumentException>(() => Dataset.FromClasses<float>(Array.Empty<float>(), 1, [], 3));
        Assert.Throws<ArgumentException>(() => Dataset.FromClasses<float>(new[] { 1, float.NaN }, 1, [0, 1], 2));
    }
}
