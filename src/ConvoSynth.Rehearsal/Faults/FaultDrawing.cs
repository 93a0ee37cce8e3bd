using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Domains;

namespace ConvoSynth.Rehearsal;

/// <summary>
/// Draws a fault that this blueprint allows and that changes what the dialogue does. Kinds are tried in an order drawn by the seed, so
/// that a kind which does not fit makes room for another.
/// </summary>
internal sealed class FaultDrawing
{
    private readonly Pack _pack;
    private readonly Blueprint _blueprint;
    private readonly SeededRandom _random;
    private readonly ArgumentVariants _variants;
    private readonly UnaskedWrites _unasked;
    private readonly BrokenCalls _broken;

    private FaultDrawing(Pack pack, Blueprint blueprint, SeededRandom random)
    {
        _pack = pack;
        _blueprint = blueprint;
        _random = random;
        _variants = new(pack, random);
        _unasked = new(pack, blueprint, random, _variants);
        _broken = new(pack, blueprint, random);
    }

    private ImmutableArray<Request> Requests => _blueprint.Scenario.Requests;

    private ImmutableArray<GoldAction> Actions => _blueprint.Actions;

    /// <summary>A fault of one of the kinds; null where none of them can happen in this dialogue.</summary>
    public static FaultPlan? Draw(Pack pack, Blueprint blueprint, Seed seed, ImmutableArray<string> kinds)
    {
        var random = seed.Random();
        var drawing = new FaultDrawing(pack, blueprint, random);
        foreach (var kind in random.Shuffled(kinds))
        {
            if (drawing.Plan(kind) is { } plan) return plan;
        }

        return null;
    }

    private FaultPlan? Plan(string kind) => kind switch
    {
        FaultKinds.WrongArgument => WrongArgument(),
        FaultKinds.MissingWrite => MissingWrite(),
        FaultKinds.ExtraWrite => _unasked.Extra(),
        FaultKinds.WriteThenUndo => _unasked.ThenUndo(),
        FaultKinds.WriteBeforeYes => WriteBeforeYes(),
        FaultKinds.DataBeforeIdentity => new EarlyReads(_pack, _blueprint, _random).Plan(),
        FaultKinds.ForbiddenWrite => ForbiddenWrite(),
        FaultKinds.NeedlessRefusal => NeedlessRefusal(),
        FaultKinds.MalformedArguments => _broken.Malformed(),
        FaultKinds.UnknownTool => _broken.UnknownTool(),
        _ => throw new InvalidOperationException($"no fault is called {kind}"),
    };

    private FaultPlan? WrongArgument()
    {
        foreach (var (request, action) in _random.Shuffled(WantedWrites(_blueprint)))
        {
            var gold = Actions[action];
            var tool = _pack.Tools.Find(gold.Tool)!;
            var before = new Trial(_pack, _blueprint).Gold(0, action);
            foreach (var arguments in _variants.Of(tool, (JsonMap)gold.Arguments, before.Environment.Db).Take(12))
            {
                var trial = new Trial(_pack, _blueprint).Gold(0, action);
                if (trial.Writes(tool, arguments) && trial.Gold(action + 1, Actions.Length).IsOff)
                    return new(FaultKinds.WrongArgument) { Request = request, Action = action, Calls = [new(gold.Tool, arguments.ToString())] };
            }
        }

        return null;
    }

    private FaultPlan? MissingWrite()
    {
        foreach (var (request, action) in _random.Shuffled(WantedWrites(_blueprint)))
        {
            if (new Trial(_pack, _blueprint).Gold(0, Actions.Length, except: action).IsOff)
                return new(FaultKinds.MissingWrite) { Request = request, Action = action };
        }

        return null;
    }

    private FaultPlan? WriteBeforeYes()
    {
        // Only the first thing that the agent does: later on, words about an earlier request may pass for words about this one.
        foreach (var (request, action) in WantedWrites(_blueprint).Where(w => w.Request == 0))
        {
            var gold = Actions[action];
            if (!NeedsYes(gold.Tool)) continue;
            if (new Trial(_pack, _blueprint).Gold(0, action).Writes(_pack.Tools.Find(gold.Tool)!, gold.Arguments))
                return new(FaultKinds.WriteBeforeYes) { Request = request };
        }

        return null;
    }

    private FaultPlan? ForbiddenWrite()
    {
        foreach (var request in _random.Shuffled(Enumerable.Range(0, Requests.Length).Where(r => !Requests[r].Refusals.IsEmpty)))
        {
            var end = Requests[request].FirstAction + Requests[request].ActionCount;
            foreach (var index in Requests[request].Refusals)
            {
                var refusal = _blueprint.Refusals[index];
                if (_pack.Tools.Find(refusal.Tool) is not { } tool) continue;
                var trial = new Trial(_pack, _blueprint).Gold(0, end);
                if (trial.Writes(tool, refusal.Arguments) && trial.Gold(end, Actions.Length).IsOff)
                    return new(FaultKinds.ForbiddenWrite) { Request = request, Calls = [new(refusal.Tool, refusal.Arguments.ToString())] };
            }
        }

        return null;
    }

    private FaultPlan? NeedlessRefusal()
    {
        foreach (var (request, action) in _random.Shuffled(WantedWrites(_blueprint)))
        {
            // Where something else was refused rightly, another refusal would not stand out.
            if (!Requests[request].Because.IsEmpty) continue;
            var end = Requests[request].FirstAction + Requests[request].ActionCount;
            if (!new Trial(_pack, _blueprint).Gold(0, action).Gold(end, Actions.Length).IsOff) continue;
            var reasons = _pack.Tools.Find(Actions[action].Tool)!.Guards
                .SelectMany(g => _pack.Domain.Because.TryGetValue(g.Clause, out var said) ? said : []).Concat(AgentLines.InventedReasons).ToArray();
            return new(FaultKinds.NeedlessRefusal) { Request = request, Reason = _random.Pick(reasons) };
        }

        return null;
    }

    private bool NeedsYes(string tool)
    {
        foreach (var rule in _pack.Rules)
        {
            if (rule.Rule != "confirm") continue;
            var before = rule.Options["before"];
            if (before.Text == "write" || before.Text == tool || before.Items.Any(i => i.Text == tool)) return true;
        }

        return false;
    }

    /// <summary>The writes of the wishes to be done, each with its request: the first write of each.</summary>
    internal static IEnumerable<(int Request, int Action)> WantedWrites(Blueprint blueprint)
    {
        for (var r = 0; r < blueprint.Scenario.Requests.Length; r++)
        {
            var request = blueprint.Scenario.Requests[r];
            if (request.Kind != RequestKind.Do) continue;
            for (var a = request.FirstAction; a < request.FirstAction + request.ActionCount; a++)
            {
                if (!blueprint.Actions[a].Writes) continue;
                yield return (r, a);
                break;
            }
        }
    }
}
