using MiniNet.Fuzz;

namespace MiniNet.Tests.Persistence;

/// <summary>Damaged files: whatever bytes are changed, only the documented exception comes, and memory stays in proportion to the file.</summary>
public class MutationTests
{
    public static TheoryData<string> Targets => [.. CoreTargets.All.Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_damaged_file_is_read_or_refused_with_the_documented_exception(string name)
    {
        int count = Mutations.Count, taken = Mutations.Run(Array.Find(CoreTargets.All, t => t.Name == name)!, count);
        Assert.InRange(taken, count / 1000, count * 9 / 10);           // both ways are gone
    }

    [Fact]
    public void Another_exception_would_be_found()
    {
        FuzzTarget wrong = new("wrong", [[1, 2, 3, 4]], bytes => _ = bytes[2], typeof(InvalidDataException));
        Assert.Contains(nameof(IndexOutOfRangeException), Assert.Throws<InvalidOperationException>(() => Mutations.Run(wrong, 100)).Message, StringComparison.Ordinal);
        FuzzTarget greedy = new("greedy", [[1]], bytes => _ = new byte[1 << (20 + (bytes.Length == 1 ? 0 : 5))], typeof(InvalidDataException));
        Assert.Contains("allocate", Assert.Throws<InvalidOperationException>(() => Mutations.Run(greedy, 100)).Message, StringComparison.Ordinal);
    }
}
