using MiniNet.Fuzz;

namespace MiniNet.Csv.Tests;

/// <summary>Damaged files: whatever bytes are changed, only the documented exception comes, and memory stays in proportion to the file.</summary>
public class MutationTests
{
    public static TheoryData<string> Targets => [.. CsvTargets.All.Select(t => t.Name)];

    [Theory]
    [MemberData(nameof(Targets))]
    public void A_damaged_file_is_read_or_refused_with_the_documented_exception(string name)
    {
        int count = Mutations.Count, taken = Mutations.Run(Array.Find(CsvTargets.All, t => t.Name == name)!, count);
        Assert.InRange(taken, count / 100, count * 9 / 10);            // both ways are gone
    }
}
