namespace ConvoSynth.Docs.Tests;

/// <summary>The project's own files, as they stand in the repository.</summary>
internal static class Repository
{
    private static readonly string[] Built = ["artifacts", "node_modules", "runs", "bin", "obj", ".git"];

    public static string Root => RepositoryRoot.Folder;

    /// <summary>Names of all files of the repository; built files are left out.</summary>
    public static IReadOnlySet<string> FileNames { get; } =
        new HashSet<string>(Files(new(Root)).Select(f => f.Name), StringComparer.Ordinal);

    public static string At(params string[] path) => Path.Combine([Root, .. path]);

    public static bool Has(string path) => File.Exists(At(path)) || Directory.Exists(At(path));

    /// <summary>The text of the one source file of a name, wherever it lies in <c>src</c>.</summary>
    public static string Source(string name) =>
        File.ReadAllText(Directory.EnumerateFiles(At("src"), name, SearchOption.AllDirectories).Single());

    /// <summary>The texts of all source files.</summary>
    public static IEnumerable<string> Sources() =>
        Directory.EnumerateFiles(At("src"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllText);

    private static IEnumerable<FileInfo> Files(DirectoryInfo folder) =>
        folder
            .EnumerateFiles()
            .Concat(folder.EnumerateDirectories().Where(d => !Built.Contains(d.Name, StringComparer.Ordinal)).SelectMany(Files));
}
