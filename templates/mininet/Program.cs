using MiniNet;

// The data: 500 points of the plane, and whether each lies inside a circle. Put your own here: samples lie one after the other.
var random = new Random(1);
float[] x = new float[1_000], y = new float[500];
for (int i = 0; i < 500; i++)
{
    (x[2 * i], x[(2 * i) + 1]) = ((2 * random.NextSingle()) - 1, (2 * random.NextSingle()) - 1);
    y[i] = (x[2 * i] * x[2 * i]) + (x[(2 * i) + 1] * x[(2 * i) + 1]) < 0.6f ? 1 : 0;
}
var (train, test) = new Dataset<float>(x, 2, y, 1).Split(0.8);

// The network: two inputs, sixteen units that bend, one answer between 0 and 1.
var model = new Sequential<float>(inputs: 2, seed: 1, new Dense(16), new ReLU(), new Dense(1), new Sigmoid());
Console.WriteLine(model.Summary());

// Training, and how well it does on points that it has not seen.
model.Fit(train, new BinaryCrossEntropy(), new Adam(0.01), epochs: 60, validation: test, progress: new ConsoleProgress());
Console.WriteLine($"right on {100 * model.Evaluate(test, new BinaryCrossEntropy()).Accuracy:F0} of 100 new points");

// Predicting.
Console.WriteLine($"the middle is inside: {model.Predict([0, 0])[0]:F3}");
Console.WriteLine($"the corner is inside: {model.Predict([0.9f, 0.9f])[0]:F3}");
