using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Slicing;

/// <summary>
/// The state that the human asks for is there already. The patch makes the write's changes beforehand; the task is kept only where the
/// write, made once more, is allowed and changes nothing, so that no clause forbids it and a read shows why it is needless. The human
/// must name the state itself: "two more bags" and "the other flight" would be another wish once the first is fulfilled.
/// </summary>
internal sealed class NothingToDo(Pack pack)
{
    private static readonly string[] Reasons =
    [
        "it is that way already",
        "that is what is on record already",
        "that has been done already",
    ];

    public Blueprint? Of(Blueprint task, SeededRandom random)
    {
        if (HandingOver.OnlyWrite(task) is not { } write || !task.Patch.IsEmpty || !IsNamed(task, write))
            return null;
        var patch = Made(task, write);
        var environment = new DialogueEnvironment(pack, patch);
        var reads = Read(task, write, environment);
        if (!IsFulfilled(environment, write) || reads is not { } read || Shown(read, patch) is not { } shows)
            return null;
        var request = task.Scenario.Requests[0];
        var served = read.Length - request.FirstAction;
        return task with
        {
            Patch = patch,
            Actions = [.. read],
            AcceptedEndStates = [new("gold", StateDiff.Empty, [])],
            Refusals = [new(write.Tool, write.Arguments, "", random.Pick(Reasons), shows)],
            ClausesHeld = [],
            Depth = read.Length + 1,
            Scenario = task.Scenario with
            {
                Requests = [request with { Kind = RequestKind.Refuse, ActionCount = served, Refusals = [0], Done = [] }],
            },
            Twist = new() { Tempting = [new(write.Tool, write.Arguments)] },
        };
    }

    // No choice, no amount, and no argument that is neither told nor the key of a row.
    private bool IsNamed(Blueprint task, GoldAction write)
    {
        var request = task.Scenario.Requests[0];
        return !task.Shape.Contains("choice", StringComparison.Ordinal)
            && !request.Confirm.Any(d => d.Contains('$', StringComparison.Ordinal))
            && pack.Tools.Find(write.Tool)!
                .Parameters.All(p =>
                    pack.Domain.EntityOfKey(p.Is) is not null
                    || write
                        .Arguments[p.Name]
                        .Leaves()
                        .All(v => v is JsonText { Value.Length: 0 } || task.Scenario.Facts.Any(f => f.Value == v || f.Said == v.Text))
                );
    }

    private ImmutableArray<Change> Made(Blueprint task, GoldAction write)
    {
        var environment = new DialogueEnvironment(pack, task.Patch);
        environment.Call(write.Tool, write.Arguments);
        return environment.Diff().Changes;
    }

    private bool IsFulfilled(DialogueEnvironment environment, GoldAction write)
    {
        var tool = pack.Tools.Find(write.Tool)!;
        return pack.Guards.Broken(environment.Db, tool, (JsonMap)write.Arguments).Count == 0
            && !environment.Call(tool, write.Arguments).IsError
            && environment.Diff().IsEmpty;
    }

    // The task's reads in the patched state; where they do not show what was changed, a read of the changed row is added.
    private GoldAction[]? Read(Blueprint task, GoldAction write, DialogueEnvironment environment)
    {
        var reads = new List<GoldAction>();
        foreach (var action in task.Actions.Where(a => !a.Writes))
        {
            var result = environment.Call(action.Tool, action.Arguments);
            if (result.IsError)
                return null;
            reads.Add(action with { Observation = result.Text });
        }

        if (Shown([.. reads], environment.Patch) is not null)
            return [.. reads];
        foreach (var tool in pack.Tools.All.Where(t => t.Kind == ToolKind.Read && t.Reveals.Count > 0))
        {
            if (tool.Parameters.Where(p => !p.Optional).ToArray() is not [{ Is: { } names } only])
                continue;
            if (pack.Tools.Find(write.Tool)!.Parameters.FirstOrDefault(p => p.Is == names) is not { } key)
                continue;
            var arguments = JsonMap.Create([KeyValuePair.Create(only.Name, write.Arguments[key.Name])]);
            if (environment.Call(tool, arguments) is not { IsError: false } result)
                continue;
            return
            [
                .. reads,
                new()
                {
                    Tool = tool.Name,
                    Arguments = arguments,
                    Writes = false,
                    Observation = result.Text,
                },
            ];
        }

        return null;
    }

    // The last read whose observation shows every value that the write set.
    private static int? Shown(GoldAction[] reads, ImmutableArray<Change> changes)
    {
        for (var i = reads.Length - 1; i >= 0; i--)
        {
            if (
                changes.All(c =>
                    c.After is null or { IsNull: true }
                    || reads[i].Observation.Contains(c.After.Text ?? c.After.ToString(), StringComparison.Ordinal)
                )
            )
                return i;
        }

        return null;
    }
}
