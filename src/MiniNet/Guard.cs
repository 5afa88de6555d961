using System.Globalization;
using System.Runtime.CompilerServices;

namespace MiniNet;

/// <summary>Checks of constructor arguments: the value back, or an exception that names it.</summary>
internal static class Guard
{
    internal static double Finite(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        double.IsFinite(value) ? value : throw Refused(name, value, "must be a finite number");

    internal static double NotNegative(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value >= 0 && double.IsFinite(value) ? value : throw Refused(name, value, "must be a finite number, 0 or more");

    internal static double Positive(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value > 0 && double.IsFinite(value) ? value : throw Refused(name, value, "must be a finite number above 0");

    /// <summary>From 0 (inclusive) to 1 (exclusive): a share, or the weight of an average.</summary>
    internal static double BelowOne(double value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value is >= 0 and < 1 ? value : throw Refused(name, value, "must be at least 0 and less than 1");

    internal static int AtLeastOne(int value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value >= 1 ? value : throw Refused(name, value, "must be at least 1");

    internal static long AtLeastOne(long value, [CallerArgumentExpression(nameof(value))] string name = "") =>
        value >= 1 ? value : throw Refused(name, value, "must be at least 1");

    internal static T NotNull<T>(T? value, [CallerArgumentExpression(nameof(value))] string name = "") where T : class =>
        value ?? throw new ArgumentNullException(name);

    /// <summary>How many threads are meant: −1 is all processors.</summary>
    internal static int Threads(int maxDegreeOfParallelism) => maxDegreeOfParallelism switch
    {
        -1 => Environment.ProcessorCount,
        >= 1 => maxDegreeOfParallelism,
        _ => throw Refused(nameof(maxDegreeOfParallelism), maxDegreeOfParallelism, "is −1 for all processors, or at least 1"),
    };

    // Messages are made in methods of their own, here and elsewhere: what is not called need not be compiled before the first step.
    private static ArgumentOutOfRangeException Refused(string name, IFormattable value, string rule) =>
        new(name, value, $"{name} {rule}, got {value.ToString(null, CultureInfo.InvariantCulture)}.");
}
