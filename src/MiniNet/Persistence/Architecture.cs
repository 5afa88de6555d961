namespace MiniNet;

/// <summary>What makes a model again, without its numbers: the arguments of its constructor.</summary>
internal sealed record Architecture(Shape Inputs, long Seed, Layers Layers);
