using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Campaigns;
using ConvoSynth.Core.Dialogues;
using ConvoSynth.Core.State;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Verification.Verifiers;

/// <summary>The result of verification.</summary>
/// <param name="Diff">The canonical changes of the dialogue.</param>
/// <param name="Meta">The messages' metadata, with the additions of verification: origins of arguments, and turns masked from
/// training.</param>
public sealed record VerificationResult(ImmutableArray<Verdict> Verdicts, StateDiff Diff, ImmutableArray<MessageMeta> Meta);

/// <summary>Runs all stages in order, cheapest first.</summary>
public sealed class Verifier(IReadOnlyList<ICheck> checks)
{
    /// <summary>Changes whenever the meaning of a check changes; it is in every row.</summary>
    public const string Version = "8";

    /// <summary>The checks in the order in which they run.</summary>
    public IReadOnlyList<ICheck> Checks { get; } = checks;

    /// <summary>A verifier with all checks of a pack, in order.</summary>
    /// <param name="maxNeedless">More needless reads than this fail; null: they are noted.</param>
    public static Verifier Default(Pack pack, int? maxNeedless = null) => new(AllChecks.For(pack, maxNeedless));

    /// <summary>A verifier of a run's dialogues, which also judges the agent's thoughts if the run's rows show them.</summary>
    public static Verifier Of(Pack pack, RunSpec spec)
    {
        var verifier = Default(pack, spec.MaxNeedless);
        return spec.ShowsThoughts ? verifier.WithThoughts() : verifier;
    }

    /// <summary>A verifier that also judges the agent's thoughts.</summary>
    public Verifier WithThoughts() => new([.. Checks, .. AllChecks.OfThoughts]);

    /// <summary>A verifier with one more check at the end.</summary>
    public Verifier With(ICheck check) => new([.. Checks, check]);

    /// <summary>A verifier that drops the verdicts with these names.</summary>
    /// <param name="names">Names as <c>stage.check</c>.</param>
    public Verifier Without(IReadOnlyCollection<string> names) =>
        names.Count == 0 ? this : new([.. Checks.Select(c => new Silenced(c, names))]);

    public VerificationResult Verify(Pack pack, Blueprint blueprint, Conversation conversation) =>
        Verify(Trace.Run(pack, blueprint, conversation));

    public VerificationResult Verify(Trace trace)
    {
        var verdicts = ImmutableArray.CreateBuilder<Verdict>(40);
        foreach (var check in Checks)
            check.Run(trace, verdicts);
        return new(UnfinishedDialogues.Fair(trace.Conversation.End, verdicts), trace.CanonicalDiff, TurnMasks.Of(trace));
    }

    // One check may produce verdicts under several names.
    private sealed class Silenced(ICheck inner, IReadOnlyCollection<string> names) : ICheck
    {
        public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
        {
            var before = verdicts.Count;
            inner.Run(trace, verdicts);
            for (var i = verdicts.Count - 1; i >= before; i--)
            {
                if (names.Contains($"{verdicts[i].Stage}.{verdicts[i].Check}", StringComparer.Ordinal))
                    verdicts.RemoveAt(i);
            }
        }
    }
}
