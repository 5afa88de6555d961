using MiniNet;
using XorSample;

// The whole idea: four samples, a model of a few layers, a loss, an optimizer.

float[] x = [0, 0, 0, 1, 1, 0, 1, 1];
float[] y = [0, 1, 1, 0];

var model = new Sequential<float>(inputs: 2, seed: 1, new Dense(4), new Sigmoid(), new Dense(1), new Sigmoid());
var history = model.Fit(x, y, new MeanSquaredError(), new Sgd(learningRate: 2), epochs: 5_000);

Console.WriteLine(model);
Console.WriteLine(string.Join(", ", model.Predict(x)));

// How it went, and what it looks like.

Console.WriteLine();
Report.Loss(history);
Console.WriteLine();
Report.Predictions(x, y, model.Predict(x));
Console.WriteLine();
Report.Picture(model, history, path: args.Length > 0 ? args[0] : "xor.png");

// The tutorial that this began with: the same network, its own first weights, its own numbers.

Console.WriteLine();
Tutorial.Print();
