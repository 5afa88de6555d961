namespace MiniNet;

/// <summary>What an average m ← β·m + (1 − β)·g that began at 0 has gathered of its whole after t steps: 1 − βᵗ.</summary>
internal static class BiasCorrection
{
    /// <summary>1 − βᵗ; for long t it is 1, without a slow power that ends below the smallest number: βᵗ ≤ e^−(1−β)t, and e⁻⁴⁰ is lost beside 1.</summary>
    internal static double At(double beta, long step) => (1 - beta) * step > 40 ? 1 : 1 - Math.Pow(beta, step);
}
