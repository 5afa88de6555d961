namespace MiniNet.Tests.Layers;

public class LayerGradientTests
{
    public static TheoryData<string> Names => LayerCases.Names;

    [Theory]
    [MemberData(nameof(Names))]
    public void Backward_agrees_with_finite_differences_for_every_parameter_and_input(string name)
    {
        LayerCase layer = LayerCases.Get(name);
        // Of two values a normalisation over the batch makes −1 and 1 whatever they are: the derivative is nearly 0, and so are its digits.
        bool averagesOverBatch = new Sequential<double>(layer.Inputs, layer.Layer).Plan.Model.MinimumBatch == 2;
        foreach (int batch in (int[])[1, averagesOverBatch ? 3 : 2, 5])
        {
            GradientReport report = GradientCheck.Run(layer.Layer, layer.Inputs, batch, layer.Classes > 0 ? layer.X<double>(batch, 3) : null, seed: 7 + batch);
            report.ThrowIfWrong(layer.Tolerance);
            Assert.True(report.Compared > 0, $"{batch} samples: nothing was compared");
        }
    }

    [Fact]
    public void Every_layer_of_the_library_is_among_the_cases()
    {
        IEnumerable<Type> all = typeof(Layer).Assembly.GetTypes().Where(t => t.IsSubclassOf(typeof(Layer)) && !t.IsAbstract);
        string text = string.Join(' ', LayerCases.Layers);
        Assert.DoesNotContain(all, t => !text.Contains(t.Name + "(", StringComparison.Ordinal));
    }

    [Fact]
    public void A_layer_on_indices_is_checked_for_its_parameters_alone()
    {
        GradientReport report = GradientCheck.Run(new Chain(new Lookup(4, 3), new Dense(2)), inputs: 2, batch: 3, x: [0, 1, 1, 1, 3, 0]);
        report.ThrowIfWrong(1e-8);
        Assert.Equal(0, report.InputError);
        Assert.Equal(2 * ((4 * 3) + (3 * 2) + 2), report.Compared);      // in training and in prediction, the table with its unused row
    }
}
