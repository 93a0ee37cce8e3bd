using System.Collections.Immutable;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;

namespace ConvoSynth.Verification.Checks;

/// <summary><c>outcome.no-call</c>: where the policy alone answers, so that the reference makes no call, the agent makes none.</summary>
internal sealed class OutcomeNoCall : ICheck
{
    private static readonly CheckName Name = new("outcome", "no-call");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        // A foreign task without actions may still need reads.
        if (trace.IsForeign || !trace.Blueprint.Actions.IsEmpty)
            return;
        var findings = new Findings(Name, verdicts);
        foreach (var call in trace.Calls)
            findings.Fail(Fault.Agent, call.Message, $"{call.Call.Name} is called, and the policy alone answers what the human asks");
        findings.Close();
    }
}
