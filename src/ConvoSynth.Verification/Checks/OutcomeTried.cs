using System.Collections.Immutable;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;

namespace ConvoSynth.Verification.Checks;

/// <summary><c>outcome.tried</c>: the agent hands over because of a tool that is out of order only after it has called that tool.</summary>
internal sealed class OutcomeTried : ICheck
{
    private static readonly CheckName Name = new("outcome", "tried");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        if (trace.Blueprint.Twist is not { } twist || !twist.Failures.Any(f => f.Call == 0))
            return;
        var findings = new Findings(Name, verdicts);
        foreach (var failure in twist.Failures.Where(f => f.Call == 0))
        {
            if (!trace.Calls.Any(c => c.IsInjected && c.Call.Name == failure.Tool))
                findings.Fail(Fault.Agent, null, $"{failure.Tool} is never called, so the agent cannot know that it is out of order");
        }

        findings.Close();
    }
}
