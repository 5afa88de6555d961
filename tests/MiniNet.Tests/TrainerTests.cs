namespace MiniNet.Tests;

public class TrainerTests
{
    private static readonly double[] X = Numbers.Normals<double>(8 * 3, 1), T = Numbers.Normals<double>(8 * 2, 2);
    private static readonly double[] Classes = [0, 1, 1, 0, 1, 0, 0, 1];

    private static Sequential<double> Model(params Layer[] layers) => new(3, seed: 1, layers.Length > 0 ? layers : [new Dense(5), new Tanh(), new Dense(2)]);

    [Fact]
    public void Backward_needs_a_Forward_and_says_so()
    {
        Trainer<double> trainer = new(Model(), new MeanSquaredError(), new Sgd(0.1));
        const string message = "Backward goes back through a Forward, and there is none since the last update: call Forward before each.";
        Assert.Equal(message, Assert.Throws<InvalidOperationException>(() => { trainer.Backward(T); }).Message);
        trainer.Step(X, T);
        Assert.Equal(message, Assert.Throws<InvalidOperationException>(() => { trainer.Backward(T); }).Message);
        Assert.Equal(message.Replace("Backward", "Backpropagate", StringComparison.Ordinal), Assert.Throws<InvalidOperationException>(() => trainer.Backpropagate(T)).Message);
    }

    [Fact]
    public void Update_and_Accumulate_need_a_Backward_and_say_so()
    {
        Trainer<double> trainer = new(Model(), new MeanSquaredError(), new Sgd(0.1));
        const string update = "Update follows a gradient, and there is none since the last update: call Forward and Backward before each.";
        const string accumulate = "Accumulate adds the gradient of a Backward: call Forward and Backward before each.";
        Assert.Equal(update, Assert.Throws<InvalidOperationException>(trainer.Update).Message);
        Assert.Equal(accumulate, Assert.Throws<InvalidOperationException>(trainer.Accumulate).Message);
        trainer.Forward(X);
        Assert.Equal(update, Assert.Throws<InvalidOperationException>(trainer.Update).Message);
        Assert.Equal(accumulate, Assert.Throws<InvalidOperationException>(trainer.Accumulate).Message);
        trainer.Backward(T);
        trainer.Update();
        Assert.Equal(update, Assert.Throws<InvalidOperationException>(trainer.Update).Message);
        Assert.Equal(1, trainer.StepCount);
    }

    [Theory]
    [InlineData(8, false)]
    [InlineData(350, false)]
    [InlineData(350, true)]                                  // goes forward again at other weights
    public void A_step_is_Forward_Backward_and_Update_to_the_bit_wherever_its_samples_lie(int samples, bool reevaluates)
    {
        // With 3 inputs and 3 outputs, samples may lie where a trainer puts what it puts out, in its gradients, or in the weights that it moves.
        Layer[] layers = [new Dense(samples), new Tanh(), new Dense(3)];
        double[] x = Numbers.Normals<double>(3 * samples, 3), t = Numbers.Normals<double>(3 * samples, 4);
        foreach (string where in (string[])["elsewhere", "output", "gradients", "parameters"])
        {
            Trainer<double> step = Trainer(), apart = Trainer();
            Assert.True(step.Model.Parameters.Length >= x.Length);
            for (int round = 0; round < 20; round++)
            {
                double[] seen = Samples(step).ToArray();
                apart.Forward(seen);
                double loss = apart.Backward(t);
                apart.Update();
                Assert.Equal(loss, step.Step(Samples(step), t));
                Bits.AssertSame<double>(apart.Gradients, step.Gradients, $"gradient, samples in {where}");
                Bits.AssertSame<double>(apart.Model.Parameters, step.Model.Parameters, $"parameter, samples in {where}");
            }

            ReadOnlySpan<double> Samples(Trainer<double> trainer)
            {
                if (where == "output")
                    return trainer.Forward(x);
                if (where == "gradients")
                    x.CopyTo(trainer.Gradients);
                return where == "gradients" ? trainer.Gradients[..x.Length] : where == "parameters" ? trainer.Model.Parameters[..x.Length] : x;
            }
        }

        Trainer<double> Trainer() => new(Model(layers), new MeanSquaredError(), reevaluates ? new Lbfgs() : new Sgd(0.01));
    }

    [Fact]
    public void What_was_borrowed_for_a_step_is_not_looked_at_after_it()
    {
        double[] x = Numbers.Normals<double>(3 * 1000, 3), t = Numbers.Normals<double>(2 * 1000, 4), kept = [.. x];
        Trainer<double> trainer = new(Model(), new MeanSquaredError(), new Sgd(0.01)), other = new(Model(), new MeanSquaredError(), new Sgd(0.01));
        trainer.Step(x, t);
        other.Step(kept, t);
        trainer.Forward(x);
        other.Forward(kept);
        Array.Clear(x);                                     // between Forward and Backward the samples belong to the caller
        Assert.Equal(other.Backward(t), trainer.Backward(t));
        Bits.AssertSame<double>(other.Gradients, trainer.Gradients, "gradient");

        x[1] = double.NaN;
        Assert.Contains("sample 0, value 1 of x is NaN", Assert.Throws<NotFiniteNumberException>(() => { trainer.Step(x, t); }).Message, StringComparison.Ordinal);
        kept.CopyTo(x, 0);
        Assert.Equal(other.Step(kept, t), trainer.Step(x, t));
    }

    [Fact]
    public void The_Forward_of_a_step_that_failed_still_stands()
    {
        double[] x = Numbers.Normals<double>(3 * 1000, 3), t = Numbers.Normals<double>(2 * 1000, 4);
        Trainer<double> trainer = new(Model(), new MeanSquaredError(), new Sgd(0.01)), other = new(Model(), new MeanSquaredError(), new Sgd(0.01));
        other.Forward(x);
        double expected = other.Backward(t);

        Assert.Throws<ArgumentException>(() => { trainer.Step(x, new double[7]); });
        Array.Fill(x, 5);                                   // the step is over, and with it the loan
        Assert.Equal(expected, trainer.Backward(t));
        Bits.AssertSame<double>(other.Gradients, trainer.Gradients, "gradient");
    }

    [Fact]
    public void An_optimizer_that_trains_on_samples_of_its_own_inside_a_step_borrows_none_of_them()
    {
        double[] x = Numbers.Normals<double>(3 * 1000, 3), t = Numbers.Normals<double>(2 * 1000, 4);
        Trainer<double> other = new(Model(), new MeanSquaredError(), new Sgd(0));
        other.Forward(x);
        other.Backward(t);
        double[] expected = other.Gradients.ToArray(), seen = [];
        Trainer<double>? trainer = null;
        trainer = new(Model(), new MeanSquaredError(), new Meddling(() =>
        {
            double[] own = [.. x];
            trainer!.Forward(own);
            Array.Clear(own);
            trainer.Backward(t);
            seen = trainer.Gradients.ToArray();
        }));
        trainer.Step(Numbers.Normals<double>(3 * 1000, 5), t);
        Bits.AssertSame<double>(expected, seen, "gradient");
    }

    [Fact]
    public void A_second_Backward_overwrites_the_first()
    {
        Trainer<double> trainer = new(Model(), new MeanSquaredError(), new Sgd(0.1)), once = new(Model(), new MeanSquaredError(), new Sgd(0.1));
        trainer.Forward(X);
        trainer.Backward(new double[16]);
        double loss = trainer.Backward(T);
        once.Forward(X);
        Assert.Equal(once.Backward(T), loss);
        Assert.Equal(once.Gradients.ToArray(), trainer.Gradients.ToArray());
    }

    [Fact]
    public void Accumulated_batches_are_followed_as_the_one_batch_that_they_are()
    {
        Trainer<double> parts = new(Model(), new MeanSquaredError(), new Adam(0.1)), whole = new(Model(), new MeanSquaredError(), new Adam(0.1));
        for (int step = 0; step < 3; step++)
        {
            int from = 0;
            foreach (int size in (int[])[5, 1, 2])
            {
                parts.Forward(X.AsSpan(from * 3, size * 3));
                parts.Backward(T.AsSpan(from * 2, size * 2));
                parts.Accumulate();
                from += size;
            }
            Assert.Equal(step, parts.StepCount);
            parts.Update();
            whole.Step(X, T);
            Golden.AssertClose(whole.Gradients, parts.Gradients, 1e-14, "gradient");
            Golden.AssertClose(whole.Model.Parameters, parts.Model.Parameters, 1e-9, "parameter");
        }
        Assert.Equal(3, parts.StepCount);
    }

    [Fact]
    public void Accumulated_statistics_move_once_towards_the_mean_of_what_the_batches_showed_weighed_by_their_samples()
    {
        Sequential<double> model = new(1, seed: 1, new BatchNorm(rate: 0.5));
        Trainer<double> trainer = new(model, new Sgd(0));
        foreach (double[] x in (double[][])[[1, 3, 2, 2], [10, 20]])
        {
            trainer.Forward(x);
            trainer.Backpropagate(new double[x.Length]);
            trainer.Accumulate();
        }
        Assert.Equal([0, 1], model.Statistics.ToArray());
        trainer.Update();
        // means 2 and 15, variances with n − 1: 2/3 and 50
        double mean = ((4 * 2) + (2 * 15)) / 6.0, variance = ((4 * (2 / 3.0)) + (2 * 50)) / 6;
        Golden.AssertClose([0.5 * mean, 0.5 + (0.5 * variance)], model.Statistics, 1e-14, "statistic");
    }

    [Fact]
    public void A_Backward_that_was_not_accumulated_is_not_lost_silently()
    {
        Trainer<double> trainer = new(Model(), new MeanSquaredError(), new Sgd(0.1));
        trainer.Forward(X);
        trainer.Backward(T);
        trainer.Accumulate();
        Assert.Throws<InvalidOperationException>(trainer.Accumulate);
        trainer.Forward(X);
        trainer.Backward(T);
        double[] before = trainer.Model.State();
        Assert.Equal("A Backward has not been added to the accumulated gradients: call Accumulate after each Backward, then Update.", Assert.Throws<InvalidOperationException>(trainer.Update).Message);
        Assert.Equal(before, trainer.Model.State());
        Assert.Equal(0, trainer.StepCount);
        trainer.Accumulate();
        trainer.Update();
        Assert.Equal(1, trainer.StepCount);
    }

    [Fact]
    public void Backpropagate_with_the_losss_own_gradient_is_Backward()
    {
        Trainer<double> a = new(Model(), new MeanSquaredError(), new Adam()), b = new(Model(), new Adam());
        double[] dx = new double[24], other = new double[24];
        a.Forward(X);
        a.Backward(T, dx);
        double[] y = b.Forward(X).ToArray();
        b.Backpropagate([.. y.Zip(T, (p, t) => 2 * (p - t) / 16)], other);
        Golden.AssertClose(a.Gradients, b.Gradients, 1e-14, "gradient");
        Golden.AssertClose(dx, other, 1e-14, "input gradient");
    }

    [Fact]
    public void Backpropagate_on_the_logits_is_Backward_with_CrossEntropy()
    {
        Sequential<double> model = Model(new Dense(4), new Tanh(), new Dense(2), new Softmax());
        Trainer<double> a = new(model, new CrossEntropy(), new Sgd(0)), b = new(model[..^1], new Sgd(0));
        double[] p = a.Forward(X).ToArray(), dx = new double[24], other = new double[24];
        a.Backward(Classes, dx);
        b.Forward(X);
        b.Backpropagate([.. p.Select((v, i) => (v - (Classes[i / 2] == i % 2 ? 1 : 0)) / 8)], other);
        Golden.AssertClose(a.Gradients, b.Gradients, 1e-14, "gradient");
        Golden.AssertClose(dx, other, 1e-14, "input gradient");
    }

    [Fact]
    public void The_input_gradient_agrees_with_finite_differences_of_the_loss()
    {
        Sequential<double> model = Model(new Dense(4), new Tanh(), new Dense(2), new Softmax());
        Trainer<double> trainer = new(model, new CrossEntropy(), new Sgd(0));
        double[] dx = new double[24], weights = [1, 2, 3, 4, 0, 1, 1, 1];
        trainer.Forward(X);
        trainer.Backward(Classes, dx, weights);
        for (int i = 0; i < X.Length; i++)
        {
            double[] up = [.. X], down = [.. X];
            up[i] += 1e-5;
            down[i] -= 1e-5;
            Assert.Equal((Loss(up) - Loss(down)) / 2e-5, dx[i], 1e-9);
        }
        Assert.All(dx[12..15], d => Assert.Equal(0, d));                 // the sample with weight 0

        double Loss(double[] x)
        {
            trainer.Forward(x);
            return trainer.Backward(Classes, default, weights);
        }
    }

    [Fact]
    public void A_sample_weight_of_two_counts_as_the_sample_twice()
    {
        Trainer<double> weighted = new(Model(), new MeanSquaredError(), new Sgd(0)), repeated = new(Model(), new MeanSquaredError(), new Sgd(0));
        weighted.Forward(X.AsSpan(0, 6));
        double loss = weighted.Backward(T.AsSpan(0, 4), default, [2, 1]);
        repeated.Forward([.. X[..3], .. X[..6]]);
        double same = repeated.Backward([.. T[..2], .. T[..4]]);
        Assert.Equal(same, loss * 2 / 3, 1e-14);                        // the mean divides by the samples, not by their weights
        Golden.AssertClose(repeated.Gradients, [.. weighted.Gradients.ToArray().Select(g => g * 2 / 3)], 1e-14, "gradient");
    }

    [Fact]
    public void Lbfgs_solves_a_regression()
    {
        double[] w = [1.5, -2, 0.25], y = new double[8];
        for (int i = 0; i < 8; i++)
            y[i] = 0.75 + Enumerable.Range(0, 3).Sum(j => w[j] * X[(i * 3) + j]);
        Sequential<double> model = Model(new Dense(1));
        Trainer<double> trainer = new(model, new MeanSquaredError(), new Lbfgs());
        for (int step = 0; step < 40; step++)
            trainer.Step(X, y);
        Golden.AssertClose([.. w, 0.75], model.Parameters, 1e-8, "parameter");
    }

    [Fact]
    public void Lbfgs_needs_a_loss_and_whole_batches_and_says_so()
    {
        const string needsLoss = "Lbfgs() evaluates the loss again, so its trainer needs one: new Trainer<T>(model, loss, optimizer). (Parameter 'optimizer')";
        Assert.Equal(needsLoss, Assert.Throws<ArgumentException>(() => new Trainer<double>(Model(), new Lbfgs())).Message);
        Assert.StartsWith("ClipNorm(1, Lbfgs()) evaluates", Assert.Throws<ArgumentException>(() => new Trainer<double>(Model(), new ClipNorm(1, new Lbfgs()))).Message, StringComparison.Ordinal);
        Trainer<double> trainer = new(Model(), new MeanSquaredError(), new Lbfgs());
        trainer.Forward(X);
        Assert.Equal("Lbfgs() evaluates the loss again, so it needs Backward(targets) and cannot follow a gradient that is handed in.",
            Assert.Throws<InvalidOperationException>(() => trainer.Backpropagate(T)).Message);
        trainer.Backward(T);
        Assert.Equal("Lbfgs() evaluates the loss of one whole batch again, so it cannot follow accumulated gradients.", Assert.Throws<InvalidOperationException>(trainer.Accumulate).Message);
    }

    [Fact]
    public void ClipNorm_shortens_a_long_gradient_and_leaves_a_short_one()
    {
        Sequential<double> model = new(2, seed: 1, new Dense(1, new Zeros()));
        foreach ((double limit, double[] expected) in ((double, double[])[])[(2.6, [-0.6, -0.8, -2.4]), (100, [-3, -4, -12])])
        {
            model.Parameters.Clear();
            Trainer<double> trainer = new(model, new ClipNorm(limit, new Sgd(1)));
            trainer.Forward([3 / 12.0, 4 / 12.0]);
            trainer.Backpropagate([12]);                                // the gradient 3, 4, 12 has the length 13
            trainer.Update();
            Golden.AssertClose(expected, model.Parameters, 1e-14, "parameter");
        }
    }

    [Fact]
    public void ClipValue_cuts_each_element()
    {
        Sequential<double> model = new(2, seed: 1, new Dense(1, new Zeros()));
        Trainer<double> trainer = new(model, new ClipValue(2, new Sgd(1)));
        trainer.Forward([1, -3]);
        trainer.Backpropagate([1]);
        trainer.Update();
        Assert.Equal([-1, 2, -1], model.Parameters.ToArray());
    }

    [Fact]
    public void Frozen_parameters_never_move_and_their_gradient_stays_zero()
    {
        Optimizer[] optimizers = [
            new Sgd(0.1, momentum: 0.9, nesterov: true, weightDecay: 0.1), new Adam(0.1, weightDecay: 0.1), new AdamW(0.1, weightDecay: 0.1), new RmsProp(0.1, momentum: 0.9), new AdaGrad(0.1, weightDecay: 0.1),
            new Lbfgs(), new ClipNorm(0.1, new AdamW(0.1, weightDecay: 0.5)), new ClipValue(0.1, new Sgd(0.1, weightDecay: 0.5)),
        ];
        foreach (Optimizer optimizer in optimizers)
        {
            Sequential<double> model = Model(new Dense(4), new Frozen(new Chain(new Dense(4), new BatchNorm(), new Dropout(0.5))), new Tied("1.0", new Dense(4)), new Dense(2));
            double[] before = model.State();
            Trainer<double> trainer = new(model, new MeanSquaredError(), optimizer);
            for (int step = 0; step < 5; step++)
                trainer.Step(X, T);
            double[] after = model.State();
            foreach (ParameterInfo parameter in model.ParameterList)
            {
                Range range = parameter.Offset..(parameter.Offset + parameter.Shape.Length);
                if (parameter.Trained)
                {
                    Assert.NotEqual(before[range], after[range]);
                    continue;
                }
                Assert.Equal(before[range], after[range]);
                Assert.All(trainer.Gradients[range].ToArray(), g => Assert.Equal(0, g));
            }
            Assert.Equal(before[model.Parameters.Length..], after[model.Parameters.Length..]);
        }
    }

    [Fact]
    public void A_frozen_use_of_trained_weights_adds_nothing_to_their_gradient()
    {
        Sequential<double> shared = Model(new Dense(3), new Tanh(), new Frozen(new Tied("0", new Dense(3)))), apart = Model(new Dense(3), new Tanh(), new Frozen(new Dense(3)));
        shared.Parameters.CopyTo(apart.Parameters);
        shared.Parameters.CopyTo(apart.Parameters[shared.Parameters.Length..]);
        Trainer<double> a = new(shared, new Sgd(0)), b = new(apart, new Sgd(0));
        a.Forward(X);
        a.Backpropagate(X);
        b.Forward(X);
        b.Backpropagate(X);
        Assert.Equal(b.Gradients[..12].ToArray(), a.Gradients.ToArray());
    }

    [Fact]
    public void Dropout_drops_other_values_in_each_step_and_each_accumulated_batch_and_the_same_in_a_repeated_Forward()
    {
        Trainer<double> trainer = new(new(100, seed: 1, new Dropout(0.5)), new Sgd(0));
        double[] ones = [.. Enumerable.Repeat(1.0, 100)];
        HashSet<string> masks = [];
        for (int step = 0; step < 3; step++)
        {
            for (int part = 0; part < 2; part++)
            {
                string mask = string.Join(' ', trainer.Forward(ones).ToArray());
                Assert.Equal(mask, string.Join(' ', trainer.Forward(ones).ToArray()));
                masks.Add(mask);
                trainer.Backpropagate(ones);
                trainer.Accumulate();
            }
            trainer.Update();
        }
        Assert.Equal(6, masks.Count);
    }

    [Fact]
    public void Statistics_move_in_Update_and_nowhere_else()
    {
        Sequential<double> model = Model(new BatchNorm(), new Dense(2));
        Trainer<double> trainer = new(model, new MeanSquaredError(), new Sgd(0.1));
        double[] before = model.Statistics.ToArray();
        trainer.Forward(X);
        trainer.Backward(T);
        trainer.Inspect(X, T);
        trainer.OverfitOneBatch(X, T, 3);
        model.Predict(X);
        Assert.Equal(before, model.Statistics.ToArray());
        trainer.Update();
        Assert.DoesNotContain(0.0, model.Statistics.ToArray().Zip(before, (a, b) => a - b));
        double mean = Enumerable.Range(0, 8).Average(i => X[i * 3]);
        Assert.Equal(0.1 * mean, model["0.running_mean"][0], 1e-14);
    }

    [Fact]
    public void A_smaller_batch_after_a_larger_one_gives_the_bits_of_a_fresh_trainer()
    {
        Layer[] layers = [new Dense(4), new BatchNorm(), new Dropout(0.3), new Residual(new Dense(4), new Tanh()), new Dense(2)];
        Trainer<double> used = new(Model(layers), new MeanSquaredError(), new Sgd(0.1)), fresh = new(Model(layers), new MeanSquaredError(), new Sgd(0.1));
        used.Forward(X);
        used.Backward(T);
        used.Step(X.AsSpan(0, 9), T.AsSpan(0, 6));
        fresh.Step(X.AsSpan(0, 9), T.AsSpan(0, 6));
        Assert.Equal(fresh.Model.State(), used.Model.State());
    }

    [Fact]
    public void A_trainer_without_a_loss_says_what_to_do()
    {
        Trainer<double> trainer = new(Model(), new Sgd(0.1));
        trainer.Forward(X);
        Assert.Equal("This trainer has no loss: hand the gradient of the output to Backpropagate, or give the constructor a loss.", Assert.Throws<InvalidOperationException>(() => { trainer.Backward(T); }).Message);
        Assert.Equal("This trainer has no loss: give the constructor one.", Assert.Throws<InvalidOperationException>(() => { trainer.Inspect(X, T); }).Message);
        Assert.Equal("This trainer has no loss: give the constructor one.", Assert.Throws<InvalidOperationException>(() => { trainer.OverfitOneBatch(X, T); }).Message);
        Assert.Equal("This trainer has no loss: give the constructor one, or write the loop over Forward, Backpropagate and Update.",
            Assert.Throws<InvalidOperationException>(() => { trainer.Epochs(new(X, 3, T, 2), 1); }).Message);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    public void A_number_of_threads_that_is_none_is_refused(int threads) =>
        Assert.StartsWith($"maxDegreeOfParallelism is −1 for all processors, or at least 1, got {threads}.",
            Assert.Throws<ArgumentOutOfRangeException>(() => new Trainer<double>(Model(), new Sgd(0.1), maxDegreeOfParallelism: threads)).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData(0)]
    [InlineData(-2)]
    public void A_number_of_threads_that_is_none_is_refused_in_a_prediction(int threads) =>
        Assert.StartsWith($"maxDegreeOfParallelism is −1 for all processors, or at least 1, got {threads}.",
            Assert.Throws<ArgumentOutOfRangeException>(() => Model().Predict(new double[Model().InputShape.Length], threads)).Message, StringComparison.Ordinal);

    [Fact]
    public void Inspect_finds_the_share_of_dead_units_and_changes_nothing()
    {
        Sequential<double> model = Model(new Dense(4), new ReLU(), new Dense(2));
        model["0.bias"][1] = model["0.bias"][2] = -100;
        Trainer<double> trainer = new(model, new MeanSquaredError(), new Adam());
        trainer.Step(X, T);
        double[] before = [.. model.State(), .. trainer.Slots, .. trainer.Gradients];
        Inspection inspection = trainer.Inspect(X, T);
        Assert.Equal(["0", "1", "2"], inspection.Layers.Select(l => l.Path));
        Assert.Equal(["Dense(4)", "ReLU()", "Dense(2)"], inspection.Layers.Select(l => l.Layer));
        Assert.Equal([0, 0.5, 0], inspection.Layers.Select(l => l.DeadUnits));
        Assert.Equal([null, null], new[] { inspection.Layers[1].ParameterNorm, inspection.Layers[1].ParameterGradientNorm });
        trainer.Forward(X);
        Assert.Equal(trainer.Backward(T), inspection.Loss);
        LayerInspection last = inspection.Layers[2];
        Assert.Equal(Norm([.. model["2.weight"], .. model["2.bias"]]), last.ParameterNorm!.Value, 1e-12);
        Assert.Equal(Norm(trainer.Gradients[16..]), last.ParameterGradientNorm!.Value, 1e-12);
        double[] y = trainer.Forward(X).ToArray();
        double mean = y.Average();
        Assert.Equal(mean, last.OutputMean, 1e-12);
        Assert.Equal(Math.Sqrt(y.Average(v => (v - mean) * (v - mean))), last.OutputDeviation, 1e-12);
        Assert.Equal(Norm([.. y.Zip(T, (p, t) => 2 * (p - t) / 16)]), last.OutputGradientNorm!.Value, 1e-12);
        Assert.Equal(before[..^trainer.Gradients.Length], (double[])[.. model.State(), .. trainer.Slots]);
        Assert.Equal(1, trainer.StepCount);

        static double Norm(ReadOnlySpan<double> values) => Math.Sqrt(values.ToArray().Sum(v => v * v));
    }

    [Fact]
    public void OverfitOneBatch_learns_a_batch_by_heart_and_changes_nothing()
    {
        Trainer<double> trainer = new(Model(new Dense(20), new Tanh(), new Dense(2)), new MeanSquaredError(), new Adam(0.05));
        double[] before = trainer.Model.State();
        Overfit overfit = trainer.OverfitOneBatch(X, T);
        Assert.True(overfit.Learns);
        Assert.Equal(200, overfit.Steps);
        Assert.Equal(before, trainer.Model.State());
        Assert.Equal(0, trainer.StepCount);
        trainer.Forward(X);
        Assert.Equal(trainer.Backward(T), overfit.FirstLoss);
        trainer.Update();
        for (int step = 1; step < 200; step++)
            trainer.Step(X, T);
        trainer.Forward(X);
        Assert.Equal(trainer.Backward(T), overfit.LastLoss);            // the loss after exactly so many steps
        Assert.EndsWith(". It can be learned by heart, as it should.", overfit.ToString(), StringComparison.Ordinal);
        Overfit not = new Trainer<double>(Model(), new MeanSquaredError(), new Sgd(0)).OverfitOneBatch(X, T, 2);
        Assert.False(not.Learns);
        Assert.Matches(@"^One batch, 2 steps: loss (\S+) -> \1\. It should fall to nearly nothing\. ", not.ToString());
    }

    [Fact]
    public void A_model_in_half_learns_xor()
    {
        Half[] x = [.. ((double[])[0, 0, 0, 1, 1, 0, 1, 1]).Select(v => (Half)v)], y = [.. ((double[])[0, 1, 1, 0]).Select(v => (Half)v)];
        Sequential<Half> model = new(2, seed: 1, new Dense(8), new Tanh(), new Dense(1), new Sigmoid());
        Trainer<Half> trainer = new(model, new BinaryCrossEntropy(), new Sgd(0.5));
        for (int step = 0; step < 400; step++)
            trainer.Step(x, y);
        Assert.Equal([false, true, true, false], model.Predict(x).Select(p => p > (Half)0.5));
    }

    private sealed record Meddling(Action Meddle) : Optimizer
    {
        public override void Update<T>(in Update<T> update) => Meddle();
    }
}
