using System.Buffers;

namespace ConvoSynth.Synthesis;

/// <summary>Words and phrases to look for between word borders. A final <c>*</c> lets a cue be the beginning of a word: <c>inspect*</c>.</summary>
internal sealed class CueSet
{
    private readonly string[] _cues;
    private readonly SearchValues<string> _any;

    public CueSet(IEnumerable<string> cues)
    {
        _cues = [.. cues.Select(Of).Distinct(StringComparer.Ordinal)];
        _any = SearchValues.Create(_cues, StringComparison.Ordinal);
    }

    /// <summary>Whether a cue stands in words that <see cref="SpokenText.Padded"/> has made ready.</summary>
    public bool IsIn(string words) => words.AsSpan().ContainsAny(_any);

    /// <summary>The cues that stand in the padded words.</summary>
    public IEnumerable<string> In(string words) => IsIn(words) ? _cues.Where(c => words.Contains(c, StringComparison.Ordinal)) : [];

    private static string Of(string cue)
    {
        var padded = SpokenText.Padded(cue);
        return cue.EndsWith('*') ? padded.TrimEnd() : padded;
    }
}
