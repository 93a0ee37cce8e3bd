using System.Collections.Immutable;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Verification.Evidence;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>policy.guards</c>: every successful write satisfied its guards in the state before it. If gold breaks a guard, the blueprint is at
/// fault. A foreign task has a policy of its own, which its gold follows. If a dialogue reaches its end state, other writes that break a
/// guard are unsure.
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
                    $"{call.Call.Name}({call.Call.Arguments}) was done although clause {guard.Clause} forbids it: "
                    + $"{trace.Pack.Policy.Clause(guard.Clause)?.Text ?? guard.Name}";
                if (!trace.IsForeign || trace.Reached is null)
                    findings.Fail(isGold ? Fault.Blueprint : Fault.Agent, call.Message, what);
                else if (!isGold)
                    findings.Unsure(call.Message, what);
            }
        }

        findings.Close();
    }
}
