using System.Buffers;

namespace ConvoSynth.Verification.Language;

/// <summary>
/// Words and phrases to find at word borders. A final <c>*</c> makes a cue match the beginning of a word: <c>inspect*</c>.
/// </summary>
internal sealed class CueSet
{
    private readonly string[] _cues;
    private readonly SearchValues<string> _any;

    public CueSet(IEnumerable<string> cues)
    {
        _cues = [.. cues.Select(Of).Distinct(StringComparer.Ordinal)];
        _any = SearchValues.Create(_cues, StringComparison.Ordinal);
    }

    /// <summary>Whether a cue occurs in words that <see cref="SpokenText.Padded"/> has prepared.</summary>
    public bool IsIn(string words) => words.AsSpan().ContainsAny(_any);

    /// <summary>The cues that occur in the padded words.</summary>
    public IEnumerable<string> In(string words) => IsIn(words) ? _cues.Where(c => words.Contains(c, StringComparison.Ordinal)) : [];

    private static string Of(string cue)
    {
        var padded = SpokenText.Padded(cue);
        return cue.EndsWith('*') ? padded.TrimEnd() : padded;
    }
}
