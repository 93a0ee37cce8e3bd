using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Verifiers;

namespace ConvoSynth.Verification.Audits;

/// <summary>A dialogue for verification in an audit, and its pack.</summary>
/// <param name="Id">The name by which a person finds the dialogue.</param>
public sealed record AuditedDialogue(string Id, Pack Pack, Blueprint Blueprint, Conversation Conversation)
{
    /// <summary>The message of a planted needless read, which the verification must find needless; null for other faults.</summary>
    public int? Needless { get; init; }
}

/// <summary>The verdicts that a dialogue with a fault of this kind must get.</summary>
/// <param name="Checks">The checks, as <c>stage.check</c>; at least one of them must fail or be unsure.</param>
/// <param name="Party">The party at fault; none if either party can cause it.</param>
public sealed record ExpectedCatch(string Kind, ImmutableArray<string> Checks, Fault Party);

/// <summary>The verification results of dialogues with one kind of fault.</summary>
public sealed record KindResult
{
    public required string Kind { get; init; }

    public required ImmutableArray<string> Checks { get; init; }

    /// <summary>Dialogues tried; <see cref="Planted"/> counts those in which the fault was possible.</summary>
    public required long Tried { get; init; }

    public required long Planted { get; init; }

    /// <summary>Dialogues with a failed check, whether declared or not.</summary>
    public required long Rejected { get; init; }

    /// <summary>Dialogues without a failed check and with an unsure one.</summary>
    public required long LeftUndecided { get; init; }

    /// <summary>Dialogues that a declared check kept from being accepted.</summary>
    public required long Caught { get; init; }

    /// <summary>Those among the caught in which every finding of a declared check is unsure.</summary>
    public required long Undecided { get; init; }

    /// <summary>Those among the caught in which a failed declared check names the right party.</summary>
    public required long RightParty { get; init; }

    /// <summary>Reason → number of dialogues that it kept from being accepted, in ordinal order.</summary>
    public required ImmutableSortedDictionary<string, long> By { get; init; }

    /// <summary>The first 20 dialogues that no declared check caught.</summary>
    public required ImmutableArray<AuditedDialogue> Missed { get; init; }

    /// <summary>Why no dialogue has the fault; null if some have it.</summary>
    public string? Why { get; init; }

    public double Share => Planted == 0 ? 1 : (double)Caught / Planted;
}

/// <summary>
/// Plants one kind of fault up to a count, and sums the verdicts. The checks see only the dialogue, never the label of the fault.
/// </summary>
public static class KindAudit
{
    private const int MissesKept = 20;

    /// <param name="count">Number of dialogues with the fault to reach.</param>
    /// <param name="tries">Maximum number of dialogues to try, whether the fault is possible in them or not.</param>
    /// <param name="plant">Returns the dialogue of an index with the fault; null if the fault is not possible in it.</param>
    /// <param name="needs">The precondition of the fault, for <see cref="KindResult.Why"/>.</param>
    public static async Task<KindResult> Run(
        ExpectedCatch expected,
        Verifier verifier,
        int count,
        long tries,
        Func<long, CancellationToken, ValueTask<AuditedDialogue?>> plant,
        string needs,
        CancellationToken cancellationToken
    )
    {
        long tried = 0,
            planted = 0,
            rejected = 0,
            left = 0,
            caught = 0,
            undecided = 0,
            party = 0;
        var by = ImmutableSortedDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        var missed = ImmutableArray.CreateBuilder<AuditedDialogue>();
        for (; tried < tries && planted < count; tried++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            if (await plant(tried, cancellationToken) is not { } dialogue)
                continue;
            planted++;
            var result = verifier.Verify(dialogue.Pack, dialogue.Blueprint, dialogue.Conversation);
            var verdicts = result.Verdicts;
            var against = verdicts.Where(v => v.Rejects).ToArray();
            foreach (var reason in against.Select(v => v.Reason).Distinct(StringComparer.Ordinal))
                by[reason] = by.GetValueOrDefault(reason) + 1;
            if (against.Any(v => v.Outcome == Outcome.Fail))
                rejected++;
            else if (against.Length > 0)
                left++;
            // A finding that is only noted rejects nothing, and is a catch where it finds the very message.
            var declared = (dialogue.Needless is null ? against : verdicts.Where(v => v.Rejects || v.Outcome == Outcome.Noted))
                .Where(v => expected.Checks.Contains($"{v.Stage}.{v.Check}", StringComparer.Ordinal))
                .ToArray();
            if (declared.Length == 0 || (dialogue.Needless is { } at && result.Meta[at].Needed?.Contains(false) != true))
            {
                if (missed.Count < MissesKept)
                    missed.Add(dialogue);
                continue;
            }

            caught++;
            if (dialogue.Needless is not null)
                by["efficiency.needless-reads"] = by.GetValueOrDefault("efficiency.needless-reads") + 1;
            if (declared.All(v => v.Outcome == Outcome.Unsure))
                undecided++;
            else if (declared.Any(v => v.Outcome == Outcome.Fail && (expected.Party is Fault.None || v.Fault == expected.Party)))
                party++;
        }

        return new()
        {
            Kind = expected.Kind,
            Checks = expected.Checks,
            Tried = tried,
            Planted = planted,
            Rejected = rejected,
            LeftUndecided = left,
            Caught = caught,
            Undecided = undecided,
            RightParty = party,
            By = by.ToImmutable(),
            Missed = missed.ToImmutable(),
            Why = planted > 0 ? null : $"none of {tried} dialogues has {needs}",
        };
    }
}
