using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Domains.Slicing;

/// <summary>
/// The human first asks for another value, or another row, and changes it when the agent asks for a yes. The policy allows the first wish
/// too, and it leads to another state: an agent that follows it is wrong for no other reason.
/// </summary>
/// <param name="isMistake">Whether the human said the first wish by mistake.</param>
internal sealed class ChangedMind(Pack pack, bool isMistake = false)
{
    private readonly ToldArguments _told = new(pack);

    public Blueprint? Of(Blueprint task, SeededRandom random)
    {
        foreach (var request in random.Shuffled(task.Scenario.Requests.Where(r => r.IsPlain)))
        {
            foreach (var told in random.Shuffled(_told.Of(task, request)))
            {
                if (Phrase.StandsOnce(request.Words, told.Description) && First(task, told, random) is { } first)
                    return Changed(task, request, told, first);
            }
        }

        return null;
    }

    private (PlannedWrite Write, Json Value, string Said)? First(Blueprint task, ToldArgument told, SeededRandom random)
    {
        if (told.Row is null)
        {
            return
                told.Fact.Type != "flag"
                && _told.IsOpen(task.Actions[told.Action].Tool, told.Parameter.Name)
                && ArgumentDraw.Other(told.Parameter.Schema, told.Fact.Value) is { } other
                && _told.With(task, told, other) is { } write
                ? (write, other, FieldValues.Say(told.Fact.Type, other))
                : null;
        }

        foreach (var row in random.Shuffled(_told.Siblings(task, told)))
        {
            if (_told.With(task, told, row.Key) is { } write && _told.Describe(task, told, row, random) is { } said)
                return (write, row.Key, said);
        }

        return null;
    }

    private static string? Offered(Request request, ToldArgument told, string first) =>
        request.Offer is { } offer && Phrase.StandsOnce(offer, told.Description)
            ? offer.Replace(told.Description, first, StringComparison.Ordinal)
            : null;

    private Blueprint? Changed(Blueprint task, Request request, ToldArgument told, (PlannedWrite Write, Json Value, string Said) first)
    {
        if (first.Said.Length == 0 || request.Words.Contains(first.Said, StringComparison.Ordinal))
            return null;
        var opening = request.Words.Replace(told.Description, first.Said, StringComparison.Ordinal);
        var scenario = Telling.AllOf(task.Scenario, request);
        scenario = scenario with
        {
            Requests = scenario.Requests.Replace(
                request,
                request with
                {
                    Opening = opening,
                    First = new(told.Fact.Slot, first.Value, first.Said, Offered(request, told, first.Said)) { IsMistake = isMistake },
                }
            ),
        };
        return Rewording.Of(task, scenario) with { Twist = new() { Tempting = [first.Write] } };
    }
}
