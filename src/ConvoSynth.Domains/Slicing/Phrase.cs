namespace ConvoSynth.Domains.Slicing;

/// <summary>Words of a wish that can be put in place of others.</summary>
internal static class Phrase
{
    /// <summary>Whether the part stands in the text exactly once, so that replacing it replaces one meaning.</summary>
    public static bool StandsOnce(string text, string part)
    {
        var at = part.Length == 0 ? -1 : text.IndexOf(part, StringComparison.Ordinal);
        return at >= 0 && text.IndexOf(part, at + part.Length, StringComparison.Ordinal) < 0;
    }
}
