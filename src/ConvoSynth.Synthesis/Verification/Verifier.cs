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
    public const string Version = "3";

    /// <summary>In the order in which they run.</summary>
    public IReadOnlyList<ICheck> Checks { get; } = checks;

    /// <summary>All checks of a pack, in order.</summary>
    public static Verifier Default(Pack pack) => new(AllChecks.For(pack));

    /// <summary>These checks and one more, after them.</summary>
    public Verifier With(ICheck check) => new([.. Checks, check]);

    public Verification Verify(Pack pack, Blueprint blueprint, Conversation conversation) =>
        Verify(Trace.Run(pack, blueprint, conversation));

    public Verification Verify(Trace trace)
    {
        var verdicts = ImmutableArray.CreateBuilder<Verdict>(40);
        foreach (var check in Checks) check.Run(trace, verdicts);
        return new(verdicts.ToImmutable(), trace.CanonicalDiff, TurnMasks.Of(trace));
    }
}
