using System.Diagnostics;
using System.Globalization;
using System.Runtime;
using MiniNet;

// XOR as in the NumPy tutorial: 2-4-1, sigmoid twice, its first weights, 1,000 epochs over the four samples. The mean squared error has half the gradient
// of the tutorial's loss, so twice its learning rate walks the same path. `warm SECONDS` repeats the training that long and tells how long the first
// time took, the median of the last tenth, and how many methods had been compiled after the first.
const int Epochs = 1000;
float[] x = [0, 0, 0, 1, 1, 0, 1, 1];
float[] y = [0, 1, 1, 0];
float[] w1 = [1.62434536f, -0.61175641f, -0.52817175f, -1.07296862f, 0.86540763f, -2.3015387f, 1.74481176f, -0.7612069f];
float[] w2 = [0.3190391f, -0.24937038f, 1.46210794f, -2.06014071f];

long start = Stopwatch.GetTimestamp();
float[] predicted = Train();
double first = Stopwatch.GetElapsedTime(start).TotalSeconds;
Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{predicted[0]:F4} {predicted[1]:F4} {predicted[2]:F4} {predicted[3]:F4}"));

if (args is ["warm", string limit])
    RepeatFor(double.Parse(limit, CultureInfo.InvariantCulture));

// In a method of its own, so that who does not ask for it does not wait until it is compiled.
void RepeatFor(double seconds)
{
    long compiled = JitInfo.GetCompiledMethodCount();
    List<double> times = [];
    long began = Stopwatch.GetTimestamp();
    while (Stopwatch.GetElapsedTime(began).TotalSeconds < seconds)
    {
        start = Stopwatch.GetTimestamp();
        Train();
        times.Add(Stopwatch.GetElapsedTime(start).TotalSeconds);
    }
    List<double> last = [.. times.Skip(times.Count * 9 / 10).Order()];
    Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{first:R} {last[last.Count / 2]:R} {compiled}"));
}

float[] Train()
{
    var model = new Sequential<float>(inputs: 2, seed: 1, new Dense(4), new Sigmoid(), new Dense(1), new Sigmoid());
    w1.CopyTo(model["0.weight"]);
    w2.CopyTo(model["2.weight"]);

    var trainer = new Trainer<float>(model, new MeanSquaredError(), new Sgd(learningRate: 0.2));
    for (int epoch = 0; epoch < Epochs; epoch++)
        trainer.Step(x, y);
    return model.Predict(x);
}
