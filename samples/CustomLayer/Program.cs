using CustomLayerSample;
using MiniNet;

// 1. Proof. Every part is compared with finite differences, in double, before it trains anything.

Console.WriteLine("Gradients against finite differences:");
Prove(GradientCheck.Run(new Swish(), inputs: 7));
Prove(GradientCheck.Run(new Swish(1.5), inputs: (3, 4)));
Prove(GradientCheck.Run(new RadialBasis(5, Gamma: 0.5), inputs: 3));
Prove(GradientCheck.Run(new Gated(4), inputs: 3));
Prove(GradientCheck.Run(new LogCosh(), outputs: 3));

Console.WriteLine();
Console.WriteLine("The same for a layer whose backward pass is wrong:");
try
{
    GradientCheck.Run(new ForgetfulSwish(), inputs: 7).ThrowIfWrong();
    Console.WriteLine("  not caught");
}
catch (ArithmeticException e)
{
    Console.WriteLine($"  caught: {e.Message}");
}

// 2. An optimizer has no gradient to check: three steps of one weight, against its formula.

Console.WriteLine();
Console.WriteLine("Lion, three steps on gradients of 2, −0.19 and −0.1:");
OptimizerProof.Print();

// 3. All of them at work in one model.

Console.WriteLine();
Dataset<float> train = Surface.Sample(2_000, seed: 1), test = Surface.Sample(500, seed: 2);
var model = new Sequential<float>(inputs: 2, seed: 1, new Dense(16), new Swish(1.5), new Gated(16), new RadialBasis(32), new Dense(1));
Console.WriteLine(model.Summary());
Console.WriteLine($"before training: R² = {model.Evaluate(test, new LogCosh()).RSquared:F4} on points not trained on");
model.Fit(train, new LogCosh(), new Lion(Schedule.Cosine(3e-3, steps: 40 * 63)), epochs: 40, batchSize: 32, validation: test);
Console.WriteLine($"after 40 epochs: R² = {model.Evaluate(test, new LogCosh()).RSquared:F4}");

static void Prove(GradientReport report)
{
    report.ThrowIfWrong(tolerance: 1e-8);
    Console.WriteLine($"  {report}");
}
