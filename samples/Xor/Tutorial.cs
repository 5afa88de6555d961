using System.Globalization;
using MiniNet;

namespace XorSample;

/// <summary>
/// The tutorial's network: 2-4-1, sigmoid twice, the first weights that <c>np.random.seed(1)</c> and <c>randn</c> give, biases of 0.
/// </summary>
/// <remarks>
/// Its gradient is that of ½·Σ (a − y)² over the four samples. The mean squared error is Σ (a − y)² / 4, whose gradient is half of that:
/// twice the learning rate walks the same path, 0.2 here for its 0.1.
/// </remarks>
internal static class Tutorial
{
    private const double LearningRate = 0.2;
    private const int Epochs = 1_000;

    // [samples, inputs] and [samples]
    private static readonly double[] X = [0, 0, 0, 1, 1, 0, 1, 1];
    private static readonly double[] Y = [0, 1, 1, 0];

    // [inputs, units], as in the tutorial's X @ W1 and A1 @ W2
    private static readonly double[] FirstW1 =
    [
        1.6243453636632417, -0.6117564136500754, -0.5281717522634557, -1.0729686221561705,
        0.8654076293246785, -2.3015386968802827,  1.74481176421648,   -0.7612069008951028,
    ];
    private static readonly double[] FirstW2 = [0.31903909605709857, -0.2493703754774101, 1.462107937044974, -2.060140709497654];

    /// <summary>What the tutorial's NumPy program prints after its 1,000 epochs.</summary>
    public static readonly double[] Printed = [0.27779191, 0.62284747, 0.54567987, 0.61568157];

    /// <summary>Trains from the tutorial's first weights, every step by hand, and predicts the four samples.</summary>
    public static double[] Run(int epochs = Epochs, double learningRate = LearningRate)
    {
        var model = new Sequential<double>(inputs: 2, seed: 1, new Dense(4), new Sigmoid(), new Dense(1), new Sigmoid());
        FirstW1.CopyTo(model["0.weight"]);
        FirstW2.CopyTo(model["2.weight"]);

        var trainer = new Trainer<double>(model, new MeanSquaredError(), new Sgd(learningRate));
        for (int epoch = 0; epoch < epochs; epoch++)
        {
            trainer.Forward(X);         // a guess
            trainer.Backward(Y);        // how wrong, and which way
            trainer.Update();           // better next time
        }
        return model.Predict(X);
    }

    /// <summary>Its numbers beside ours, which of them are right, and what it takes to learn XOR from the same start.</summary>
    public static void Print()
    {
        double[] ours = Run();
        Console.WriteLine($"The NumPy tutorial, from its own first weights, in double: {Epochs:N0} epochs");
        Console.WriteLine("x1 x2   XOR     tutorial       MiniNet    rounds to");
        for (int i = 0; i < Y.Length; i++)
        {
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture,
                $" {X[2 * i]}  {X[(2 * i) + 1]}     {Y[i]}   {Printed[i]:F8}    {ours[i]:F8}    {Math.Round(ours[i])}{(IsRight(ours, i) ? "" : "   <- wrong")}"));
        }
        double difference = ours.Zip(Printed, (a, b) => Math.Abs(a - b)).Max();
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"Greatest difference {difference:E1}: the same path to the eight digits printed."));
        for (int i = 0; i < Y.Length; i++)
        {
            if (!IsRight(ours, i))
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"So the tutorial has not learned XOR: {ours[i]:F4} rounds to {Math.Round(ours[i])}, but XOR({X[2 * i]}, {X[(2 * i) + 1]}) = {Y[i]}."));
        }

        Console.WriteLine();
        Console.WriteLine("What learns it from the same start: more epochs, or a higher rate");
        Console.WriteLine("epochs   rate (tutorial's)   predictions                       right");
        foreach ((int epochs, double rate) in new[] { (Epochs, LearningRate), (10 * Epochs, LearningRate), (Epochs, 50 * LearningRate) })
        {
            double[] predicted = Run(epochs, rate);
            string numbers = string.Join("  ", predicted.Select(p => p.ToString("F4", CultureInfo.InvariantCulture)));
            int right = Enumerable.Range(0, Y.Length).Count(i => IsRight(predicted, i));
            Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{epochs,6:N0}   {rate,4} ({rate / 2})            {numbers}    {right} of {Y.Length}"));
        }
    }

    private static bool IsRight(double[] predicted, int sample) => Math.Round(predicted[sample]) == Y[sample];
}
