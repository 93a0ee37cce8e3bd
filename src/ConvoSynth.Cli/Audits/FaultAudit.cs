using System.Collections.Immutable;
using ConvoSynth.Rehearsal.Edits;
using ConvoSynth.Rehearsal.Faults;
using ConvoSynth.Verification.Audits;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Cli.Audits;

/// <summary>
/// Audits all kinds on one source in parallel. The kinds are independent, so the results do not depend on the number of cores.
/// </summary>
internal static class FaultAudit
{
    /// <summary>The maximum number of dialogues tried per planted fault before a kind is given up.</summary>
    private const int TriesForOne = 40;
    private const int ChunkOfClean = 50;

    public static async Task<ImmutableArray<KindResult>> Kinds(
        IAuditSource source,
        Verifier verifier,
        IReadOnlyList<string> kinds,
        int count,
        CancellationToken cancellationToken
    )
    {
        var results = new KindResult[kinds.Count];
        await Parallel.ForAsync(
            0,
            kinds.Count,
            cancellationToken,
            async (i, token) =>
            {
                var rule = FaultTable.Of(kinds[i]);
                var expected = new ExpectedCatch(rule.Kind, rule.Checks, rule.Fault);
                var why = source.WhyNot(rule.Kind);
                var tries = why is null ? (long)count * TriesForOne : 0;
                results[i] = await KindAudit.Run(
                    expected,
                    verifier,
                    count,
                    tries,
                    (index, t) => source.Plant(rule.Kind, index, t),
                    rule.Needs,
                    token
                );
                if (why is not null)
                    results[i] = results[i] with { Why = why };
            }
        );
        return [.. results];
    }

    /// <summary>Audits clean dialogues, and those on the tasks that some kinds need.</summary>
    public static async Task<CleanResult> Clean(
        IAuditSource source,
        Verifier verifier,
        IReadOnlyList<string> kinds,
        long count,
        long countPrepared,
        CancellationToken cancellationToken
    )
    {
        var work = new List<(string? Kind, long From, long To)>();
        // Disjoint index ranges, so that one dialogue's problem is counted once.
        var from = 0L;
        foreach (var (kind, wanted) in kinds.Where(FaultBlueprints.Prepares).Select(k => ((string?)k, countPrepared)).Append((null, count)))
        {
            for (var at = from; at < from + wanted; at += ChunkOfClean)
                work.Add((kind, at, Math.Min(from + wanted, at + ChunkOfClean)));
            from += wanted;
        }

        var parts = new CleanResult[work.Count];
        await Parallel.ForAsync(
            0,
            work.Count,
            cancellationToken,
            async (i, token) =>
                parts[i] = await CleanAudit.Run(
                    verifier,
                    work[i].From,
                    work[i].To,
                    (index, t) => source.Clean(work[i].Kind, index, t),
                    token
                )
        );
        return parts.Aggregate(CleanResult.None, (all, part) => all.And(part));
    }
}
