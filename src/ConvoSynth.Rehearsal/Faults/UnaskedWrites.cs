using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Rehearsal.Faults;

/// <summary>Writes that the human did not ask for: kept, or reverted by another write.</summary>
internal sealed class UnaskedWrites(Pack pack, Blueprint blueprint, SeededRandom random, ArgumentVariants variants)
{
    private const int Tries = 24;
    private const int UndoTries = 10;

    private int Last => blueprint.Actions.Length;

    /// <summary>
    /// A successful write on another row of the same person, or by another tool, that leaves a state outside the accepted ones.
    /// </summary>
    public FaultPlan? Extra()
    {
        foreach (var (request, end) in Places())
        {
            foreach (var (tool, arguments) in Candidates(end).Take(Tries))
            {
                var trial = new Trial(pack, blueprint).Gold(0, end);
                if (trial.Writes(tool, arguments) && trial.Gold(end, Last).IsOff)
                    return new(FaultKinds.ExtraWrite) { Request = request, Calls = [new(tool.Name, arguments.ToString())] };
            }
        }

        return null;
    }

    /// <summary>
    /// A write and its inverse, so that the end state is right again. If no such pair exists, the requested write itself is reverted.
    /// </summary>
    public FaultPlan? ThenUndo()
    {
        foreach (var (request, end) in Places())
        {
            foreach (var (tool, arguments) in Candidates(end).Take(UndoTries))
            {
                if (Inverse(end, tool, arguments) is not { } undo)
                    continue;
                // The reverted write must not block the remaining gold writes.
                var trial = new Trial(pack, blueprint).Gold(0, end);
                if (
                    trial.Writes(tool, arguments)
                    && trial.Writes(pack.Tools.Find(undo.Tool)!, Json.Parse(undo.Arguments))
                    && !trial.Gold(end, Last).IsOff
                )
                    return new(FaultKinds.WriteThenUndo) { Request = request, Calls = [Planned(tool, arguments), undo] };
            }
        }

        foreach (var (request, action) in random.Shuffled(WrongWrites.Wanted(blueprint)))
        {
            var wanted = blueprint.Scenario.Requests[request];
            var gold = blueprint.Actions[action];
            if (wanted.FirstAction + wanted.ActionCount != action + 1)
                continue;
            if (Inverse(action, pack.Tools.Find(gold.Tool)!, (JsonMap)gold.Arguments) is not { } undo)
                continue;
            var trial = new Trial(pack, blueprint).Gold(0, action + 1);
            if (trial.Writes(pack.Tools.Find(undo.Tool)!, Json.Parse(undo.Arguments)) && trial.Gold(action + 1, Last).IsOff)
                return new(FaultKinds.WriteThenUndo) { Request = request, Calls = [undo] };
        }

        return null;
    }

    // After a request that was done or answered; an extra write beside a refusal would be another kind of fault.
    private (int Request, int End)[] Places() =>
        random.Shuffled(
            Enumerable
                .Range(0, blueprint.Scenario.Requests.Length)
                .Where(r => blueprint.Scenario.Requests[r].Kind != RequestKind.Refuse)
                .Select(r => (r, blueprint.Scenario.Requests[r].FirstAction + blueprint.Scenario.Requests[r].ActionCount))
        );

    private IEnumerable<(ToolSpec Tool, JsonMap Arguments)> Candidates(int end)
    {
        var db = new Trial(pack, blueprint).Gold(0, end).Environment.Db;
        foreach (var action in random.Shuffled(blueprint.Actions.Where(a => a.Writes)))
        {
            var tool = pack.Tools.Find(action.Tool)!;
            foreach (var arguments in variants.OtherRows(tool, (JsonMap)action.Arguments, db))
                yield return (tool, arguments);
        }

        var filling = new ArgumentFilling(pack, blueprint, random, db);
        foreach (
            var tool in random.Shuffled(
                pack.Tools.All.Where(t => t.Writes && blueprint.AvailableTools.Contains(t.Name, StringComparer.Ordinal))
            )
        )
        {
            for (var i = 0; i < 3; i++)
            {
                if (filling.Fill(tool) is { } arguments)
                    yield return (tool, arguments);
            }
        }
    }

    // The write that restores the earlier state; null if the first write fails or has no inverse.
    private PlannedCall? Inverse(int end, ToolSpec tool, JsonMap arguments) =>
        TakingBack.Find(pack, blueprint, () => new Trial(pack, blueprint).Gold(0, end), tool, arguments);

    private static PlannedCall Planned(ToolSpec tool, JsonMap arguments) => new(tool.Name, arguments.ToString());
}
