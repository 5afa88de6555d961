namespace MiniNet.Tests.Persistence;

public class FileLayoutTests
{
    public static TheoryData<string> Names => [.. Cases.Select(c => $"{c.Layout} of {c.Shape}")];

    private static IEnumerable<(FileLayout Layout, Shape Shape)> Cases =>
    [
        (default, 7), (default, (3, 4)), (default, (2, 3, 4, 5)), ([0], 7), ([1, 0], (3, 5)), ([1, 0], (1, 6)), ([1, 0], (6, 1)), ([1, 0], (70, 130)), ([1, 0], (130, 67)),
        ([3, 2, 0, 1], (3, 2, 5, 4)), ([3, 2, 0, 1], (1, 1, 5, 4)), ([2, 3, 0, 1], (3, 2, 5, 4)), ([2, 1, 0], (3, 5, 4)), ([3, 2, 0, 1], (3, 3, 1, 4)), ([2, -1, 0, 1], (3, 2, 5)), ([-1, 1, 0], (4, 3)), ([0, -1], 1),
    ];

    [Theory]
    [MemberData(nameof(Names))]
    public void Every_part_of_the_file_is_the_part_of_memory_that_its_axes_say(string name)
    {
        (FileLayout layout, Shape shape) = Cases.Single(c => $"{c.Layout} of {c.Shape}" == name);
        float[] memory = [.. Enumerable.Range(0, shape.Length).Select(i => (float)i)];
        float[] expected = Permuted(layout, shape);
        foreach (int part in (int[])[1, 3, layout.Sizes(shape)[^1], 2 * layout.Sizes(shape)[^1], shape.Length])
        {
            float[] file = new float[shape.Length], back = new float[shape.Length];
            for (int from = 0; from < file.Length; from += part)
            {
                int length = Math.Min(part, file.Length - from);
                layout.ToFile<float>(memory, shape, from, file.AsSpan(from, length));
                layout.FromFile<float>(file.AsSpan(from, length), shape, from, back);
            }
            Assert.Equal(expected, file);
            Assert.Equal(memory, back);
        }
    }

    [Fact]
    public void By_hand()
    {
        FileLayout transposed = [1, 0];
        float[] file = new float[6];
        transposed.ToFile<float>([1, 2, 3, 4, 5, 6], (2, 3), 0, file);
        Assert.Equal([1, 4, 2, 5, 3, 6], file);
        Assert.Equal([3, 2], transposed.Sizes((2, 3)));
        Assert.Equal([4, 5, 3, 2], FileLayout.Create([3, 2, 0, 1]).Sizes((3, 2, 5, 4)));
        Assert.Equal([5, 1, 3, 2], FileLayout.Create([2, -1, 0, 1]).Sizes((3, 2, 5)));
        Assert.Equal("[3, 2, 0, 1]", FileLayout.Create([3, 2, 0, 1]).ToString());
        Assert.Equal(FileLayout.Create([1, 0]), transposed);
        Assert.NotEqual(FileLayout.Create([0, 1]), transposed);
    }

    [Fact]
    public void Wrong_layouts_are_refused()
    {
        Assert.Equal("[0, 0] is no order of axes: each is an axis of memory, 0 to 3, once, or −1 for one of size 1. (Parameter 'axes')", Assert.Throws<ArgumentException>(() => FileLayout.Create([0, 0])).Message);
        Assert.Throws<ArgumentException>(() => FileLayout.Create([4]));
        Assert.Throws<ArgumentException>(() => FileLayout.Create([-2]));
        Assert.Throws<ArgumentException>(() => FileLayout.Create([0, 1, 2, 3, -1, -1, -1, -1, -1]));
        FileLayout transposed = [1, 0];
        Assert.Equal("The file layout [1, 0] does not name every axis of [2, 3, 4] once: expected the axes 0 to 2, and −1 for axes of size 1.", Assert.Throws<ArgumentException>(() => transposed.Sizes((2, 3, 4))).Message);
        Assert.Throws<ArgumentException>(() => transposed.Sizes(3));
        Assert.Throws<ArgumentException>(() => transposed.ToFile<float>(new float[5], (2, 3), 0, new float[6]));
        Assert.Throws<ArgumentException>(() => transposed.ToFile<float>(new float[6], (2, 3), 1, new float[6]));
        Assert.Throws<ArgumentException>(() => transposed.FromFile<float>(new float[1], (2, 3), 6, new float[6]));
        Assert.Throws<ArgumentException>(() => transposed.FromFile<float>(new float[1], (2, 3), -1, new float[6]));
    }

    /// <summary>Element by element: the file's index tells memory's.</summary>
    private static float[] Permuted(FileLayout layout, Shape shape)
    {
        int[] sizes = layout.Sizes(shape);
        float[] file = new float[shape.Length];
        for (int i = 0; i < file.Length; i++)
        {
            int[] index = new int[shape.Rank];
            for (int axis = sizes.Length - 1, rest = i; axis >= 0; rest /= sizes[axis--])
            {
                if (layout.Rank == 0)
                    index[axis] = rest % sizes[axis];
                else if (layout[axis] >= 0)
                    index[layout[axis]] = rest % sizes[axis];
            }
            int place = 0;
            for (int axis = 0; axis < index.Length; axis++)
                place = (place * shape[axis]) + index[axis];
            file[i] = place;
        }
        return file;
    }
}
