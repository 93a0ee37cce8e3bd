using System.Collections.Immutable;
using System.Globalization;

namespace ConvoSynth.Synthesis;

/// <summary>What an audit of the checks found on one sort of text.</summary>
/// <param name="Text">Whose words: <c>rehearsal</c> or <c>recorded</c>. The two are never added up: the first shares its authors with the checks.</param>
public sealed record AuditReport(string Text, string Domain, ImmutableArray<KindResult> Kinds, CleanResult Clean)
{
    /// <summary>The smallest share of planted faults of a kind that its declared checks must catch.</summary>
    public const double LeastCaught = 0.995;

    /// <summary>The largest share of clean dialogues that may be rejected.</summary>
    public const double MostCleanRejected = 0.0005;

    /// <summary>What falls short, each a sentence; empty where the checks hold.</summary>
    public IEnumerable<string> Shortfalls()
    {
        foreach (var kind in Kinds)
        {
            if (kind.Planted > 0 && kind.Share < LeastCaught)
                yield return $"{kind.Kind}: {kind.Caught} of {kind.Planted} caught by {string.Join(" or ", kind.Checks)}; at least {LeastCaught.ToString("0.0 %", CultureInfo.InvariantCulture)} is wanted";
        }

        if (Clean.RejectedShare > MostCleanRejected)
            yield return $"clean: {Clean.Rejected} of {Clean.Dialogues} wrongly rejected; at most {MostCleanRejected.ToString("0.00 %", CultureInfo.InvariantCulture)} is allowed";
    }
}
