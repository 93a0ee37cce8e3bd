using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;

namespace ConvoSynth.Verification.Evidence;

/// <summary>Finds the observation from which the agent learnt the result of a gold action.</summary>
internal static class Grounds
{
    /// <summary>
    /// Index of the observation from which on the agent can know the result. It belongs to the first call that is the gold action or
    /// whose result <paramref name="shows"/> it. Without such a call, and if the value <paramref name="mayBeComputed"/> from other reads,
    /// it belongs to the first successful read. Returns -1 if no read is needed, and null if a needed read is missing.
    /// </summary>
    public static int? Of(Trace trace, int action, bool mayBeComputed, Func<Json, bool> shows)
    {
        if (action < 0 || action >= trace.Blueprint.Actions.Length)
            return -1;
        var gold = trace.Blueprint.Actions[action];
        int? read = null;
        foreach (var call in trace.Calls)
        {
            if (call.IsInjected || call.Observation < 0 || call.Tool is not { } tool || call.Arguments is not { } made)
                continue;
            if (tool.Name == gold.Tool && PlanMatch.Same(trace.Pack, tool, gold.Arguments, made))
                return call.Observation;
            if (!call.Succeeded || tool.Kind == ToolKind.Transfer)
                continue;
            if (shows(call.Result.Value))
                return call.Observation;
            if (tool.Reveals.Count > 0)
                read ??= call.Observation;
        }

        return mayBeComputed ? read : null;
    }
}
