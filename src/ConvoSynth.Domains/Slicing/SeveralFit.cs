using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Domains.Slicing;

/// <summary>
/// The human's words fit several of their rows. Tools show another of them first, and the policy allows the
/// write on it too; only a question tells the two apart.
/// </summary>
internal sealed class SeveralFit(Pack pack)
{
    private readonly ToldArguments _told = new(pack);

    public Blueprint? Of(Blueprint task, SeededRandom random)
    {
        foreach (var request in random.Shuffled(task.Scenario.Requests.Where(r => r.IsPlain)))
        {
            foreach (var told in random.Shuffled(_told.Of(task, request).Where(t => t.Row is { Parent: null })))
            {
                if (
                    Phrase.StandsOnce(request.Words, told.Description)
                    && !Phrase.IsObject(request.Words, told.Description)
                    && !Telling.IsSaidElsewhere(task.Scenario, request, told.Fact)
                    && Vague(task, told, random) is { } vague
                )
                    return Made(task, request, told, vague);
            }
        }

        return null;
    }

    private static Blueprint Made(Blueprint task, Request request, ToldArgument told, (string Words, PlannedWrite Write) vague)
    {
        var scenario = Telling.AllOf(task.Scenario, request, but: told.Fact.Slot);
        scenario = scenario with
        {
            Requests = scenario.Requests.Replace(
                request,
                request with
                {
                    Opening = request.Words.Replace(told.Description, vague.Words, StringComparison.Ordinal),
                }
            ),
        };
        return Rewording.Of(task, scenario) with
        {
            Twist = new() { Withheld = [told.Fact.Slot], Tempting = [vague.Write] },
        };
    }

    // Words by a field in which another row, shown before it, is equal; that row fits the words and the policy as well.
    private (string Words, PlannedWrite Write)? Vague(Blueprint task, ToldArgument told, SeededRandom random)
    {
        var row = told.Row!;
        var siblings = _told.Siblings(task, told);
        foreach (var field in random.Shuffled(Fields(row.Entity)))
        {
            foreach (var value in Describer.Values(row, field))
            {
                if (value.IsNull || value.Text is "" || value == told.Fact.Value)
                    continue;
                var equal = siblings.Where(s => Describer.Values(s, field).Contains(value)).ToArray();
                if (equal.Length == 0 || !IsBefore(task, equal[0], row) || _told.With(task, told, equal[0].Key) is not { } write)
                    continue;
                if (Said(row, row.Entity.Field(field)!, value) is { } said)
                    return (said, write);
            }
        }

        return null;
    }

    private static IEnumerable<string> Fields(EntitySpec entity) =>
        entity
            .Fields.Values.Where(f =>
                f.Human is not Knowledge.No
                && f.Path != entity.Key
                && entity.Say.Keys.Any(k => k == f.Path || k.StartsWith(f.Path + "=", StringComparison.Ordinal))
            )
            .Select(f => f.Path)
            .Order(StringComparer.Ordinal);

    private bool IsBefore(Blueprint task, EntityRow one, EntityRow other)
    {
        var db = pack.View(task.Patch);
        return pack.Rows.Owner(db, other) is { } owner
            && pack.Rows.OwnedBy(db, other.Entity, owner).First(r => r.Key == one.Key || r.Key == other.Key).Key == one.Key;
    }

    private static string? Said(EntityRow row, FieldSpec field, Json value) =>
        row.Entity.Say.TryGetValue($"{field.Path}={value.Text}", out var template) || row.Entity.Say.TryGetValue(field.Path, out template)
            ? template.Replace("{}", FieldValues.Say(field.Type, value), StringComparison.Ordinal)
            : null;
}
