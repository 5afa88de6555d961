using System.Numerics;

namespace MiniNet.Tests;

/// <summary>Batches of images go forward and back in parts that the processor's cache holds. Nobody should notice but by the clock.</summary>
public class TrainerPartsTests
{
    private const int Samples = 23;

    private static readonly Shape Image = (20, 20, 8);

    private static readonly float[] X = Numbers.Normals<float>(Samples * Image.Length, 1), Classes = [.. Enumerable.Range(0, Samples).Select(i => (float)(i % 3))];

    [Fact]
    public void Images_go_in_parts_and_what_looks_at_the_whole_batch_does_not()
    {
        Assert.InRange(Trainer<float>().Part, 2, 10);
        Assert.Equal(int.MaxValue, new Trainer<float>(new Sequential<float>(Image, new Conv2D(32, kernel: 3), new BatchNorm(), new Flatten(), new Dense(3), new Softmax()), new CrossEntropy(), new Sgd(0.1)).Part);
        Assert.Equal(int.MaxValue, new Trainer<float>(Model<float>(), new CrossEntropy(), new Lbfgs()).Part);
        Assert.Equal(8, new Trainer<float>(new Sequential<float>((256, 256, 1), new Conv2D(8, kernel: 1), new GlobalAveragePool2D(), new Dense(1)), new MeanSquaredError(), new Sgd(0.1)).Part);
        Assert.Equal(1, new Trainer<float>(new Sequential<float>((2048, 2048, 1), new Conv2D(24, kernel: 1), new GlobalAveragePool2D(), new Dense(1)), new MeanSquaredError(), new Sgd(0.1)).Part);
        Assert.True(new Trainer<float>(new Sequential<float>(784, new Dense(128), new ReLU(), new Dense(10), new Softmax()), new CrossEntropy(), new Sgd(0.1)).Part >= 1_000);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public void The_gradient_in_parts_is_that_of_the_whole_batch(bool hasWeights)
    {
        double[] x = Numbers.Normals<double>(Samples * Image.Length, 1), t = [.. Classes.Select(c => (double)c)], weights = hasWeights ? Numbers.Normals<double>(Samples, 2) : [];
        Trainer<double> whole = Trainer<double>(), parts = Trainer<double>();
        whole.Forward(x);
        double expected = whole.Backward(t, default, weights);
        double[] gradient = whole.Gradients.ToArray();
        whole.Update();
        Assert.Equal(expected, parts.Step(x, t, weights), 1e-13);
        for (int i = 0; i < gradient.Length; i++)
            Assert.Equal(gradient[i], parts.Gradients[i], 1e-13);
        for (int i = 0; i < gradient.Length; i++)
            Assert.Equal(whole.Model.Parameters[i], parts.Model.Parameters[i], 1e-13);
        Assert.Equal(1, parts.StepCount);
    }

    [Theory]
    [InlineData(1)]                                                     // one part after the other
    [InlineData(2)]                                                     // two at a time, and what is left over by both threads
    [InlineData(3)]
    [InlineData(64)]                                                    // more threads than samples in a part
    public void A_step_is_what_accumulating_equal_parts_gives_to_the_bit(int threads)
    {
        Trainer<float> step = Trainer<float>(dropout: 0.5, threads), loop = Trainer<float>(dropout: 0.5, threads: 1);
        int parts = ((Samples - 1) / step.Part) + 1, size = ((Samples - 1) / parts) + 1;
        for (int round = 0; round < 3; round++)
        {
            step.Step(X, Classes);
            for (int from = 0; from < Samples; from += size)
            {
                int count = Math.Min(size, Samples - from);
                loop.Forward(X.AsSpan(from * Image.Length, count * Image.Length));
                loop.Backward(Classes.AsSpan(from, count));
                loop.Accumulate();
            }
            loop.Update();
        }
        Bits.AssertSame<float>(loop.Model.Parameters, step.Model.Parameters, "parameters");
    }

    [Fact]
    public void An_epoch_counts_every_part()
    {
        Dataset<float> dataset = new(X, Image, Classes, 1);
        Trainer<float> trainer = Trainer<float>();
        double before = trainer.Model.Evaluate(dataset, new CrossEntropy()).Accuracy;
        Epoch epoch = trainer.Epochs(dataset, count: 1, batchSize: Samples).Single();
        Assert.Equal(before, epoch.Accuracy!.Value, 1e-12);
        Assert.Equal(1, trainer.StepCount);
    }

    [Fact]
    public void A_part_that_fails_leaves_model_and_trainer_as_they_were()
    {
        Trainer<float> trainer = Trainer<float>(), fresh = Trainer<float>();
        float[] before = trainer.Model.Parameters.ToArray(), unknown = [.. Classes], damaged = [.. X];
        unknown[^1] = 7;
        damaged[^1] = float.NaN;
        Assert.StartsWith("targets[22] is 7:", Assert.Throws<ArgumentException>(() => trainer.Step(X, unknown)).Message);
        Assert.Throws<NotFiniteNumberException>(() => trainer.Step(damaged, Classes));
        Bits.AssertSame<float>(before, trainer.Model.Parameters, "parameters");
        Assert.Equal(0, trainer.StepCount);
        Assert.Throws<InvalidOperationException>(trainer.Update);
        trainer.Step(X, Classes);
        fresh.Step(X, Classes);
        Bits.AssertSame<float>(fresh.Model.Parameters, trainer.Model.Parameters, "parameters");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void Of_several_parts_that_fail_the_first_is_told(int threads)
    {
        // The last two parts hold what is not finite; the middle one of them comes first, by its own message.
        float[] damaged = [.. X], weights = [.. Classes.Select(_ => 1f)];
        damaged[^1] = float.NaN;
        weights[10] = float.PositiveInfinity;
        Trainer<float> trainer = Trainer<float>(threads: threads);
        string first = Assert.Throws<NotFiniteNumberException>(() => trainer.Step(X, Classes, weights)).Message;
        Assert.Contains("sampleWeights[10] is Infinity", first, StringComparison.Ordinal);
        Assert.Equal(first, Assert.Throws<NotFiniteNumberException>(() => trainer.Step(damaged, Classes, weights)).Message);
        Assert.Contains("sample 22, value 3199 of x is NaN", Assert.Throws<NotFiniteNumberException>(() => trainer.Step(damaged, Classes)).Message, StringComparison.Ordinal);
        Assert.Equal(0, trainer.StepCount);
    }

    [Fact]
    public void What_gradients_hold_after_a_part_that_failed_does_not_depend_on_the_threads()
    {
        float[] weights = [.. Classes.Select(_ => 1f)];
        weights[10] = 1e38f;                                            // the loss is finite, the gradient of the second part is not
        float[][] gradients = [.. new[] { 1, 2, 3 }.Select(threads =>
        {
            Trainer<float> trainer = Trainer<float>(threads: threads);
            trainer.Model["0.weight"].Fill(0.1f);
            trainer.Model["6.weight"].Fill(1e3f);
            Assert.Contains("gradient", Assert.Throws<NotFiniteNumberException>(() => trainer.Step(X, Classes, weights)).Message, StringComparison.Ordinal);
            return trainer.Gradients.ToArray();
        })];
        Assert.Contains(gradients[0], g => !float.IsFinite(g));
        Bits.AssertSame<float>(gradients[0], gradients[1], "two threads");
        Bits.AssertSame<float>(gradients[0], gradients[2], "three threads");
    }

    [Fact]
    public void What_somebody_wrote_to_gradients_of_frozen_parameters_does_not_last()
    {
        float[][] parameters = [.. new[] { 1, 2, 3 }.Select(threads =>
        {
            Trainer<float> trainer = new(
                new Sequential<float>(Image, seed: 1, new Conv2D(40, kernel: 3), new Frozen(new Conv2D(40, kernel: 1)), new Conv2D(40, kernel: 3), new GlobalAveragePool2D(), new Dense(3), new Softmax()),
                new CrossEntropy(), new ClipNorm(0.05, new Sgd(0.5)), maxDegreeOfParallelism: threads);
            trainer.Forward(X.AsSpan(0, Image.Length));
            trainer.Backward(Classes.AsSpan(0, 1));
            foreach (ref float g in trainer.Gradients)
                g += 0.01f;
            trainer.Update();
            trainer.Step(X, Classes);
            return trainer.Model.Parameters.ToArray();
        })];
        Bits.AssertSame<float>(parameters[0], parameters[1], "two threads");
        Bits.AssertSame<float>(parameters[0], parameters[2], "three threads");
    }

    [Theory]
    [InlineData(1)]
    [InlineData(3)]
    public void A_layer_that_throws_is_heard_and_the_trainer_goes_on(int threads)
    {
        Refusing layer = new();
        Trainer<float> trainer = new(new Sequential<float>(Image, seed: 1, new Conv2D(40, kernel: 3), layer, new Conv2D(40, kernel: 3), new GlobalAveragePool2D(), new Dense(3), new Softmax()), new CrossEntropy(), new Sgd(0.1), maxDegreeOfParallelism: threads);
        float[] before = trainer.Model.Parameters.ToArray();
        layer.Refuses = true;
        Assert.Equal("no", Assert.Throws<NotSupportedException>(() => trainer.Step(X, Classes)).Message);
        Bits.AssertSame<float>(before, trainer.Model.Parameters, "parameters");
        layer.Refuses = false;
        trainer.Step(X, Classes);
        Assert.Equal(1, trainer.StepCount);
    }

    private sealed record Refusing : Activation
    {
        public bool Refuses { get; set; }

        protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => x.CopyTo(y);

        protected override void Differentiate<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> outputGradient, Span<T> inputGradient)
        {
            if (Refuses)
                throw new NotSupportedException("no");
            outputGradient.CopyTo(inputGradient);
        }
    }

    [Fact]
    public void Messages_speak_of_the_whole_batch()
    {
        Trainer<float> trainer = Trainer<float>();
        Assert.StartsWith("targets has 46 values, expected 69: 23 samples × 3 outputs of Softmax(), or 23 class indices.", Assert.Throws<ArgumentException>(() => trainer.Step(X, new float[46])).Message);
        Assert.StartsWith("sampleWeights has 2 values, expected 23: one for each sample.", Assert.Throws<ArgumentException>(() => trainer.Step(X, Classes, new float[2])).Message);
    }

    [Fact]
    public void Nothing_is_allocated()
    {
        Trainer<float> trainer = Trainer<float>(threads: 1);            // with more it depends on who takes what whether a thread's own memory is large enough yet
        for (int i = 0; i < 3; i++)
            trainer.Step(X, Classes);
        long before = GC.GetAllocatedBytesForCurrentThread();
        trainer.Step(X, Classes);
        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);
    }

    private static Trainer<T> Trainer<T>(double dropout = 0, int threads = 2) where T : unmanaged, IFloatingPointIeee754<T> =>
        new(Model<T>(dropout), new CrossEntropy(), new Sgd(0.1), maxDegreeOfParallelism: threads);

    private static Sequential<T> Model<T>(double dropout = 0) where T : unmanaged, IFloatingPointIeee754<T> =>
        new(Image, seed: 1, new Conv2D(40, kernel: 3), new Tanh(), new Conv2D(40, kernel: 3), new Tanh(), new Dropout(dropout), new GlobalAveragePool2D(), new Dense(3), new Softmax());
}
