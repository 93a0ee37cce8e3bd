using System.Text;
using System.Text.RegularExpressions;
using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>
/// JSON that programs elsewhere wrote of tasks and dialogues. Python writes numbers that JSON does not have, and integers that a double does not hold: NaN and the infinities read as
/// null, such integers as texts. A file of JSON lines reads as the list of its lines.
/// </summary>
public static partial class ForeignJson
{
    /// <param name="file">Its name, for messages and by its extension.</param>
    /// <exception cref="FormatException">The content is no such JSON; the message names the file and the place.</exception>
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

    // Most files have none of it, and are read as they are.
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

    // A text is taken whole, so that nothing within it counts.
    [GeneratedRegex(@"""(?:[^""\\]|\\.)*""|-?\b(?:NaN|Infinity)\b|(?<![\w.+-])-?[0-9]{17,}(?![\w.])", RegexOptions.CultureInvariant)]
    private static partial Regex Tokens();

    [GeneratedRegex("[0-9]{17}", RegexOptions.CultureInvariant)]
    private static partial Regex LongNumber();
}
