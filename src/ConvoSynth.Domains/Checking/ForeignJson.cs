using System.Text.RegularExpressions;
using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Checking;

/// <summary>
/// Parses tasks and dialogues that other programs wrote as JSON. Python also writes NaN, infinities and integers that exceed a double.
/// NaN and infinities become null; integers of 17 digits or more become texts. A file of JSON lines becomes the list of its lines.
/// </summary>
public static partial class ForeignJson
{
    /// <param name="file">The name, for messages; its extension tells JSON lines from JSON.</param>
    /// <exception cref="FormatException">The content is not such JSON; the message names the file and the place.</exception>
    public static Json Read(string file, ReadOnlySpan<byte> content)
    {
        try
        {
            if (Path.GetExtension(file) is ".jsonl" or ".ndjson")
            {
                var lines = PackSources.TextOf(content).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
                return Json.List(lines.Select(static l => Json.Parse(Plain(l))));
            }

            return IsPython(content) ? Json.Parse(Plain(PackSources.TextOf(content))) : Json.Parse(content);
        }
        catch (FormatException e)
        {
            throw new FormatException($"{file}: {e.Message}", e);
        }
    }

    // Most files have no such number: they are parsed without a rewrite.
    private static bool IsPython(ReadOnlySpan<byte> content) =>
        content.IndexOf("NaN"u8) >= 0 || content.IndexOf("Infinity"u8) >= 0 || LongNumber().IsMatch(PackSources.TextOf(content));

    private static string Plain(string text) =>
        Tokens()
            .Replace(
                text,
                static m =>
                    m.ValueSpan[0] == '"' ? m.Value
                    : char.IsAsciiDigit(m.ValueSpan[^1]) ? $"\"{m.Value}\""
                    : "null"
            );

    // The first branch consumes a whole string, so numbers inside it never match.
    [GeneratedRegex(@"""(?:[^""\\]|\\.)*""|-?\b(?:NaN|Infinity)\b|(?<![\w.+-])-?[0-9]{17,}(?![\w.])", RegexOptions.CultureInvariant)]
    private static partial Regex Tokens();

    [GeneratedRegex("[0-9]{17}", RegexOptions.CultureInvariant)]
    private static partial Regex LongNumber();
}
