using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Slicing;

namespace ConvoSynth.Rehearsal.Faults;

/// <summary>Faults of agents that do not notice the slice of a task, or take its wrong way.</summary>
internal sealed class SliceFaults(Pack pack, Blueprint blueprint, SeededRandom random)
{
    /// <summary>The fault; null if the task is of another slice, or does not allow it.</summary>
    public FaultPlan? Plan(string kind)
    {
        if (SliceAgents.Of(blueprint.Slice) is not { } agents || !agents.Kinds.Contains(kind, StringComparer.Ordinal))
            return null;
        return kind switch
        {
            FaultKinds.GuessedParameter or FaultKinds.UnaskedParameter => Of(kind, RequestOfSlot(blueprint.Twist!.Withheld[0])),
            FaultKinds.AbsentTool or FaultKinds.WrittenAgain => Of(kind, 0),
            FaultKinds.FirstWish => Of(
                kind,
                blueprint.Scenario.Requests.IndexOf(blueprint.Scenario.Requests.First(r => r.First is not null))
            ),
            FaultKinds.FirstRequestOnly => new(kind),
            FaultKinds.NeedlessCall => SomeRead() is { } call ? new(kind) { Calls = [call] } : null,
            FaultKinds.CarriedOn => Of(kind, RequestOfFailure()),
            FaultKinds.EndlessRetry => IsForGood ? Of(kind, 0) : null,
            FaultKinds.GaveUp => IsForGood ? null : Of(kind, RequestOfFailure()),
            FaultKinds.LookalikeCall => Lookalike(),
            FaultKinds.TookClaim => Of(kind, 0),
            FaultKinds.FirstRows => Of(kind, 0),
            FaultKinds.NearRow => blueprint.Twist!.Tempting.IsEmpty ? null : Of(kind, 0),
            FaultKinds.SerialCalls => new(kind) { Action = blueprint.Twist!.Together!.Value[0][1] },
            FaultKinds.BundledCall => new CallNeeds(pack).First(blueprint) is { } needy ? new(kind) { Action = needy - 1 } : null,
            FaultKinds.UnreadRecord or FaultKinds.RecordAtHand => Of(kind, RequestOf(blueprint.Twist!.Elsewhere!.Write)),
            FaultKinds.DoneAgain => Of(kind, blueprint.Twist!.Lingering!.Value.First(l => l.Request is not null).Request!.Value),
            FaultKinds.SameReply => new(kind),
            FaultKinds.BeforeAnswer or FaultKinds.MisledDecision => Of(kind, 0),
            FaultKinds.NeedlessHandOver => HandOver() is { } call ? new(kind) { Calls = [call] } : null,
            _ => null,
        };
    }

    private bool IsForGood => blueprint.Twist!.Failures[0].Call == 0;

    private static FaultPlan Of(string kind, int request) => new(kind) { Request = request };

    private int RequestOfSlot(string slot)
    {
        for (var r = 0; r < blueprint.Scenario.Requests.Length; r++)
        {
            if (blueprint.Scenario.Requests[r].Slots.Contains(slot, StringComparer.Ordinal))
                return r;
        }

        return 0;
    }

    private int RequestOfFailure()
    {
        var failure = blueprint.Twist!.Failures[0];
        var (made, at) = (0, 0);
        for (; at < blueprint.Actions.Length - 1; at++)
        {
            if (blueprint.Actions[at].Tool == failure.Tool && ++made == failure.Call)
                break;
        }

        return RequestOf(at);
    }

    private int RequestOf(int action)
    {
        for (var r = 0; r < blueprint.Scenario.Requests.Length; r++)
        {
            if (action < blueprint.Scenario.Requests[r].FirstAction + blueprint.Scenario.Requests[r].ActionCount)
                return r;
        }

        return 0;
    }

    // A read without arguments where there is one; else the calculator.
    private PlannedCall? SomeRead()
    {
        var reads = pack
            .Tools.All.Where(t => t.Kind == ToolKind.Read && blueprint.AvailableTools.Contains(t.Name, StringComparer.Ordinal))
            .ToArray();
        var free = reads.Where(t => t.Parameters.All(p => p.Optional)).ToArray();
        if (free.Length > 0)
            return new(random.Pick(free).Name, "{}");
        return reads.FirstOrDefault(t => t.Calculates) is { } calculator
            ? new(calculator.Name, Json.Map((calculator.Parameters[0].Name, "1 + 1")).ToString())
            : null;
    }

    private PlannedCall? HandOver() =>
        pack.Tools.All.FirstOrDefault(t =>
            t is { Kind: ToolKind.Transfer, Parameters: [{ Schema: var schema }] } && schema["type"].Text == "string"
        )
            is { } transfer
            ? new(transfer.Name, Json.Map((transfer.Parameters[0].Name, "Wish that no tool serves.")).ToString())
            : null;

    private FaultPlan? Lookalike()
    {
        foreach (var at in random.Shuffled(Enumerable.Range(0, blueprint.Actions.Length)))
        {
            var alike = pack.Lookalikes.Where(l =>
                l.Like == blueprint.Actions[at].Tool && blueprint.AvailableTools.Contains(l.Name, StringComparer.Ordinal)
            );
            if (alike.FirstOrDefault() is { } tool)
                return new(FaultKinds.LookalikeCall)
                {
                    Action = at,
                    Calls = [new(tool.Name, Arguments(tool, blueprint.Actions[at]).ToString())],
                };
        }

        return null;
    }

    // What an agent would pass that takes the tool for the right one: its arguments, by name or in order.
    private static JsonMap Arguments(LookalikeTool tool, GoldAction action)
    {
        var given = (JsonMap)action.Arguments;
        var properties = (JsonMap)tool.Definition.Parameters["properties"];
        return JsonMap.Create(
            properties.Keys.Select(
                (name, i) =>
                    KeyValuePair.Create(
                        name,
                        given.TryGet(name, out var same) ? (Json)(same.Text ?? same.ToString())
                            : i < given.Count ? given.Values[i].Text ?? given.Values[i].ToString()
                            : ""
                    )
            )
        );
    }
}
