using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Rehearsal.Scripts;

namespace ConvoSynth.Rehearsal.Faults;

/// <summary>Faults of a simulated human that departs from the scenario.</summary>
internal sealed class HumanFaults(Pack pack, Blueprint blueprint, SeededRandom random)
{
    private const int ShortestSecret = 4;

    private Scenario Scenario => blueprint.Scenario;

    public FaultPlan? Leak()
    {
        foreach (var fact in random.Shuffled(Scenario.Facts.Where(f => f.Disclosure == Disclosure.Never)))
        {
            if (!IsSecret(fact))
                continue;
            return new(FaultKinds.HumanLeak)
            {
                ByHuman = true,
                Words = string.Format(random.Pick(HumanLines.Leaks), fact.Label, fact.Said),
            };
        }

        return null;
    }

    public FaultPlan? VolunteersAll()
    {
        // A number or a yes may refer to something else, so two distinctive values are required. At least one of them must not occur in
        // another request.
        var opening = Scenario.Facts.Where(f => f.Disclosure == Disclosure.WhenAsked && IsSecret(f) && IsToldFirst(f)).ToArray();
        if (opening.Length < 2 || !opening.Any(f => !IsInAnotherWish(f)))
            return null;
        var facts = Scenario
            .Facts.Select(f => f.Disclosure == Disclosure.WhenAsked ? f with { Disclosure = Disclosure.Volunteer } : f)
            .ToImmutableArray();
        // A first wording that fits several rows leaves out the fact that distinguishes them.
        var requests = Scenario.Requests.Select(r => r.First is null ? r with { Opening = null } : r).ToImmutableArray();
        return new(FaultKinds.HumanVolunteersAll)
        {
            ByHuman = true,
            Instead = blueprint with { Scenario = Scenario with { Facts = facts, Requests = requests } },
        };
    }

    // Facts of the first request, and facts of identity. A later request's facts may be said with that one, long after.
    private bool IsToldFirst(Fact fact) =>
        Scenario.Requests[0].Slots.Contains(fact.Slot, StringComparer.Ordinal)
        || !Scenario.Requests.Any(r => r.Slots.Contains(fact.Slot, StringComparer.Ordinal));

    private bool IsInAnotherWish(Fact fact) =>
        Scenario
            .Requests.Skip(1)
            .Any(r =>
                r.Words.Contains(fact.Said, StringComparison.OrdinalIgnoreCase)
                || r.Alternatives.Any(a => a.Words.Contains(fact.Said, StringComparison.OrdinalIgnoreCase))
            );

    public FaultPlan? InventsRequest() =>
        new UnplannedActs(pack, blueprint, random).Draw() is { } words
            ? new(FaultKinds.HumanInventsRequest) { ByHuman = true, Words = words }
            : null;

    /// <summary>The human never makes the last request, nor says the facts that only it needs.</summary>
    public FaultPlan? DropsGoal()
    {
        if (Scenario.Requests.Length < 2)
            return null;
        var dropped = Scenario.Requests[^1];
        if (!IsMissed(dropped))
            return null;
        var kept = Scenario.Requests[..^1];
        var slots = kept.SelectMany(r => r.Slots).ToHashSet(StringComparer.Ordinal);
        var facts = Scenario
            .Facts.Where(f => slots.Contains(f.Slot) || !dropped.Slots.Contains(f.Slot, StringComparer.Ordinal))
            .ToImmutableArray();
        return new(FaultKinds.HumanDropsGoal)
        {
            ByHuman = true,
            Unsaid = dropped.Kind == RequestKind.Tell && !dropped.Outputs.IsEmpty ? blueprint.Outputs[dropped.Outputs[0]] : null,
            Instead = blueprint with { Scenario = Scenario with { Requests = kept, Facts = facts } },
        };
    }

    public FaultPlan? StopsEarly(WrongWrites writes)
    {
        foreach (var (request, action) in random.Shuffled(WrongWrites.Wanted(blueprint)))
        {
            if (writes.IsMissed(action))
                return new(FaultKinds.HumanStopsEarly) { ByHuman = true, Request = request };
        }

        return null;
    }

    // The request has an answer, a refusal, or a write that changes the state.
    private bool IsMissed(Request dropped)
    {
        if (!dropped.Outputs.IsEmpty || !dropped.Refusals.IsEmpty)
            return true;
        var end = Math.Min(dropped.FirstAction, blueprint.Actions.Length);
        return new Trial(pack, blueprint).Gold(0, end).IsOff;
    }

    /// <summary>Whether the value alone distinguishes the fact from others.</summary>
    private bool IsSecret(Fact fact) =>
        fact.Type is not ("count" or "flag" or "enum")
        && (fact.Value is JsonNumber || fact.Value.Text is { Length: >= ShortestSecret })
        && !Scenario.Facts.Any(f =>
            f.Disclosure != fact.Disclosure
            && f.Disclosure != Disclosure.Never
            && (f.Value == fact.Value || FieldValues.Says(f.Said, fact.Type, fact.Value))
        );
}
