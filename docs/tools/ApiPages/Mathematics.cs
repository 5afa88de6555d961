namespace ApiPages;

/// <summary>The pages of mathematics: a type that has a section there shows its formula, and links to where it is derived.</summary>
internal sealed class Mathematics
{
    private readonly Dictionary<string, (string Link, string Formula)> sections = [];

    /// <param name="folder">The folder of the pages.</param>
    public Mathematics(string folder)
    {
        foreach (string file in Directory.Exists(folder) ? Directory.GetFiles(folder, "*.md") : [])
            Read(file);
    }

    /// <summary>The first formula of the section named after the type, and a link to the section.</summary>
    public (string Link, string Formula)? Of(Type type) => sections.TryGetValue(type.Name.Split('`')[0], out var section) ? section : null;

    private void Read(string file)
    {
        string? heading = null;
        List<string>? formula = null;
        foreach (string line in File.ReadLines(file))
        {
            if (line.StartsWith("## ", StringComparison.Ordinal))
                heading = line[3..].Trim();
            if (line.StartsWith("$$", StringComparison.Ordinal) && formula is null && heading is not null)
                formula = [];
            formula?.Add(line);
            if (formula is null || !line.EndsWith("$$", StringComparison.Ordinal) || (formula.Count == 1 && line.Length <= 2))
                continue;
            string anchor = heading!.ToLowerInvariant().Replace(' ', '-');
            sections.TryAdd(heading, ($"../mathematics/{Path.GetFileName(file)}#{anchor}", string.Join('\n', formula)));
            (heading, formula) = (null, null);
        }
    }
}
