using System.Text;

namespace ConvoSynth.Rehearsal.Scripts;

/// <summary>How a person types: with capitals and full stops, or in lower case without either. Values keep their spoken form.</summary>
/// <param name="lowerCase">Whether the person omits capitals and the last full stop, in every message.</param>
/// <param name="said">Values as the person says them.</param>
internal sealed class Typist(bool lowerCase, IReadOnlyList<string> said)
{
    public string Typed(string text)
    {
        if (!lowerCase)
            return text;
        var kept = new bool[text.Length];
        foreach (var value in said)
        {
            for (
                var at = text.IndexOf(value, StringComparison.Ordinal);
                at >= 0 && value.Length > 0;
                at = text.IndexOf(value, at + value.Length, StringComparison.Ordinal)
            )
                kept.AsSpan(at, value.Length).Fill(true);
        }

        var typed = new StringBuilder(text.Length);
        for (var at = 0; at < text.Length; )
        {
            var end = at;
            while (end < text.Length && !char.IsWhiteSpace(text[end]))
                end++;
            typed.Append(
                kept.AsSpan(at, end - at).Contains(true) || IsCode(text.AsSpan(at, end - at))
                    ? text[at..end]
                    : text[at..end].ToLowerInvariant()
            );
            for (at = end; at < text.Length && char.IsWhiteSpace(text[at]); at++)
                typed.Append(text[at]);
        }

        return typed.Length > 1 && typed[^1] == '.' && typed[^2] != '.' ? typed.ToString(0, typed.Length - 1) : typed.ToString();
    }

    /// <summary>Whether a text begins with an ordinary word, which may be put in lower case.</summary>
    public static bool IsOrdinary(string text)
    {
        var end = 0;
        while (end < text.Length && !char.IsWhiteSpace(text[end]))
            end++;
        return end > 0 && char.IsLetter(text[0]) && !IsCode(text.AsSpan(0, end)) && text.AsSpan(1, end - 1).IndexOfAnyInRange('A', 'Z') < 0;
    }

    // "#K44", "JFK", "kim@mail.example": a code of any kind, and the mark that ends a dialogue.
    private static bool IsCode(ReadOnlySpan<char> word)
    {
        var capitals = 0;
        foreach (var c in word)
        {
            if (char.IsAsciiDigit(c) || c is '@' or '_' or '#')
                return true;
            if (char.IsUpper(c))
                capitals++;
        }

        return capitals > 1;
    }
}
