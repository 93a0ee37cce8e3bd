using System.Collections.Immutable;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Verification.Audits;

/// <summary>The verification results of dialogues without a fault.</summary>
public sealed record CleanResult
{
    public required long Dialogues { get; init; }

    /// <summary>Dialogues with a failed check.</summary>
    public required long Rejected { get; init; }

    /// <summary>Dialogues without a failed check and with an unsure one.</summary>
    public required long Undecided { get; init; }

    /// <summary>Reason → number of dialogues, in ordinal order.</summary>
    public required ImmutableSortedDictionary<string, long> By { get; init; }

    /// <summary>The first 20 rejected or undecided dialogues, each with its reasons.</summary>
    public required ImmutableArray<string> Examples { get; init; }

    public double RejectedShare => Dialogues == 0 ? 0 : (double)Rejected / Dialogues;

    public static CleanResult None { get; } =
        new()
        {
            Dialogues = 0,
            Rejected = 0,
            Undecided = 0,
            By = ImmutableSortedDictionary.Create<string, long>(StringComparer.Ordinal),
            Examples = [],
        };

    /// <summary>The sum of both results.</summary>
    public CleanResult And(CleanResult other)
    {
        var by = By.ToBuilder();
        foreach (var (reason, count) in other.By)
            by[reason] = by.GetValueOrDefault(reason) + count;
        return new()
        {
            Dialogues = Dialogues + other.Dialogues,
            Rejected = Rejected + other.Rejected,
            Undecided = Undecided + other.Undecided,
            By = by.ToImmutable(),
            Examples = [.. Examples.Concat(other.Examples).Take(CleanAudit.ExamplesKept)],
        };
    }
}

/// <summary>Verifies dialogues without a fault: each rejection is a false alarm.</summary>
public static class CleanAudit
{
    internal const int ExamplesKept = 20;

    /// <param name="from">The first index.</param>
    /// <param name="to">The index after the last.</param>
    /// <param name="play">Returns the clean dialogue of an index; null if there is none.</param>
    public static async Task<CleanResult> Run(
        Verifier verifier,
        long from,
        long to,
        Func<long, CancellationToken, ValueTask<AuditedDialogue?>> play,
        CancellationToken cancellationToken
    )
    {
        long dialogues = 0,
            rejected = 0,
            undecided = 0;
        var by = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        var examples = ImmutableArray.CreateBuilder<string>();
        for (var index = from; index < to; index++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await play(index, cancellationToken) is not { } dialogue)
                continue;
            dialogues++;
            var against = verifier
                .Verify(dialogue.Pack, dialogue.Blueprint, dialogue.Conversation)
                .Verdicts.Where(v => v.Rejects)
                .ToArray();
            if (against.Length == 0)
                continue;
            if (against.Any(v => v.Outcome == Outcome.Fail))
                rejected++;
            else
                undecided++;
            foreach (var reason in against.Select(v => v.Reason).Distinct(StringComparer.Ordinal))
                by[reason] = by.GetValueOrDefault(reason) + 1;
            if (examples.Count < ExamplesKept)
                examples.Add($"{dialogue.Id}: {string.Join("; ", against.Select(v => $"{v.Reason} (message {v.Message}): {v.Evidence}"))}");
        }

        return new()
        {
            Dialogues = dialogues,
            Rejected = rejected,
            Undecided = undecided,
            By = by.ToImmutable(),
            Examples = examples.ToImmutable(),
        };
    }
}
