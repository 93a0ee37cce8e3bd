using ConvoSynth.Core;
using ConvoSynth.Domains.Intents;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Sampling;

/// <summary>What the agent states of a write: its details before the yes, and its reports after it.</summary>
internal sealed class WriteDetails(Pack pack, Binding binding, TaskWords task)
{
    /// <summary>The details of a write, each "label: value", as its act lists them.</summary>
    public IReadOnlyList<string> Details(DoGoal goal, JsonMap arguments, Db db)
    {
        var details = new List<string>();
        foreach (var slot in pack.Domain.Acts.GetValueOrDefault(goal.Tool.Name)?.Tell ?? [])
        {
            if (Several(goal, db, slot) is { } all)
                details.Add(all);
            else if (task.Value(goal, arguments, db, slot) is { } told)
                details.Add($"{told.Label}: {told.Said}");
            else if (pack.Domain.Entities.TryGetValue(slot, out var entity) && task.Row(goal, slot) is { } row)
                details.Add($"{entity.Label}: {row.Words}");
        }

        return details;
    }

    // A field of each of several rows that the write names: all values are stated.
    private string? Several(DoGoal goal, Db db, string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0 || binding.Slots.ContainsKey(name[..dot]))
            return null;
        EntityRow[] rows = [.. task.SlotsOf(goal).Select(s => binding.Slots[s]).Where(r => r.Entity.Name == name[..dot])];
        if (rows.Length < 2)
            return null;
        var field = rows[0].Entity.Field(name[(dot + 1)..]);
        var said = rows.Select(r => task.Now(r, db)[name[(dot + 1)..]])
            .Where(v => !v.IsNull)
            .Select(v => FieldValues.Say(field?.Type ?? "text", v))
            .ToArray();
        return said.Length < 2 ? null : $"{field?.Label ?? name[(dot + 1)..]}: {string.Join(", ", said)}";
    }

    /// <summary>Reports of a write, filled with the state after it.</summary>
    public IReadOnlyList<string> Reports(DoGoal goal, JsonMap arguments, Db db)
    {
        var reports = new List<string>();
        foreach (var template in pack.Domain.Acts.GetValueOrDefault(goal.Tool.Name)?.Done ?? [])
        {
            var filled = TaskTemplate.Fill(
                template,
                [],
                name =>
                    task.Value(goal, arguments, db, name) is { } value ? new(value.Said, [])
                    : task.Row(goal, name) is { } row ? new(row.Words, [])
                    : task.Argument(goal, arguments, 0, name)
            );
            if (filled is not null)
                reports.Add(filled);
        }

        return reports;
    }

    // People are told that they get money back, not that they pay a negative amount.
    public static string Stated(string label, Json amount) =>
        amount.Number < 0
            ? $"{label}: {FieldValues.Say("money", -amount.Number.Value)} back to you"
            : $"{label}: {FieldValues.Say("money", amount)}";
}
