namespace MiniNet;

/// <summary>Where a training stands, beside the numbers of model and optimizer.</summary>
/// <param name="Steps">How many updates: the position of the optimizer, of its schedule and of dropout's random stream.</param>
/// <param name="Epochs">How many epochs: the position in the order of the data.</param>
/// <param name="Seed">What the random streams follow from.</param>
/// <param name="Optimizer">The optimizer as it prints.</param>
/// <param name="Loss">The loss as it prints; null for a trainer without one.</param>
/// <param name="BestValidationLoss">The lowest validation loss; null before the first.</param>
internal sealed record TrainingState(long Steps, int Epochs, long Seed, string Optimizer, string? Loss, double? BestValidationLoss);
