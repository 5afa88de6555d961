using System.Globalization;

namespace MiniNet;

/// <summary>
/// Proves a backward pass by finite differences, in double: every parameter and every input of every sample is moved a little each way, and the change of
/// the loss is compared with the gradient.
/// </summary>
/// <remarks>
/// The loss is Σ y·r with a random r, so that no error hides behind equal gradients. Differences with the steps h and h/2 are extrapolated,
/// (4·D(h/2) − D(h)) / 3, with an error of order h⁴; where the two disagree there is a kink within the step, and smaller steps are taken around it.
/// All memory holds NaN before, the workspace is larger than the batch, backward runs twice and once without an input gradient, in training and in prediction,
/// and the model must be the same afterwards: that finds sums onto stale memory, elements that are not written, and passes that change the model.
/// </remarks>
public static class GradientCheck
{
    private const double LargestStep = 2e-3;
    private const int StepSizes = 3;
    private const double Certain = 1e-9;                  // an error as small needs no second look

    /// <summary>Checks a layer, in training and in prediction.</summary>
    /// <param name="layer">The layer; a <see cref="Chain"/> for several.</param>
    /// <param name="inputs">The shape of a sample.</param>
    /// <param name="batch">How many samples.</param>
    /// <param name="x">[batch, inputs]; normal numbers if not given</param>
    /// <param name="seed">What parameters, inputs and r follow from.</param>
    /// <exception cref="ArgumentException">The layer cannot take the shape, or x has another length.</exception>
    public static GradientReport Run(Layer layer, Shape inputs, int batch = 3, double[]? x = null, long seed = 7)
    {
        ArgumentNullException.ThrowIfNull(layer);
        Guard.AtLeastOne(batch);
        Sequential<double> model = new(inputs, seed, layer);
        RandomStream random = new RandomStream(seed).Split(99);
        Disturb(model, random.Split(0));
        double[] input = x ?? Normals(batch * inputs.Length, random.Split(1));
        if (input.Length != batch * inputs.Length)
            throw new ArgumentException($"x has {input.Length} values, expected {batch * inputs.Length}: {batch} samples of {inputs}.", nameof(x));
        double[] upstream = Normals(batch * model.OutputShape.Length, random.Split(2));
        Comparison comparison = new();
        foreach (bool isTraining in (bool[])[true, false])
        {
            if (isTraining && batch < model.Plan.Model.MinimumBatch)
                continue;
            new LayerSubject(model, input, upstream, batch, isTraining, random.Split(3)).Check(comparison);
        }
        return comparison.Report(layer.ToString());
    }

    /// <summary>Checks a loss, together with the last layer that it needs.</summary>
    /// <param name="loss">The loss.</param>
    /// <param name="outputs">The shape of one sample's output.</param>
    /// <param name="last">The last layer; if not given, <see cref="Softmax"/> or <see cref="Sigmoid"/> where the loss needs it, else none.</param>
    /// <param name="targets">[batch, outputs]; if not given, random numbers between 0 and 1, after a softmax shares that sum to 1</param>
    /// <param name="sampleWeights">[batch]; all 1 if not given</param>
    /// <param name="batch">How many samples.</param>
    /// <param name="seed">What outputs and targets follow from.</param>
    /// <exception cref="ArgumentException">The loss needs another last layer, or a length does not fit.</exception>
    public static GradientReport Run(Loss loss, Shape outputs, Layer? last = null, double[]? targets = null, double[]? sampleWeights = null, int batch = 4, long seed = 7)
    {
        ArgumentNullException.ThrowIfNull(loss);
        last ??= loss.Fuses(new Softmax()) ? new Softmax() : loss.Fuses(new Sigmoid()) ? new Sigmoid() : new Identity();
        Sequential<double> model = new(outputs, seed, last);
        RandomStream random = new RandomStream(seed).Split(98);
        double[] t = targets ?? Targets(batch * outputs.Length, last is Softmax ? outputs.Last : 0, random.Split(1));
        return Run(model, loss, Normals(batch * outputs.Length, random.Split(0)), t, sampleWeights, loss.ToString());
    }

    /// <summary>Checks a whole model with its loss, on one batch, in training. The model does not change.</summary>
    /// <param name="model">The model.</param>
    /// <param name="loss">The loss.</param>
    /// <param name="x">[samples, input]</param>
    /// <param name="targets">[samples, output], or class indices for a loss that takes them</param>
    /// <param name="sampleWeights">[samples]; all 1 if not given</param>
    /// <exception cref="ArgumentException">The loss needs another last layer, or a length does not fit.</exception>
    public static GradientReport Run(Sequential<double> model, Loss loss, double[] x, double[] targets, double[]? sampleWeights = null)
    {
        ArgumentNullException.ThrowIfNull(model);
        return Run(model.Clone(), loss, x, targets, sampleWeights, $"{model} with {loss}");
    }

    private static GradientReport Run(Sequential<double> model, Loss loss, double[] x, double[] targets, double[]? sampleWeights, string subject)
    {
        ArgumentNullException.ThrowIfNull(x);
        ArgumentNullException.ThrowIfNull(targets);
        Trainer<double> trainer = new(model, loss, new Sgd(0), maxDegreeOfParallelism: 1);
        Comparison comparison = new();
        double[] input = [.. x], dx = model.Plan.HasDifferentiableInput ? new double[x.Length] : [];
        trainer.Forward(input);
        trainer.Backward(targets, dx, sampleWeights);
        double[] gradients = trainer.Gradients.ToArray(), firstDx = [.. dx];
        trainer.Backward(targets, dx, sampleWeights);
        if (!trainer.Gradients.SequenceEqual(gradients) || !dx.SequenceEqual(firstDx))
        {
            comparison.Fault("Backward a second time gives other gradients: the loss adds to what was there, or a layer changes what Forward left");
            return comparison.Report(subject);
        }

        double Loss()
        {
            trainer.Forward(input);
            return trainer.Backward(targets, default, sampleWeights);
        }
        comparison.Parameters(model, gradients, Loss);
        if (dx.Length > 0)
            comparison.Inputs(input, firstDx, model.InputShape.Length, Loss);
        return comparison.Report(subject);
    }

    private static double[] Normals(int count, RandomStream random)
    {
        double[] values = new double[count];
        for (int i = 0; i < count; i++)
            values[i] = random.Normal(i);
        return values;
    }

    private static double[] Targets(int count, int sumToOne, RandomStream random)
    {
        double[] values = new double[count];
        for (int i = 0; i < count; i++)
            values[i] = 0.05 + (0.9 * random.Uniform(i));
        for (int from = 0; sumToOne > 0 && from < count; from += sumToOne)
        {
            double sum = values.AsSpan(from, sumToOne).ToArray().Sum();
            for (int i = from; i < from + sumToOne; i++)
                values[i] /= sum;
        }
        return values;
    }

    /// <summary>Biases of 0 and gains of 1 would hide errors.</summary>
    private static void Disturb(Sequential<double> model, RandomStream random)
    {
        for (int i = 0; i < model.Parameters.Length; i++)
            model.Parameters[i] += 0.3 * random.Normal(i);
        for (int i = 0; i < model.Statistics.Length; i++)
            model.Statistics[i] += 0.2 + (0.2 * random.Uniform(-1 - i));
    }

    /// <summary>A layer under check in one mode: runs it on memory that held NaN, and looks for faults beside the numbers.</summary>
    private sealed class LayerSubject(Sequential<double> model, double[] input, double[] upstream, int batch, bool isTraining, RandomStream random)
    {
        private readonly Circuit circuit = model.Plan.Circuit!;
        private readonly double[] gradients = new double[model.Parameters.Length];
        private readonly double[] y = new double[upstream.Length];
        private readonly double[] dx = model.Plan.HasDifferentiableInput ? new double[input.Length] : [];
        private Workspace<double> workspace = null!;

        internal void Check(Comparison comparison)
        {
            workspace = new(model, batch + 2, gradients, 0, new double[model.Plan.Model.Observed], threads: 1) { Random = random };
            string mode = isTraining ? "in training" : "in prediction";
            double[] before = [.. model.Parameters, .. model.Statistics];
            workspace.Probe = new Onlooker();                             // while somebody looks on, no value that Forward left is overwritten: Backward may come twice
            Spoil();
            Loss();
            double[] firstY = [.. y];
            if (firstY.Any(double.IsNaN))
                comparison.Fault($"{mode}, Forward does not write every element of the output, or reads memory that it did not write");
            Backward(dx);
            double[] firstGradients = [.. gradients], firstDx = [.. dx];
            Backward(dx);
            if (!gradients.SequenceEqual(firstGradients) || !dx.SequenceEqual(firstDx))
                comparison.Fault($"{mode}, Backward a second time gives other gradients: it adds to what was there, or changes what Forward left");
            workspace.Probe = null;
            Spoil();
            Loss();
            Backward(dx);
            if (!gradients.SequenceEqual(firstGradients) || !dx.SequenceEqual(firstDx))
                comparison.Fault($"{mode}, Backward gives other gradients where they are written over values that are no longer needed");
            Spoil();
            Loss();
            if (!y.SequenceEqual(firstY))
                comparison.Fault($"{mode}, Forward a second time gives another output: it reads memory that it did not write");
            Backward([]);
            if (!gradients.SequenceEqual(firstGradients))
                comparison.Fault($"{mode}, the parameter gradients differ when no input gradient is asked for");
            if (!before.SequenceEqual([.. model.Parameters, .. model.Statistics]))
                comparison.Fault($"{mode}, a pass changed the model");
            if (Any(firstGradients, double.IsNaN))
                comparison.Fault($"{mode}, Backward does not write every parameter gradient");
            if (firstDx.Any(double.IsNaN))
                comparison.Fault($"{mode}, Backward does not write every element of the input gradient");
            if (comparison.HasFaults)
                return;
            comparison.Parameters(model, firstGradients, Loss);
            if (dx.Length > 0)
                comparison.Inputs(input, firstDx, model.InputShape.Length, Loss);
        }

        private double Loss()
        {
            circuit.Forward(workspace.Pass(batch, isTraining, input, y));
            double sum = 0;
            for (int i = 0; i < y.Length; i++)
                sum += y[i] * upstream[i];
            return sum;
        }

        private void Backward(double[] inputGradient)
        {
            circuit.Backward(workspace.Pass(batch, isTraining, input, y, upstream, inputGradient));
            foreach (ModelPlan.Join join in model.Plan.Model.Joins)
            {
                for (int i = 0; i < join.Length; i++)
                    gradients[join.To + i] += workspace.SideGradients[join.From + i];
            }
        }

        private void Spoil()
        {
            foreach (double[] memory in (double[][])[workspace.Values, workspace.ValueGradients, workspace.BatchScratch, workspace.BackwardScratch, workspace.SideGradients, workspace.Observed, gradients, y, dx])
                memory.AsSpan().Fill(double.NaN);
            workspace.Integers.AsSpan().Fill(int.MinValue);
            foreach (ParameterInfo parameter in model.ParameterList)
            {
                if (!parameter.Trained)
                    gradients.AsSpan(parameter.Offset, parameter.Shape.Length).Clear();        // the trainer keeps these at zero
            }
        }

        private bool Any(double[] values, Func<double, bool> condition)
        {
            foreach (ParameterInfo parameter in model.ParameterList)
            {
                if (parameter.Trained && values.AsSpan(parameter.Offset, parameter.Shape.Length).ToArray().Any(condition))
                    return true;
            }
            return false;
        }
    }

    /// <summary>Only looks on.</summary>
    private sealed class Onlooker : Probe<double>;

    /// <summary>Gathers the worst of all comparisons.</summary>
    private sealed class Comparison
    {
        private readonly List<string> faults = [];
        private double parameterError, inputError;
        private string worst = "";
        private int compared, kinks;

        internal bool HasFaults => faults.Count > 0;

        internal void Fault(string fault) => faults.Add(fault);

        internal void Parameters(Sequential<double> model, double[] gradients, Func<double> loss)
        {
            double scale = Largest(gradients);
            foreach (ParameterInfo parameter in model.ParameterList)
            {
                for (int i = 0; parameter.Trained && i < parameter.Shape.Length; i++)
                {
                    int at = parameter.Offset + i;
                    double old = model.Parameters[at];
                    double error = Compare(v => model.Parameters[at] = v, old, gradients[at], scale, loss, out double numeric);
                    Take(ref parameterError, error, () => string.Create(CultureInfo.InvariantCulture, $"{parameter.Name}[{i}] is {gradients[at]:G10}, by differences {numeric:G10}"));
                }
            }
        }

        internal void Inputs(double[] input, double[] dx, int perSample, Func<double> loss)
        {
            double scale = Largest(dx);
            for (int i = 0; i < input.Length; i++)
            {
                int at = i;
                double error = Compare(v => input[at] = v, input[at], dx[at], scale, loss, out double numeric);
                Take(ref inputError, error, () => string.Create(CultureInfo.InvariantCulture, $"the input gradient of sample {at / perSample}, value {at % perSample}, is {dx[at]:G10}, by differences {numeric:G10}"));
            }
        }

        internal GradientReport Report(string subject)
        {
            if (kinks * 5 > compared + kinks)
                Fault($"{kinks} of {compared + kinks} values stand on a kink: too many to prove anything; give other inputs");
            return new() { Subject = subject, ParameterError = parameterError, InputError = inputError, Worst = worst, Compared = compared, Kinks = kinks, Faults = faults };
        }

        private static double Largest(double[] values) => values.Length == 0 ? 0 : values.Max(v => double.IsNaN(v) ? 0 : Math.Abs(v));

        /// <summary>
        /// The relative error of one derivative; NaN where there is a kink. A kink just inside the step shows too little to be seen, so an error
        /// is believed only if smaller steps confirm it: the best of them counts, and a wrong gradient is wrong at all of them.
        /// </summary>
        private static double Compare(Action<double> set, double old, double analytic, double scale, Func<double> loss, out double numeric)
        {
            numeric = double.NaN;
            if (!double.IsFinite(analytic))
                return double.PositiveInfinity;
            double step = LargestStep, least = double.NaN;
            for (int size = 0; size < StepSizes && !(least <= Certain); size++, step /= 30)
            {
                double a = Difference(step), b = Difference(step / 2), extrapolated = ((4 * b) - a) / 3;
                if (!(Math.Abs(a - b) <= 1e-2 * Math.Max(Math.Abs(b), 1e-2 * scale)))
                    continue;
                double error = Math.Abs(extrapolated - analytic) / Math.Max(Math.Abs(extrapolated) + Math.Abs(analytic), (1e-2 * scale) + 1e-300);
                if (!(error >= least))
                    (least, numeric) = (error, extrapolated);
            }
            return least > Certain && IsKink() ? double.NaN : least;

            // Just on a kink the differences of all sizes agree, on the mean of both slopes: there the two sides tell.
            bool IsKink()
            {
                double here = loss();
                set(old + step);
                double up = (loss() - here) / step;
                set(old - step);
                double down = (here - loss()) / step;
                set(old);
                return Math.Abs(up - down) > 1e-2 * Math.Max(Math.Max(Math.Abs(up), Math.Abs(down)), 1e-2 * scale);
            }

            double Difference(double h)
            {
                set(old + h);
                double up = loss();
                set(old - h);
                double down = loss();
                set(old);
                return (up - down) / (2 * h);
            }
        }

        private void Take(ref double greatest, double error, Func<string> describe)
        {
            if (double.IsNaN(error))
            {
                kinks++;
                return;
            }
            compared++;
            if (error > Math.Max(parameterError, inputError))
                worst = describe();
            greatest = Math.Max(greatest, error);
        }
    }
}
