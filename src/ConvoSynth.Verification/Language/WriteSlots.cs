using ConvoSynth.Core;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;
using ConvoSynth.Verification.Evidence;

namespace ConvoSynth.Verification.Language;

/// <summary>One value of a write that the parties must mention, with all the ways to say it.</summary>
/// <param name="Name">The parameter or field, as evidence names it.</param>
/// <param name="Type">The field type that parses and spells the value.</param>
/// <param name="Value">The value of the call, or of the row that the call names.</param>
/// <param name="Ways">Alternatives; each alone says the value.</param>
/// <param name="IsTarget">Whether it names the written row.</param>
/// <param name="IsRequired">Whether the rule demands that it is stated.</param>
/// <param name="Meaning">The argument behind it; null for a field of a row.</param>
/// <param name="Row">The row that it names, if any.</param>
internal sealed record WriteSlot(
    string Name,
    string Type,
    Json Value,
    IReadOnlyList<SayingWay> Ways,
    bool IsTarget,
    bool IsRequired,
    ArgumentMeaning? Meaning,
    EntityRow? Row
)
{
    public bool In(SpokenText said)
    {
        foreach (var way in Ways)
        {
            if (way.In(said))
                return true;
        }

        return false;
    }
}

/// <summary>One way to say a value: by words, by a typed value, or by most of several parts (the options of an item).</summary>
internal sealed class SayingWay
{
    /// <summary>From this many parts on, one may be omitted.</summary>
    private const int Most = 3;

    private readonly string? _words;
    private readonly string _type;
    private readonly Json _value;
    private readonly SayingWay[]? _parts;
    private IReadOnlyList<JsonMap> _rivals = [];

    private SayingWay(string? words, string type, Json value, SayingWay[]? parts) =>
        (_words, _type, _value, _parts) = (words, type, value, parts);

    public static SayingWay Words(string text) => new(SpokenText.Phrase(text), "text", Json.Null, null);

    /// <summary>The ways to say a value of a type; none for an empty text or a flag.</summary>
    public static IEnumerable<SayingWay> Of(string type, Json value)
    {
        switch (value)
        {
            case JsonText { Value.Length: > 0 } date when type == "date" && FieldValues.TryDate(date.Value, out _):
                yield return new(null, type, value, null);
                break;
            case JsonText { Value.Length: > 0 } text:
                yield return Words(text.Value);
                if (type is "id" or "ref" && ShortId.Digits(text.Value) is { } digits)
                    yield return Words(digits);
                if (type == "enum" && Stems(text.Value) is { } stems)
                    yield return stems;
                break;
            case JsonNumber:
                yield return new(null, type, value, null);
                break;
            case JsonMap map when map.Count > 0:
                yield return Parts(map, []);
                break;
        }
    }

    /// <summary>
    /// Several parts together, such as the options of an item. One of three or more may be omitted, unless the text contains all parts of
    /// one of the <paramref name="rivals"/>.
    /// </summary>
    public static SayingWay Parts(JsonMap parts, IEnumerable<JsonMap> rivals) =>
        new(null, "text", parts, PartsOf(parts)) { _rivals = [.. rivals] };

    private static SayingWay[] PartsOf(JsonMap map) => [.. map.Values.SelectMany(v => Of("name", v).Take(1))];

    /// <summary>"The original …", "… on file", with one of these names after or before it.</summary>
    public static SayingWay AsBefore(IEnumerable<string> names) => new(null, "same", Json.Null, [.. names.Select(Words)]);

    public bool In(SpokenText said)
    {
        if (_words is not null)
            return said.Has(_words);
        if (_type == "same")
            return IsAsBefore(said);
        if (_parts is null)
            return FieldValues.Says(said.Text, _type, _value);
        var heard = 0;
        foreach (var part in _parts)
            heard += part.In(said) ? 1 : 0;
        if (_parts.Length > 0 && heard == _parts.Length)
            return true;
        return _parts.Length >= Most && heard == _parts.Length - 1 && !_rivals.Any(r => Array.TrueForAll(PartsOf(r), p => p.In(said)));
    }

    private bool IsAsBefore(SpokenText said)
    {
        foreach (var same in Reading.Same)
        {
            if (!said.Has(same))
                continue;
            foreach (var name in _parts!)
            {
                if (said.Has(string.Concat(same, name._words.AsSpan(1))) || said.Has(string.Concat(name._words, same.AsSpan(1))))
                    return true;
            }
        }

        return false;
    }

    // "I no longer need it" matches "no longer needed": the first 4 letters of each longer word.
    private static SayingWay? Stems(string text)
    {
        var words = SpokenText.Padded(text).Split(' ', StringSplitOptions.RemoveEmptyEntries);
        if (words.Length is < 2 or > 4 || words.Any(w => w.Any(char.IsAsciiDigit)))
            return null;
        var long4 = words.Where(w => w.Length > 4).ToArray();
        return long4.Length == 0 ? null : new(null, "text", text, [.. long4.Select(Stem)]);
    }

    private static SayingWay Stem(string word) => new(" " + word[..4], "text", Json.Null, null);
}

/// <summary>Collects the values of a write that a rule demands, and the rows that it writes.</summary>
internal static class WriteSlots
{
    /// <summary>Maximum length of a free text that must be said literally.</summary>
    private const int LongestReason = 30;

    /// <summary>Minimum of the numbers in a record that count as amounts of money.</summary>
    private const double MinDollars = 20;

    /// <param name="details">The arguments and fields that the rule names.</param>
    public static IReadOnlyList<WriteSlot> Of(Trace trace, TraceCall call, IReadOnlySet<string> details)
    {
        var slots = new List<WriteSlot>(8);
        var pack = trace.Pack;
        var view = trace.View;
        var rows = new List<EntityRow>(4);
        foreach (var meaning in PackMeaning.Of(pack).Arguments(call.Tool!))
        {
            var value = call.Arguments![meaning.Parameter.Name];
            var named = details.Contains(meaning.Parameter.Name) || (meaning.Parameter.Is is { } field && details.Contains(field));
            foreach (var item in value is JsonList list ? list.Items : [value])
            {
                if (meaning.Names is { } entity)
                    AddRow(pack, view, call, meaning, entity, item, named, rows, slots);
                else if (named && item is JsonMap record)
                    AddRecord(pack, view, call, meaning, record, rows, slots);
                else if (named)
                    AddValue(trace, call, meaning, item, slots);
            }
        }

        foreach (var detail in details)
            AddField(pack, view, call, detail, rows, slots);
        return slots;
    }

    private static void AddValue(Trace trace, TraceCall call, ArgumentMeaning meaning, Json value, List<WriteSlot> slots)
    {
        var name = meaning.Parameter.Name;
        // A choice or a short reason may be said with other endings. A longer free text is the agent's own wording.
        var isFree = meaning.Field is null or { NonEmptyIsEqual: true };
        var type = value is JsonText && (isFree || !meaning.Parameter.Schema["enum"].IsNull) ? "enum" : meaning.TypeOf(value);
        // "yes" and "no" occur anywhere, so a mention of the parameter counts.
        var said = value.Text is "yes" or "no" ? [SayingWay.Words(name)] : SayingWay.Of(type, value).ToArray();
        if (said.Length == 0)
            return;
        var isOwnWording = isFree && value.Text is { Length: > LongestReason };
        slots.Add(
            new(
                name,
                type,
                value,
                said,
                IsTarget: false,
                IsRequired: !isOwnWording && !StaysAsItWas(call, value) && !(type == "count" && IsWorkedOut(trace, call, name, value)),
                meaning,
                null
            )
        );
    }

    // A record (a passenger, a payment) is mentioned by any of its texts, by its amount of money, or by the row that it names.
    private static void AddRecord(
        Pack pack,
        Db view,
        TraceCall call,
        ArgumentMeaning meaning,
        JsonMap record,
        List<EntityRow> rows,
        List<WriteSlot> slots
    )
    {
        var ways = new List<SayingWay>();
        var stays = true;
        foreach (var value in record.Values)
        {
            if (value is JsonNumber { Value: >= MinDollars })
                ways.AddRange(SayingWay.Of("money", value));
            if (value is not JsonText { Value.Length: > 1 } text)
                continue;
            ways.AddRange(SayingWay.Of(FieldValues.TryDate(text.Value, out _) ? "date" : "id", value));
            if (OwnRow(pack, view, rows, text.Value) is { } row)
                Told(row, ways);
            stays &= StaysAsItWas(call, value);
        }

        if (ways.Count > 0)
            slots.Add(new(meaning.Parameter.Name, "text", record, ways, IsTarget: false, IsRequired: !stays, meaning, null));
    }

    // A nested row of the person's own: a payment method by its id.
    private static EntityRow? OwnRow(Pack pack, Db view, List<EntityRow> rows, string key)
    {
        if (!key.Any(char.IsAsciiDigit))
            return null;
        foreach (var row in rows)
        {
            if (pack.Rows.Owner(view, row) is not { } person)
                continue;
            foreach (var name in pack.Domain.EntityOrder)
            {
                if (
                    pack.Domain.Entity(name) is { } entity
                    && entity.Parent == pack.Domain.Who
                    && pack.Rows.Find(view, entity, key, person) is { } found
                )
                    return found;
            }
        }

        return null;
    }

    // A number that the human need not give: copied from a row, computed, a default, or zero.
    private static bool IsWorkedOut(Trace trace, TraceCall call, string name, Json value)
    {
        if (value is JsonNumber { Value: 0 })
            return true;
        for (var i = 0; i < trace.Calls.Count; i++)
        {
            if (ReferenceEquals(trace.Calls[i], call))
                return trace.ArgumentOrigins[i][name].Text is "observation" or "computed" or "default";
        }

        return false;
    }

    // A text that the written row held before is no change.
    private static bool StaysAsItWas(TraceCall call, Json value) =>
        value is JsonText
        && call.Writes.Any(w =>
            w.Before is not null && JsonSearch.Shows(w.Before, value) && w.After is not null && JsonSearch.Shows(w.After, value)
        );

    private static void AddRow(
        Pack pack,
        Db view,
        TraceCall call,
        ArgumentMeaning meaning,
        EntitySpec entity,
        Json key,
        bool named,
        List<EntityRow> rows,
        List<WriteSlot> slots
    )
    {
        if (key is not (JsonText or JsonNumber))
            return;
        var row = pack.Rows.Find(view, entity, key, rows.LastOrDefault(r => r.Entity.Name == entity.Parent));
        if (row is not null)
            rows.Add(row);
        if (entity.Name == pack.Domain.Who)
            return;
        var root = row;
        while (root?.Parent is not null)
            root = root.Parent;
        var isTarget = entity.Parent != pack.Domain.Who && call.Writes.Any(w => w.Table == root?.Row.Table && w.Key == root.Row.Key);
        if (!named && !isTarget)
            return;
        var ways = new List<SayingWay>(4);
        ways.AddRange(SayingWay.Of("id", EntityRows.Text(key)));
        if (row is not null)
        {
            Told(row, ways);
            if (call.Writes.Any(w => w.Before is not null && JsonSearch.ShowsId(w.Before, EntityRows.Text(key))) && !isTarget)
                Same(row, meaning, ways);
        }

        slots.Add(new(meaning.Parameter.Name, "id", key, ways, isTarget, IsRequired: true, meaning, row));
    }

    /// <summary>The ways to say a row: its key, and its <c>told_by</c> fields.</summary>
    public static IReadOnlyList<SayingWay> WaysOf(EntityRow row)
    {
        var ways = new List<SayingWay>(4);
        ways.AddRange(SayingWay.Of("id", EntityRows.Text(row.Key)));
        Told(row, ways);
        return ways;
    }

    private static void Told(EntityRow row, List<SayingWay> ways)
    {
        var siblings = row.Parent is null ? [] : EntityRows.Within(row.Parent, row.Entity).Where(r => r.Identity != row.Identity).ToArray();
        foreach (var told in row.Entity.ToldBy)
        {
            if (row.Entity.Field(told) is not { Type: not ("flag" or "count") } field)
                continue;
            var list = told.IndexOf("[].", StringComparison.Ordinal);
            if (list >= 0)
            {
                foreach (var item in FieldPath.Read(row.Row.Values, told[..list]).Items)
                    ways.AddRange(SayingWay.Of("name", FieldPath.Read(item, told[(list + 3)..])));
            }
            else if (row[told] is JsonMap { Count: > 0 } parts)
            {
                ways.Add(SayingWay.Parts(parts, siblings.Select(s => s[told]).OfType<JsonMap>()));
            }
            else if (row[told] is { IsNull: false } value && !(field.Type == "enum" && siblings.Any(s => s[told] == value)))
            {
                ways.AddRange(SayingWay.Of(field.Type, value));
            }
        }
    }

    // "the original payment method", "the card on file", if the written row holds it already.
    private static void Same(EntityRow row, ArgumentMeaning meaning, List<SayingWay> ways)
    {
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (
            var text in (string[])
                [
                    row.Entity.Label,
                    meaning.Parameter.Name,
                    .. row.Entity.ToldBy.Where(t => row.Entity.Field(t)?.Type == "enum").Select(t => row[t].Text ?? ""),
                ]
        )
        {
            if (text.Length == 0)
                continue;
            var words = text.Split(' ', '_');
            names.Add(string.Join(' ', words));
            names.Add(words[0]);
            if (words[^1] != "id")
                names.Add(words[^1]);
        }

        ways.Add(SayingWay.AsBefore(names));
    }

    // A field of a row that the call names, or of a row related to it.
    private static void AddField(Pack pack, Db view, TraceCall call, string detail, List<EntityRow> rows, List<WriteSlot> slots)
    {
        if (pack.Domain.Find(detail) is not { } named || slots.Any(s => s.Meaning?.Parameter.Is == detail))
            return;
        var row =
            rows.FirstOrDefault(r => r.Entity.Name == named.Entity.Name)
            ?? rows.Select(r => pack.Rows.Related(view, r, named.Entity)).FirstOrDefault(r => r is not null);
        if (row?[named.Field.Path] is not { IsNull: false } value)
            return;
        var ways = SayingWay.Of(named.Field.Type == "text" ? "name" : named.Field.Type, value).ToArray();
        var isKeySaid = slots.Any(s => s.Row?.Identity == row.Identity);
        if (ways.Length > 0)
            slots.Add(
                new(
                    detail,
                    named.Field.Type,
                    value,
                    isKeySaid ? [.. ways, .. SayingWay.Of("id", EntityRows.Text(row.Key))] : ways,
                    IsTarget: false,
                    IsRequired: true,
                    null,
                    row
                )
            );
    }
}
