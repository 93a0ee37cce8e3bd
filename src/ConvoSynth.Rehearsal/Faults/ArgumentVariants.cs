using System.Globalization;
using ConvoSynth.Core;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Rehearsal.Faults;

/// <summary>
/// Values that an agent could confuse with the right one: another row of the same person, another allowed value, a slip of the digits.
/// </summary>
internal sealed class ArgumentVariants(Pack pack, SeededRandom random)
{
    private const int RowsTried = 6;

    /// <summary>
    /// Argument objects that differ in the value of one selected parameter. Drawn by the seed, most believable variants of a parameter
    /// first.
    /// </summary>
    public IEnumerable<JsonMap> Of(ToolSpec tool, JsonMap arguments, Db db, Func<ToolParameter, bool> isMeant)
    {
        foreach (var parameter in random.Shuffled(tool.Parameters))
        {
            if (!isMeant(parameter) || !arguments.TryGet(parameter.Name, out var held))
                continue;
            foreach (var other in Others(parameter, held, tool, arguments, db))
                yield return arguments.With(parameter.Name, other);
        }
    }

    /// <summary>Argument objects that name other rows of the same owner.</summary>
    public IEnumerable<JsonMap> OtherRows(ToolSpec tool, JsonMap arguments, Db db) => Of(tool, arguments, db, p => Named(p) is not null);

    private IEnumerable<Json> Others(ToolParameter parameter, Json held, ToolSpec tool, JsonMap arguments, Db db)
    {
        if (held is JsonList list)
        {
            if (list.Items.Count > 1)
                yield return Json.List(list.Items.Take(list.Items.Count - 1));
            for (var i = 0; i < list.Items.Count; i++)
            {
                foreach (var other in One(parameter, list.Items[i], parameter.Schema["items"], tool, arguments, db))
                {
                    if (!list.Items.Contains(other))
                        yield return Json.List(list.Items.Select((item, at) => at == i ? other : item));
                }
            }

            yield break;
        }

        foreach (var other in One(parameter, held, parameter.Schema, tool, arguments, db))
            yield return other;
    }

    private IEnumerable<Json> One(ToolParameter parameter, Json held, Json schema, ToolSpec tool, JsonMap arguments, Db db)
    {
        if (Named(parameter) is { } entity)
        {
            foreach (var row in random.Shuffled(Siblings(entity, held, tool, arguments, db)).Take(RowsTried))
                yield return row.Key;
            yield break;
        }

        if (schema["enum"].Items is { Count: > 1 } allowed)
        {
            foreach (var value in random.Shuffled(allowed.Where(v => v != held)))
                yield return value;
            yield break;
        }

        switch (held)
        {
            case JsonBoolean flag:
                yield return !flag.Value;
                break;
            case JsonNumber { IsInteger: true } number:
                foreach (var step in random.Shuffled([1, -1]))
                {
                    var value = (int)number.Value + step;
                    if (value >= (schema["minimum"].Number ?? 0) && value <= (schema["maximum"].Number ?? int.MaxValue))
                        yield return value;
                }

                break;
            case JsonNumber number:
                yield return Math.Round(number.Value + random.Between(1, 9), 2);
                break;
            case JsonText text when FieldValues.TryDate(text.Value, out var date):
                yield return date.AddDays(random.Between(1, 6)).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
                break;
            case JsonText text when Slipped(text.Value) is { } slipped:
                yield return slipped;
                break;
        }
    }

    // A list's parameter names its items; free text names no row.
    private EntitySpec? Named(ToolParameter parameter)
    {
        if (parameter.Is is null || pack.Domain.Find(parameter.Is) is not { } named)
            return null;
        if (named.Field.Ref is { } reference)
            return pack.Domain.Entity(reference);
        return named.Field.Path == named.Entity.Key && named.Entity.Name != pack.Domain.Who ? named.Entity : null;
    }

    private IEnumerable<EntityRow> Siblings(EntitySpec entity, Json key, ToolSpec tool, JsonMap arguments, Db db)
    {
        var within = entity.Parent is null ? null : pack.Guards.RowFor(db, tool, arguments, pack.Domain.Entity(entity.Parent));
        var row = pack.Rows.Find(db, entity, key, within);
        if (row is null)
            return [];
        if (row.Parent is not null)
            return EntityRows.Within(row.Parent, entity).Where(r => r.Key != key);
        if (pack.Rows.Owner(db, row) is { } owner)
            return pack.Rows.OwnedBy(db, entity, owner).Where(r => r.Key != key);
        // Public rows are many. An agent would confuse those it saw; a few neighbouring rows stand in for these.
        return pack.Rows.All(db, entity).Skip(random.Next(8)).Take(RowsTried).Where(r => r.Key != key);
    }

    // Swaps two unequal neighbouring digits, or else changes one digit.
    private string? Slipped(string text)
    {
        var digits = text.Select((c, i) => (c, i)).Where(p => char.IsAsciiDigit(p.c)).Select(p => p.i).ToArray();
        if (digits.Length == 0)
            return null;
        var characters = text.ToCharArray();
        foreach (var at in random.Shuffled(digits))
        {
            if (at + 1 >= text.Length || !char.IsAsciiDigit(text[at + 1]) || text[at] == text[at + 1])
                continue;
            (characters[at], characters[at + 1]) = (characters[at + 1], characters[at]);
            return new(characters);
        }

        var last = digits[^1];
        characters[last] = (char)('0' + ((characters[last] - '0' + 1) % 10));
        return new(characters);
    }
}
