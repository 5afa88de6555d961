using System.Diagnostics.CodeAnalysis;
using System.Numerics;

namespace MiniNet;

public sealed partial class Sequential<T> where T : unmanaged, IFloatingPointIeee754<T>
{
    internal const string ArchitectureKey = "mininet.architecture";

    private const string FormatKey = "format", Format = "pt";         // PyTorch's names and layouts: some readers want to be told

    /// <summary>
    /// Saves the model as a safetensors file: parameters and statistics under PyTorch's names and in its layouts, and the layers themselves, so that
    /// <see cref="Load(string, LayerTypes?)"/> needs no code of the model.
    /// </summary>
    /// <param name="path">The file. It is written beside and moved into place: at any moment there is the old one or the new one, as a whole.</param>
    /// <param name="types">The layers that have names in files, if there are some of your own.</param>
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

    /// <summary>The same, as bytes: what <see cref="Load(ReadOnlySpan{byte}, LayerTypes?)"/> reads.</summary>
    /// <param name="types">The layers that have names in files, if there are some of your own.</param>
    /// <exception cref="NotSupportedException">A layer is not registered, or T is no type that files hold.</exception>
    public byte[] ToBytes(LayerTypes? types = null)
    {
        using MemoryStream stream = new();
        Save(stream, types);
        return stream.ToArray();
    }

    /// <summary>Saves the parameters and statistics alone: a state dictionary, for a model whose layers are made by code.</summary>
    /// <param name="path">The file, written as a whole or not at all.</param>
    /// <exception cref="IOException">The file cannot be written. The old one is unchanged.</exception>
    public void SaveParameters(string path) => WholeFile.Write(path, SaveParameters);

    /// <summary>The same, to a stream, which stays open.</summary>
    /// <param name="stream">Where to write.</param>
    /// <exception cref="IOException">The stream cannot be written.</exception>
    public void SaveParameters(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        SafetensorsWriter.Write(stream, ModelState.Of(this), [new(FormatKey, Format)]);
    }

    /// <summary>
    /// A model from a file that <see cref="Save(string, LayerTypes?)"/> wrote: equal layers, the same numbers. A float model's file makes a double model and the other way round;
    /// F16 and BF16 are read too.
    /// </summary>
    /// <param name="path">The file. Nothing in it is run, and it can name no type but those registered.</param>
    /// <param name="types">The layers that have names in files, if there are some of your own.</param>
    /// <exception cref="FileNotFoundException">The file is not there.</exception>
    /// <exception cref="InvalidDataException">It is no such file, is damaged, names a layer that is not registered, or holds a number beyond the range of T.</exception>
    [SuppressMessage("Reliability", "CA2000", Justification = "The stream is disposed of here.")]
    public static Sequential<T> Load(string path, LayerTypes? types = null)
    {
        using FileStream stream = OpenToRead(path);
        return Load(SafetensorsFile.Open(stream, path), types);
    }

    /// <summary>The same from a stream, which the file fills to its end.</summary>
    /// <inheritdoc cref="Load(string, LayerTypes?)"/>
    /// <param name="stream">Where to read.</param>
    /// <param name="types"/>
    public static Sequential<T> Load(Stream stream, LayerTypes? types = null)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return Load(SafetensorsFile.Open(stream, StreamName), types);
    }

    /// <summary>The same from bytes, such as those of a resource.</summary>
    /// <inheritdoc cref="Load(string, LayerTypes?)"/>
    /// <param name="bytes">The whole file.</param>
    /// <param name="types"/>
    public static unsafe Sequential<T> Load(ReadOnlySpan<byte> bytes, LayerTypes? types = null)
    {
        fixed (byte* start = bytes)
        {
            using Stream stream = bytes.IsEmpty ? new MemoryStream() : new UnmanagedMemoryStream(start, bytes.Length);
            return Load(SafetensorsFile.Open(stream, "The memory"), types);
        }
    }

    /// <summary>
    /// Reads all parameters and statistics from a safetensors file with the names and layouts of torch.nn.Sequential. Nothing changes unless everything fits.
    /// </summary>
    /// <param name="path">The file.</param>
    /// <exception cref="FileNotFoundException">The file is not there.</exception>
    /// <exception cref="InvalidDataException">It is no such file or damaged; or tensors are missing, unexpected or of another shape, all named in one message.</exception>
    public void LoadParameters(string path)
    {
        using FileStream stream = OpenToRead(path);
        ModelState.LoadAll(this, SafetensorsFile.Open(stream, path));
    }

    /// <summary>The same from a stream, which the file fills to its end.</summary>
    /// <inheritdoc cref="LoadParameters(string)"/>
    /// <param name="stream">Where to read.</param>
    public void LoadParameters(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        ModelState.LoadAll(this, SafetensorsFile.Open(stream, StreamName));
    }

    /// <summary>For fine-tuning: reads those parameters and statistics that the file has under the same name and in the same shape, and leaves the others as they are.</summary>
    /// <param name="path">The file.</param>
    /// <returns>The names of what was taken.</returns>
    /// <exception cref="FileNotFoundException">The file is not there.</exception>
    /// <exception cref="InvalidDataException">It is no safetensors file, or damaged.</exception>
    public IReadOnlyList<string> LoadMatchingParameters(string path)
    {
        using FileStream stream = OpenToRead(path);
        return ModelState.LoadMatching(this, SafetensorsFile.Open(stream, path));
    }

    /// <summary>The same from a stream, which the file fills to its end.</summary>
    /// <inheritdoc cref="LoadMatchingParameters(string)"/>
    /// <param name="stream">Where to read.</param>
    public IReadOnlyList<string> LoadMatchingParameters(Stream stream)
    {
        ArgumentNullException.ThrowIfNull(stream);
        return ModelState.LoadMatching(this, SafetensorsFile.Open(stream, StreamName));
    }

    internal const string StreamName = "The stream";

    internal static Sequential<T> Load(SafetensorsFile file, LayerTypes? types)
    {
        if (!file.Metadata.TryGetValue(ArchitectureKey, out string? text))
            throw new InvalidDataException($"{file.Name} holds parameters, but no layers ({ArchitectureKey} in its metadata): make the model by code and call its LoadParameters.");
        Architecture architecture = (types ?? LayerTypes.Default).ReadArchitecture(text, file.Name);
        Sequential<T> model;
        try
        {
            model = new(architecture, file);
        }
        catch (Exception e) when (e is ArgumentException or OverflowException)
        {
            throw new InvalidDataException($"{file.Name}: its layers make no model. {e.Message}", e);
        }
        ModelState.LoadAll(model, file);
        return model;
    }

    internal static FileStream OpenToRead(string path) => new(path, FileMode.Open, FileAccess.Read, FileShare.Read, bufferSize: 0);

    /// <summary>All but the writing: what can fail fails before a file is touched.</summary>
    internal Action<Stream> Prepare(LayerTypes? types, IReadOnlyList<SavedTensor<T>>? more = null, IReadOnlyList<KeyValuePair<string, string>>? metadata = null)
    {
        _ = ElementTypes.Of<T>();
        string architecture = (types ?? LayerTypes.Default).Write(new Architecture(InputShape, Seed, Layers));
        List<SavedTensor<T>> tensors = [.. ModelState.Of(this), .. more ?? []];
        return stream => SafetensorsWriter.Write(stream, tensors, [new(FormatKey, Format), new(ArchitectureKey, architecture), .. metadata ?? []]);
    }
}
