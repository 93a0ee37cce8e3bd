using ConvoSynth.Core;
using ConvoSynth.Core.Blueprints;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Sampling;

/// <summary>How a human refers to a row: words, and the facts in them.</summary>
public sealed record Description(string Words, IReadOnlyList<Fact> Facts);

/// <summary>
/// Refers to rows by the fields that people use for them. A description matches exactly one of the rows that could be meant. A row that
/// no fields distinguish cannot be described, and its task is dropped.
/// </summary>
/// <param name="avoided">Values that identify another row of the same task: "the hat from the order with the hat" says nothing.</param>
public sealed class Describer(Pack pack, Db db, EntityRow owner, SeededRandom random, IReadOnlySet<Json> avoided)
{
    private const double TellsKey = 0.45;

    public Description? Describe(string slot, EntityRow row)
    {
        var fields = row.Entity.ToldBy.Where(f => Sayable(row, f)).ToList();
        // A number that people may or may not have at hand is used only sometimes; otherwise other fields describe the row.
        if (fields.Count > 1 && row.Entity.Field(fields[0]) is { Human: Knowledge.MayKnow } && !random.Chance(TellsKey))
            fields = [.. fields.Skip(1), fields[0]];
        foreach (var field in fields)
        {
            if (Distinguishes(row, [field]) is { } values)
                return Say(slot, row, values);
        }

        foreach (var first in fields)
        {
            foreach (var second in fields.Where(f => f != first))
            {
                if (Distinguishes(row, [first, second]) is { } values)
                    return Say(slot, row, values);
            }
        }

        return fields.Count > 2 && Distinguishes(row, fields) is { } all ? Say(slot, row, all) : null;
    }

    // The rows that could be meant. In a public table only rows that share the first value can be, and an index finds them.
    private EntityRow[] Others(EntityRow row, string field, Json value)
    {
        var rows =
            row.Parent is not null ? EntityRows.Within(row.Parent, row.Entity)
            : pack.Rows.IsOwned(row.Entity) ? pack.Rows.OwnedBy(db, row.Entity, owner)
            : field.Contains('[') ? pack.Rows.All(db, row.Entity)
            : db[row.Entity.Table].Having(field, value).Select(r => new EntityRow(row.Entity, r, null));
        return [.. rows.Where(r => !r.IsSame(row))];
    }

    private static bool Sayable(EntityRow row, string field) =>
        Values(row, field).Any(v => !v.IsNull && v.Text is not "" && v is not JsonMap { Count: 0 });

    private List<(string Field, Json Value)>? Distinguishes(EntityRow row, IReadOnlyList<string> fields)
    {
        var chosen = new List<(string Field, Json Value)>();
        EntityRow[]? left = null;
        foreach (var field in fields)
        {
            var values = Values(row, field).Where(v => !v.IsNull && !(field.Contains('[') && avoided.Contains(v))).ToArray();
            if (values.Length == 0)
                return null;
            left ??= Others(row, field, values[0]);
            // In a list (the items of an order), the value that the fewest other rows have.
            var value = values.MinBy(v => left.Count(o => Values(o, field).Contains(v)))!;
            chosen.Add((field, value));
            left = [.. left.Where(o => Values(o, field).Contains(value))];
        }

        return left is { Length: 0 } ? chosen : null;
    }

    // A dotted path; "[]" stands for all items of a list.
    internal static IEnumerable<Json> Values(EntityRow row, string field)
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
            words.Add(
                row.Entity.Say.TryGetValue($"{field}={value.Text}", out var template) || row.Entity.Say.TryGetValue(field, out template)
                    ? template.Replace("{}", said, StringComparison.Ordinal)
                : words.Count > 0 ? $"({spec?.Label ?? field} {said})"
                : type is "id" or "ref" ? $"{row.Entity.Label} {said}"
                : $"the {row.Entity.Label} {said}"
            );
        }

        var text = string.Join(", ", words);
        var (ask, answer) = (
            row.Entity.Ask ?? $"which {row.Entity.Label} you mean",
            (row.Entity.Answer ?? "it's {}").Replace("{}", text, StringComparison.Ordinal)
        );
        return new(text, [.. facts.Select(f => f with { Ask = ask, Answer = answer })]);
    }
}
