using System.Buffers.Binary;
using System.Numerics;
using System.Text;

namespace MiniNet;

/// <summary>
/// Writes curves as TensorBoard reads them: <c>model.Fit(…, progress: board)</c> and <c>tensorboard --logdir runs</c>. Each epoch gives the tags
/// <c>loss/training</c>, <c>loss/validation</c>, <c>accuracy/training</c> and <c>accuracy/validation</c>, as far as it has them.
/// </summary>
/// <remarks>
/// One file of records: the length of the event (8 bytes), a checksum of that, the event, a checksum of it; the checksum is CRC-32C, turned by 15 bits,
/// plus 0xa282ead8. An event is a message in the format of Protocol Buffers: 1 the time, 2 the step, 3 the version, 5 the summary, whose values have 1 a tag and
/// 2 a number. As in TensorFlow's record_writer and event.proto. Values are written in 32 bits.
/// </remarks>
public sealed class TensorBoard : IProgress<Epoch>, IDisposable
{
    private readonly Stream stream;
    private readonly TimeProvider clock;

    /// <summary>A new file in a folder, which is made if it is not there. Each run has a folder of its own: <c>runs/first</c>.</summary>
    /// <param name="folder">Where the file goes.</param>
    /// <exception cref="IOException">The file cannot be made.</exception>
    public TensorBoard(string folder) : this(Create(folder), TimeProvider.System)
    {
    }

    internal TensorBoard(Stream stream, TimeProvider clock)
    {
        (this.stream, this.clock) = (stream, clock);
        Write(step: 0, TextField(3, "brain.Event:2"));
    }

    /// <summary>One point of a curve.</summary>
    /// <param name="tag">The name of the curve; a slash makes groups: <c>loss/training</c>.</param>
    /// <param name="value">The number.</param>
    /// <param name="step">Where on the curve: an epoch, or a step of the trainer.</param>
    /// <exception cref="ArgumentException">tag is empty.</exception>
    public void Scalar(string tag, double value, long step)
    {
        ArgumentException.ThrowIfNullOrEmpty(tag);
        byte[] number = new byte[5];
        number[0] = (2 << 3) | 5;                                            // field 2, 32 bits
        BinaryPrimitives.WriteSingleLittleEndian(number.AsSpan(1), (float)value);
        Write(step, Field(5, Field(1, [.. TextField(1, tag), .. number])));
        stream.Flush();
    }

    /// <summary>Writes what is known of an epoch when it is complete.</summary>
    public void Report(Epoch value)
    {
        if (!value.IsComplete)
            return;
        Scalar("loss/training", value.Loss, value.Number);
        if (value.ValidationLoss is { } loss)
            Scalar("loss/validation", loss, value.Number);
        if (value.Accuracy is { } accuracy)
            Scalar("accuracy/training", accuracy, value.Number);
        if (value.ValidationAccuracy is { } share)
            Scalar("accuracy/validation", share, value.Number);
    }

    /// <summary>Closes the file.</summary>
    public void Dispose() => stream.Dispose();

    private static FileStream Create(string folder)
    {
        ArgumentException.ThrowIfNullOrEmpty(folder);
        Directory.CreateDirectory(folder);
        string name = $"events.out.tfevents.{DateTimeOffset.UtcNow.ToUnixTimeMilliseconds()}.{Environment.ProcessId}.mininet";
        return new(Path.Combine(folder, name), FileMode.CreateNew, FileAccess.Write, FileShare.Read);
    }

    private void Write(long step, byte[] content)
    {
        byte[] time = new byte[9];
        time[0] = (1 << 3) | 1;                                              // field 1, 64 bits
        BinaryPrimitives.WriteDoubleLittleEndian(time.AsSpan(1), (clock.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds);
        byte[] data = [.. time, .. step == 0 ? [] : Whole(2, step), .. content], header = new byte[12], footer = new byte[4];
        BinaryPrimitives.WriteInt64LittleEndian(header, data.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(header.AsSpan(8), Checksum(header.AsSpan(0, 8)));
        BinaryPrimitives.WriteUInt32LittleEndian(footer, Checksum(data));
        stream.Write(header);
        stream.Write(data);
        stream.Write(footer);
    }

    /// <summary>A field with bytes: its number, how many, and they.</summary>
    private static byte[] Field(int number, byte[] content) => [.. Varint((ulong)((number << 3) | 2)), .. Varint((ulong)content.Length), .. content];

    private static byte[] TextField(int number, string text) => Field(number, Encoding.UTF8.GetBytes(text));

    private static byte[] Whole(int number, long value) => [.. Varint((ulong)(number << 3)), .. Varint((ulong)value)];

    /// <summary>Seven bits a byte, the lowest first; all but the last have the eighth bit set.</summary>
    private static byte[] Varint(ulong value)
    {
        List<byte> bytes = [];
        for (; value >= 0x80; value >>= 7)
            bytes.Add((byte)(value | 0x80));
        return [.. bytes, (byte)value];
    }

    private static uint Checksum(ReadOnlySpan<byte> data)
    {
        uint crc = uint.MaxValue;
        foreach (byte b in data)
            crc = BitOperations.Crc32C(crc, b);
        return BitOperations.RotateRight(~crc, 15) + 0xa282ead8;
    }
}
