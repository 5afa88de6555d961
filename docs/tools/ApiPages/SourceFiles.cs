using System.Text.RegularExpressions;

namespace ApiPages;

/// <summary>Where the types are written, which also says to what family they belong: the folder is the family.</summary>
internal sealed class SourceFiles
{
    /// <summary>How the folders of the core read as families, in the order of the index. Others come after, by their own names.</summary>
    private static readonly List<(string Folder, string Family)> Known =
    [
        ("", "Model and training"), ("Layers", "Layers"), ("Activations", "Activations"), ("Losses", "Losses"), ("Optimizers", "Optimizers"),
        ("Initializers", "Initializers"), ("Data", "Data"), ("Persistence", "Saving and loading"), ("Diagnostics", "Diagnosis and measures"), ("Kernels", "Kernels"),
    ];

    private readonly string root;
    private readonly ILookup<string, string> byName;
    private readonly string[] files;

    /// <param name="root">The folder of the repository.</param>
    public SourceFiles(string root)
    {
        this.root = root;
        files = [.. Directory.GetFiles(Path.Combine(root, "src"), "*.cs", SearchOption.AllDirectories).Where(f => !f.Split(Path.DirectorySeparatorChar).Any(p => p is "bin" or "obj")).Order(StringComparer.Ordinal)];
        byName = files.ToLookup(f => Path.GetFileNameWithoutExtension(f).Split('{')[0]);
    }

    /// <summary>The file with the type's declaration, from the repository's folder.</summary>
    public string Of(Type type)
    {
        string name = type.Name.Split('`')[0], assembly = type.Assembly.GetName().Name!;
        Regex declaration = new($@"\b(class|record|struct|interface|enum|delegate \w+) {name}\b{(type.IsGenericTypeDefinition ? "<" : "(?!<)")}");
        string? file = byName[name].Concat(files).FirstOrDefault(f => f.Contains($"/src/{assembly}/", StringComparison.Ordinal) && declaration.IsMatch(File.ReadAllText(f)));
        return file is null ? throw new InvalidDataException($"There is no file for {type}.") : Path.GetRelativePath(root, file);
    }

    /// <summary>The type's family, and its place among the families.</summary>
    public (int Order, string Family) Family(Type type)
    {
        string assembly = type.Assembly.GetName().Name!;
        if (assembly != "MiniNet")
            return (1000, "Package " + assembly);
        string folder = Of(type).Split('/') is { Length: > 3 } parts ? parts[2] : "";
        int known = Known.FindIndex(k => k.Folder == folder);
        return known < 0 ? (100, folder) : (known, Known[known].Family);
    }
}
