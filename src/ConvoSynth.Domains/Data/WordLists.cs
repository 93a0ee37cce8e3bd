namespace ConvoSynth.Domains;

/// <summary>The engine's own word lists for data generators: names, streets and towns.</summary>
internal static class WordLists
{
    public static IReadOnlyList<string> Surnames { get; } = Read("surnames");

    public static IReadOnlyList<string> FirstNames { get; } = Read("first_names");

    public static IReadOnlyList<string> Streets { get; } = Read("streets");

    public static IReadOnlyList<string> Cities { get; } = Read("cities");

    internal static string[] Split(string text) =>
        text.ReplaceLineEndings("\n").Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string[] Read(string name)
    {
        using var stream =
            typeof(WordLists).Assembly.GetManifestResourceStream($"words/{name}.txt")
            ?? throw new InvalidOperationException($"the word list {name} is not in the assembly");
        using var reader = new StreamReader(stream);
        return Split(reader.ReadToEnd());
    }
}
