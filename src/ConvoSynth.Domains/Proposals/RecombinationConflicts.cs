using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Proposals;

/// <summary>How two tasks whose calls succeed one after the other may still hinder each other.</summary>
internal sealed class RecombinationConflicts(Pack pack)
{
    private const double Cent = 0.005;

    public RecombinationConflict? Between(Blueprint first, Blueprint second, JoinedRun run)
    {
        if (Undone(second, run) is { } undone)
            return new("undone", undone);
        if (RestsOnReads(second) && run.SecondSeesOther)
            return new("answer", $"the first task changes what an answer or a condition of {second.Id} rests on");
        if (RestsOnReads(first) && SeesOther(first, second))
            return new("answer", $"the second task changes what an answer or a condition of {first.Id} rests on");
        foreach (var refusal in first.Refusals.Concat(second.Refusals))
        {
            if (!IsStillRefused(refusal, run))
                return new(
                    "refusal",
                    $"{refusal.Tool}({refusal.Arguments}) is to be refused, and no longer has to be after the other task"
                );
        }

        return null;
    }

    private static bool RestsOnReads(Blueprint task) => !task.Outputs.IsEmpty || task.Scenario.Requests.Any(r => !r.Alternatives.IsEmpty);

    // What the first task wrote stands in the end; an amount or a count to which both add has both parts.
    private string? Undone(Blueprint second, JoinedRun run)
    {
        var alone = new DialogueEnvironment(pack);
        Write(alone, second.Actions);
        var (own, both) = (ByPath(alone.Diff()), ByPath(run.AfterBoth));
        foreach (var (path, change) in ByPath(run.AfterFirst))
        {
            var end = both.GetValueOrDefault(path);
            if (end is not null && end.After == change.After)
            {
                if (own.ContainsKey(path))
                    return $"both tasks write {path}";
                continue;
            }

            var adds =
                end is not null
                && own.TryGetValue(path, out var other)
                && (change.Before?.Number, change.After?.Number, other.After?.Number, end.After?.Number)
                    is ({ } was, { } one, { } two, { } now)
                && Math.Abs(now - was - (one - was) - (two - was)) < Cent;
            if (!adds)
                return $"the second task writes over {path}, which the first one changes to {change.After}";
        }

        return null;
    }

    private bool SeesOther(Blueprint first, Blueprint second)
    {
        var (alone, both) = (new DialogueEnvironment(pack), new DialogueEnvironment(pack));
        Write(alone, first.Actions);
        Write(both, first.Actions);
        Write(both, second.Actions);
        foreach (var read in first.Actions.Where(a => !a.Writes))
        {
            var tool = pack.Tools.Find(read.Tool)!;
            if (alone.Call(tool, read.Arguments).Text != both.Call(tool, read.Arguments).Text)
                return true;
        }

        return false;
    }

    private bool IsStillRefused(ExpectedRefusal refusal, JoinedRun run)
    {
        var tool = pack.Tools.Find(refusal.Tool)!;
        if (!refusal.IsFulfilled)
            return pack.Guards.Broken(run.Db, tool, (JsonMap)refusal.Arguments) is [var broken] && broken.Clause == refusal.Clause;
        var environment = new DialogueEnvironment(pack);
        Write(environment, run.Actions);
        var before = pack.Canon.Canonical(environment.Diff());
        environment.Call(tool, refusal.Arguments);
        return pack.Canon.Canonical(environment.Diff()).Equals(before);
    }

    private void Write(DialogueEnvironment environment, IEnumerable<GoldAction> actions)
    {
        foreach (var action in actions.Where(a => a.Writes))
            environment.Call(pack.Tools.Find(action.Tool)!, action.Arguments);
    }

    private static Dictionary<string, Change> ByPath(StateDiff diff) =>
        diff.Changes.ToDictionary(c => string.Join('/', c.Path), StringComparer.Ordinal);
}
