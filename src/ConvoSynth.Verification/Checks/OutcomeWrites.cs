using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.Verdicts;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Verification.Evidence;

namespace ConvoSynth.Verification.Checks;

/// <summary>
/// <c>outcome.writes</c>: every successful write belongs to the accepted plan. In a dialogue that reached an accepted end state, an
/// unplanned write passes if it changed something and all its changes stand. A change that was later overwritten or undone fails,
/// although the end state does not show it. So does a repetition of a write right after its success.
/// </summary>
internal sealed class OutcomeWrites : ICheck
{
    private static readonly CheckName Name = new("outcome", "writes");

    public void Run(Trace trace, ImmutableArray<Verdict>.Builder verdicts)
    {
        var findings = new Findings(Name, verdicts);
        var taken = trace.Reached is { } reached ? new bool[reached.Writes.Length] : null;
        foreach (var call in trace.Calls)
        {
            if (!call.Wrote || (taken is null ? IsInAnyPlan(trace, call) : Takes(trace, call, taken)))
                continue;
            if (taken is null)
                findings.Fail(PlanMatch.FaultOf(trace, call), call.Message, $"{Spelled(call)} is in no accepted plan");
            else if (Fate(trace, call) is { } fate)
                findings.Fail(Fault.Agent, call.Message, $"{Spelled(call)} is in no accepted plan and {fate}");
        }

        Repeated(trace, ref findings);
        findings.Close();
    }

    // A successful write is done, so the same call right after it could only do it twice.
    private static void Repeated(Trace trace, ref Findings findings)
    {
        for (var i = 1; i < trace.Calls.Count; i++)
        {
            var (first, again) = (trace.Calls[i - 1], trace.Calls[i]);
            if (
                first.Wrote
                && again.Tool == first.Tool
                && again.Arguments is { } arguments
                && arguments == first.Arguments
                && again.Message - first.Message <= 2
            )
                findings.Fail(Fault.Agent, again.Message, $"{Spelled(again)} is made again right after it went through");
        }
    }

    private static bool IsInAnyPlan(Trace trace, TraceCall call) =>
        trace.Blueprint.AcceptedEndStates.Any(s => s.Writes.Any(w => IsThis(trace, call, w)));

    // Each write of a plan counts once; a second equal call is an unplanned write.
    private static bool Takes(Trace trace, TraceCall call, bool[] taken)
    {
        var plan = trace.Reached!.Writes;
        for (var i = 0; i < plan.Length; i++)
        {
            if (taken[i] || !IsThis(trace, call, plan[i]))
                continue;
            return taken[i] = true;
        }

        return false;
    }

    private static bool IsThis(Trace trace, TraceCall call, PlannedWrite write) =>
        write.Tool == call.Tool!.Name && PlanMatch.Same(trace.Pack, call.Tool, write.Arguments, call.Arguments!);

    private static string? Fate(Trace trace, TraceCall call)
    {
        var changed = false;
        foreach (var write in call.Writes)
        {
            if (!Stands(write.Before, write.After, Last(trace, write.Table, write.Key), ref changed))
                return "was undone or overwritten later";
        }

        return changed ? null : "changed nothing";
    }

    private static JsonMap? Last(Trace trace, string table, string key)
    {
        for (var i = trace.Calls.Count - 1; i >= 0; i--)
        {
            var writes = trace.Calls[i].Writes;
            for (var w = writes.Length - 1; w >= 0; w--)
            {
                if (writes[w].Key == key && writes[w].Table == table)
                    return writes[w].After;
            }
        }

        return null;
    }

    private static bool Stands(Json? before, Json? after, Json? last, ref bool changed)
    {
        if (before == after)
            return true;
        if (before is JsonMap a && after is JsonMap b)
        {
            foreach (var key in a.Keys.Union(b.Keys, StringComparer.Ordinal))
            {
                if (!Stands(Of(a, key), Of(b, key), Of(last as JsonMap, key), ref changed))
                    return false;
            }

            return true;
        }

        changed = true;
        return after == last || (before is null && after is JsonMap && last is JsonMap);
    }

    private static Json? Of(JsonMap? map, string key) => map is not null && map.TryGet(key, out var value) ? value : null;

    private static string Spelled(TraceCall call) => $"{call.Call.Name}({call.Call.Arguments})";
}
