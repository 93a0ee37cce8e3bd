using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Synthesis;

/// <summary>Finds where in a dialogue the agent learnt what a gold action showed.</summary>
internal static class Grounds
{
    /// <summary>
    /// Index of the observation from which on the agent can know it: of the first call that is the gold action or whose result
    /// <paramref name="shows"/> it; failing that, where the value <paramref name="mayBeComputed"/> from other reads, of the first successful read.
    /// -1 where nothing need be read; null where nothing was.
    /// </summary>
    public static int? Of(Trace trace, int action, bool mayBeComputed, Func<Json, bool> shows)
    {
        if (action < 0 || action >= trace.Blueprint.Actions.Length)
            return -1;
        var gold = trace.Blueprint.Actions[action];
        int? read = null;
        foreach (var call in trace.Calls)
        {
            if (call.Observation < 0 || call.Tool is not { } tool || call.Arguments is not { } made)
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
