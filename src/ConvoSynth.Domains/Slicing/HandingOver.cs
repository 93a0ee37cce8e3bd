using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Domains.Slicing;

/// <summary>
/// Turns a task of one write into a task that no tool can serve. The policy must say that such a request, and no other, is handed over to
/// a person; in a pack without that rule, nothing says what is right.
/// </summary>
internal sealed class HandingOver(Pack pack)
{
    private readonly ToolSpec? _transfer = pack.Rules.Any(r => r.Rule == "transfer_iff")
        ? pack.Tools.All.FirstOrDefault(t =>
            t.Kind == ToolKind.Transfer && t.Parameters is [{ Schema: var schema }] && schema["type"].Text == "string"
        )
        : null;

    public bool IsPossible => _transfer is not null;

    /// <summary>The write of a task that has one plain wish with one write; null for another task.</summary>
    public static GoldAction? OnlyWrite(Blueprint task) =>
        task.Scenario.Requests is [{ IsPlain: true }] && task.Actions.Where(a => a.Writes).ToArray() is [var write] ? write : null;

    public bool IsIdentity(GoldAction action) => pack.Domain.Identity.Any(p => p.Tool == action.Tool);

    /// <summary>The task whose gold makes the kept reads and hands over; null if the pack has no such tool or rule.</summary>
    public Blueprint? Of(Blueprint task, Func<GoldAction, bool> keeps)
    {
        if (_transfer is null)
            return null;
        var request = task.Scenario.Requests[0];
        var kept = task.Actions.Where(keeps).ToArray();
        var arguments = JsonMap.Create([
            KeyValuePair.Create(_transfer.Parameters[0].Name, (Json)$"Wish that no tool serves: {request.Brief}"),
        ]);
        var environment = new DialogueEnvironment(pack, task.Patch);
        var result = environment.Call(_transfer, arguments);
        if (result.IsError)
            return null;
        var served = kept.Count(a => !IsIdentity(a));
        return task with
        {
            Actions = [.. kept, Transfer(arguments, result.Text)],
            AcceptedEndStates = [new("gold", StateDiff.Empty, [])],
            ClausesHeld = [],
            Depth = kept.Length + 1,
            Scenario = task.Scenario with
            {
                Requests = [request with { FirstAction = kept.Length - served, ActionCount = served + 1, Done = [] }],
            },
        };
    }

    private GoldAction Transfer(JsonMap arguments, string observation) =>
        new()
        {
            Tool = _transfer!.Name,
            Arguments = arguments,
            Writes = false,
            Observation = observation,
        };
}
