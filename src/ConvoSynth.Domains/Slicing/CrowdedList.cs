using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Domains.Slicing;

/// <summary>
/// The person has hundreds of rows like the meant row, which stands deep in what a tool lists. The rows are copies of other
/// persons' and stand in the task's patch, so no other task sees them. The gold is executed again among them.
/// </summary>
internal sealed class CrowdedList(Pack pack)
{
    /// <summary>An agent that reads only so many rows must miss the meant one.</summary>
    public const int FirstRows = 50;

    private const int FewestRows = 200;
    private const int MoreRows = 150;

    private readonly ToldArguments _told = new(pack);

    public Blueprint? Of(Blueprint task, SeededRandom random)
    {
        if (task.Scenario.Requests is not [{ IsPlain: true } request] || !IsPlain(task))
            return null;
        foreach (var told in random.Shuffled(_told.Of(task, request).Where(t => t.Row is not null && t.Field != t.Row.Entity.Key)))
        {
            if (Crowd.Of(pack, task, told, FewestRows + random.Next(MoreRows), random) is { } crowd && Among(task, told, crowd) is { } made)
                return made;
        }

        return null;
    }

    private static bool IsPlain(Blueprint task) =>
        task.Patch.IsEmpty
        && task.Outputs.IsEmpty
        && task.Refusals.IsEmpty
        && task.AcceptedEndStates.Length == 1
        && !task.Shape.Contains("choice", StringComparison.Ordinal)
        && !task.Shape.Contains("condition", StringComparison.Ordinal);

    private Blueprint? Among(Blueprint task, ToldArgument told, Crowd crowd)
    {
        var patched = task with { Patch = crowd.Patch, Scenario = crowd.Renamed(task.Scenario) };
        if (Executed(patched, crowd) is not { } executed || RowsBefore(executed, crowd) is not (>= FirstRows and var before))
            return null;
        var made = executed with
        {
            Depth = task.Depth + 1,
            Twist = new() { RowsBefore = before },
        };
        var same = _told
            .Of(made, made.Scenario.Requests[0])
            .FirstOrDefault(t => t.Action == told.Action && t.Fact.Slot == told.Fact.Slot && t.Parameter.Name == told.Parameter.Name);
        return same is null ? null : made with { Twist = made.Twist! with { Tempting = [.. Near(made, same, crowd)] } };
    }

    private Blueprint? Executed(Blueprint task, Crowd crowd)
    {
        var environment = new DialogueEnvironment(pack, task.Patch);
        var actions = new List<GoldAction>();
        foreach (var action in task.Actions)
        {
            var (tool, arguments) = (pack.Tools.Find(action.Tool)!, crowd.Renamed(action.Arguments));
            if (pack.Guards.Broken(environment.Db, tool, (JsonMap)arguments).Count > 0)
                return null;
            var result = environment.Call(tool, arguments);
            if (result.IsError)
                return null;
            actions.Add(action with { Arguments = arguments, Observation = result.Text });
        }

        var writes = task.AcceptedEndStates[0].Writes.Select(w => w with { Arguments = crowd.Renamed(w.Arguments) });
        return task with
        {
            Actions = [.. actions],
            AcceptedEndStates = [new(task.AcceptedEndStates[0].Name, pack.Canon.Canonical(environment.Diff()), [.. writes])],
        };
    }

    // How many rows of the crowd an observation shows before the meant one; null if none shows it.
    private static int? RowsBefore(Blueprint task, Crowd crowd)
    {
        int? most = null;
        foreach (var action in task.Actions.Where(a => !a.Writes))
        {
            var at = Crowd.PlaceOf(action.Observation, crowd.Meant);
            if (at < 0)
                continue;
            var before = crowd.Keys.Count(k => Crowd.PlaceOf(action.Observation, k) is >= 0 and var place && place < at);
            most = Math.Max(most ?? 0, before);
        }

        return most;
    }

    // The first of the rows that such an agent has read that the policy allows as well, and that ends in another state.
    private IEnumerable<PlannedWrite> Near(Blueprint task, ToldArgument told, Crowd crowd)
    {
        var list =
            task.Actions.Where(a => !a.Writes).Select(a => a.Observation).FirstOrDefault(o => Crowd.PlaceOf(o, crowd.Meant) >= 0) ?? "";
        return _told
            .Siblings(task, told)
            .Select(s => (Row: s, Place: Crowd.PlaceOf(list, EntityRows.Text(s.Key))))
            .Where(s => s.Place >= 0)
            .OrderBy(s => s.Place)
            .Take(FirstRows)
            .Select(s => _told.With(task, told, s.Row.Key))
            .OfType<PlannedWrite>()
            .Take(1);
    }
}
