using System.Collections.Immutable;
using ConvoSynth.Core;

namespace ConvoSynth.Synthesis;

/// <summary><c>policy.guards</c>: at every successful write each of its guards held, in the state as it was before. Where the blueprint's own solution breaks it, the fault is the blueprint's.</summary>
internal sealed class PolicyGuards : ICheck
{
    private static readonly CheckName Name = new("policy", "guards");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        foreach (var call in trace.Calls)
        {
            if (!call.Wrote) continue;
            foreach (var guard in call.Broken)
            {
                findings.Fail(PlanMatch.IsGold(trace, call) ? Fault.Blueprint : Fault.Agent, call.Message,
                    $"{call.Call.Name}({call.Call.Arguments}) was done although clause {guard.Clause} forbids it: {trace.Pack.Policy.Clause(guard.Clause)?.Text ?? guard.Name}");
            }
        }

        findings.Close();
    }
}
