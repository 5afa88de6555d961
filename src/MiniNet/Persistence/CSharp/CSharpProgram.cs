using System.Globalization;
using System.Numerics;

namespace MiniNet;

/// <summary>What a model computes for one sample as statements of C#: the table of what every layer becomes, and the constants that they need.</summary>
internal sealed class CSharpProgram<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private readonly Sequential<T> model;
    private readonly Dictionary<string, string> dataOf = [];
    private int values;

    /// <exception cref="NotSupportedException">A layer has no form in C# source.</exception>
    internal CSharpProgram(Sequential<T> model)
    {
        this.model = model;
        CSharpValue x = new("x", model.InputShape.Length), y = Run(model.Plan, x);
        if (y == x)
            y = Add("Identity()", x, null, x.Length, "{x}.CopyTo({y});");
        y.Name = "y";
    }

    /// <summary>The statements in their order.</summary>
    internal List<CSharpStatement> Statements { get; } = [];

    /// <summary>The constants: their names, what they are, their numbers.</summary>
    internal List<(string Name, string Remark, T[] Numbers)> Data { get; } = [];

    /// <summary>A number as C# writes it: read back, it has the same bits.</summary>
    internal static string Literal(T value)
    {
        string type = typeof(T) == typeof(double) ? "double" : "float", suffix = typeof(T) == typeof(double) ? "d" : "f";
        return T.IsNaN(value) ? $"{type}.NaN"
            : T.IsInfinity(value) ? $"{type}.{(T.IsNegative(value) ? "Negative" : "Positive")}Infinity"
            : value.ToString("R", CultureInfo.InvariantCulture) + suffix;
    }

    private CSharpValue Run(Plan plan, CSharpValue x)
    {
        if (plan.Circuit is null)
            return RunLayer(plan, x);
        CSharpValue[] wires = new CSharpValue[plan.Circuit.WireCount];
        int[] columns = new int[wires.Length];                         // the last axis of each
        (wires[0], columns[0]) = (x, plan.Input.Last);
        foreach (Step step in plan.Circuit.Steps)
        {
            CSharpValue a = wires[step.A], b = wires[Math.Max(step.B, 0)];
            columns[step.Result] = step.Kind switch
            {
                StepKind.Layer => step.Child!.Output.Last,
                StepKind.Concatenate => columns[step.A] + columns[step.B],
                _ => columns[step.A],
            };
            wires[step.Result] = step.Kind switch
            {
                StepKind.Layer => Run(step.Child!, a),
                StepKind.Add => Add("+", a, b, a.Length, Loop("{x}[i] + {z}[i]"), mayOverwrite: true),
                StepKind.Multiply => Add("·", a, b, a.Length, Loop($"{{x}}[i] * {{z}}[{(b.Length == a.Length ? "i" : $"i % {b.Length}")}]"), mayOverwrite: true),
                _ => Add("|", a, b, a.Length + b.Length, $"Concatenate({{x}}, {columns[step.A]}, {{z}}, {columns[step.B]}, {{y}});"),
            };
        }
        return wires[plan.Circuit.Output];
    }

    private CSharpValue RunLayer(Plan plan, CSharpValue x)
    {
        Shape input = plan.Input, output = plan.Output;
        return plan.Layer switch
        {
            Identity or Dropout or Dropout2D or Reshape => x,
            Flatten => input.Rank == 1 || input.Last == 1 ? x : Call($"Flatten({{x}}, {input.Last}, {{y}})"),

            ReLU => Map("ReLU({x}[i])"),
            LeakyReLU leaky => Map($"LeakyReLU({{x}}[i], {Literal(T.CreateChecked(leaky.Slope))})"),
            PReLU { PerChannel: true } => Map($"PReLU({{x}}[i], {Parameter(0)}[{Channel()}])"),
            PReLU => Map($"PReLU({{x}}[i], {Parameter(0)}[0])"),
            ELU elu => Map($"ELU({{x}}[i], {Literal(T.CreateChecked(elu.Alpha))})"),
            GELU { Approximation: GeluApproximation.Tanh } => Map("GELUByTanh({x}[i])"),
            GELU or HardSigmoid or Sigmoid or SiLU or Softplus or Tanh => Map($"{plan.Layer.GetType().Name}({{x}}[i])"),
            Softmax or LogSoftmax => Call($"{plan.Layer.GetType().Name}({{x}}, {input.Last}, {{y}})"),

            Dense => Call($"Dense({{x}}, {Parameter(0)}, {Parameter(1)}, {{y}})"),
            Conv2D conv => Call(Convolution(conv)),
            MaxPool2D pool => Call($"MaxPool2D({{x}}, {input.ToCode()}, {pool.Kernel.ToCode()}, {pool.Stride.ToCode()}, {pool.Padding}, {{y}}, {output.ToCode()})"),
            AveragePool2D pool => Call($"AveragePool2D({{x}}, {input.ToCode()}, {pool.Kernel.ToCode()}, {pool.Stride.ToCode()}, {pool.Padding}, {{y}}, {output.ToCode()})"),
            GlobalAveragePool2D => Call($"AveragePool2D({{x}}, {input.ToCode()}, ({input[0]}, {input[1]}), (1, 1), 0, {{y}}, (1, 1, {input[2]}))"),
            Upsample2D upsample => Call($"Upsample2D({{x}}, {input.ToCode()}, {upsample.Factor}, {{y}})"),

            BatchNorm norm => Map($"{MathClass}.FusedMultiplyAdd({{x}}[i] - {Statistic(0)}[{Channel()}], {Scale(norm)}[{Channel()}], {Parameter(1)}[{Channel()}])"),
            Normalize => Map($"({{x}}[i] - {Statistic(0)}[{Channel()}]) / {Statistic(1)}[{Channel()}]"),
            LayerNorm norm => Call($"LayerNorm({{x}}, {Parameter(0)}, {Parameter(1)}, {Literal(T.CreateChecked(norm.Epsilon))}, {{y}})"),
            RmsNorm norm => Call($"LayerNorm({{x}}, {Parameter(0)}, default, {Literal(norm.Epsilon is { } given ? T.CreateChecked(given) : T.BitIncrement(T.One) - T.One)}, {{y}})"),

            _ => throw new NotSupportedException($"Layer {plan.Path}, {plan.Layer}, has no form in C# source: leave it out with model[..n], or save the model as a file (Save, ExportOnnx) where the library or ONNX Runtime can run."),
        };

        CSharpValue Map(string value) => Add($"{plan.Path}: {plan.Layer}", x, null, output.Length, Loop(value), mayOverwrite: true);
        CSharpValue Call(string call) => Add($"{plan.Path}: {plan.Layer}", x, null, output.Length, call + ";");
        string Channel() => input.Rank == 1 ? "i" : $"i % {input.Last}";
        string Parameter(int i) => Constant(Array.Find(plan.Model.Parameters, p => p.Offset == plan.Parameters[i].Offset).Name, plan.Parameters[i].Length);
        string Statistic(int i) => Constant(plan.Model.Statistics.Find(s => s.Offset == plan.Statistics[i].Offset)!.Name, plan.Statistics[i].Length);

        // As the layer computes it: 1 / deviation, then times the weight.
        string Scale(BatchNorm norm)
        {
            ReadOnlySpan<T> weight = model.Parameters.Slice(plan.Parameters[0].Offset, input.Last), variance = model.Statistics.Slice(plan.Statistics[1].Offset, input.Last);
            T[] scale = new T[input.Last];
            for (int j = 0; j < scale.Length; j++)
                scale[j] = T.One / T.Sqrt(variance[j] + T.CreateChecked(norm.Epsilon)) * weight[j];
            return Add($"{plan.Path}, weight / deviation", scale);
        }

        string Convolution(Conv2D conv)
        {
            int spanHeight = ((conv.Kernel[0] - 1) * conv.Dilation[0]) + 1, spanWidth = ((conv.Kernel[1] - 1) * conv.Dilation[1]) + 1;
            int top = conv.Padding.Vertical(input[0], spanHeight, conv.Stride[0]).Before, left = conv.Padding.Horizontal(input[1], spanWidth, conv.Stride[1]).Before;
            return $"Conv2D({{x}}, {input.ToCode()}, {Parameter(0)}, {(conv.Bias ? Parameter(1) : "default")}, {conv.Kernel.ToCode()}, {conv.Stride.ToCode()}, {conv.Dilation.ToCode()}, ({top}, {left}), {conv.Groups}, {{y}}, {output.ToCode()})";
        }
    }

    private static string MathClass => typeof(T) == typeof(double) ? "Math" : "MathF";

    private static string Loop(string value) => $"for (int i = 0; i < {{y}}.Length; i++)\n    {{y}}[i] = {value};";

    private CSharpValue Add(string layer, CSharpValue x, CSharpValue? z, int length, string code, bool mayOverwrite = false)
    {
        CSharpValue y = new($"v{values++}", length);
        x.LastUse = Statements.Count;
        if (z is not null)
            z.LastUse = Statements.Count;
        Statements.Add(new(code, layer, x, z, y, mayOverwrite));
        return y;
    }

    /// <summary>A parameter or statistic as a constant, once, however many layers share it.</summary>
    private string Constant(string name, int length)
    {
        if (!dataOf.TryGetValue(name, out string? data))
            dataOf.Add(name, data = Add($"{name}, {length}", model[name].ToArray()));
        return data;
    }

    private string Add(string remark, T[] numbers)
    {
        Data.Add(($"Data{Data.Count}", remark, numbers));
        return Data[^1].Name;
    }
}
