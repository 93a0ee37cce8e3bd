using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Synthesis;

/// <summary>One stage of verification. It looks at the trace alone and appends what it finds; all stages run, whatever an earlier one found.</summary>
public interface ICheck
{
    void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts);
}

/// <summary>What verification found.</summary>
/// <param name="Diff">The canonical changes that the dialogue made.</param>
/// <param name="Meta">The messages' meta data, with what verification adds: origins of arguments, turns not to train on.</param>
public sealed record Verification(ImmutableArray<Verdict> Verdicts, StateDiff Diff, ImmutableArray<MessageMeta> Meta);

/// <summary>Runs all stages in order, cheapest first.</summary>
public sealed class Verifier(IReadOnlyList<ICheck> checks)
{
    /// <summary>Changes whenever a check's meaning changes; it is in every row.</summary>
    public const string Version = "5";

    /// <summary>In the order in which they run.</summary>
    public IReadOnlyList<ICheck> Checks { get; } = checks;

    /// <summary>All checks of a pack, in order.</summary>
    public static Verifier Default(Pack pack) => new(AllChecks.For(pack));

    /// <summary>These checks and one more, after them.</summary>
    public Verifier With(ICheck check) => new([.. Checks, check]);

    /// <summary>These checks, but for what some of them say.</summary>
    /// <param name="names">As <c>stage.check</c>.</param>
    public Verifier Without(IReadOnlyCollection<string> names) =>
        names.Count == 0 ? this : new([.. Checks.Select(c => new Silenced(c, names))]);

    public Verification Verify(Pack pack, Blueprint blueprint, Conversation conversation) =>
        Verify(Trace.Run(pack, blueprint, conversation));

    public Verification Verify(Trace trace)
    {
        var verdicts = ImmutableArray.CreateBuilder<Verdict>(40);
        foreach (var check in Checks)
            check.Run(trace, verdicts);
        return new(UnfinishedDialogues.Fair(trace.Conversation.End, verdicts), trace.CanonicalDiff, TurnMasks.Of(trace));
    }

    // A check may say several things, each under a name of its own.
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
