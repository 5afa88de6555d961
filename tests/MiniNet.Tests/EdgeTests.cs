namespace MiniNet.Tests;

/// <summary>Where rounding, overflow or a caller's mistake once led to a wrong number instead of a message.</summary>
public class EdgeTests
{
    [Theory]
    [InlineData(2.0, 1.0)]
    [InlineData(1.0, 0.5)]
    public void A_centred_variance_that_rounds_below_zero_gives_no_NaN(double first, double then)
    {
        Sequential<float> model = new(1, seed: 1, new Dense(1));
        Trainer<float> trainer = new(model, new RmsProp(1e-6, centered: true));
        for (int step = 0; step < 4000; step++)
        {
            trainer.Forward([1]);
            trainer.Backpropagate([(float)(step < 1000 ? first : then)]);
            trainer.Update();
        }
        Assert.All(model.Parameters.ToArray(), w => Assert.True(float.IsFinite(w)));
    }

    [Fact]
    public void A_constant_feature_has_the_deviation_1_though_its_mean_rounds()
    {
        Sequential<double> model = new(1, new Normalize());
        model.Adapt(Enumerable.Repeat(0.1, 10).ToArray());
        Assert.Equal(0.1, model["0.mean"][0]);
        Assert.Equal(1, model["0.deviation"][0]);
    }

    [Fact]
    public void Half_steps_by_Adam_stay_finite_where_a_gradient_is_zero()
    {
        Sequential<Half> model = new(1, seed: 1, new Dense(2));
        Trainer<Half> trainer = new(model, new Adam());
        trainer.Forward([(Half)1]);
        trainer.Backpropagate([(Half)0, (Half)1]);
        trainer.Update();
        Assert.All(model.Parameters.ToArray(), w => Assert.True(Half.IsFinite(w)));
    }

    [Fact]
    public void Weights_or_statistics_used_again_on_another_shape_are_refused()
    {
        string message = Assert.Throws<ShapeException>(() => new Sequential<double>(4, new TwiceOnTwoShapes())).Message;
        Assert.Contains("needs the shape that it had the first time ([4])", message, StringComparison.Ordinal);
        Assert.Contains("but gets [8]", message, StringComparison.Ordinal);
    }

    [Fact]
    public void After_a_Forward_that_threw_there_is_nothing_to_go_back_through()
    {
        Sequential<double> model = new(1, seed: 1, new Dense(1), new Refuses());
        Trainer<double> trainer = new(model, new MeanSquaredError(), new Sgd(1));
        trainer.Forward([1]);
        Assert.Throws<ArgumentException>(() => { trainer.Forward([-1]); });
        Assert.Throws<InvalidOperationException>(() => trainer.Backward([1]));
    }

    [Fact]
    public void An_accumulated_sum_that_overflows_is_discarded_with_its_message_and_training_goes_on()
    {
        Sequential<float> model = new(1, seed: 1, new Dense(1));
        Trainer<float> trainer = new(model, new Sgd(1e-3));
        float[] x = [.. Enumerable.Repeat(1f, 64)], dy = [.. Enumerable.Repeat(1e35f, 64)], small = [.. Enumerable.Repeat(1e-3f, 64)];
        float[] before = model.Parameters.ToArray();
        for (int i = 0; i < 2; i++)
        {
            trainer.Forward(x);
            trainer.Backpropagate(dy);
            trainer.Accumulate();
        }
        Assert.Throws<NotFiniteNumberException>(trainer.Update);
        Assert.Equal(before, model.Parameters.ToArray());
        trainer.Forward(x);
        trainer.Backpropagate(small);
        trainer.Accumulate();
        trainer.Update();
        Assert.All(model.Parameters.ToArray(), w => Assert.True(float.IsFinite(w)));
        Assert.NotEqual(before, model.Parameters.ToArray());
    }

    [Fact]
    public void A_target_that_the_loss_does_not_know_is_refused_before_the_first_step()
    {
        double[] x = [.. Enumerable.Range(0, 100).Select(i => i / 100.0)], indices = [.. Enumerable.Range(0, 100).Select(i => i == 99 ? 3.0 : i % 3)];
        Sequential<double> model = new(1, seed: 1, new Dense(3), new Softmax());
        double[] before = model.Parameters.ToArray();
        ArgumentException e = Assert.Throws<ArgumentException>(() => model.Fit(x, indices, new CrossEntropy(), new Sgd(1), epochs: 1, batchSize: 10));
        Assert.Equal("targets[99] is 3: CrossEntropy takes class indices, whole numbers from 0 to 2. Count classes from 0, and give the last layer a unit for each. (Parameter 'targets')", e.Message);
        Assert.Equal(before, model.Parameters.ToArray());
        Dataset<double> good = new(x, 1, indices.Select(i => Math.Min(i, 2)).ToArray(), 1), bad = new(x, 1, indices, 1);
        Assert.Throws<ArgumentException>(() => model.Fit(good, new CrossEntropy(), new Sgd(1), epochs: 1, validation: bad[50..]));
        Assert.Equal(before, model.Parameters.ToArray());
    }

    [Fact]
    public void Several_yes_or_no_outputs_are_each_right_or_wrong()
    {
        Sequential<double> model = new(3, new Sigmoid());
        Dataset<double> dataset = new(new double[] { 2, 3, -2, -1, -1, -1 }, 3, new double[] { 1, 1, 0, 0, 0, 1 }, 3);
        Evaluation<double> evaluation = model.Evaluate(dataset, new BinaryCrossEntropy());
        Assert.Equal(5.0 / 6, evaluation.Accuracy, 15);
        Assert.Equal((3, 1, 2), (evaluation.Confusion()[0, 0], evaluation.Confusion()[1, 0], evaluation.Confusion()[1, 1]));
    }

    [Fact]
    public void A_gradient_whose_squares_overflow_is_shortened_not_erased()
    {
        Sequential<float> model = new(1, seed: 1, new Dense(1));
        Trainer<float> trainer = new(model, new ClipNorm(1, new Sgd(1)));
        trainer.Forward([1]);
        trainer.Backpropagate([3e19f]);                                  // weight and bias both get 3e19
        float before = model.Parameters[0];
        trainer.Update();
        Assert.Equal(Math.Sqrt(0.5), before - model.Parameters[0], 1e-6);
    }

    [Fact]
    public void A_statistic_that_is_not_finite_stops_the_step_before_it_touches_the_model()
    {
        Sequential<float> model = new(1, seed: 1, new BatchNorm(), new Dense(1));
        Trainer<float> trainer = new(model, new MeanSquaredError(), new Sgd(0.1));
        float[] before = [.. model.Parameters, .. model.Statistics];
        trainer.Forward([1e20f, -1e20f, 2e20f]);
        trainer.Backward([0, 0, 0]);
        NotFiniteNumberException e = Assert.Throws<NotFiniteNumberException>(trainer.Update);
        Assert.Contains("a statistic of the batch is not finite", e.Message, StringComparison.Ordinal);
        float[] after = [.. model.Parameters, .. model.Statistics];
        Assert.Equal(before, after);
    }

    [Fact]
    public void Predicting_onto_the_input_is_refused()
    {
        Sequential<double> model = new(2, seed: 1, new Dense(2));
        double[] x = [1, 2];
        Assert.Equal("x and destination overlap: hand over separate memory. (Parameter 'destination')", Assert.Throws<ArgumentException>(() => model.Predict(x, x)).Message);
        Assert.Equal(new double[] { 1, 2 }, x);
    }

    private sealed record TwiceOnTwoShapes : Composite
    {
        protected override Value Wire(Wiring wiring, Value x)
        {
            Value a = wiring.Apply("n", new Normalize(), x);
            return wiring.Again(a, wiring.Concatenate(a, x));
        }
    }

    private sealed record Refuses : Layer
    {
        public override Shape Declare(Plan plan) => plan.Input;

        public override void Forward<T>(in Pass<T> pass)
        {
            if (pass.Workspace.Input[0] < T.Zero)
                throw new ArgumentException("no");
            pass.Input.CopyTo(pass.Output);
        }

        public override void Backward<T>(in Pass<T> pass) => pass.OutputGradient.CopyTo(pass.InputGradient);
    }
}
