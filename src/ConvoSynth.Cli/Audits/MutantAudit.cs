using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Rehearsal.Edits;
using ConvoSynth.Verification.Audits;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Cli.Audits;

/// <summary>A mutant that no check rejects.</summary>
/// <param name="Number">Its number among the audit's mutants, from which it can be reproduced.</param>
internal sealed record AcceptedMutant(long Number, string Dialogue, string Kind, string What);

/// <summary>How the checks judged random edits of clean dialogues.</summary>
internal sealed record MutantReport(
    string Text,
    string Domain,
    long Mutants,
    ImmutableSortedDictionary<string, (long Made, long Accepted, long Undecided)> ByKind,
    ImmutableArray<AcceptedMutant> Accepted
);

/// <summary>Makes random edits of passing dialogues, and lists the mutants that still pass.</summary>
internal static class MutantAudit
{
    private const int Chunk = 100;

    /// <param name="dialogues">The number of clean dialogues over which the edits are spread.</param>
    public static async Task<MutantReport> Run(
        IAuditSource source,
        string domain,
        Verifier verifier,
        long count,
        long dialogues,
        Seed seed,
        CancellationToken cancellationToken
    )
    {
        var chunks = (int)((count + Chunk - 1) / Chunk);
        var parts = new (Dictionary<string, (long Made, long Accepted, long Undecided)> ByKind, List<AcceptedMutant> Accepted)[chunks];
        await Parallel.ForAsync(
            0,
            chunks,
            cancellationToken,
            async (chunk, token) =>
            {
                var byKind = new Dictionary<string, (long Made, long Accepted, long Undecided)>(StringComparer.Ordinal);
                var accepted = new List<AcceptedMutant>();
                var to = Math.Min(count, (chunk + 1L) * Chunk);
                for (var number = (long)chunk * Chunk; number < to; number++)
                {
                    if (await Make(source, verifier, number, dialogues, seed, token) is not { } made)
                        continue;
                    var verdicts = verifier.Verify(made.Clean.Pack, made.Clean.Blueprint, made.Mutant.Conversation).Verdicts;
                    var isAccepted = !verdicts.Any(v => v.Rejects);
                    var isUndecided = !isAccepted && !verdicts.Any(v => v.Outcome == Outcome.Fail);
                    var so = byKind.GetValueOrDefault(made.Mutant.Kind);
                    byKind[made.Mutant.Kind] = (so.Made + 1, so.Accepted + (isAccepted ? 1 : 0), so.Undecided + (isUndecided ? 1 : 0));
                    if (isAccepted)
                        accepted.Add(new(number, made.Clean.Id, made.Mutant.Kind, made.Mutant.What));
                }

                parts[chunk] = (byKind, accepted);
            }
        );
        var all = ImmutableSortedDictionary.CreateBuilder<string, (long Made, long Accepted, long Undecided)>(StringComparer.Ordinal);
        foreach (var (kind, found) in parts.SelectMany(p => p.ByKind))
        {
            var so = all.GetValueOrDefault(kind);
            all[kind] = (so.Made + found.Made, so.Accepted + found.Accepted, so.Undecided + found.Undecided);
        }

        return new(source.Text, domain, all.Values.Sum(k => k.Made), all.ToImmutable(), [.. parts.SelectMany(p => p.Accepted)]);
    }

    // If the drawn dialogue or edit is unusable, the next draw of the same number is tried, up to 20.
    private static async ValueTask<(AuditedDialogue Clean, Mutant Mutant)?> Make(
        IAuditSource source,
        Verifier verifier,
        long number,
        long dialogues,
        Seed seed,
        CancellationToken cancellationToken
    )
    {
        var own = seed.For("mutant").For(number);
        for (var draw = 0; draw < 20; draw++)
        {
            if (await source.Clean(null, (number + draw) % dialogues, cancellationToken) is not { } clean)
                continue;
            if (RandomEdits.Draw(clean.Pack, clean.Blueprint, clean.Conversation, own.For(draw)) is not { } mutant)
                continue;
            if (verifier.Verify(clean.Pack, clean.Blueprint, clean.Conversation).Verdicts.Any(v => v.Rejects))
                continue;
            return (clean, mutant);
        }

        return null;
    }
}
