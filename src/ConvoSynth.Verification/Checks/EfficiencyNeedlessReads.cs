using System.Collections.Immutable;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Verification.Needs;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>efficiency.needless-reads</c>: every read grounds an argument, a guard, an answer or a stated detail. Needless reads are noted; they
/// fail only if a run sets a limit and the dialogue passes it.
/// </summary>
/// <param name="grounding">The checks that ask where something comes from.</param>
/// <param name="limit">Null for none.</param>
internal sealed class EfficiencyNeedlessReads(IReadOnlyList<ICheck> grounding, int? limit) : ICheck
{
    /// <summary>The maximum number of reads that the evidence names.</summary>
    private const int Named = 5;

    private static readonly CheckName Name = new("efficiency", "needless-reads");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var needed = NeededReads.Of(trace, grounding);
        if (needed.Needless.Count == 0)
        {
            verdicts.Add(Name.Pass);
            return;
        }

        var found = needed.Needless;
        var names = string.Join(", ", found.Take(Named).Select(c => $"{c.Call.Name} in message {c.Message}"));
        var all = $"{found.Count} of {needed.Judged} reads ground nothing: {names}{(found.Count > Named ? ", …" : "")}";
        verdicts.Add(
            found.Count > limit
                ? Name.Of(Outcome.Fail, Fault.Agent, found[0].Message, $"{all}; at most {limit} may")
                : Name.Noted(found[0].Message, all)
        );
    }
}
