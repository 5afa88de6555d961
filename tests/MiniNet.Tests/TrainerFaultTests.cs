namespace MiniNet.Tests;

public class TrainerFaultTests
{
    private const string Mend = " Lower the learning rate, clip the gradient (new ClipNorm(1, …)), or scale the inputs (Normalize()).";

    private static readonly double[] X = Numbers.Normals<double>(4 * 3, 1), T = Numbers.Normals<double>(4 * 2, 2);

    private static Trainer<double> Trainer(params Layer[] layers) =>
        new(new(3, seed: 1, layers.Length > 0 ? layers : [new Dense(5), new BatchNorm(), new Tanh(), new Dense(2)]), new MeanSquaredError(), new Sgd(0.1, momentum: 0.9));

    [Fact]
    public void Data_that_are_not_finite_are_named_by_sample_and_value()
    {
        Trainer<double> trainer = Trainer();
        trainer.Step(X, T);
        double[] bad = [.. X];
        bad[7] = double.NaN;
        AssertRefuses(trainer, () => trainer.Step(bad, T), "Step 2: the loss is NaN. The batch itself is at fault: sample 2, value 1 of x is NaN. Clean the data.");
    }

    [Fact]
    public void A_parameter_that_was_not_finite_before_is_named()
    {
        Trainer<double> trainer = Trainer();
        trainer.Model["3.bias"][1] = double.NaN;
        AssertRefuses(trainer, () => trainer.Step(X, T), "Step 1: the loss is NaN. The parameter 3.bias was not finite before this step." + Mend);
    }

    [Fact]
    public void The_first_layer_whose_output_is_not_finite_is_named()
    {
        Trainer<double> trainer = Trainer(new Dense(5), new Residual(new Dense(5), new Overflowing(1e308)), new Squared(), new Dense(2));
        AssertRefuses(trainer, () => trainer.Step(X, T), "Step 1: the loss is NaN. The first layer at fault is 1.1, Overflowing(1E+308): its output is not finite." + Mend);
    }

    [Fact]
    public void The_first_layer_whose_gradient_is_not_finite_is_named()
    {
        Trainer<double> trainer = Trainer(new Dense(5), new BrokenGradient(), new Tanh(), new Dense(2));
        AssertRefuses(trainer, () => trainer.Step(X, T), "Step 1: a gradient is not finite. The first layer at fault is 1, BrokenGradient(): its gradients are not finite." + Mend);
    }

    [Fact]
    public void A_composite_is_named_whose_join_overflows_on_the_way_back()
    {
        // The gradient of the second factor, dy · first factor, overflows between the layers inside, none of which is at fault.
        Trainer<double> trainer = Trainer(new Dense(2), new Gated(), new Dense(2));
        AssertRefuses(trainer, () => trainer.Step(X, [.. T.Select(t => t * 1e6)]), "Step 1: a gradient is not finite. The first layer at fault is 1, Gated(): its gradients are not finite." + Mend);
    }

    [Fact]
    public void Targets_that_are_not_finite_are_not_blamed_on_a_layer()
    {
        Trainer<double> trainer = Trainer();
        double[] bad = [.. T];
        bad[3] = double.NaN;
        AssertRefuses(trainer, () => trainer.Step(X, bad), "Step 1: the loss is NaN. The batch itself is at fault: targets[3] is NaN. Clean the data.");
        AssertRefuses(trainer, () => trainer.Step(X, T, [1, double.PositiveInfinity, 1, 1]), "Step 1: the loss is Infinity. The batch itself is at fault: sampleWeights[1] is Infinity. Clean the data.");
    }

    [Fact]
    public void A_loss_that_overflows_behind_finite_outputs_asks_for_a_lower_learning_rate()
    {
        Trainer<float> trainer = new(new(1, seed: 1, new Dense(1, new Constant(1))), new MeanSquaredError(), new Sgd(0.1));
        trainer.Model["0.bias"][0] = 1e30f;
        Assert.Equal("Step 1: the loss is Infinity, though what every layer puts out is finite: the outputs are so far from the targets that their loss overflows." + Mend,
            Assert.Throws<NotFiniteNumberException>(() => { trainer.Step([1], [0]); }).Message);
        Assert.Equal([1, 1e30f], trainer.Model.Parameters.ToArray());
    }

    [Fact]
    public void A_gradient_that_was_spoiled_by_hand_stops_every_Update_until_it_is_mended()
    {
        Trainer<double> trainer = Trainer(new Dense(3), new Tanh(), new Tied("0", new Dense(3)), new Dense(2));
        trainer.Forward(X);
        trainer.Backward(T);
        double[] right = trainer.Gradients.ToArray();
        trainer.Gradients[0] = double.NaN;
        const string message = "Step 1: a gradient is not finite, though what every layer puts out is finite, and so are their own gradients: look at what was handed to Backpropagate or written to Gradients, or accumulate less.";
        AssertRefuses(trainer, trainer.Update, message);
        AssertRefuses(trainer, trainer.Update, message);
        AssertRefuses(trainer, trainer.Accumulate, message);
        trainer.Gradients[0] = right[0];
        Assert.Equal(right, trainer.Gradients.ToArray());
        trainer.Update();
        Assert.Equal(1, trainer.StepCount);
    }

    [Fact]
    public void A_gradient_handed_in_that_is_not_finite_moves_nothing()
    {
        Trainer<double> trainer = Trainer();
        trainer.Forward(X);
        trainer.Backpropagate([1, 2, 3, double.NaN, 5, 6, 7, 8]);
        NotFiniteNumberException thrown = Assert.Throws<NotFiniteNumberException>(trainer.Update);
        Assert.StartsWith("Step 1: a gradient is not finite", thrown.Message, StringComparison.Ordinal);
        AssertRefuses(trainer, trainer.Update, thrown.Message);
    }

    [Fact]
    public void Training_goes_on_after_a_batch_that_was_refused()
    {
        Trainer<double> trainer = Trainer(), spared = Trainer();
        double[] bad = [.. X];
        bad[0] = double.PositiveInfinity;
        trainer.Step(X, T);
        Assert.Throws<NotFiniteNumberException>(() => { trainer.Step(bad, T); });
        trainer.Step(X, T);
        spared.Step(X, T);
        spared.Step(X, T);
        Assert.Equal(spared.Model.State(), trainer.Model.State());
    }

    [Fact]
    public void Wrong_lengths_are_refused_in_words_and_change_nothing()
    {
        Trainer<double> trainer = Trainer();
        Throws<ArgumentException>(trainer, () => trainer.Forward(new double[7]), "x has 7 values, expected a multiple of 3: [3] for every sample, and at least one sample. (Parameter 'x')");
        Throws<ArgumentException>(trainer, () => trainer.Forward([]), "x has 0 values, expected a multiple of 3: [3] for every sample, and at least one sample. (Parameter 'x')");
        trainer.Forward(X);
        Throws<ArgumentException>(trainer, () => trainer.Backward(new double[7]), "targets has 7 values, expected 8: 4 samples × 2 outputs of Dense(2). (Parameter 'targets')");
        Throws<ArgumentException>(trainer, () => trainer.Backward(T, new double[5]), "inputGradient has 5 values, expected 12: 4 samples × [3]. (Parameter 'inputGradient')");
        Throws<ArgumentException>(trainer, () => trainer.Backward(T, default, new double[3]), "sampleWeights has 3 values, expected 4: one for each sample. (Parameter 'sampleWeights')");
        Throws<ArgumentException>(trainer, () => trainer.Backpropagate(new double[9]), "outputGradient has 9 values, expected 8: 4 samples × 2 outputs of Dense(2). (Parameter 'outputGradient')");
        Throws<ArgumentException>(trainer, () => trainer.Backpropagate(T, new double[5]), "inputGradient has 5 values, expected 12: 4 samples × [3]. (Parameter 'inputGradient')");
        trainer.Backward(T);                                            // the Forward still stands
        trainer.Update();
        Assert.Equal(1, trainer.StepCount);
    }

    [Fact]
    public void Targets_that_a_loss_does_not_know_are_refused_in_words_and_change_nothing()
    {
        Trainer<double> classes = new(new(3, seed: 1, new Dense(4), new Softmax()), new CrossEntropy(), new Sgd(0.1));
        classes.Forward(X);
        Throws<ArgumentException>(classes, () => classes.Backward([0, 1, 4, 2]), "targets[2] is 4: CrossEntropy takes class indices, whole numbers from 0 to 3. Count classes from 0, and give the last layer a unit for each. (Parameter 'targets')");
        Throws<ArgumentException>(classes, () => classes.Backward([0, 1.5, 1, 2]), "targets[1] is 1.5: CrossEntropy takes class indices, whole numbers from 0 to 3. Count classes from 0, and give the last layer a unit for each. (Parameter 'targets')");
        Throws<ArgumentException>(classes, () => classes.Backward([.. Enumerable.Repeat(-0.5, 16)]), "targets[0] is -0.5: CrossEntropy takes probabilities, 0 or more. (Parameter 'targets')");
        Throws<ArgumentException>(classes, () => classes.Backward(new double[5]), "targets has 5 values, expected 16: 4 samples × 4 outputs of Softmax(), or 4 class indices. (Parameter 'targets')");
        Trainer<double> yesNo = new(new(3, seed: 1, new Dense(1), new Sigmoid()), new BinaryCrossEntropy(), new Sgd(0.1));
        yesNo.Forward(X);
        Throws<ArgumentException>(yesNo, () => yesNo.Backward([0, 1, 2, 0]), "targets[2] is 2: BinaryCrossEntropy takes probabilities from 0 to 1: write 0 for no and 1 for yes. (Parameter 'targets')");
    }

    [Fact]
    public void Targets_that_were_refused_do_not_reach_a_line_search()
    {
        Trainer<double> trainer = new(new(3, seed: 1, new Dense(4), new Softmax()), new CrossEntropy(), new Lbfgs()), spared = new(trainer.Model.Clone(), new CrossEntropy(), new Lbfgs());
        trainer.Forward(X);
        trainer.Backward([0, 1, 2, 3]);
        Assert.Throws<ArgumentException>(() => { trainer.Backward([0, 1, 9, 3]); });
        trainer.Update();
        spared.Step(X, [0, 1, 2, 3]);
        Assert.Equal(spared.Model.State(), trainer.Model.State());
    }

    [Fact]
    public void The_input_gradient_of_indices_is_refused_in_words()
    {
        Trainer<double> trainer = new(new(2, seed: 1, new Lookup(4, 3), new Flatten()), new MeanSquaredError(), new Sgd(0.1));
        trainer.Forward([0, 1]);
        Throws<ArgumentException>(trainer, () => trainer.Backward(new double[6], new double[2]), "The input of Lookup(4, 3) is no quantity, so it has no gradient: leave inputGradient out. (Parameter 'inputGradient')");
    }

    private static void AssertRefuses(Trainer<double> trainer, Action step, string message) => Throws<NotFiniteNumberException>(trainer, step, message);

    private static void Throws<TException>(Trainer<double> trainer, Action call, string message) where TException : Exception
    {
        double[] before = [.. trainer.Model.State(), .. trainer.Slots];
        long steps = trainer.StepCount;
        Assert.Equal(message, Assert.Throws<TException>(call).Message);
        Assert.Equal(before, (double[])[.. trainer.Model.State(), .. trainer.Slots]);
        Assert.Equal(steps, trainer.StepCount);
    }

    /// <summary>y = factor · x · 100.</summary>
    private sealed record Overflowing(double Factor) : Activation
    {
        protected override void Apply<TNumber>(ReadOnlySpan<TNumber> x, Span<TNumber> y)
        {
            for (int i = 0; i < x.Length; i++)
                y[i] = TNumber.CreateChecked(Factor) * (x[i] * x[i] * TNumber.CreateChecked(1e6));
        }

        protected override void Differentiate<TNumber>(ReadOnlySpan<TNumber> x, ReadOnlySpan<TNumber> y, ReadOnlySpan<TNumber> outputGradient, Span<TNumber> inputGradient) =>
            outputGradient.CopyTo(inputGradient);
    }

    /// <summary>y = (x · 1e305) · (x · 1e-305).</summary>
    private sealed record Gated : Composite
    {
        protected override Value Wire(Wiring wiring, Value x) =>
            wiring.Multiply(wiring.Apply("large", new Dense(2, new Constant(1e305)), x), wiring.Apply("small", new Dense(2, new Constant(1e-305)), x));
    }

    /// <summary>y = x, with a derivative that divides by zero.</summary>
    private sealed record BrokenGradient : Activation
    {
        protected override void Apply<TNumber>(ReadOnlySpan<TNumber> x, Span<TNumber> y) => x.CopyTo(y);

        protected override void Differentiate<TNumber>(ReadOnlySpan<TNumber> x, ReadOnlySpan<TNumber> y, ReadOnlySpan<TNumber> outputGradient, Span<TNumber> inputGradient)
        {
            for (int i = 0; i < x.Length; i++)
                inputGradient[i] = outputGradient[i] / TNumber.Zero;
        }
    }
}
