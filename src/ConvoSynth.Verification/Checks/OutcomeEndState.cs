using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.State;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Verification.Evidence;

namespace ConvoSynth.Verification.Checks;

/// <summary><c>outcome.end-state</c>: the final database equals an accepted end state, by any path.</summary>
internal sealed class OutcomeEndState : ICheck
{
    private static readonly CheckName Name = new("outcome", "end-state");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        if (trace.Blueprint.AcceptedEndStates.IsEmpty)
            findings.Fail(Fault.Blueprint, null, "the blueprint accepts no end state");
        else if (trace.Reached is null)
            findings.Fail(
                trace.Calls.Any(c => c.Wrote && PlanMatch.FaultOf(trace, c) == Fault.Human) ? Fault.Human : Fault.Agent,
                trace.Calls.LastOrDefault(c => c.Wrote)?.Message,
                Difference(trace)
            );
        findings.Close();
    }

    // Compares with the accepted end state that shares most changes with the dialogue.
    private static string Difference(Trace trace)
    {
        var happened = trace.CanonicalDiff.Changes;
        var nearest = trace.Blueprint.AcceptedEndStates.MaxBy(s => s.Diff.Changes.Count(happened.Contains))!;
        var missing = nearest.Diff.Changes.FirstOrDefault(c => !happened.Contains(c));
        var extra = happened.FirstOrDefault(c => !nearest.Diff.Changes.Contains(c));
        return (missing, extra) switch
        {
            ({ } m, { } e) => $"wanted {m}; found {e}",
            ({ } m, null) => $"wanted {m}; it did not happen",
            (null, { } e) => $"not wanted: {e}",
            _ => "the same changes in another order",
        };
    }
}
