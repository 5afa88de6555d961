using System.Globalization;

namespace MiniNet.Tests;

public class CodeTests
{
    private static readonly (string Code, object Record)[] Records =
    [
        ("Dense(4)", new Dense(4)),
        ("Dense(4, initializer: HeNormal())", new Dense(4, new HeNormal())),
        ("Dense(4, initializer: Uniform(-0.5, 0.5), biasInitializer: Constant(0.1))", new Dense(4, new Uniform(-0.5, 0.5), new Constant(0.1))),
        ("Dense(4, biasInitializer: Normal(0.25))", new Dense(4, biasInitializer: new Normal(0.25))),
        ("Dense(4)", new Dense(4, new GlorotUniform(), new Zeros())),
        ("Conv2D(8, kernel: 3)", new Conv2D(8, 3)),
        ("Conv2D(8, kernel: 3)", new Conv2D(8, (3, 3), stride: (1, 1), padding: Padding.Valid, dilation: 1, initializer: new GlorotUniform())),
        ("Conv2D(8, kernel: (3, 5), stride: 2, padding: Padding.Same, dilation: (1, 2), groups: 4, bias: false)", new Conv2D(8, (3, 5), 2, Padding.Same, (1, 2), 4, false)),
        ("Conv2D(8, kernel: 3, padding: 1, initializer: HeNormal(), biasInitializer: Constant(0.1))", new Conv2D(8, 3, padding: 1, initializer: new HeNormal(), biasInitializer: new Constant(0.1))),
        ("Conv2D(8, kernel: 3, padding: (1, 0))", new Conv2D(8, 3, padding: (1, 0))),
        ("Conv2D(8, kernel: 3, padding: (0, 1, 2, 3))", new Conv2D(8, 3, padding: (0, 1, 2, 3))),
        ("Conv1D(8, kernel: 3)", new Conv1D(8, 3)),
        ("Conv1D(8, kernel: 3, stride: 2, padding: 1, dilation: 3, groups: 4, bias: false, initializer: HeNormal(), biasInitializer: Constant(0.1))", new Conv1D(8, 3, 2, 1, 3, 4, false, new HeNormal(), new Constant(0.1))),
        ("ConvTranspose2D(8, kernel: 2)", new ConvTranspose2D(8, 2)),
        ("ConvTranspose2D(8, kernel: (3, 2), stride: 2, padding: 1, outputPadding: (1, 0), dilation: 3, groups: 4, bias: false)", new ConvTranspose2D(8, (3, 2), 2, 1, (1, 0), 3, 4, false)),
        ("ConvTranspose2D(8, kernel: 2, padding: Padding.Same, initializer: HeNormal(), biasInitializer: Constant(0.1))", new ConvTranspose2D(8, 2, padding: Padding.Same, initializer: new HeNormal(), biasInitializer: new Constant(0.1))),
        ("Flatten()", new Flatten()),
        ("Reshape(784)", new Reshape(784)),
        ("Reshape((28, 28, 1))", new Reshape((28, 28, 1))),
        ("Dropout(0.5)", new Dropout(0.5)),
        ("BatchNorm()", new BatchNorm()),
        ("BatchNorm(rate: 0.01, epsilon: 0.001)", new BatchNorm(0.01, 1e-3)),
        ("Normalize()", new Normalize()),
        ("MaxPool2D((3, 2), stride: (1, 2), padding: 1)", new MaxPool2D((3, 2), (1, 2), 1)),
        ("MaxPool2D((3, 2))", new MaxPool2D((3, 2), (3, 2))),
        ("Dropout2D(0.25)", new Dropout2D(0.25)),
        ("PReLU()", new PReLU()),
        ("PReLU(perChannel: true, initial: 0.1)", new PReLU(true, 0.1)),
        ("SqueezeExcite()", new SqueezeExcite()),
        ("SqueezeExcite(4)", new SqueezeExcite(4)),
        ("Embedding(1000, 16)", new Embedding(1000, 16)),
        ("Embedding(1000, 16, initializer: Zeros())", new Embedding(1000, 16, new Zeros())),
        ("RandomShift(2)", new RandomShift(2)),
        ("RandomFlip()", new RandomFlip()),
        ("RandomFlip(0.25)", new RandomFlip(0.25)),
        ("RandomRotation(7.5)", new RandomRotation(7.5)),
        ("GaussianNoise(0.1)", new GaussianNoise(0.1)),
        ("LayerNorm()", new LayerNorm()),
        ("LayerNorm(epsilon: 0.001)", new LayerNorm(1e-3)),
        ("RmsNorm()", new RmsNorm()),
        ("RmsNorm(epsilon: 0.001)", new RmsNorm(1e-3)),
        ("GroupNorm(4)", new GroupNorm(4)),
        ("GroupNorm(4, epsilon: 0.001)", new GroupNorm(4, 1e-3)),
        ("MaxPool2D(2)", new MaxPool2D(2)),
        ("MaxPool2D(2)", new MaxPool2D(2, stride: 2)),
        ("MaxPool2D(3, stride: 2, padding: 1)", new MaxPool2D(3, 2, 1)),
        ("AveragePool2D(3, padding: 1)", new AveragePool2D(3, padding: 1)),
        ("AveragePool2D(2, stride: 1)", new AveragePool2D(2, 1)),
        ("GlobalAveragePool2D()", new GlobalAveragePool2D()),
        ("Upsample2D(2)", new Upsample2D(2)),
        ("Chain()", new Chain()),
        ("Chain(Dense(4), Tanh())", new Chain(new Dense(4), new Tanh())),
        ("Residual(Dense(4), Chain(ReLU(), Dense(2)))", new Residual(new Dense(4), new Chain(new ReLU(), new Dense(2)))),
        ("Branches(Dense(2), Identity())", new Branches(new Dense(2), new Identity())),
        ("Frozen(Dense(4))", new Frozen(new Dense(4))),
        ("Tied(\"0\", Dense(4))", new Tied("0", new Dense(4))),
        ("Identity()", new Identity()),
        ("ReLU()", new ReLU()),
        ("LeakyReLU()", new LeakyReLU()),
        ("LeakyReLU(0.25)", new LeakyReLU(0.25)),
        ("ELU()", new ELU()),
        ("ELU(0.5)", new ELU(0.5)),
        ("Sigmoid()", new Sigmoid()),
        ("HardSigmoid()", new HardSigmoid()),
        ("Tanh()", new Tanh()),
        ("SiLU()", new SiLU()),
        ("Softplus()", new Softplus()),
        ("GELU()", new GELU()),
        ("GELU(GeluApproximation.Tanh)", new GELU(GeluApproximation.Tanh)),
        ("Softmax()", new Softmax()),
        ("LogSoftmax()", new LogSoftmax()),
        ("MeanSquaredError()", new MeanSquaredError()),
        ("MeanAbsoluteError()", new MeanAbsoluteError()),
        ("Huber()", new Huber()),
        ("Huber(0.5)", new Huber(0.5)),
        ("CrossEntropy()", new CrossEntropy()),
        ("CrossEntropy(smoothing: 0.1)", new CrossEntropy(0.1)),
        ("BinaryCrossEntropy()", new BinaryCrossEntropy()),
        ("Sgd(0.1)", new Sgd(0.1)),
        ("Sgd(0.1, momentum: 0.9, nesterov: true, weightDecay: 0.01)", new Sgd(0.1, 0.9, true, 0.01)),
        ("Adam(0.001)", new Adam()),
        ("Adam(1E-05)", new Adam(1e-5)),
        ("Adam(0.1, beta1: 0.8, beta2: 0.99, epsilon: 1E-07, weightDecay: 0.5)", new Adam(0.1, 0.8, 0.99, 1e-7, 0.5)),
        ("AdamW(0.001)", new AdamW()),
        ("AdamW(0.1, beta1: 0.8, beta2: 0.99, epsilon: 1E-07, weightDecay: 0)", new AdamW(0.1, 0.8, 0.99, 1e-7, 0)),
        ("RmsProp(0.01)", new RmsProp()),
        ("RmsProp(0.1, beta2: 0.9, momentum: 0.5, centered: true, epsilon: 1E-07, weightDecay: 0.5)", new RmsProp(0.1, 0.9, 0.5, true, 1e-7, 0.5)),
        ("AdaGrad(0.01)", new AdaGrad()),
        ("AdaGrad(0.1, epsilon: 1E-07, weightDecay: 0.5)", new AdaGrad(0.1, 1e-7, 0.5)),
        ("Lbfgs()", new Lbfgs()),
        ("Lbfgs(history: 5, learningRate: 0.5)", new Lbfgs(5, 0.5)),
        ("ClipNorm(1, Adam(0.001))", new ClipNorm(1, new Adam())),
        ("ClipValue(0.5, ClipNorm(1.5, Sgd(0.1)))", new ClipValue(0.5, new ClipNorm(1.5, new Sgd(0.1)))),
        ("Sgd(Schedule.Step(0.5, every: 1000, factor: 0.1).WarmUp(10), momentum: 0.9)", new Sgd(Schedule.Step(0.5, 1000).WarmUp(10), 0.9)),
        ("0.25", Schedule.Constant(0.25)),
        ("Schedule.Step(0.5, every: 10, factor: 0.25)", Schedule.Step(0.5, 10, 0.25)),
        ("Schedule.Exponential(0.5, factor: 0.99)", Schedule.Exponential(0.5, 0.99)),
        ("Schedule.Cosine(0.5, steps: 10, last: 0.01)", Schedule.Cosine(0.5, 10, 0.01)),
        ("Schedule.OneCycle(0.5, steps: 1000, rise: 0.25)", Schedule.OneCycle(0.5, 1000, 0.25)),
        ("Schedule.Constant(0.5).WarmUp(1000)", Schedule.Constant(0.5).WarmUp(1000)),
        ("Zeros()", new Zeros()),
        ("Constant(-0.5)", new Constant(-0.5)),
        ("Uniform(-0.5, 1.5)", new Uniform(-0.5, 1.5)),
        ("Normal(0.02)", new Normal(0.02)),
        ("GlorotUniform()", new GlorotUniform()),
        ("GlorotNormal()", new GlorotNormal()),
        ("HeUniform()", new HeUniform()),
        ("HeNormal()", new HeNormal()),
        ("LeCunUniform()", new LeCunUniform()),
        ("LeCunNormal()", new LeCunNormal()),
        ("Orthogonal()", new Orthogonal()),
        ("Orthogonal(1.5)", new Orthogonal(1.5)),
        // Records of a user's own, which leave the printing to the compiler.
        ("Plain()", new Plain()),
        ("Scale(0.5)", new Scale(0.5)),
        ("Between(-0.5, 1E-05)", new Between(-0.5, 1e-5)),
        ("Wrapping(Dense(4, initializer: HeNormal()), 0.5)", new Wrapping(new Dense(4, new HeNormal()), 0.5)),
        ("Wrapping(Wrapping(Scale(0.5), 0.25), 0.5)", new Wrapping(new Wrapping(new Scale(0.5), 0.25), 0.5)),
        ("Chain(Scale(0.5), Between(0.5, 2))", new Chain(new Scale(0.5), new Between(0.5, 2))),
        ("OwnLoss(0.5)", new OwnLoss(0.5)),
        ("OwnInitializer(0.5, 3)", new OwnInitializer(0.5, 3)),
        ("OwnOptimizer(Schedule.Cosine(0.5, steps: 10), 0.5)", new OwnOptimizer(Schedule.Cosine(0.5, 10), 0.5)),
        ("OwnSchedule(0.5, 3)", new OwnSchedule(0.5, 3)),
        ("Sgd(OwnSchedule(0.5, 3), momentum: 0.9)", new Sgd(new OwnSchedule(0.5, 3), 0.9)),
        ("OwnSchedule(0.5, 3).WarmUp(10)", new OwnSchedule(0.5, 3).WarmUp(10)),
    ];

    public static TheoryData<int, string> Cases => new(Records.Select((r, i) => (i, r.Code)));

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_record_prints_as_the_code_that_made_it(int record, string code) => Assert.Equal(code, Records[record].Record.ToString());

    [Theory]
    [MemberData(nameof(Cases))]
    public void A_record_prints_the_same_where_the_decimal_sign_is_a_comma(int record, string code)
    {
        CultureInfo before = CultureInfo.CurrentCulture, german = German();
        try
        {
            CultureInfo.CurrentCulture = german;
            Assert.Equal("0,5", 0.5.ToString(CultureInfo.CurrentCulture));
            Assert.Equal(code, Records[record].Record.ToString());
            Assert.Same(german, CultureInfo.CurrentCulture);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void A_model_and_a_metric_print_the_same_where_the_decimal_sign_is_a_comma()
    {
        CultureInfo before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = German();
            Sequential<double> model = new(1000, seed: 1, new Dense(4), new Dropout(0.5));
            Assert.Equal("[1000] -> Dense(4) [4] -> Dropout(0.5) [4], 4,004 parameters", model.ToString());
            Assert.Equal("12.35 %", Text.Percent(0.123456));
            Assert.Equal("0.1235", Text.Number(0.123456));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void The_culture_of_the_thread_comes_back_after_a_record_that_throws_while_it_prints()
    {
        CultureInfo before = CultureInfo.CurrentCulture, german = German();
        try
        {
            CultureInfo.CurrentCulture = german;
            Assert.Throws<NotSupportedException>(() => new Unprintable().ToString());
            Assert.Same(german, CultureInfo.CurrentCulture);
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }

    [Fact]
    public void Every_public_record_of_the_library_has_a_case()
    {
        Type[] roots = [typeof(Layer), typeof(Loss), typeof(Optimizer), typeof(Initializer), typeof(Augmentation)];
        IEnumerable<string> all = typeof(Layer).Assembly.GetExportedTypes().Where(t => !t.IsAbstract && roots.Any(t.IsSubclassOf)).Select(t => t.Name);
        Assert.Equal(all.Order(), Records.Select(r => r.Record.GetType()).Where(t => t.Assembly == typeof(Layer).Assembly && !t.IsSubclassOf(typeof(Schedule))).Select(t => t.Name).Distinct().Order());
        int schedules = typeof(Schedule).Assembly.GetTypes().Count(t => t.IsSubclassOf(typeof(Schedule)));
        Assert.Equal(schedules, Records.Select(r => r.Record.GetType()).Where(t => t.Assembly == typeof(Schedule).Assembly && t.IsSubclassOf(typeof(Schedule))).Distinct().Count());
    }

    /// <summary>A culture of German numbers, which is there where the machine has no cultures installed too.</summary>
    private static CultureInfo German()
    {
        CultureInfo culture = (CultureInfo)CultureInfo.InvariantCulture.Clone();
        culture.NumberFormat.NumberDecimalSeparator = culture.NumberFormat.PercentDecimalSeparator = ",";
        culture.NumberFormat.NumberGroupSeparator = culture.NumberFormat.PercentGroupSeparator = ".";
        return culture;
    }

    private abstract record Own : Activation
    {
        protected override void Apply<T>(ReadOnlySpan<T> x, Span<T> y) => x.CopyTo(y);

        protected override void Differentiate<T>(ReadOnlySpan<T> x, ReadOnlySpan<T> y, ReadOnlySpan<T> outputGradient, Span<T> inputGradient) => outputGradient.CopyTo(inputGradient);
    }

    private sealed record Plain : Own;

    private sealed record Scale(double Factor) : Own;

    private sealed record Between(double Low, double High) : Own;

    private sealed record Unprintable : Own
    {
        public double Value => throw new NotSupportedException();
    }

    private sealed record Wrapping(Layer Inner, double Share) : Composite
    {
        protected override Value Wire(Wiring wiring, Value x) => wiring.Apply("", Inner, x);
    }

    private sealed record OwnLoss(double Power) : Loss
    {
        public override T Evaluate<T>(in LossPass<T> pass) => T.Zero;
    }

    private sealed record OwnInitializer(double Value, int Every) : Initializer
    {
        public override double Draw(RandomStream random, long index, int fanIn, int fanOut) => index % Every == 0 ? Value : 0;
    }

    private sealed record OwnOptimizer(Schedule Rate, double Share) : Optimizer
    {
        public override void Update<T>(in Update<T> update)
        {
        }
    }

    private sealed record OwnSchedule(double Rate, long Every) : Schedule
    {
        public override double At(long step) => step % Every == 0 ? Rate : 0;
    }
}
