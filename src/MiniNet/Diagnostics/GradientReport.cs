using System.Globalization;

namespace MiniNet;

/// <summary>What <see cref="GradientCheck"/> found.</summary>
public sealed record GradientReport
{
    internal GradientReport()
    {
    }

    /// <summary>What was checked, as code.</summary>
    public required string Subject { get; init; }

    /// <summary>The greatest relative error of a parameter's gradient; 0 where there is none.</summary>
    public required double ParameterError { get; init; }

    /// <summary>The greatest relative error of an input's gradient; 0 where there is none.</summary>
    public required double InputError { get; init; }

    /// <summary>Which parameter or input is worst, with both values.</summary>
    public required string Worst { get; init; }

    /// <summary>How many values were compared.</summary>
    public required int Compared { get; init; }

    /// <summary>How many values stood on a kink, where there is no derivative to compare with.</summary>
    public required int Kinks { get; init; }

    /// <summary>What else is wrong, in words: stale memory, elements not written, a model that was changed.</summary>
    public required IReadOnlyList<string> Faults { get; init; }

    /// <summary>The greatest relative error.</summary>
    public double Error => Math.Max(ParameterError, InputError);

    /// <summary>Throws if an error is not below the tolerance, or there is a fault.</summary>
    /// <param name="tolerance">1e-6 goes for all; where the function is smooth, 1e-8 does.</param>
    /// <exception cref="ArithmeticException">A gradient is wrong. The message names the worst and prints both values.</exception>
    /// <returns>This report, to print.</returns>
    public GradientReport ThrowIfWrong(double tolerance = 1e-6) =>
        Faults.Count > 0 || !(Error < tolerance) ? throw new ArithmeticException(ToString()) : this;

    /// <summary>The errors, the worst value, and the faults.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{Subject}: relative error of parameters {ParameterError:E1}, of inputs {InputError:E1}, {Compared} values compared") + (Kinks > 0 ? $", {Kinks} on a kink" : "")
        + (Worst.Length > 0 ? $"; worst: {Worst}" : "") + string.Concat(Faults.Select(f => $"\n  fault: {f}"));
}
