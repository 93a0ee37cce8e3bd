using System.Text;

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

    internal static byte[] Content(string file)
    {
        using var stream =
            typeof(WordLists).Assembly.GetManifestResourceStream($"words/{file}")
            ?? throw new InvalidOperationException($"the word list {file} is not in the assembly");
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return content.ToArray();
    }

    private static string[] Read(string name) => Split(Encoding.UTF8.GetString(Content($"{name}.txt")));
}
