using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Sampling;

/// <summary>A field of a slot's row or entry in words, with the fact that the words state.</summary>
internal sealed class SlotFields(Pack pack, Binding binding)
{
    private readonly Db _view = binding.Patch.IsEmpty ? pack.BaseView : pack.View(binding.Patch);

    public static string? Answer(FieldSpec? field, string said) => field?.Answer?.Replace("{}", said, StringComparison.Ordinal);

    public Description? Of(string name)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
            return null;
        if (binding.Entries.TryGetValue(name[..dot], out var entry))
            return EntryField(name, entry, name[(dot + 1)..]);
        if (!binding.Slots.TryGetValue(name[..dot], out var row))
            return null;
        var path = name[(dot + 1)..];
        var inner = path.IndexOf('.', StringComparison.Ordinal);
        if (
            row.Entity.Field(path) is null
            && inner > 0
            && pack.Domain.Entities.TryGetValue(path[..inner], out var entity)
            && pack.Rows.Related(_view, row, entity) is { } led
        )
            (row, path) = (led, path[(inner + 1)..]);
        var field = row.Entity.Field(path);
        var said = FieldValues.Say(field?.Type ?? "text", row[path]);
        return new(
            said,
            [
                new(name, row[path], field?.Type ?? "text", field?.Label ?? name, said, Disclosure.Volunteer)
                {
                    Ask = field is null ? "" : field.Ask,
                    Answer = Answer(field, said),
                },
            ]
        );
    }

    private static Description? EntryField(string name, JsonMap entry, string path)
    {
        var bar = path.IndexOf('|', StringComparison.Ordinal);
        var field = bar < 0 ? path : path[..bar];
        var value = FieldPath.Read(entry, field);
        if (value.IsNull)
            return null;
        var type =
            value is JsonNumber ? "count"
            : FieldValues.TryDate(value.Text ?? "", out _) ? "date"
            : "text";
        var said = FieldValues.Say(type, value);
        var slot = bar < 0 ? name : name[..(name.Length - path.Length + bar)];
        return new(
            bar < 0 ? said : Counted(value, path[(bar + 1)..]),
            [new(slot, value, type, field.Replace('_', ' '), said, Disclosure.Volunteer) { Ask = "" }]
        );
    }

    public static string Counted(Json value, string unit) => value.Number is 1 ? $"1 {unit}" : $"{FieldValues.Say("count", value)} {unit}s";
}
