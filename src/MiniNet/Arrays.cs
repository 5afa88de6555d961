namespace MiniNet;

/// <summary>
/// What a model is planned with. Arrays and not <c>List&lt;T&gt;</c> of our structs: a cold start compiles every method of such a list that it meets,
/// where lists of classes come compiled with the runtime.
/// </summary>
internal static class Arrays
{
    /// <summary>The same items with one more at the end, in a new array.</summary>
    internal static void Append<TItem>(ref TItem[] items, TItem item)
    {
        TItem[] longer = new TItem[items.Length + 1];
        Array.Copy(items, longer, items.Length);
        longer[items.Length] = item;
        items = longer;
    }
}
