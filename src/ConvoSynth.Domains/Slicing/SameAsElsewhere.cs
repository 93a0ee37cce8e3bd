using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Domains.Slicing;

/// <summary>
/// The human says a value by another record of theirs: "the same payment method as for order #1". The gold reads that record. Another
/// value, such as that of the record at hand, was tried: the policy allows it, and it ends in another state.
/// </summary>
internal sealed class SameAsElsewhere(Pack pack)
{
    private const string Slot = "same";

    private static readonly string[] Same = ["the same {0} as for {1}", "the same {0} as with {1}"];

    private readonly ToldArguments _told = new(pack);

    public Blueprint? Of(Blueprint task, SeededRandom random)
    {
        foreach (var request in random.Shuffled(task.Scenario.Requests.Where(r => r.IsPlain)))
        {
            foreach (var told in random.Shuffled(_told.Of(task, request)))
            {
                if (
                    Part(request, told) is not { } part
                    || (told.Row is null && !_told.IsOpen(task.Actions[told.Action].Tool, told.Parameter.Name))
                    || Telling.IsSaidElsewhere(task.Scenario, request, told.Fact)
                )
                    continue;
                foreach (var record in random.Shuffled(Records(task, told)))
                {
                    if (Made(task, request, told, part, record, random) is { } made)
                        return made;
                }
            }
        }

        return null;
    }

    // The words that say the value. "Riverside as the pick-up branch" leaves no room for other ones.
    private static string? Part(Request request, ToldArgument told)
    {
        foreach (var part in new[] { told.Description, told.Fact.Said })
        {
            if (Phrase.StandsOnce(request.Words, part))
                return request.Words.Contains(part + " as ", StringComparison.Ordinal) ? null : part;
        }

        return null;
    }

    // Other records of the person, all of whose fields of the kind have the value; with the name of what they share.
    private IEnumerable<(EntityRow Row, string Label)> Records(Blueprint task, ToldArgument told)
    {
        var (db, action) = (pack.View(task.Patch), task.Actions[told.Action]);
        var (tool, arguments) = (pack.Tools.Find(action.Tool)!, (JsonMap)action.Arguments);
        if (pack.Guards.RowFor(db, tool, arguments, pack.Domain.Entity(pack.Domain.Who)) is not { } owner)
            yield break;
        foreach (var entity in pack.Domain.EntityOrder.Select(pack.Domain.Entity))
        {
            if (entity.Parent is not null || entity.Name == pack.Domain.Who || entity.ToldBy.Count == 0 || !pack.Rows.IsOwned(entity))
                continue;
            var fields = Fields(entity, told).ToArray();
            if (fields.Length == 0)
                continue;
            var label = told.Row?.Entity.Label ?? entity.Field(fields[0])!.Label;
            foreach (var row in pack.Rows.OwnedBy(db, entity, owner))
            {
                if (Values(row, fields) is [var only] && only == arguments[told.Parameter.Name] && !IsNamed(task, row))
                    yield return (row, label);
            }
        }
    }

    private static IEnumerable<string> Fields(EntitySpec entity, ToldArgument told) =>
        entity
            .Fields.Values.Where(f =>
                told.Row is { } row ? f.Ref == row.Entity.Name : f.Type == "enum" && told.Parameter.Is == $"{entity.Name}.{f.Path}"
            )
            .Select(f => f.Path)
            .Order(StringComparer.Ordinal);

    private static Json[] Values(EntityRow row, IEnumerable<string> fields) =>
        [.. fields.SelectMany(f => Describer.Values(row, f)).Where(v => !v.IsNull && v.Text is not "").Distinct()];

    // A row that the task is about is no other record.
    private static bool IsNamed(Blueprint task, EntityRow row) =>
        task.Actions.Any(a => a.Writes && a.Arguments.Leaves().Any(v => v == row.Key));

    private Blueprint? Made(
        Blueprint task,
        Request request,
        ToldArgument told,
        string part,
        (EntityRow Row, string Label) record,
        SeededRandom random
    )
    {
        var db = pack.View(task.Patch);
        var avoided = task.Scenario.Facts.Select(f => f.Value).ToHashSet();
        var describer = new Describer(pack, db, pack.Rows.Owner(db, record.Row)!, random, avoided);
        if (describer.Describe(Slot, record.Row) is not { } described || Wrong(task, told, random) is not { } wrong)
            return null;
        var said = string.Format(random.Pick(Same), record.Label, described.Words);
        var worded = request with
        {
            Words = request.Words.Replace(part, said, StringComparison.Ordinal),
            Slots = [.. request.Slots.SelectMany(s => s == told.Fact.Slot ? described.Facts.Select(f => f.Slot) : [s])],
        };
        var facts = task.Scenario.Facts.SelectMany(f => f.Slot == told.Fact.Slot ? described.Facts : [f]);
        var scenario = Telling.AllOf(
            task.Scenario with
            {
                Facts = [.. facts],
                Requests = task.Scenario.Requests.Replace(request, worded),
                Conduct = $"You do not remember which {record.Label} that is; the agent can look it up.",
            },
            worded
        );
        if (new ReadFirst(pack).Of(task with { Scenario = scenario }, worded, told, record.Row) is not { } read)
            return null;
        return Rewording.Of(read, read.Scenario) with { Depth = task.Depth + 1, Twist = read.Twist! with { Tempting = [wrong] } };
    }

    // What an agent takes that does not look: the value of the record at hand, or any other.
    private PlannedWrite? Wrong(Blueprint task, ToldArgument told, SeededRandom random)
    {
        var (db, action) = (pack.View(task.Patch), task.Actions[told.Action]);
        var tool = pack.Tools.Find(action.Tool)!;
        var atHand = pack
            .Domain.EntityOrder.Select(pack.Domain.Entity)
            .Where(e => e.Parent is null && e.Name != pack.Domain.Who && pack.Rows.IsOwned(e))
            .Select(e => pack.Guards.RowFor(db, tool, (JsonMap)action.Arguments, e))
            .OfType<EntityRow>()
            .SelectMany(r => Values(r, Fields(r.Entity, told)));
        var others = told.Row is { } row
            ? row.Parent is null && !pack.Rows.IsOwned(row.Entity)
                ? random.Shuffled(pack.Rows.All(db, row.Entity)).Select(r => r.Key)
                : _told.Siblings(task, told).Select(r => r.Key)
            : ArgumentDraw.Other(told.Parameter.Schema, told.Fact.Value) is { } other
                ? [other]
                : [];
        return atHand
            .Concat(others)
            .Where(v => v != action.Arguments[told.Parameter.Name])
            .Take(12)
            .Select(v => _told.With(task, told, v))
            .FirstOrDefault(w => w is not null);
    }
}
