using System.Collections.Immutable;
using System.Globalization;

namespace ConvoSynth.Verification.Audits;

/// <summary>The result of an audit of the checks on one sort of text.</summary>
/// <param name="Text">The origin of the words: <c>rehearsal</c> or <c>recorded</c>. The two are never summed, since the first has the
/// same authors as the checks.</param>
public sealed record AuditReport(string Text, string Domain, ImmutableArray<KindResult> Kinds, CleanResult Clean)
{
    /// <summary>The minimum share of a kind's planted faults that its declared checks must catch.</summary>
    public const double LeastCaught = 0.995;

    /// <summary>The maximum share of clean dialogues that the checks may reject.</summary>
    public const double MaxCleanRejected = 0.0005;

    /// <summary>The maximum share of needed reads that may be found needless.</summary>
    public const double MaxNeededFlagged = 0.0005;

    /// <summary>How needed reads of right dialogues were judged.</summary>
    public ReadResult Reads { get; init; } = ReadResult.None;

    /// <summary>The bounds that are missed, each a sentence; empty if all hold.</summary>
    public IEnumerable<string> Shortfalls()
    {
        foreach (var kind in Kinds)
        {
            if (kind.Planted > 0 && kind.Share < LeastCaught)
                yield return $"{kind.Kind}: {kind.Caught} of {kind.Planted} caught by {string.Join(" or ", kind.Checks)}; "
                    + $"at least {LeastCaught.ToString("0.0 %", CultureInfo.InvariantCulture)} is wanted";
        }

        if (Clean.RejectedShare > MaxCleanRejected)
            yield return $"clean: {Clean.Rejected} of {Clean.Dialogues} wrongly rejected; "
                + $"at most {MaxCleanRejected.ToString("0.00 %", CultureInfo.InvariantCulture)} is allowed";
        if (Reads.FlaggedShare > MaxNeededFlagged)
            yield return $"reads: {Reads.Flagged} of {Reads.Needed} needed reads found needless; "
                + $"at most {MaxNeededFlagged.ToString("0.00 %", CultureInfo.InvariantCulture)} is allowed";
    }
}
