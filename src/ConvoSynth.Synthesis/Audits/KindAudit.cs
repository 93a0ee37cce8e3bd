using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Synthesis;

/// <summary>A dialogue to be verified in an audit, and the pack that it is of.</summary>
/// <param name="Id">By which a person finds it again.</param>
public sealed record AuditedDialogue(string Id, Pack Pack, Blueprint Blueprint, Conversation Conversation);

/// <summary>What must happen to a dialogue with a fault of this kind.</summary>
/// <param name="Checks">The checks, as <c>stage.check</c>, of which at least one must fail or be unsure.</param>
/// <param name="Party">Whose fault it is; none where either side can make it.</param>
public sealed record ExpectedCatch(string Kind, ImmutableArray<string> Checks, Fault Party);

/// <summary>What became of the dialogues with one kind of fault.</summary>
public sealed record KindResult
{
    public required string Kind { get; init; }

    public required ImmutableArray<string> Checks { get; init; }

    /// <summary>How many dialogues were tried, and in how many of them the fault was possible.</summary>
    public required long Tried { get; init; }

    public required long Planted { get; init; }

    /// <summary>How many were rejected, whichever check did it.</summary>
    public required long Rejected { get; init; }

    /// <summary>How many were left undecided: no check failed, and some check could not tell.</summary>
    public required long LeftUndecided { get; init; }

    /// <summary>How many a declared check kept from being accepted.</summary>
    public required long Caught { get; init; }

    /// <summary>Of those, how many only because it could not tell: no declared check failed, at least one was unsure.</summary>
    public required long Undecided { get; init; }

    /// <summary>Of those caught by a failure, in how many some failed declared check names the right party.</summary>
    public required long RightParty { get; init; }

    /// <summary>Reason → dialogues that it kept from being accepted, in ordinal order.</summary>
    public required ImmutableSortedDictionary<string, long> By { get; init; }

    /// <summary>Dialogues that no declared check caught, the first few.</summary>
    public required ImmutableArray<AuditedDialogue> Missed { get; init; }

    /// <summary>Why there is none; null where there are some.</summary>
    public string? Why { get; init; }

    public double Share => Planted == 0 ? 1 : (double)Caught / Planted;
}

/// <summary>Plants one kind of fault until there is enough of it, and counts what the checks made of it. The checks see the dialogue alone, not what was planted.</summary>
public static class KindAudit
{
    private const int MissesKept = 20;

    /// <param name="count">How many dialogues with the fault are wanted.</param>
    /// <param name="tries">After how many dialogues in which it may or may not be possible to give up.</param>
    /// <param name="plant">The dialogue of an index with the fault; null where it is not possible.</param>
    /// <param name="needs">What such a dialogue must have, for the reason why there is none.</param>
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
            var verdicts = verifier.Verify(dialogue.Pack, dialogue.Blueprint, dialogue.Conversation).Verdicts;
            var against = verdicts.Where(v => v.Rejects).ToArray();
            foreach (var reason in against.Select(v => v.Reason).Distinct(StringComparer.Ordinal))
                by[reason] = by.GetValueOrDefault(reason) + 1;
            if (against.Any(v => v.Outcome == Outcome.Fail))
                rejected++;
            else if (against.Length > 0)
                left++;
            var declared = against.Where(v => expected.Checks.Contains($"{v.Stage}.{v.Check}", StringComparer.Ordinal)).ToArray();
            if (declared.Length == 0)
            {
                if (missed.Count < MissesKept)
                    missed.Add(dialogue);
                continue;
            }

            caught++;
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
