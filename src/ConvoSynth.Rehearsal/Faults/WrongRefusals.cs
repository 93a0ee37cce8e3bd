using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Rehearsal.Scripts;

namespace ConvoSynth.Rehearsal.Faults;

/// <summary>A refusal that is not due, or one with a reason that does not apply.</summary>
internal sealed class WrongRefusals(Pack pack, Blueprint blueprint, SeededRandom random)
{
    private ImmutableArray<Request> Requests => blueprint.Scenario.Requests;

    public FaultPlan? Needless()
    {
        foreach (var (request, action) in random.Shuffled(WrongWrites.Wanted(blueprint)))
        {
            // Beside a rightful refusal of something else, another refusal would not stand out.
            if (!Requests[request].Because.IsEmpty)
                continue;
            var end = Requests[request].FirstAction + Requests[request].ActionCount;
            if (!new Trial(pack, blueprint).Gold(0, action).Gold(end, blueprint.Actions.Length).IsOff)
                continue;
            var reasons = pack
                .Tools.Find(blueprint.Actions[action].Tool)!
                .Guards.SelectMany(g => pack.Domain.Because.TryGetValue(g.Clause, out var said) ? said : [])
                .Concat(FaultyAgentLines.InventedReasons)
                .ToArray();
            return new(FaultKinds.NeedlessRefusal) { Request = request, Reason = random.Pick(reasons) };
        }

        return null;
    }

    /// <summary>The due refusal in the words of another clause: of the same tool first, then of any other.</summary>
    public FaultPlan? ForAnotherReason()
    {
        foreach (
            var request in random.Shuffled(
                Enumerable.Range(0, Requests.Length).Where(r => !Requests[r].Refusals.IsEmpty && Requests[r].Kind != RequestKind.Tell)
            )
        )
        {
            var refusal = blueprint.Refusals[Requests[request].Refusals[0]];
            if (pack.Tools.Find(refusal.Tool) is not { } tool || refusal.Arguments is not JsonMap arguments)
                continue;
            // Each of two refused choices has its own reason, so the fault picks the choice first.
            var first = Requests[request].Alternatives is [{ Taken: false, Because: { } because }, ..] ? because : null;
            var isOfFirst = first is not null && random.Chance(0.5);
            var broken = (isOfFirst ? ClausesOf(first!) : Broken(request, tool, arguments)).ToHashSet(StringComparer.Ordinal);
            var right = broken
                .SelectMany(c => pack.Domain.Because.TryGetValue(c, out var said) ? said : [])
                .Concat(isOfFirst ? [first!] : Requests[request].Because)
                .ToHashSet(StringComparer.Ordinal);
            var own = tool.Guards.Select(g => g.Clause).ToArray();
            foreach (
                var clause in random
                    .Shuffled(own.Concat(pack.Domain.Because.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal))
                    .OrderBy(c => own.Contains(c, StringComparer.Ordinal) ? 0 : 1)
            )
            {
                if (broken.Contains(clause) || !pack.Domain.Because.TryGetValue(clause, out var reasons) || reasons.Any(right.Contains))
                    continue;
                return new(FaultKinds.WrongReason)
                {
                    Request = request,
                    Reason = random.Pick(reasons),
                    IsOfFirst = isOfFirst,
                };
            }
        }

        return null;
    }

    private IEnumerable<string> ClausesOf(string reason) =>
        pack.Domain.Because.Where(b => b.Value.Contains(reason, StringComparer.Ordinal)).Select(b => b.Key);

    private IEnumerable<string> Broken(int request, ToolSpec tool, JsonMap arguments)
    {
        var trial = new Trial(pack, blueprint).Gold(0, Requests[request].FirstAction + Requests[request].ActionCount);
        return pack
            .Guards.Broken(trial.Environment.Db, tool, arguments)
            .Select(g => g.Clause)
            .Concat(Requests[request].Refusals.Select(f => blueprint.Refusals[f].Clause));
    }
}
