namespace MiniNet.Fuzz;

/// <summary>Damaged files, the same ones at each run: the n-th is a function of the seeds and n.</summary>
internal static class Mutations
{
    /// <summary>How many an ordinary test makes; the environment variable MININET_MUTATIONS says another number, for long runs.</summary>
    public static int Count => int.TryParse(Environment.GetEnvironmentVariable("MININET_MUTATIONS"), out int count) ? count : 3_000;

    /// <summary>Reads so many damaged files.</summary>
    /// <returns>How many were taken all the same. The others met the documented exception.</returns>
    /// <exception cref="InvalidOperationException">Another exception came, or too much memory was allocated; the message holds the file.</exception>
    public static int Run(FuzzTarget target, int count)
    {
        foreach (byte[] seed in target.Seeds)
            target.Read(seed);                                         // also what is compiled and kept once, which is no file's fault
        int taken = 0;
        for (int i = 0; i < count; i++)
        {
            byte[] bytes = Damaged(target.Seeds, i);
            try
            {
                taken += target.TryRead(bytes) ? 1 : 0;
            }
            catch (Exception e)
            {
                throw new InvalidOperationException($"{target.Name}, mutation {i}: {e}\n{Convert.ToBase64String(bytes)}", e);
            }
        }
        return taken;
    }

    /// <summary>One to four damages: a bit, a byte, a digit, a piece cut out, doubled, copied elsewhere or taken from another file, an end cut off or put on.</summary>
    public static byte[] Damaged(byte[][] seeds, int number)
    {
        RandomStream random = new RandomStream(11).Split(number);
        int draw = 0;
        List<byte> bytes = [.. seeds[number % seeds.Length]];
        byte[] other = seeds[Below(seeds.Length)];
        for (int damages = 1 + Below(4); damages > 0 && bytes.Count > 0; damages--)
        {
            int at = Below(3) == 0 ? Below(Math.Min(64, bytes.Count)) : Below(bytes.Count), length = Math.Min(1 + Below(16), bytes.Count - at);
            switch (Below(10))
            {
                case 0: bytes[at] ^= (byte)(1 << Below(8)); break;
                case 1: bytes[at] = (byte)Below(256); break;
                case 2: bytes[at] = (byte)('0' + Below(10)); break;
                case 3: bytes[at] = (byte)(Below(2) == 0 ? 0xFF : 0x7F); break;      // the greatest of all, and the greatest that is positive
                case 4: bytes.RemoveRange(at, length); break;
                case 5: bytes.InsertRange(at, bytes.GetRange(at, length)); break;
                case 6: bytes.InsertRange(Below(bytes.Count), bytes.GetRange(at, length)); break;
                case 7:
                    int from = Below(other.Length);
                    bytes.InsertRange(at, other.AsSpan(from, Math.Min(length, other.Length - from)));
                    break;
                case 8: bytes.RemoveRange(at, bytes.Count - at); break;
                default: bytes.AddRange(bytes.GetRange(at, length)); break;
            }
        }
        return [.. bytes];

        int Below(int limit) => (int)(random.Bits(draw++) % (ulong)Math.Max(1, limit));
    }
}
