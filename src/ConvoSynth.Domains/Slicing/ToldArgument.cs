using System.Collections.Immutable;
using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Intents;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Domains.Sampling;

namespace ConvoSynth.Domains.Slicing;

/// <summary>An argument of a write that one fact of the human decides.</summary>
/// <param name="Action">Index of the gold action.</param>
/// <param name="Row">The row that the fact refers to; null if the fact is the argument's own value.</param>
internal sealed record ToldArgument(int Action, ToolParameter Parameter, Fact Fact, EntityRow? Row)
{
    /// <summary>The field of the row that the fact holds.</summary>
    public string Field => Fact.Slot[(Fact.Slot.IndexOf('.', StringComparison.Ordinal) + 1)..];

    /// <summary>How the human refers to the row in the words of the wish: "the order with the lamp".</summary>
    public string Description
    {
        get
        {
            if (Row is null || Fact.Answer is not { } answer)
                return Fact.Said;
            var parts = (Row.Entity.Answer ?? "it's {}").Split("{}");
            return answer[parts[0].Length..^parts[^1].Length];
        }
    }
}

/// <summary>Finds the arguments of wishes that the human decides, and what else they could be.</summary>
internal sealed class ToldArguments(Pack pack)
{
    public IEnumerable<ToldArgument> Of(Blueprint task, Request request)
    {
        var db = pack.View(task.Patch);
        for (var a = request.FirstAction; a < Math.Min(request.FirstAction + request.ActionCount, task.Actions.Length); a++)
        {
            if (!task.Actions[a].Writes)
                continue;
            var tool = pack.Tools.Find(task.Actions[a].Tool)!;
            foreach (var parameter in tool.Parameters.Where(p => !p.IsList && p.Parts.Count == 0))
            {
                var value = task.Actions[a].Arguments[parameter.Name];
                var row = value.IsNull ? null : RowOf(db, tool, (JsonMap)task.Actions[a].Arguments, parameter, value);
                foreach (var slot in request.Slots)
                {
                    var fact = task.Scenario.Fact(slot)!;
                    if (fact.Value == value && row is null)
                        yield return new(a, parameter, fact, null);
                    else if (
                        row is not null
                        && IsAlone(request, slot)
                        && row[slot[(slot.IndexOf('.', StringComparison.Ordinal) + 1)..]] == fact.Value
                    )
                        yield return new(a, parameter, fact, row);
                }
            }
        }
    }

    /// <summary>The other rows of the human, or of the same parent, that the argument could name, as tools list them.</summary>
    public EntityRow[] Siblings(Blueprint task, ToldArgument told)
    {
        if (told.Row is not { } row)
            return [];
        var db = pack.View(task.Patch);
        IEnumerable<EntityRow> all =
            row.Parent is not null ? EntityRows.Within(row.Parent, row.Entity)
            : pack.Rows.Owner(db, row) is { } owner ? pack.Rows.OwnedBy(db, row.Entity, owner)
            : [];
        // A row that another wish is about is no alternative: the human would speak of it there.
        return [.. all.Where(r => !task.Actions.Any(a => a.Writes && ((JsonMap)a.Arguments).Values.Any(v => v == r.Key)))];
    }

    /// <summary>The write with another value of the argument; null unless it is allowed, succeeds, and ends in another state.</summary>
    public PlannedWrite? With(Blueprint task, ToldArgument told, Json other)
    {
        var gold = task.Actions[told.Action];
        var write = new PlannedWrite(gold.Tool, ((JsonMap)gold.Arguments).With(told.Parameter.Name, other));
        var environment = new DialogueEnvironment(pack, task.Patch);
        foreach (var before in task.Actions.Take(told.Action).Where(a => a.Writes))
            environment.Call(before.Tool, before.Arguments);
        var tool = pack.Tools.Find(write.Tool)!;
        if (pack.Guards.Broken(environment.Db, tool, (JsonMap)write.Arguments).Count > 0 || environment.Call(tool, write.Arguments).IsError)
            return null;
        foreach (var after in task.Actions.Skip(told.Action + 1).Where(a => a.Writes))
            environment.Call(after.Tool, after.Arguments);
        var end = pack.Canon.Canonical(environment.Diff());
        return task.AcceptedEndStates.Any(s => s.Diff.Equals(end)) ? null : write;
    }

    /// <summary>How the human would refer to another row in place of the told one; null if no words tell it apart.</summary>
    public string? Describe(Blueprint task, ToldArgument told, EntityRow other, SeededRandom random)
    {
        // The wish has the bare value in words of its own: "the reservation of {title}".
        if (told.Description == told.Fact.Said)
        {
            var value = other[told.Field];
            return value.IsNull || Siblings(task, told).Count(s => s[told.Field] == value) != 1
                ? null
                : FieldValues.Say(told.Fact.Type, value);
        }

        var db = pack.View(task.Patch);
        var owner = pack.Rows.Owner(db, other.Parent ?? other) ?? other.Parent ?? other;
        return new Describer(pack, db, owner, random, ImmutableHashSet<Json>.Empty).Describe(told.Fact.Slot, other)?.Words;
    }

    /// <summary>
    /// Whether the human decides the value freely in some intent. A value that every intent prescribes, such as "one way", fits the rest
    /// of the wish.
    /// </summary>
    public bool IsOpen(string tool, string parameter) =>
        pack
            .Intents.SelectMany(i => i.Goals)
            .SelectMany(BindingTrials.Writes)
            .Any(g => g.Tool.Name == tool && g.With.Any(w => w.Parameter.Name == parameter && w.Value is AnyValue));

    private EntityRow? RowOf(Db db, ToolSpec tool, JsonMap arguments, ToolParameter parameter, Json value)
    {
        if (pack.Domain.EntityOfKey(parameter.Is) is not { } entity || entity.Name == pack.Domain.Who)
            return null;
        var within = entity.Parent is null ? null : pack.Guards.RowFor(db, tool, arguments, pack.Domain.Entity(entity.Parent));
        return entity.Parent is not null && within is null ? null : pack.Rows.Find(db, entity, value, within);
    }

    // A row that two facts describe together is not told by one of them.
    private static bool IsAlone(Request request, string slot)
    {
        var dot = slot.IndexOf('.', StringComparison.Ordinal);
        return dot > 0 && request.Slots.Count(s => s.StartsWith(slot[..(dot + 1)], StringComparison.Ordinal)) == 1;
    }
}
