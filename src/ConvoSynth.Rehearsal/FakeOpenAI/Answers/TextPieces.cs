namespace ConvoSynth.Rehearsal.FakeOpenAI.Answers;

/// <summary>
/// Splits a text into words, each with the space before it. They stand for tokens in logprobs and for the pieces of a stream; their
/// concatenation is the text.
/// </summary>
internal static class TextPieces
{
    public static IEnumerable<string> Of(string text)
    {
        var start = 0;
        for (var at = 1; at < text.Length; at++)
        {
            if (text[at] != ' ' || text[at - 1] == ' ')
                continue;
            yield return text[start..at];
            start = at;
        }

        if (start < text.Length)
            yield return text[start..];
    }

    /// <summary>The same in pieces of <paramref name="words"/> words.</summary>
    public static IEnumerable<string> Chunks(string text, int words = 4) => Of(text).Chunk(words).Select(w => string.Concat(w));
}
