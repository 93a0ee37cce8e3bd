using System.Collections.Frozen;
using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Synthesis;

/// <summary>
/// <c>policy.attempt</c>: the agent does not try what the policy tells it to refuse, even where the tool stops it. Only clauses under a rule
/// <c>guarded … broken: refuse</c> count; such a rule on a sentence that is no guard's stands for all of them. Where the blueprint's own solution tries it, the fault is the
/// blueprint's.
/// </summary>
internal sealed class PolicyAttempt : ICheck
{
    private static readonly CheckName Name = new("policy", "attempt");

    private readonly FrozenSet<string> _refused;

    public PolicyAttempt(Pack pack)
    {
        var guarded = pack.Tools.All.SelectMany(t => t.Guards).Select(g => g.Clause).ToHashSet(StringComparer.Ordinal);
        var clauses = pack.Rules.Where(r => r.Rule == "guarded" && r.Options["broken"].Text == "refuse").Select(r => r.Clause).ToList();
        _refused = (clauses.TrueForAll(guarded.Contains) ? clauses : guarded.Concat(clauses)).ToFrozenSet(StringComparer.Ordinal);
    }

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        foreach (var call in trace.Calls)
        {
            if (call.Succeeded || call.Tool is not { Writes: true }) continue;
            foreach (var guard in call.Broken)
            {
                if (!_refused.Contains(guard.Clause)) continue;
                findings.Fail(PlanMatch.IsGold(trace, call) ? Fault.Blueprint : Fault.Agent, call.Message,
                    $"{call.Call.Name}({call.Call.Arguments}) was tried although clause {guard.Clause} forbids it: {trace.Pack.Policy.Clause(guard.Clause)?.Text ?? guard.Name}");
                break;
            }
        }

        findings.Close();
    }
}
