using System.Globalization;
using System.Text.RegularExpressions;
using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Checking;

/// <summary>
/// Parses tasks and dialogues that other programs wrote as JSON. Python also writes NaN, infinities and integers that exceed a double.
/// NaN and infinities become null; integers beyond 2^53 become texts. A file of JSON lines becomes the list of its lines.
/// </summary>
public static partial class ForeignJson
{
    // 2^53: a double holds every integer up to it.
    private const long LargestExact = 1L << 53;

    /// <param name="file">The name, for messages.</param>
    /// <exception cref="FormatException">The content is not such JSON; the message names the file and the place.</exception>
    public static Json Read(string file, ReadOnlySpan<byte> content)
    {
        try
        {
            if (Path.GetExtension(file) is ".jsonl" or ".ndjson" || IsLines(content))
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

    // BFCL calls its files of JSON lines .json. An object that is alone may have line ends inside, but none between two of them.
    private static bool IsLines(ReadOnlySpan<byte> content)
    {
        var end = content.IndexOf((byte)'\n');
        return end > 0
            && content[..end].Trim(" \r\t"u8) is [(byte)'{', .., (byte)'}']
            && content[end..].TrimStart(" \r\n\t"u8) is [(byte)'{', ..];
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
                    : char.IsAsciiDigit(m.ValueSpan[^1]) ? Exact(m.Value)
                    : "null"
            );

    private static string Exact(string digits) =>
        long.TryParse(digits, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var value) && Math.Abs(value) <= LargestExact
            ? digits
            : $"\"{digits}\"";

    // The first branch consumes a whole string, so numbers inside it never match.
    [GeneratedRegex(@"""(?:[^""\\]|\\.)*""|-?\b(?:NaN|Infinity)\b|(?<![\w.+-])-?[0-9]{16,}(?![\w.])", RegexOptions.CultureInvariant)]
    private static partial Regex Tokens();

    [GeneratedRegex("[0-9]{16}", RegexOptions.CultureInvariant)]
    private static partial Regex LongNumber();
}
