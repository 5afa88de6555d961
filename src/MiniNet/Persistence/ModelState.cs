using System.Numerics;

namespace MiniNet;

/// <summary>The parameters and statistics of a model under the names of its files, to be written, and compared with what a file holds.</summary>
internal static class ModelState
{
    /// <summary>What a training adds to a file begins so; no name of a model does, since those begin with a layer's number.</summary>
    internal const string TrainerPrefix = "trainer.";

    private const string RunningMean = "running_mean", BatchCount = "num_batches_tracked";

    /// <summary>Everything that the model keeps, parameters first.</summary>
    internal static List<SavedTensor<T>> Of<T>(Sequential<T> model) where T : unmanaged, IFloatingPointIeee754<T>
    {
        List<SavedTensor<T>> tensors = [];
        foreach (ParameterInfo p in model.ParameterList)
            tensors.Add(new(p.Name, p.Shape, p.FileLayout, model.ParameterStore.AsMemory(model.ParameterBase + p.Offset, p.Shape.Length)));
        foreach (ModelPlan.StatisticInfo s in model.Plan.Model.Statistics)
            tensors.Add(new(s.Name, s.Shape, default, model.StatisticStore.AsMemory(model.StatisticBase + s.Offset, s.Shape.Length)));
        return tensors;
    }

    /// <summary>Loads everything that the model keeps; nothing changes unless all of it fits.</summary>
    /// <exception cref="InvalidDataException">Tensors are missing, unexpected, or of another shape or type: all of them in one message.</exception>
    internal static void LoadAll<T>(Sequential<T> model, TensorSource source) where T : unmanaged, IFloatingPointIeee754<T>
    {
        List<SavedTensor<T>> wanted = Of(model);
        Dictionary<string, StoredTensor> found = source.Tensors.ToDictionary(t => t.Name);
        List<string> missing = [], wrong = [];
        List<(SavedTensor<T>, StoredTensor)> pairs = [];
        foreach (SavedTensor<T> tensor in wanted)
        {
            if (!found.Remove(tensor.Name, out StoredTensor? stored))
                missing.Add($"{tensor.Name} {SizesOf(tensor)}");
            else if (!Fits(tensor, stored))
                wrong.Add($"{tensor.Name} is {stored.TypeName} {stored.SizesText}, expected floating-point {SizesOf(tensor)}");
            else
                pairs.Add((tensor, stored));
        }
        IEnumerable<string> unexpected = found.Values.Where(t => !IsPassedOver(t.Name, wanted)).Select(t => $"{t.Name} {t.SizesText}");
        List<string> faults = [.. List("missing", missing), .. List("unexpected", [.. unexpected]), .. List("other", wrong)];
        if (faults.Count > 0)
            throw new InvalidDataException($"{source.Name} does not hold this model ({string.Join(" -> ", model.Layers)}). {string.Join(". ", faults)}. LoadMatchingParameters takes what fits and leaves the rest.");
        Read(model, source, pairs);
    }

    /// <summary>Loads what the file has under the same name in the same shape, and says what that was.</summary>
    internal static IReadOnlyList<string> LoadMatching<T>(Sequential<T> model, TensorSource source) where T : unmanaged, IFloatingPointIeee754<T>
    {
        Dictionary<string, StoredTensor> found = source.Tensors.ToDictionary(t => t.Name);
        List<(SavedTensor<T> Tensor, StoredTensor)> pairs = [];
        foreach (SavedTensor<T> tensor in Of(model))
        {
            if (found.TryGetValue(tensor.Name, out StoredTensor? stored) && Fits(tensor, stored))
                pairs.Add((tensor, stored));
        }
        Read(model, source, pairs);
        return [.. pairs.Select(p => p.Tensor.Name)];
    }

    private static void Read<T>(Sequential<T> model, TensorSource source, List<(SavedTensor<T> Tensor, StoredTensor Stored)> pairs) where T : unmanaged, IFloatingPointIeee754<T>
    {
        pairs.Sort((a, b) => a.Stored.Offset.CompareTo(b.Stored.Offset));
        foreach ((SavedTensor<T> tensor, StoredTensor stored) in pairs)
        {
            if (stored.Type.Size() > ElementTypes.Of<T>().Size())
                source.Read<T>(stored, tensor.Shape, tensor.Layout, default);      // may be beyond the range: look before anything changes
        }
        foreach ((SavedTensor<T> tensor, StoredTensor stored) in pairs)
            source.Read(stored, tensor.Shape, tensor.Layout, model[tensor.Name]);
    }

    private static bool Fits<T>(SavedTensor<T> tensor, StoredTensor stored)
    {
        int[] sizes = tensor.Layout.Sizes(tensor.Shape);
        if (!stored.Type.IsFloat() || sizes.Length != stored.Sizes.Length)
            return false;
        for (int i = 0; i < sizes.Length; i++)
        {
            if (sizes[i] != stored.Sizes[i])
                return false;
        }
        return true;
    }

    /// <summary>What is no part of a model: a training's own tensors, and the count of batches that PyTorch keeps beside running means, which nothing here needs.</summary>
    private static bool IsPassedOver<T>(string name, List<SavedTensor<T>> wanted) =>
        name.StartsWith(TrainerPrefix, StringComparison.Ordinal)
        || (name.EndsWith($".{BatchCount}", StringComparison.Ordinal) && wanted.Exists(t => t.Name == name[..^BatchCount.Length] + RunningMean));

    private static string SizesOf<T>(SavedTensor<T> tensor) => $"[{string.Join(", ", tensor.Layout.Sizes(tensor.Shape))}]";

    private static IEnumerable<string> List(string what, List<string> items)
    {
        const int Shown = 100;
        if (items.Count > 0)
            yield return $"{char.ToUpperInvariant(what[0])}{what[1..]}: {string.Join(", ", items.Take(Shown))}{(items.Count > Shown ? $" and {items.Count - Shown} more" : "")}";
    }
}
