// Whether the symbols of a package lead to its sources: dotnet run source-link.cs -- <assembly> <pdb> <repository> <commit> <url>
// Every document of the PDB must be embedded, or mapped to the url of a file of the commit whose checksum is that of the document; and the PDB must be that of the assembly.
using System.Diagnostics;
using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Security.Cryptography;
using System.Text.Json;

// The kinds of the Portable PDB format: github.com/dotnet/runtime, docs/design/specs/PortablePdb-Metadata.md
Guid sourceLink = new("CC110556-A091-4D38-9FEC-25AB9A351A6A"), embeddedSource = new("0E8A571B-6926-466E-B4AD-8AB04611F5FE"), sha256 = new("8829D00F-11B8-4213-878B-770E8597AC16");

if (args is not [string assembly, string symbols, string repository, string commit, string url])
    throw new ArgumentException("Give the assembly, its PDB, the repository's folder, the commit, and the url of the commit's files.");

using MetadataReaderProvider provider = MetadataReaderProvider.FromPortablePdbStream(File.OpenRead(symbols));
MetadataReader pdb = provider.GetMetadataReader();

using PEReader portable = new(File.OpenRead(assembly));
CodeViewDebugDirectoryData wanted = portable.ReadCodeViewDebugDirectoryData(portable.ReadDebugDirectory().Single(e => e.Type == DebugDirectoryEntryType.CodeView));
if (new BlobContentId(pdb.DebugMetadataHeader!.Id).Guid != wanted.Guid)
    throw new InvalidDataException($"The PDB is of another build: {new BlobContentId(pdb.DebugMetadataHeader.Id).Guid}, expected {wanted.Guid}.");

byte[] json = Information(EntityHandle.ModuleDefinition, sourceLink) ?? throw new InvalidDataException("The PDB has no source link.");
Dictionary<string, string> maps = JsonDocument.Parse(json).RootElement.GetProperty("documents").EnumerateObject().ToDictionary(p => p.Name, p => p.Value.GetString()!);
foreach ((string from, string to) in maps)
{
    if (!from.EndsWith('*') || to != $"{url}*")
        throw new InvalidDataException($"Source link maps {from} to {to}, expected to {url}*.");
}

int linked = 0, embedded = 0;
foreach (DocumentHandle handle in pdb.Documents)
{
    Document document = pdb.GetDocument(handle);
    string name = pdb.GetString(document.Name);
    if (Information(handle, embeddedSource) is not null)
    {
        embedded++;
        continue;
    }
    string map = maps.Keys.FirstOrDefault(m => name.StartsWith(m[..^1], StringComparison.Ordinal)) ?? throw new InvalidDataException($"{name} is neither embedded nor mapped by {string.Join(", ", maps.Keys)}.");
    string path = name[(map.Length - 1)..];
    if (pdb.GetGuid(document.HashAlgorithm) != sha256)
        throw new InvalidDataException($"{name} has no SHA-256 checksum.");
    if (!SHA256.HashData(Committed(path)).AsSpan().SequenceEqual(pdb.GetBlobBytes(document.Hash)))
        throw new InvalidDataException($"{name}: its checksum is not that of {path} in {commit}.");
    linked++;
}
if (linked == 0)
    throw new InvalidDataException("No document is mapped.");
Console.WriteLine($"{linked} documents lead to files of the commit with their checksums, {embedded} made by the build are embedded");

byte[]? Information(EntityHandle parent, Guid kind)
{
    foreach (CustomDebugInformationHandle handle in pdb.GetCustomDebugInformation(parent))
    {
        CustomDebugInformation information = pdb.GetCustomDebugInformation(handle);
        if (pdb.GetGuid(information.Kind) == kind)
            return pdb.GetBlobBytes(information.Value);
    }
    return null;
}

byte[] Committed(string path)
{
    using Process git = Process.Start(new ProcessStartInfo("git", ["-C", repository, "show", $"{commit}:{path}"]) { RedirectStandardOutput = true })!;
    using MemoryStream content = new();
    git.StandardOutput.BaseStream.CopyTo(content);
    git.WaitForExit();
    return git.ExitCode == 0 ? content.ToArray() : throw new InvalidDataException($"{path} is not in {commit}.");
}
