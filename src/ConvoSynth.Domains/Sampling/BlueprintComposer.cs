using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Intents;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Sampling;

/// <summary>
/// Turns a binding into a blueprint: resolves each goal against the real state, plans and executes reads and writes, collects end
/// states, outputs and refusals, and writes the scenario. Truth first, words last.
/// </summary>
internal sealed class BlueprintComposer
{
    private readonly Pack _pack;
    private readonly Binding _binding;
    private readonly SeededRandom _random;
    private readonly DialogueEnvironment _environment;

    private readonly ReadPlanner _planner;
    private readonly GoalPlanner _goals;

    private readonly List<Fact> _identity = [];

    public BlueprintComposer(Pack pack, Binding binding, SeededRandom random, IReadOnlySet<string> offered)
    {
        _pack = pack;
        _binding = binding;
        _random = random;
        _environment = new(pack, binding.Patch);
        _planner = new(pack, _environment, offered);
        _goals = new(pack, binding, random, _environment, _planner);
    }

    /// <summary>Writes that a wrong branch or a broken guard would have made.</summary>
    public IReadOnlyList<PlannedWrite> WrongWrites => _goals.Task.WrongWrites;

    /// <summary>Why no blueprint was made, for the report; null after success.</summary>
    public string? Failure { get; private set; }

    /// <summary>How many reads were dropped from the plan, since nothing in it needs them.</summary>
    public int Dropped { get; private set; }

    public Blueprint? Compose(string id, long index, Seed seed, string familyId)
    {
        if (!Identify())
            return Fail("identity cannot be proved by what the human knows");
        foreach (var goal in _binding.Cell.Intent.Goals.OrderBy(g => g is TellGoal { AtEnd: true }))
        {
            if (!_goals.Add(goal))
                return Fail(_goals.Failure ?? "a goal could not be planned");
        }

        var dropped = _planner.DropNeedless();
        Dropped = dropped.Count;
        if (Dropped > 0)
        {
            _goals.Task.Without(dropped);
            if (!IsSameWithout())
                return Fail("the plan differs without a read that it does not need");
        }

        if (new JudgedClauses(_pack, _binding, _goals.Task.Requests, _planner.Actions).Problem() is { } problem)
            return Fail(problem);
        var diff = _pack.Canon.Canonical(_environment.Diff());
        var writes = _planner.Actions.Where(a => a.Writes).Select(a => new PlannedWrite(a.Tool, a.Arguments)).ToImmutableArray();
        var states = new List<EndState> { new("gold", diff, writes) };
        states.AddRange(new TiedStates(_pack, _binding).Of(writes).Where(t => !t.Diff.Equals(diff)));
        var intent = _binding.Cell.Intent;
        var scenario = new Scenario
        {
            Reason = intent.Reasons.Count > 0 ? _random.Pick(intent.Reasons) : "",
            Facts = [.. _identity.Concat(_goals.Task.Facts).DistinctBy(f => f.Slot, StringComparer.Ordinal)],
            Unknowns = [.. Unknowns()],
            Requests = [.. _goals.Task.Requests],
            StopWhen =
                _goals.Task.Requests.Count > 1
                    ? "everything that you asked for has been done, answered or refused"
                    : "what you asked for has been done, answered or refused",
        };
        var persona = _random.Pick(_pack.Personas);
        return new()
        {
            Id = id,
            Domain = _pack.Name,
            PackHash = _pack.Hash,
            World = _pack.World,
            Index = index,
            Seed = seed.ToString(),
            Intent = intent.Id,
            Shape = _binding.Cell.Shape,
            Slice = _goals.Task.Refusals.Count > 0 ? "out-of-policy" : "base",
            FamilyId = familyId,
            Depth = _planner.Actions.Count(a => !a.Writes) + _goals.Task.Depth,
            Persona = persona,
            Patch = _binding.Patch,
            Scenario = scenario,
            Instruction = InstructionWriter.Write(scenario, persona, seed.For("instruction")),
            Actions = [.. _planner.Actions],
            AcceptedEndStates = [.. states],
            Outputs = [.. _goals.Task.Outputs],
            Refusals = [.. _goals.Task.Refusals],
            AvailableTools = _pack.ToolNames,
            ClausesHeld = [.. _goals.Task.ClausesHeld],
            ClausesBroken = [.. _goals.Task.ClausesBroken],
            BenchmarkAdjacent = [.. _pack.Domain.BenchmarkAdjacent],
        };
    }

    // Executed again, the remaining calls show the same.
    private bool IsSameWithout()
    {
        var environment = new DialogueEnvironment(_pack, _binding.Patch);
        return _planner.Actions.TrueForAll(a => environment.Call(_pack.Tools.Find(a.Tool)!, a.Arguments).Text == a.Observation);
    }

    private Blueprint? Fail(string reason)
    {
        Failure = reason;
        return null;
    }

    private bool Identify()
    {
        var who = _binding.Owner;
        var ways = _pack.Domain.Identity.Where(w => w.Proves.All(f => !who[f].IsNull && who[f].Text != "")).ToArray();
        if (ways.Length == 0)
            return false;
        var way = _random.Pick(ways);
        var tool = _pack.Tools.Find(way.Tool)!;
        var volunteer = _random.Chance(0.3);
        foreach (var field in way.Proves)
        {
            var spec = who.Entity.Field(field)!;
            _identity.Add(
                new(
                    $"{who.Entity.Name}.{field}",
                    who[field],
                    spec.Type,
                    spec.Label,
                    FieldValues.Say(spec.Type, who[field]),
                    volunteer ? Disclosure.Volunteer : Disclosure.WhenAsked
                )
            );
            _planner.Told(who[field]);
        }

        var arguments = tool
            .Parameters.Where(p => p.Is is not null && way.Proves.Any(f => $"{who.Entity.Name}.{f}" == p.Is))
            .Select(p => KeyValuePair.Create(p.Name, who[p.Is![(p.Is!.IndexOf('.', StringComparison.Ordinal) + 1)..]]));
        return _planner.Call(tool, JsonMap.Create(arguments));
    }

    private IEnumerable<string> Unknowns()
    {
        var told = _identity.Concat(_goals.Task.Facts).Select(f => f.Slot).ToHashSet(StringComparer.Ordinal);
        var ofOthers = _pack
            .Domain.Identity.SelectMany(w => w.Proves)
            .Where(f => !told.Contains($"{_binding.Owner.Entity.Name}.{f}"))
            .Select(f => _binding.Owner.Entity.Field(f)!.Label);
        var keys = _binding
            .Slots.Where(s => s.Value.Entity.Field(s.Value.Entity.Key) is { Human: Knowledge.No })
            .Select(s => $"{s.Value.Entity.Label} number");
        return (_random.Chance(0.5) ? ofOthers : []).Concat(keys).Distinct(StringComparer.Ordinal);
    }
}
