using System.Collections.Immutable;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;

namespace ConvoSynth.Verification.Checks;

/// <summary><c>outcome.lookalike</c>: the agent calls no tool that only looks like a tool of the task.</summary>
internal sealed class OutcomeLookalike : ICheck
{
    private static readonly CheckName Name = new("outcome", "lookalike");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        if (!trace.Blueprint.AvailableTools.Any(t => trace.Pack.LookalikeOf(t) is not null))
            return;
        var findings = new Findings(Name, verdicts);
        foreach (var call in trace.Calls.Where(c => c.IsLookalike))
        {
            var like = trace.Pack.LookalikeOf(call.Call.Name)!.Like;
            findings.Fail(Fault.Agent, call.Message, $"{call.Call.Name} only looks like {like}, and serves nothing here");
        }

        findings.Close();
    }
}
