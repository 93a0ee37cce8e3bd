using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Rehearsal;

/// <summary>Writes that nobody asked for: kept, or taken back by another write.</summary>
internal sealed class UnaskedWrites(Pack pack, Blueprint blueprint, SeededRandom random, ArgumentVariants variants)
{
    private const int Tries = 24;
    private const int UndoTries = 10;

    private int Last => blueprint.Actions.Length;

    /// <summary>A write on another row of the same person, or by another tool, that goes through and leaves a state nobody wanted.</summary>
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
    /// A write and another that takes it back, so that the end state is right again; or, where no such pair is found, the wanted write
    /// itself taken back.
    /// </summary>
    public FaultPlan? ThenUndo()
    {
        foreach (var (request, end) in Places())
        {
            foreach (var (tool, arguments) in Candidates(end).Take(UndoTries))
            {
                if (Inverse(end, tool, arguments) is not { } undo)
                    continue;
                // What was undone must not stand in the way of what is still to be done.
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

    // After a wish that was done or answered; to do more beside a refusal is another story.
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

    // Whether the write goes through, and which write brings the state back to what it was before.
    private PlannedCall? Inverse(int end, ToolSpec tool, JsonMap arguments) =>
        TakingBack.Find(pack, blueprint, () => new Trial(pack, blueprint).Gold(0, end), tool, arguments);

    private static PlannedCall Planned(ToolSpec tool, JsonMap arguments) => new(tool.Name, arguments.ToString());
}
