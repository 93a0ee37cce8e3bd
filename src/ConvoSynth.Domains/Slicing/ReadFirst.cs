using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Domains.Slicing;

/// <summary>
/// Plans the gold of a task anew, so that it reads a record from which a value is to be taken before it serves the wish. A read that only
/// looked the told value up goes.
/// </summary>
internal sealed class ReadFirst(Pack pack)
{
    /// <summary>The task with the reads; null if they cannot be made, or if the gold reads the record anyway.</summary>
    public Blueprint? Of(Blueprint task, Request request, ToldArgument told, EntityRow record)
    {
        var planner = new ReadPlanner(
            pack,
            new DialogueEnvironment(pack, task.Patch),
            task.AvailableTools.ToHashSet(StringComparer.Ordinal)
        );
        foreach (var fact in task.Scenario.Facts)
            planner.Told(fact.Value);
        var moved = new Dictionary<int, int>();
        var starts = new Dictionary<int, int>();
        ImmutableArray<int> reads = [];
        for (var a = 0; a < task.Actions.Length; a++)
        {
            starts[a] = planner.Actions.Count;
            if (a == request.FirstAction)
            {
                if (!planner.Reveal(record) || planner.Actions.Count == starts[a] || planner.Actions.Skip(starts[a]).Any(x => x.Writes))
                    return null;
                reads = [.. Enumerable.Range(starts[a], planner.Actions.Count - starts[a])];
            }

            var action = task.Actions[a];
            if (!action.Writes && (IsOfTold(action, told) || OnlyTranslates(task, action, told, record)))
                continue;
            if (a == told.Action && !planner.Knows(action.Arguments[told.Parameter.Name]))
                return null;
            if (!planner.Call(pack.Tools.Find(action.Tool)!, (JsonMap)action.Arguments))
                return null;
            moved[a] = planner.Actions.FindLastIndex(x => x.Tool == action.Tool && x.Arguments == action.Arguments);
        }

        starts[task.Actions.Length] = planner.Actions.Count;
        if (reads.IsEmpty || !moved.TryGetValue(told.Action, out var write) || Moved(task, moved, starts) is not { } made)
            return null;
        return made with
        {
            Actions = [.. planner.Actions],
            Twist = new() { Elsewhere = new(record.Entity.Name, record.Key, write, told.Parameter.Name, reads) },
        };
    }

    // "Riverside" is told no more, so no call can look it up.
    private static bool IsOfTold(GoldAction action, ToldArgument told) => action.Arguments.Leaves().Any(v => v == told.Fact.Value);

    // The record shows "Riverside" beside its key, so a list that only leads from one to the other is needless.
    private bool OnlyTranslates(Blueprint task, GoldAction action, ToldArgument told, EntityRow record) =>
        told.Row is { Parent: null } row
        && !pack.Rows.IsOwned(row.Entity)
        && pack.Tools.Find(action.Tool)!.Reveals is { Count: > 0 } reveals
        && reveals.All(r => r == row.Entity.Name || r.StartsWith(row.Entity.Name + ".", StringComparison.Ordinal))
        && ((Json)record.Row.Values).Leaves().Any(v => v == told.Fact.Value)
        && task.Actions.Where(a => a.Writes).Sum(a => pack.Tools.Find(a.Tool)!.Parameters.Count(p => IsKeyOf(p, row.Entity))) == 1;

    private bool IsKeyOf(ToolParameter parameter, EntitySpec entity) => pack.Domain.EntityOfKey(parameter.Is)?.Name == entity.Name;

    private static Blueprint? Moved(Blueprint task, Dictionary<int, int> moved, Dictionary<int, int> starts)
    {
        if (
            task.Outputs.Any(o => o.GroundedBy >= 0 && !moved.ContainsKey(o.GroundedBy))
            || task.Refusals.Any(r => r.GroundedBy >= 0 && !moved.ContainsKey(r.GroundedBy))
        )
            return null;
        return task with
        {
            Outputs = [.. task.Outputs.Select(o => o.GroundedBy < 0 ? o : o with { GroundedBy = moved[o.GroundedBy] })],
            Refusals = [.. task.Refusals.Select(r => r.GroundedBy < 0 ? r : r with { GroundedBy = moved[r.GroundedBy] })],
            Scenario = task.Scenario with { Requests = [.. task.Scenario.Requests.Select(r => Moved(task, r, starts))] },
        };
    }

    private static Request Moved(Blueprint task, Request request, Dictionary<int, int> starts)
    {
        var first = starts[Math.Min(request.FirstAction, task.Actions.Length)];
        var end = starts[Math.Min(request.FirstAction + request.ActionCount, task.Actions.Length)];
        return request with { FirstAction = first, ActionCount = end - first };
    }
}
