namespace MiniNet.Tests;

public class TrainerEpochsTests
{
    private static readonly double[] X = Numbers.Normals<double>(10 * 3, 1), Y = Numbers.Normals<double>(10 * 2, 2);

    private static Dataset<double> Data => new(X, 3, Y, 2);

    private static Sequential<double> Model() => new(3, seed: 1, new Dense(5), new Tanh(), new Dense(2));

    private static Trainer<double> Trainer(Sequential<double>? model = null, double rate = 0.05, long? seed = null) => new(model ?? Model(), new MeanSquaredError(), new Sgd(rate), seed);

    [Fact]
    public void Epochs_are_counted_on_over_several_calls_and_the_last_batch_takes_what_is_left()
    {
        Trainer<double> trainer = Trainer();
        Epoch[] first = [.. trainer.Epochs(Data, count: 2, batchSize: 4)], second = [.. trainer.Epochs(Data, count: 3, batchSize: 4)];
        Assert.Equal([(1, 2), (2, 2), (3, 5), (4, 5), (5, 5)], first.Concat(second).Select(e => (e.Number, e.Count)));
        Assert.Equal(5, trainer.EpochCount);
        Assert.Equal(5 * 3, trainer.StepCount);                         // 4 + 4 + 2 samples
        Assert.All(first, e => Assert.Equal((10, 10, true), (e.Samples, e.SampleCount, e.IsComplete)));
        Assert.Empty(trainer.Epochs(Data, count: 0));
    }

    [Fact]
    public void An_epoch_sees_each_sample_once_and_its_loss_is_their_mean()
    {
        Sequential<double> model = Model();
        Epoch epoch = Trainer(model, rate: 0).Epochs(Data, 1, batchSize: 4).Single();
        Assert.Equal(model.Evaluate(Data, new MeanSquaredError()).Loss, epoch.Loss, 1e-14);
        Assert.Null(epoch.Accuracy);
        Assert.Null(epoch.ValidationLoss);
        Assert.Null(epoch.ValidationAccuracy);
    }

    [Fact]
    public void The_order_follows_from_the_seed_and_the_epochs_number()
    {
        double[] Run(long seed, params int[] counts)
        {
            Trainer<double> trainer = Trainer(seed: seed);
            foreach (int count in counts)
                Assert.Equal(count, trainer.Epochs(Data, count, batchSize: 4).Count());
            return trainer.Model.State();
        }
        Assert.Equal(Run(3, 4), Run(3, 1, 3));
        Assert.NotEqual(Run(3, 4), Run(4, 4));

        HashSet<string> orders = [];
        Sequential<double> recorder = new(1, seed: 1, new Recorder());
        Dataset<double> numbered = new(Enumerable.Range(0, 10).Select(i => (double)i).ToArray(), 1, new double[10], 1);
        Trainer<double> trainer = new(recorder, new MeanSquaredError(), new Sgd(0));
        foreach (Epoch epoch in trainer.Epochs(numbered, 5, batchSize: 10))
        {
            double[] seen = recorder.Statistics.ToArray();
            Assert.Equal(Enumerable.Range(0, 10).Select(i => (double)i), seen.Order());
            orders.Add(string.Join(' ', seen));
        }
        Assert.Equal(5, orders.Count);
    }

    [Fact]
    public void Leaving_the_loop_stops_training_and_it_goes_on_from_there()
    {
        Trainer<double> trainer = Trainer(), whole = Trainer();
        foreach (Epoch epoch in trainer.Epochs(Data, 100, batchSize: 4))
        {
            if (epoch.Number == 3)
                break;
        }
        Assert.Equal((3, 9L), (trainer.EpochCount, trainer.StepCount));
        Assert.Equal(4, trainer.Epochs(Data, 1, batchSize: 4).Single().Number);
        Assert.Equal(4, whole.Epochs(Data, 4, batchSize: 4).Count());
        Assert.Equal(whole.Model.State(), trainer.Model.State());
    }

    [Fact]
    public void A_last_batch_too_small_for_a_layer_is_refused_before_anything_is_trained()
    {
        Sequential<double> model = new(3, seed: 1, new BatchNorm(), new Dense(2));
        double[] before = model.State();
        Trainer<double> trainer = Trainer(model);
        Assert.Equal("10 samples in batches of 3 leave a last batch of 1, and BatchNorm() needs at least 2 to train: choose another batchSize. (Parameter 'batchSize')",
            Assert.Throws<ArgumentException>(() => { trainer.Epochs(Data, 1, batchSize: 3); }).Message);
        Assert.Equal("x has 1 samples, and BatchNorm() needs at least 2 in a batch to train: there is nothing to average over. Use larger batches. (Parameter 'x')",
            Assert.Throws<ArgumentException>(() => { trainer.Forward([1, 2, 3]); }).Message);
        Assert.Equal(before, model.State());
        Assert.Single(trainer.Epochs(Data, 1, batchSize: 4));
        Assert.Single(trainer.Epochs(Data, 1, batchSize: 1_000));
        Assert.Single(Trainer(new(3, seed: 1, new Frozen(new BatchNorm()), new Dense(2))).Epochs(Data, 1, batchSize: 3));
    }

    [Fact]
    public void Fit_is_the_loop_over_Epochs_and_returns_their_history()
    {
        Sequential<double> fitted = Model(), looped = Model();
        IReadOnlyList<Epoch> history = fitted.Fit(Data, new MeanSquaredError(), new Sgd(0.05), epochs: 4, batchSize: 3, validation: Data);
        Epoch[] epochs = [.. Trainer(looped).Epochs(Data, 4, 3, Data)];
        Assert.Equal(looped.State(), fitted.State());
        Assert.Equal(epochs.Select(e => (e.Number, e.Loss, e.ValidationLoss)), history.Select(e => (e.Number, e.Loss, e.ValidationLoss)));
        Assert.Equal(fitted.Evaluate(Data, new MeanSquaredError()).Loss, history[^1].ValidationLoss);
        Assert.Equal(fitted.State(), Fitted());

        double[] Fitted()
        {
            Sequential<double> flat = Model();
            flat.Fit(X, Y, new MeanSquaredError(), new Sgd(0.05), epochs: 4, batchSize: 3, maxDegreeOfParallelism: 1);
            return flat.State();
        }
    }

    [Fact]
    public void A_classifiers_epochs_tell_the_accuracy()
    {
        Sequential<double> model = new(3, seed: 1, new BatchNorm(), new Dense(2), new Softmax());
        double[] classes = [.. Enumerable.Range(0, 10).Select(i => (double)(i % 2))];
        Dataset<double> data = new(X, 3, classes, 1);
        Epoch epoch = new Trainer<double>(model, new CrossEntropy(), new Sgd(0)).Epochs(data, 1, batchSize: 10, validation: data).Single();
        Sequential<double> predicting = new(3, seed: 1, new BatchNorm(), new Dense(2), new Softmax());
        double[] p = new Trainer<double>(predicting, new Sgd(0)).Forward(X).ToArray();
        Assert.Equal(Enumerable.Range(0, 10).Count(i => (p[(2 * i) + 1] > p[2 * i] ? 1 : 0) == i % 2) / 10.0, epoch.Accuracy);
        Assert.Equal(model.Evaluate(data, new CrossEntropy()).Accuracy, epoch.ValidationAccuracy);
    }

    [Fact]
    public void RestoreBest_brings_back_the_weights_and_statistics_of_the_lowest_validation_loss()
    {
        Dataset<double> validation = new(new double[] { 5, 5, 5, -1, 2, 3 }, 3, new double[] { 2, -2, 1, 1 }, 2);
        Sequential<double> looped = new(3, seed: 1, new BatchNorm(), new Dense(2)), fitted = looped.Clone();
        Trainer<double> trainer = Trainer(looped, rate: 0.4);
        List<(double Loss, double[] State)> all = [];
        foreach (Epoch epoch in trainer.Epochs(Data, 12, batchSize: 5, validation))
            all.Add((epoch.ValidationLoss!.Value, looped.State()));
        (double best, double[] state) = all.MinBy(e => e.Loss);
        Assert.NotEqual(state, looped.State());                         // else the test shows nothing
        Assert.Equal(best, trainer.BestValidationLoss);
        trainer.RestoreBest();
        Assert.Equal(state, looped.State());
        IReadOnlyList<Epoch> history = fitted.Fit(Data, new MeanSquaredError(), new Sgd(0.4), epochs: 12, batchSize: 5, validation: validation, restoreBest: true);
        Assert.Equal(12, history.Count);
        Assert.Equal(state, fitted.State());
    }

    [Fact]
    public void A_validation_loss_that_is_no_number_is_never_the_best()
    {
        Sequential<float> model = new(1, seed: 1, new Dense(1, new Constant(1)), new Recorder());
        Trainer<float> trainer = new(model, new MeanSquaredError(), new Sgd(0.01));
        Dataset<float> data = new(new float[] { 1, 2 }, 1, new float[] { 1, 1 }, 1), good = new(new float[] { 1 }, 1, new float[] { 1 }, 1);
        Assert.Single(trainer.Epochs(data, 1, validation: good));
        double best = trainer.BestValidationLoss;
        float[] state = model.State();
        Dataset<float> tooLarge = new(new[] { float.MaxValue }, 1, new float[] { 0 }, 1);
        Assert.Equal(double.NaN, trainer.Epochs(data, 1, validation: tooLarge).Single().ValidationLoss);
        Assert.Equal(best, trainer.BestValidationLoss);
        trainer.RestoreBest();
        Assert.Equal(state, model.State());
    }

    [Fact]
    public void RestoreBest_without_validation_says_what_it_needs()
    {
        Assert.Equal("RestoreBest needs a best epoch: run Epochs with a validation dataset.", Assert.Throws<InvalidOperationException>(Trainer().RestoreBest).Message);
        Sequential<double> model = Model();
        double[] before = model.State();
        Assert.Equal("restoreBest needs a validation dataset: the best epoch is the one of the lowest validation loss. (Parameter 'restoreBest')",
            Assert.Throws<ArgumentException>(() => model.Fit(Data, new MeanSquaredError(), new Sgd(0.1), epochs: 1, restoreBest: true)).Message);
        Assert.Equal(before, model.State());
    }

    [Fact]
    public void Cancelling_stops_between_two_batches_and_training_can_go_on()
    {
        using CancellationTokenSource source = new();
        Trainer<double> trainer = Trainer();
        List<Epoch> seen = [];
        Assert.Throws<OperationCanceledException>(() =>
        {
            foreach (Epoch epoch in trainer.Epochs(Data, 100, batchSize: 4, cancellationToken: source.Token))
            {
                seen.Add(epoch);
                if (epoch.Number == 2)
                    source.Cancel();
            }
        });
        Assert.Equal((2, 6L, 2), (seen.Count, trainer.StepCount, trainer.EpochCount));
        Assert.All(trainer.Model.Predict(X), p => Assert.True(double.IsFinite(p)));
        Assert.Equal(3, trainer.Epochs(Data, 1, batchSize: 4).Single().Number);
        Trainer<double> whole = Trainer();
        Assert.Equal(3, whole.Epochs(Data, 3, batchSize: 4).Count());
        Assert.Equal(whole.Model.State(), trainer.Model.State());
        Sequential<double> model = Model();
        Assert.Throws<OperationCanceledException>(() => model.Fit(Data, new MeanSquaredError(), new Sgd(0.1), epochs: 1, cancellationToken: source.Token));
        Assert.Equal(Model().State(), model.State());
    }

    [Fact]
    public void Progress_is_told_of_every_epoch()
    {
        Reports progress = new();
        Epoch[] epochs = [.. Trainer().Epochs(Data, 3, batchSize: 4, progress: progress)];
        Assert.Equal(epochs, progress.All.Where(e => e.IsComplete));
    }

    [Fact]
    public void A_dataset_that_does_not_fit_is_refused_in_words_before_anything_is_trained()
    {
        Trainer<double> trainer = Trainer(), classifier = new(new(3, seed: 1, new Dense(4), new Softmax()), new CrossEntropy(), new Sgd(0.1));
        double[] before = trainer.Model.State();
        Assert.Equal("A sample of the dataset has the shape [2], 2 values, and the model takes [3]: 3. (Parameter 'dataset')",
            Assert.Throws<ArgumentException>(() => { trainer.Epochs(new(new double[4], 2, new double[4], 2), 1); }).Message);
        Assert.Equal("A target of the dataset has 1 values, expected 2, the outputs of Dense(2). (Parameter 'dataset')",
            Assert.Throws<ArgumentException>(() => { trainer.Epochs(Data, 1, validation: new(new double[6], 3, new double[2], 1)); }).Message);
        Assert.Equal("A target of the dataset has 2 values, expected 4, the outputs of Softmax(), or 1 class index. (Parameter 'dataset')",
            Assert.Throws<ArgumentException>(() => { classifier.Epochs(Data, 1); }).Message);
        Assert.Throws<ArgumentOutOfRangeException>(() => { trainer.Epochs(Data, -1); });
        Assert.Throws<ArgumentOutOfRangeException>(() => { trainer.Epochs(Data, 1, batchSize: 0); });
        Assert.Equal(before, trainer.Model.State());
        Assert.Equal(0, trainer.StepCount);
    }

    private sealed class Reports : IProgress<Epoch>
    {
        internal List<Epoch> All { get; } = [];

        public void Report(Epoch value) => All.Add(value);
    }

    /// <summary>Hands its input on, and remembers the last ten samples as statistics; x·x − x·x in prediction, which is NaN where x² overflows.</summary>
    private sealed record Recorder : Layer
    {
        public override Shape Declare(Plan plan)
        {
            plan.Statistic("seen", 10, initial: 0, rate: 1);
            return plan.Input;
        }

        public override void Forward<T>(in Pass<T> pass)
        {
            if (pass.IsTraining)
            {
                Span<T> seen = pass.Observed(0);
                seen.Clear();
                pass.Input[..Math.Min(10, pass.Input.Length)].CopyTo(seen);
            }
            for (int i = 0; i < pass.Input.Length; i++)
                pass.Output[i] = pass.IsTraining ? pass.Input[i] : pass.Input[i] + ((pass.Input[i] * pass.Input[i]) - (pass.Input[i] * pass.Input[i]));
        }

        public override void Backward<T>(in Pass<T> pass) => pass.OutputGradient.CopyTo(pass.InputGradient);
    }
}
