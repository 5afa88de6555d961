using System.Reflection;
using ApiPages;

// ApiPages <repository>: writes docs/api, a page for each public type of each package, from the assemblies and their documentation.

if (args is not [{ } root])
{
    Console.Error.WriteLine("Give the folder of the repository: ApiPages <repository>");
    return 2;
}

Assembly[] assemblies = [.. Directory.GetFiles(Path.Combine(root, "src"), "*.csproj", SearchOption.AllDirectories)
    .Select(p => Path.GetFileNameWithoutExtension(p)).Order(StringComparer.Ordinal).Select(name => Assembly.LoadFrom(Path.Combine(AppContext.BaseDirectory, name + ".dll")))];
Documentation documentation = new(assemblies);

IReadOnlyList<string> faults = Coverage.Faults(documentation);
foreach (string fault in faults)
    Console.Error.WriteLine(fault);
if (faults.Count > 0)
    return 1;

string folder = Path.Combine(root, "docs", "api");
if (Directory.Exists(folder))
    Directory.Delete(folder, recursive: true);
Directory.CreateDirectory(folder);
SourceFiles sources = new(root);
TypePage page = new(documentation, sources, new(Path.Combine(root, "docs", "mathematics")));
foreach (Type type in documentation.Types)
    File.WriteAllText(Path.Combine(folder, Prose.Page(type) + ".md"), page.Write(type));
File.WriteAllText(Path.Combine(folder, "index.md"), IndexPage.Write(documentation, sources));
File.WriteAllText(Path.Combine(folder, "sidebar.json"), IndexPage.SideBar(documentation, sources));
Console.WriteLine($"{documentation.Types.Count} types of {string.Join(", ", assemblies.Select(a => a.GetName().Name))}");
return 0;
