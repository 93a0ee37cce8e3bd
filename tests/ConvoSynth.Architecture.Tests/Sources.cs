using System.Xml.Linq;

namespace ConvoSynth.Architecture.Tests;

/// <summary>The project's own files in the repository.</summary>
internal static class Sources
{
    public static string Root => RepositoryRoot.Folder;

    /// <summary>Project name → the projects that it references directly, by any kind of reference.</summary>
    public static IReadOnlyDictionary<string, IReadOnlyList<string>> References { get; } =
        Directory
            .EnumerateFiles(Path.Combine(Root, "src"), "*.csproj", SearchOption.AllDirectories)
            .ToDictionary(
                p => Path.GetFileNameWithoutExtension(p),
                p => Includes(p, "ProjectReference", i => Path.GetFileNameWithoutExtension(i)),
                StringComparer.Ordinal
            );

    public static IReadOnlyList<string> Packages(string project) =>
        Includes(
            Directory.EnumerateFiles(Path.Combine(Root, "src"), $"{project}.csproj", SearchOption.AllDirectories).Single(),
            "PackageReference",
            i => i
        );

    /// <summary>The C# files below a folder, as (path from the root, lines without comments).</summary>
    public static IEnumerable<(string Path, string[] Lines)> Code(params string[] folder) =>
        Directory
            .EnumerateFiles(Path.Combine([Root, .. folder]), "*.cs", SearchOption.AllDirectories)
            .Select(p => (Path.GetRelativePath(Root, p).Replace('\\', '/'), File.ReadAllLines(p).Select(WithoutComment).ToArray()))
            .OrderBy(f => f.Item1, StringComparer.Ordinal);

    private static string WithoutComment(string line) =>
        line.IndexOf("//", StringComparison.Ordinal) is >= 0 and var at ? line[..at] : line;

    private static IReadOnlyList<string> Includes(string path, string element, Func<string, string> name) =>
        [
            .. XDocument
                .Load(path)
                .Descendants(element)
                .Select(e => name(e.Attribute("Include")!.Value.Replace('\\', '/')))
                .Order(StringComparer.Ordinal),
        ];
}
