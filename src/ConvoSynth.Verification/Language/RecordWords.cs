using ConvoSynth.Core;
using ConvoSynth.Dialogues.Traces;
using ConvoSynth.Domains;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Verification.Language;

/// <summary>
/// Compares a report with an argument that is a record or a list of records (flights, passengers, payments). Reports rarely list every
/// part, so an omission is no contradiction. Only a date, an amount or a row's key that no record has is one.
/// </summary>
internal static class RecordWords
{
    /// <summary>The first value in the text that contradicts the records; null if there is none.</summary>
    public static string? Difference(Trace trace, TraceCall call, ArgumentMeaning meaning, Json value, string said)
    {
        var dates = new List<Json>();
        var amounts = new List<double>();
        var keys = new List<string>();
        var named = new List<EntitySpec>();
        foreach (var record in value is JsonList list ? list.Items : [value])
        {
            if (record is not JsonMap map)
                return null;
            for (var i = 0; i < map.Count; i++)
            {
                var part = meaning.Parts.GetValueOrDefault(map.Keys[i]);
                Add(part?.Field?.Type, map.Values[i], dates, amounts);
                if (part?.Names is not { } entity || map.Values[i] is not (JsonText or JsonNumber))
                    continue;
                keys.Add(EntityRows.Text(map.Values[i]));
                if (entity.Parent is null)
                    named.Add(entity);
                if (OwnRow(trace, call, entity, map.Values[i]) is not { } row)
                    continue;
                foreach (var field in entity.Fields.Values)
                    Add(field.Type, row[field.Path], dates, amounts);
            }
        }

        return OtherDate(said, dates) ?? OtherAmount(said, amounts) ?? OtherKey(trace, said, keys, named);
    }

    /// <summary>A key in the text, of a kind of row that the records name, that no record has; null if there is none.</summary>
    public static string? OtherRow(Trace trace, ArgumentMeaning meaning, Json value, string said)
    {
        var keys = new List<string>();
        var named = new List<EntitySpec>();
        foreach (var record in value is JsonList list ? list.Items : [value])
        {
            if (record is not JsonMap map)
                return null;
            for (var i = 0; i < map.Count; i++)
            {
                if (
                    meaning.Parts.GetValueOrDefault(map.Keys[i])?.Names is not { Parent: null } entity
                    || map.Values[i] is not (JsonText or JsonNumber)
                )
                    continue;
                keys.Add(EntityRows.Text(map.Values[i]));
                named.Add(entity);
            }
        }

        return OtherKey(trace, said, keys, named);
    }

    private static void Add(string? type, Json value, List<Json> dates, List<double> amounts)
    {
        if (value is JsonNumber number)
            amounts.Add(Math.Abs(number.Value));
        else if (type == "date" && value is JsonText)
            dates.Add(value);
    }

    private static string? OtherDate(string said, List<Json> dates)
    {
        if (dates.Count == 0)
            return null;
        foreach (var span in ValueSpan.Dates(said, dates[0]))
        {
            var day = said[span.Start..span.End];
            if (!dates.Exists(d => FieldValues.Says(day, "date", d)))
                return day;
        }

        return null;
    }

    private static string? OtherAmount(string said, List<double> amounts)
    {
        if (amounts.Count == 0)
            return null;
        foreach (var amount in AgentText.Of(said).Amounts)
        {
            if (!amounts.Exists(a => Math.Abs(a - amount.Value) < 0.006))
                return FieldValues.Say("money", amount.Value);
        }

        return null;
    }

    // A key of the same kind of row that no record names.
    private static string? OtherKey(Trace trace, string said, List<string> keys, List<EntitySpec> named)
    {
        if (named.Count == 0)
            return null;
        var text = AgentText.Of(said);
        foreach (var word in text.Words)
        {
            if (!text[word].ContainsAnyInRange('0', '9'))
                continue;
            var key = text[word].ToString();
            if (!keys.Contains(key, StringComparer.OrdinalIgnoreCase) && named.Exists(e => trace.View[e.Table].Find(key) is not null))
                return key;
        }

        return null;
    }

    // The nested row of the person's own that a part names: a payment method by its id, described by its balance.
    private static EntityRow? OwnRow(Trace trace, TraceCall call, EntitySpec entity, Json key)
    {
        var pack = trace.Pack;
        if (entity.Parent != pack.Domain.Who)
            return null;
        foreach (var owner in PackMeaning.Of(pack).Owners(pack, trace.View, call.Tool!, (JsonMap)call.Arguments!))
        {
            if (pack.Rows.Find(trace.View, entity, key, pack.Rows.Find(trace.View, pack.Domain.Entity(pack.Domain.Who), owner)) is { } row)
                return row;
        }

        return null;
    }
}
