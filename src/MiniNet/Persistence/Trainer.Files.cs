using System.Numerics;
using System.Text;

namespace MiniNet;

public sealed partial class Trainer<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    private const string TrainingKey = "mininet.training", SlotName = $"{ModelState.TrainerPrefix}slot.", BestParametersName = $"{ModelState.TrainerPrefix}best.parameters", BestStatisticsName = $"{ModelState.TrainerPrefix}best.statistics";

    /// <summary>
    /// Saves the training as it stands: the model with its layers, what the optimizer remembers, the step and with it the place in the schedule and in the random
    /// streams, the epoch and with it the order of the data, and the best model so far. A trainer resumed from it goes on as this one would, to the bit.
    /// </summary>
    /// <remarks>The file is a model's file with more in it: <see cref="Sequential{T}.Load(string, LayerTypes?)"/> reads the model alone.
    /// An epoch of <see cref="Epochs"/> that is not at its end begins again, as it does for this trainer if its loop is left.</remarks>
    /// <param name="path">The file, written as a whole or not at all.</param>
    /// <param name="types">The layers that have names in files, if there are some of your own.</param>
    /// <exception cref="InvalidOperationException">Gradients have been accumulated and not yet followed: call Update before.</exception>
    /// <exception cref="NotSupportedException">A layer is not registered, or T is no type that files hold.</exception>
    /// <exception cref="IOException">The file cannot be written. The old one is unchanged.</exception>
    public void Save(string path, LayerTypes? types = null) => WholeFile.Write(path, Prepare(types));

    /// <summary>The same, to a stream, which stays open.</summary>
    /// <inheritdoc cref="Save(string, LayerTypes?)"/>
    /// <param name="stream">Where to write.</param>
    /// <param name="types"/>
    public void Save(Stream stream, LayerTypes? types = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        Prepare(types)(stream);
    }

    /// <summary>Goes on with a training that was saved. Loss and optimizer are given again, so that nothing in the file has to name them.</summary>
    /// <param name="path">What <see cref="Save(string, LayerTypes?)"/> wrote.</param>
    /// <param name="loss">The loss, of the same kind as before.</param>
    /// <param name="optimizer">The optimizer, of the same kind as before: its numbers, such as the learning rate, may be others.</param>
    /// <param name="maxDegreeOfParallelism">How many threads; −1: all processors. The result does not depend on it.</param>
    /// <param name="types">The layers that have names in files, if there are some of your own.</param>
    /// <exception cref="FileNotFoundException">The file is not there.</exception>
    /// <exception cref="InvalidDataException">It holds no training, or is damaged.</exception>
    /// <exception cref="ArgumentException">The loss or the optimizer is of another kind than the one that was saved.</exception>
    public static Trainer<T> Resume(string path, Loss loss, Optimizer optimizer, int maxDegreeOfParallelism = -1, LayerTypes? types = null)
    {
        using FileStream stream = Sequential<T>.OpenToRead(path);
        return Resume(SafetensorsFile.Open(stream, path), loss, optimizer, maxDegreeOfParallelism, types);
    }

    /// <summary>The same from a stream, which the file fills to its end.</summary>
    /// <inheritdoc cref="Resume(string, Loss, Optimizer, int, LayerTypes?)"/>
    /// <param name="stream">Where to read.</param>
    /// <param name="loss"/><param name="optimizer"/><param name="maxDegreeOfParallelism"/><param name="types"/>
    public static Trainer<T> Resume(Stream stream, Loss loss, Optimizer optimizer, int maxDegreeOfParallelism = -1, LayerTypes? types = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Resume(SafetensorsFile.Open(stream, Sequential<T>.StreamName), loss, optimizer, maxDegreeOfParallelism, types);
    }

    private static Trainer<T> Resume(SafetensorsFile file, Loss loss, Optimizer optimizer, int maxDegreeOfParallelism, LayerTypes? types)
    {
        ArgumentNullException.ThrowIfNull(loss);
        ArgumentNullException.ThrowIfNull(optimizer);
        if (!file.Metadata.TryGetValue(TrainingKey, out string? text))
            throw new InvalidDataException($"{file.Name} holds no training ({TrainingKey} in its metadata): it may hold a model, which Sequential<T>.Load reads.");
        TrainingState state = (types ?? LayerTypes.Default).ReadTrainingState(text, file.Name);
        if (state.Steps < 0 || state.Epochs < 0)
            throw new InvalidDataException($"{file.Name}: a training has {state.Steps} steps and {state.Epochs} epochs behind it, expected 0 or more.");
        if (Kind(state.Optimizer) != Kind(optimizer.ToString()))
            throw new ArgumentException($"{file.Name} was saved with {state.Optimizer}, whose memory {optimizer} cannot use: resume with an optimizer of the same kind.", nameof(optimizer));
        if (state.Loss is null || Kind(state.Loss) != Kind(loss.ToString()))
            throw new ArgumentException($"{file.Name} was saved with {state.Loss ?? "no loss"}, not with {loss}: resume with a loss of the same kind.", nameof(loss));
        Sequential<T> model = Sequential<T>.Load(file, types);
        int parameters = model.Parameters.Length, statistics = model.Statistics.Length;
        List<(string Name, int Length)> wanted = [.. Enumerable.Range(0, optimizer.Slots()).Select(i => ($"{SlotName}{i}", parameters))];
        if (state.BestValidationLoss is not null)
            wanted.AddRange([(BestParametersName, parameters), (BestStatisticsName, statistics)]);
        foreach ((string name, int length) in wanted)
        {
            if (length > 0 && (file.Find(name) is not { } tensor || !tensor.Type.IsFloat() || tensor.Sizes is not [long size] || size != length))
                throw new InvalidDataException($"{file.Name}: {name} is missing, or not the {length} numbers that it should be.");
        }
        Trainer<T> trainer = new(model, loss, optimizer, state.Seed, maxDegreeOfParallelism) { StepCount = state.Steps, EpochCount = state.Epochs };
        if (state.BestValidationLoss is { } best)
            (trainer.BestValidationLoss, trainer.bestParameters, trainer.bestStatistics) = (best, new T[parameters], new T[statistics]);
        for (int i = 0; i < wanted.Count; i++)
        {
            Span<T> to = i < optimizer.Slots() ? trainer.Slots.AsSpan(i * parameters, parameters) : wanted[i].Name == BestParametersName ? trainer.bestParameters : trainer.bestStatistics;
            if (to.Length > 0)
                file.Read(file.Find(wanted[i].Name)!, to.Length, default, to);
        }
        return trainer;
    }

    /// <summary>The names of the records in it, without their numbers: <c>ClipNorm(1, Adam(0.001))</c> to <c>ClipNorm Adam</c>. Schedules may differ.</summary>
    private static string Kind(string code)
    {
        StringBuilder kind = new();
        int from = 0;
        for (int i = 0; i < code.Length; i++)
        {
            if (code[i] == '(' && i > from && (from == 0 || code[from - 1] != '.'))
                kind.Append(code, from, i - from).Append(' ');
            if (!char.IsLetterOrDigit(code[i]) && code[i] != '_')
                from = i + 1;
        }
        return kind.ToString();
    }

    private Action<Stream> Prepare(LayerTypes? types)
    {
        if (accumulated > 0)
            throw new InvalidOperationException("Gradients have been accumulated and not yet followed, and a file does not hold them: call Update before Save.");
        int parameters = Model.Parameters.Length;
        List<SavedTensor<T>> tensors = [];
        for (int i = 0; i < optimizer.Slots() && parameters > 0; i++)
            tensors.Add(new($"{SlotName}{i}", parameters, default, Slots.AsMemory(i * parameters, parameters)));
        if (bestParameters?.Length > 0)
            tensors.Add(new(BestParametersName, parameters, default, bestParameters));
        if (bestStatistics?.Length > 0)
            tensors.Add(new(BestStatisticsName, bestStatistics.Length, default, bestStatistics));
        TrainingState state = new(StepCount, EpochCount, seed, optimizer.ToString(), loss?.ToString(), bestParameters is null ? null : BestValidationLoss);
        return Model.Prepare(types, tensors, [new(TrainingKey, (types ?? LayerTypes.Default).Write(state))]);
    }
}
