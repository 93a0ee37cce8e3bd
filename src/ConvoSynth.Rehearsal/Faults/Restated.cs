namespace ConvoSynth.Rehearsal.Faults;

/// <summary>Replaces a value in a text.</summary>
internal static class Restated
{
    /// <summary>
    /// The text with each standalone occurrence of a value replaced. <c>2</c> does not stand alone in <c>12</c>, <c>2.50</c>, <c>12:2</c>
    /// or <c>L2</c>.
    /// </summary>
    public static string Of(string text, string value, string other)
    {
        if (value.Length == 0)
            return text;
        for (var at = text.IndexOf(value, StringComparison.Ordinal); at >= 0; )
        {
            if (StandsAlone(text, at, value.Length))
            {
                text = string.Concat(text.AsSpan(0, at), other, text.AsSpan(at + value.Length));
                at += other.Length;
            }
            else
            {
                at += value.Length;
            }

            at = at >= text.Length ? -1 : text.IndexOf(value, at, StringComparison.Ordinal);
        }

        return text;
    }

    private static bool StandsAlone(string text, int at, int length)
    {
        var end = at + length;
        var before = at == 0 ? ' ' : text[at - 1];
        var after = end == text.Length ? ' ' : text[end];
        if (char.IsLetterOrDigit(before) || before is '#' or '-' or '$' || char.IsLetterOrDigit(after))
            return false;
        // A digit beyond a point, comma or colon belongs to the same number or time.
        if (before is '.' or ',' or ':' && at >= 2 && char.IsAsciiDigit(text[at - 2]))
            return false;
        return !(after is '.' or ',' or ':' or '-' && end + 1 < text.Length && char.IsAsciiDigit(text[end + 1]));
    }
}
