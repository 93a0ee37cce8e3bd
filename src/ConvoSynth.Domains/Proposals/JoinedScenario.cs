using System.Collections.Immutable;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Proposals;

/// <summary>
/// The scenario of two tasks of one person: both reasons, the wishes one after the other, and each fact once. The person proves who they
/// are as in the first task.
/// </summary>
internal sealed class JoinedScenario(Pack pack)
{
    public Scenario Of(Blueprint first, Blueprint second, JoinedRun run)
    {
        var (one, other) = (first.Scenario, second.Scenario);
        var own = $"{pack.Domain.Who}.";
        var used = other.Requests.SelectMany(r => r.Slots).ToHashSet(StringComparer.Ordinal);
        var names = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var fact in other.Facts)
        {
            // A fact about the person is the same fact in both.
            names[fact.Slot] = fact.Slot.StartsWith(own, StringComparison.Ordinal) ? fact.Slot : Renamed(fact.Slot, one.Requests.Length);
        }

        Fact[] facts =
        [
            .. one.Facts,
            .. other
                .Facts.Where(f => !f.Slot.StartsWith(own, StringComparison.Ordinal) || (used.Contains(f.Slot) && one.Fact(f.Slot) is null))
                .Select(f => f with { Slot = names[f.Slot] }),
        ];
        return new()
        {
            Reason = $"{one.Reason}, and {other.Reason}",
            Facts = [.. facts],
            Unknowns =
            [
                .. one
                    .Unknowns.Concat(other.Unknowns)
                    .Distinct(StringComparer.Ordinal)
                    .Where(u => !facts.Any(f => string.Equals(f.Label, u, StringComparison.Ordinal))),
            ],
            Requests = [.. one.Requests, .. other.Requests.Select(r => Moved(r, first, run, names))],
            StopWhen = "everything that you asked for has been done, answered or refused",
        };
    }

    private static Request Moved(Request request, Blueprint first, JoinedRun run, Dictionary<string, string> names) =>
        request with
        {
            FirstAction = run.NextNew(request.FirstAction),
            ActionCount = run.NewIn(request.FirstAction, request.ActionCount),
            Outputs = [.. request.Outputs.Select(o => o + first.Outputs.Length)],
            Refusals = [.. request.Refusals.Select(r => r + first.Refusals.Length)],
            Slots = Names(request.Slots, names),
        };

    private static ImmutableArray<string> Names(ImmutableArray<string> slots, Dictionary<string, string> names) =>
        [.. slots.Select(s => names.GetValueOrDefault(s, s))];

    // "a.title" becomes "a_2.title"; "1.weeks", an argument of the first wish, that of its new place.
    private static string Renamed(string slot, int before)
    {
        var dot = slot.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
            return $"{slot}_{before + 1}";
        return int.TryParse(slot[..dot], out var number) ? $"{number + before}{slot[dot..]}" : $"{slot[..dot]}_{before + 1}{slot[dot..]}";
    }
}
