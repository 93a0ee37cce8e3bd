using System.Collections.Immutable;
using ConvoSynth.Core;

namespace ConvoSynth.Synthesis;

/// <summary>
/// <c>policy.guards</c>: at every successful write each of its guards held, in the state as it was before. Where the blueprint's own solution breaks it, the fault is the blueprint's.
/// A foreign task has another policy, which its own solution keeps; what else ends in its end state is unsure.
/// </summary>
internal sealed class PolicyGuards : ICheck
{
    private static readonly CheckName Name = new("policy", "guards");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        foreach (var call in trace.Calls)
        {
            if (!call.Wrote)
                continue;
            foreach (var guard in call.Broken)
            {
                var isGold = PlanMatch.IsGold(trace, call);
                var what =
                    $"{call.Call.Name}({call.Call.Arguments}) was done although clause {guard.Clause} forbids it: {trace.Pack.Policy.Clause(guard.Clause)?.Text ?? guard.Name}";
                if (!trace.IsForeign || trace.Reached is null)
                    findings.Fail(isGold ? Fault.Blueprint : Fault.Agent, call.Message, what);
                else if (!isGold)
                    findings.Unsure(call.Message, what);
            }
        }

        findings.Close();
    }
}
