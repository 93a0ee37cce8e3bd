using System.Globalization;
using System.Text;

namespace ConvoSynth.Cli.Tables;

/// <summary>
/// Makes untrusted text safe for a terminal: characters that move the cursor, change colours, reverse the direction or are invisible
/// become escapes such as <c>\u202e</c>.
/// </summary>
internal static class VisibleText
{
    private const char Joiner = '\u200d';
    private const char NonJoiner = '\u200c';

    public static string Of(string text)
    {
        StringBuilder? visible = null;
        for (var i = 0; i < text.Length; i++)
        {
            if (IsPlain(text, i))
            {
                visible?.Append(text[i]);
                continue;
            }

            visible ??= new StringBuilder(text, 0, i, text.Length + 16);
            visible.Append(CultureInfo.InvariantCulture, $"\\u{(int)text[i]:x4}");
        }

        return visible?.ToString() ?? text;
    }

    // Joiners belong to letters, in scripts and in emoji. Both halves of a surrogate pair are treated alike.
    private static bool IsPlain(string text, int at)
    {
        var c = text[at];
        if (c is '\n' or '\t' or Joiner or NonJoiner)
            return true;
        var start = char.IsLowSurrogate(c) && at > 0 && char.IsHighSurrogate(text[at - 1]) ? at - 1 : at;
        return CharUnicodeInfo.GetUnicodeCategory(text, start)
            is not (
                UnicodeCategory.Control
                or UnicodeCategory.Format
                or UnicodeCategory.Surrogate
                or UnicodeCategory.LineSeparator
                or UnicodeCategory.ParagraphSeparator
            );
    }
}
