namespace MiniNet;

/// <summary>A model whose layers do not fit together. The message says where, what was expected, what was there, and how to mend it.</summary>
public sealed class ShapeException(string message) : ArgumentException(message);
