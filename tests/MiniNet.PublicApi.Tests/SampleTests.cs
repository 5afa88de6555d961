using CustomLayerSample;
using MnistSample;
using XorSample;

namespace MiniNet.PublicApi.Tests;

public class SampleTests
{
    [Fact]
    public void The_tutorial_is_followed_to_the_eight_digits_that_it_prints()
    {
        double[] predicted = Tutorial.Run();
        Assert.Equal(Tutorial.Printed, predicted.Select(p => Math.Round(p, 8)));
        Assert.Equal([0.0, 1, 1, 1], predicted.Select(p => Math.Round(p)));              // the last is wrong, in the tutorial too
    }

    [Theory]
    [InlineData(10_000, 0.2)]
    [InlineData(1_000, 10)]
    public void From_the_tutorials_start_more_epochs_or_a_higher_rate_learn_XOR(int epochs, double learningRate) =>
        Assert.Equal([0.0, 1, 1, 0], Tutorial.Run(epochs, learningRate).Select(p => Math.Round(p)));

    public static TheoryData<Layer> SampleLayers => [new CustomLayerSample.Swish(), new CustomLayerSample.Swish(0.25), new RadialBasis(5), new RadialBasis(2, Gamma: 0.5), new Gated(4)];

    [Theory]
    [MemberData(nameof(SampleLayers))]
    public void The_gradients_of_the_sample_layers_are_those_of_finite_differences(Layer layer)
    {
        GradientReport report = GradientCheck.Run(layer, inputs: 3);
        report.ThrowIfWrong(tolerance: 1e-8);
        Assert.True(report.Compared >= 18, report.ToString());                           // 3 samples of 3 inputs, in training and in prediction
    }

    [Fact]
    public void The_gradient_of_the_sample_loss_is_that_of_finite_differences_with_sample_weights_too()
    {
        GradientCheck.Run(new LogCosh(), outputs: 3).ThrowIfWrong(tolerance: 1e-8);
        GradientCheck.Run(new LogCosh(), outputs: 3, sampleWeights: [1, 0, 2.5, 0.5]).ThrowIfWrong(tolerance: 1e-8);
    }

    [Fact]
    public void A_forgotten_term_of_the_product_rule_is_caught()
    {
        var e = Assert.Throws<ArithmeticException>(() => GradientCheck.Run(new ForgetfulSwish(), inputs: 7).ThrowIfWrong());
        Assert.StartsWith("ForgetfulSwish(): relative error of", e.Message, StringComparison.Ordinal);
        Assert.Contains("the input gradient of sample", e.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void The_sample_optimizer_follows_its_formula_worked_by_hand() =>
        Assert.Equal(OptimizerProof.ByHand, OptimizerProof.Weights(new Lion(0.1), first: 1), (a, b) => Math.Abs(a - b) < 1e-12);

    [Fact]
    public void Records_of_a_user_print_as_code_too()
    {
        var model = new Sequential<float>(inputs: 2, seed: 1, new CustomLayerSample.Swish(1.5), new Gated(3), new RadialBasis(4));
        Assert.Equal("[2] -> Swish(1.5) [2] -> Gated(3) [3] -> RadialBasis(4, 1) [4], 30 parameters", model.ToString());
        Assert.Equal(["1.value.weight", "1.value.bias", "1.gate.weight", "1.gate.bias", "2.centre"], model.ParameterList.Select(p => p.Name));
        Assert.Equal("Lion(0.001, 0.9, 0.99)", new Lion(1e-3).ToString());
    }

    [Fact]
    public void The_small_recipe_of_MNIST_is_the_default() =>
        Assert.Same(Recipe.Small, Arguments.Parse(["data"]).Recipe);

    [Fact]
    public void The_deep_recipe_of_MNIST_has_fewer_than_200_000_parameters_and_changes_its_images()
    {
        Recipe recipe = Arguments.Parse(["data", "--model", "deep"]).Recipe;
        Sequential<float> model = new((28, 28, 1), seed: 1, [.. recipe.Layers]);
        Assert.InRange(model.Parameters.Length, 100_000, 199_999);
        Assert.Equal("[10]", model.OutputShape.ToString());
        Assert.Equal([new RandomShift(2), new RandomRotation(12)], recipe.Augmentations);
    }

    [Fact]
    public void Arguments_of_MNIST_may_stand_in_any_order()
    {
        Arguments expected = new() { Folder = "data", Recipe = Recipe.Best, Seed = -3, Epochs = 2, Threads = 4, Validate = true };
        Assert.Equal(expected, Arguments.Parse(["--model", "best", "--seed", "-3", "data", "--validate", "--epochs", "2", "--threads", "4"]));
    }

    [Theory]
    [InlineData("Which folder are the files of MNIST in?")]
    [InlineData("There are two folders, a and b: give one.", "a", "b")]
    [InlineData("There is no option --fast: the options are --model, --seed, --epochs, --validate and --threads.", "a", "--fast")]
    [InlineData("--seed needs a value after it.", "a", "--seed")]
    [InlineData("--seed takes a whole number, got 1.5.", "a", "--seed", "1.5")]
    [InlineData("--epochs takes a whole number from 1 to 10,000, got 0.", "a", "--epochs", "0")]
    [InlineData("There is no model huge: the models are small, best, cnn and deep.", "a", "--model", "huge")]
    public void A_wrong_argument_of_MNIST_is_answered_with_what_to_write(string message, params string[] args) =>
        Assert.Equal(message, Assert.Throws<ArgumentException>(() => Arguments.Parse(args)).Message);
}
