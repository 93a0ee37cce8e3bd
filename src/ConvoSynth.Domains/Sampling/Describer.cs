using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>How a human refers to a row: words, and the facts in them.</summary>
public sealed record Description(string Words, IReadOnlyList<Fact> Facts);

/// <summary>
/// Refers to rows by the fields that people tell them by. Exactly one of the rows that could be meant matches a description; a row
/// that nothing tells apart cannot be described, and its task is dropped.
/// </summary>
public sealed class Describer(Pack pack, Db db, EntityRow owner, SeededRandom random)
{
    private const double TellsKey = 0.45;

    public Description? Describe(string slot, EntityRow row)
    {
        var others = Comparable(row).Where(r => r.Identity != row.Identity).ToArray();
        var fields = row.Entity.ToldBy.Where(f => Sayable(row, f)).ToList();
        // A number that people may or may not have at hand is told sometimes; otherwise the row is told by what it is.
        if (fields.Count > 1 && row.Entity.Field(fields[0]) is { Human: Knowledge.MayKnow } && !random.Chance(TellsKey)) fields = [.. fields.Skip(1), fields[0]];
        foreach (var field in fields)
        {
            if (Distinguishes(row, [field], others) is { } values) return Say(slot, row, values);
        }

        foreach (var first in fields)
        {
            foreach (var second in fields.Where(f => f != first))
            {
                if (Distinguishes(row, [first, second], others) is { } values) return Say(slot, row, values);
            }
        }

        return fields.Count > 2 && Distinguishes(row, fields, others) is { } all ? Say(slot, row, all) : null;
    }

    private IEnumerable<EntityRow> Comparable(EntityRow row)
    {
        if (row.Parent is not null) return EntityRows.Within(row.Parent, row.Entity);
        return pack.Rows.IsOwned(row.Entity) ? pack.Rows.OwnedBy(db, row.Entity, owner) : pack.Rows.All(db, row.Entity);
    }

    private static bool Sayable(EntityRow row, string field) => Values(row, field).Any(v => !v.IsNull && v.Text is not "" && v is not JsonMap { Count: 0 });

    private static List<(string Field, Json Value)>? Distinguishes(EntityRow row, IReadOnlyList<string> fields, EntityRow[] others)
    {
        var chosen = new List<(string Field, Json Value)>();
        var left = others;
        foreach (var field in fields)
        {
            var values = Values(row, field).Where(v => !v.IsNull).ToArray();
            if (values.Length == 0) return null;
            // Of a list (the items of an order) the one that fewest others have.
            var value = values.MinBy(v => left.Count(o => Values(o, field).Contains(v)))!;
            chosen.Add((field, value));
            left = [.. left.Where(o => Values(o, field).Contains(value))];
        }

        return left.Length == 0 ? chosen : null;
    }

    // A dotted path; through "[]" all items of a list.
    private static IEnumerable<Json> Values(EntityRow row, string field)
    {
        var list = field.IndexOf("[].", StringComparison.Ordinal);
        return list < 0 ? [row[field]] : row[field[..list]].Items.Select(i => FieldPath.Read(i, field[(list + 3)..]));
    }

    private static Description Say(string slot, EntityRow row, List<(string Field, Json Value)> values)
    {
        var facts = new List<Fact>();
        var words = new List<string>();
        foreach (var (field, value) in values)
        {
            var spec = row.Entity.Field(field);
            var type = spec?.Type ?? "text";
            var said = FieldValues.Say(type, value);
            facts.Add(new($"{slot}.{field}", value, type, spec?.Label ?? field, said, Disclosure.Volunteer));
            words.Add(row.Entity.Say.TryGetValue(field, out var template)
                ? template.Replace("{}", said, StringComparison.Ordinal)
                : words.Count > 0 ? $"({spec?.Label ?? field} {said})" : type is "id" or "ref" ? $"{row.Entity.Label} {said}" : $"the {row.Entity.Label} {said}");
        }

        return new(string.Join(", ", words), facts);
    }
}
