using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Rehearsal.Faults;

/// <summary>The requested write made wrongly, too early or not at all; or a forbidden write made.</summary>
internal sealed class WrongWrites(Pack pack, Blueprint blueprint, SeededRandom random, ArgumentVariants variants)
{
    private const int Tries = 12;

    private ImmutableArray<Request> Requests => blueprint.Scenario.Requests;

    private ImmutableArray<GoldAction> Actions => blueprint.Actions;

    public FaultPlan? Argument()
    {
        foreach (var (request, action) in random.Shuffled(Wanted(blueprint)))
        {
            if (Other(action, _ => true) is { } call)
                return new(FaultKinds.WrongArgument)
                {
                    Request = request,
                    Action = action,
                    Calls = [call],
                };
        }

        return null;
    }

    /// <summary>The human confirms the right details and the agent writes others, or the reverse.</summary>
    public FaultPlan? Confirmed()
    {
        foreach (var (request, action) in random.Shuffled(Wanted(blueprint)))
        {
            if (Details(pack, Actions[action].Tool) is not { } details)
                continue;
            if (random.Chance(0.5) && StatedOtherwise(request, action) is { } stated)
                return new(FaultKinds.ConfirmedThenChanged)
                {
                    Request = request,
                    Action = action,
                    Stated = stated,
                };
            if (Other(action, p => details.Contains(p.Name) || (p.Is is not null && details.Contains(p.Is))) is { } call)
                return new(FaultKinds.ConfirmedThenChanged)
                {
                    Request = request,
                    Action = action,
                    Calls = [call],
                };
        }

        return null;
    }

    public FaultPlan? Missing(string kind)
    {
        foreach (var (request, action) in random.Shuffled(Wanted(blueprint)))
        {
            if (IsMissed(action))
                return new(kind) { Request = request, Action = action };
        }

        return null;
    }

    public FaultPlan? BeforeYes()
    {
        foreach (var (request, action) in random.Shuffled(Wanted(blueprint)))
        {
            var gold = Actions[action];
            if (Details(pack, gold.Tool) is null)
                continue;
            if (new Trial(pack, blueprint).Gold(0, action).Writes(pack.Tools.Find(gold.Tool)!, gold.Arguments))
                return new(FaultKinds.WriteBeforeYes) { Request = request };
        }

        return null;
    }

    public FaultPlan? Forbidden()
    {
        foreach (var request in random.Shuffled(Enumerable.Range(0, Requests.Length).Where(r => !Requests[r].Refusals.IsEmpty)))
        {
            var end = Requests[request].FirstAction + Requests[request].ActionCount;
            foreach (var index in Requests[request].Refusals)
            {
                var refusal = blueprint.Refusals[index];
                if (pack.Tools.Find(refusal.Tool) is not { } tool)
                    continue;
                var trial = new Trial(pack, blueprint).Gold(0, end);
                if (trial.Writes(tool, refusal.Arguments) && trial.Gold(end, Actions.Length).IsOff)
                    return new(FaultKinds.ForbiddenWrite) { Request = request, Calls = [new(refusal.Tool, refusal.Arguments.ToString())] };
            }
        }

        return null;
    }

    /// <summary>Whether omitting the action leaves a state outside the accepted ones.</summary>
    public bool IsMissed(int action) => new Trial(pack, blueprint).Gold(0, Actions.Length, except: action).IsOff;

    /// <summary>What a yes to a write must cover: names of parameters and fields; null if the write needs no yes.</summary>
    public static HashSet<string>? Details(Pack pack, string tool)
    {
        HashSet<string>? details = null;
        foreach (var rule in pack.Rules)
        {
            if (rule.Rule != "confirm")
                continue;
            var before = rule.Options["before"];
            if (before.Text != "write" && before.Text != tool && !before.Items.Any(i => i.Text == tool))
                continue;
            details ??= new(StringComparer.Ordinal);
            details.UnionWith(rule.Options["details"].Items.Select(d => d.Text ?? ""));
        }

        return details;
    }

    /// <summary>The first write of each request to be done, with its request.</summary>
    public static IEnumerable<(int Request, int Action)> Wanted(Blueprint blueprint)
    {
        for (var r = 0; r < blueprint.Scenario.Requests.Length; r++)
        {
            var request = blueprint.Scenario.Requests[r];
            if (request.Kind != RequestKind.Do)
                continue;
            for (var a = request.FirstAction; a < request.FirstAction + request.ActionCount; a++)
            {
                if (!blueprint.Actions[a].Writes)
                    continue;
                yield return (r, a);
                break;
            }
        }
    }

    private PlannedCall? Other(int action, Func<ToolParameter, bool> isMeant)
    {
        var gold = Actions[action];
        var tool = pack.Tools.Find(gold.Tool)!;
        var before = new Trial(pack, blueprint).Gold(0, action);
        foreach (var arguments in variants.Of(tool, (JsonMap)gold.Arguments, before.Environment.Db, isMeant).Take(Tries))
        {
            var trial = new Trial(pack, blueprint).Gold(0, action);
            if (trial.Writes(tool, arguments) && trial.Gold(action + 1, Actions.Length).IsOff)
                return new(gold.Tool, arguments.ToString());
        }

        return null;
    }

    // A number that occurs in the write and, standing alone, in one of the details that the agent states.
    private (string Right, string Wrong)? StatedOtherwise(int request, int action)
    {
        foreach (var value in ((JsonMap)Actions[action].Arguments).Values)
        {
            if (value is not JsonNumber { IsInteger: true, Value: > 0 and < 100 } number)
                continue;
            var right = number.ToString();
            var wrong = ((Json)((int)number.Value + random.Between(1, 2))).ToString();
            if (Requests[request].Confirm.Any(d => Restated.Of(d, right, wrong) != d))
                return (right, wrong);
        }

        return null;
    }
}
