using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Domains.Slicing;

/// <summary>
/// The human leaves out one value that a write needs and says it only when asked. All other facts of the wish are told at once, so that
/// an agent that does not notice the gap has all else that it needs.
/// </summary>
internal sealed class MissingParameter(Pack pack)
{
    private readonly ToldArguments _told = new(pack);

    public Blueprint? Of(Blueprint task, SeededRandom random)
    {
        var fits = task
            .Scenario.Requests.Where(r => r.IsPlain)
            .SelectMany(r => _told.Of(task, r).Where(t => IsNeeded(task, r, t)).Select(t => (Request: r, Told: t)));
        foreach (var (request, told) in random.Shuffled(fits))
        {
            if (Guess(task, told) is not { } guess)
                continue;
            var withheld = told.Fact.Slot;
            return Rewording.Of(task, Telling.AllOf(task.Scenario, request, but: withheld)) with
            {
                Twist = new() { Withheld = [withheld], Tempting = [guess] },
            };
        }

        return null;
    }

    // What an agent would guess: the first other row, another allowed value, or what is on record so far.
    private PlannedWrite? Guess(Blueprint task, ToldArgument told)
    {
        if (told.Row is not null)
            return _told.Siblings(task, told).Select(s => _told.With(task, told, s.Key)).FirstOrDefault(w => w is not null);
        var other =
            told.Fact.Value.Kind != JsonKind.Text || told.Parameter.Schema["enum"] is JsonList
                ? ArgumentDraw.Other(told.Parameter.Schema, told.Fact.Value)
                : OnRecord(task, told);
        return other is null || other.IsNull || other == told.Fact.Value ? null : _told.With(task, told, other);
    }

    private Json? OnRecord(Blueprint task, ToldArgument told)
    {
        var action = task.Actions[told.Action];
        var tool = pack.Tools.Find(action.Tool)!;
        return told.Parameter.Is is { } field && pack.Domain.Find(field) is { } named
            ? pack.Guards.RowFor(pack.View(task.Patch), tool, (JsonMap)action.Arguments, named.Entity)?[named.Field.Path]
            : null;
    }

    // Nothing but the human's word decides it: another value would do as well, and no other wish says it.
    private static bool IsNeeded(Blueprint task, Request request, ToldArgument told)
    {
        if (told.Parameter.Optional || told.Fact.Type == "flag" || Telling.IsSaidElsewhere(task.Scenario, request, told.Fact))
            return false;
        if (told.Row is not null)
            return true;
        return char.IsAsciiDigit(told.Fact.Slot[0])
            || !task.Actions.Any(a =>
                !a.Writes && a.Observation.Contains(told.Fact.Value.Text ?? told.Fact.Said, StringComparison.Ordinal)
            );
    }
}
