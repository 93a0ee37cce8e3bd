namespace ConvoSynth.Architecture.Tests;

/// <summary>The lines of the project's files as they stand, comments included.</summary>
internal static class Texts
{
    public static IReadOnlyList<(string Path, string[] Lines)> Code { get; } =
    [.. new[] { "src", "tests", "blueprints" }.SelectMany(f => Below(f, "*.cs")).Order(StringComparer.Ordinal).Select(Read)];

    public static IReadOnlyList<(string Path, string[] Lines)> Documentation { get; } =
    [
        .. new[] { "README.md", "CONTRIBUTING.md" }
            .Select(n => Path.Combine(Sources.Root, n))
            .Where(File.Exists)
            .Concat(Below("docs", "*.md").Order(StringComparer.Ordinal))
            .Select(Read),
    ];

    private static IEnumerable<string> Below(string folder, string pattern) =>
        Path.Combine(Sources.Root, folder) is var path && Directory.Exists(path)
            ? Directory.EnumerateFiles(path, pattern, SearchOption.AllDirectories)
            : [];

    private static (string Path, string[] Lines) Read(string path) =>
        (Path.GetRelativePath(Sources.Root, path).Replace('\\', '/'), File.ReadAllLines(path));
}
