namespace ConvoSynth.Domains.Slicing;

/// <summary>Words of a wish that can be put in place of others.</summary>
internal static class Phrase
{
    /// <summary>Whether a preposition stands before the part: in "the reservation of Dune" no other description of the row fits.</summary>
    public static bool IsObject(string text, string part)
    {
        var before = text.AsSpan(0, text.IndexOf(part, StringComparison.Ordinal));
        return before.EndsWith(" of ", StringComparison.Ordinal) || before.EndsWith(" on ", StringComparison.Ordinal);
    }

    /// <summary>Whether the part stands in the text exactly once, so that replacing it replaces one meaning.</summary>
    public static bool StandsOnce(string text, string part)
    {
        var at = part.Length == 0 ? -1 : text.IndexOf(part, StringComparison.Ordinal);
        return at >= 0 && text.IndexOf(part, at + part.Length, StringComparison.Ordinal) < 0;
    }
}
