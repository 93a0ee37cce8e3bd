using System.Collections.Frozen;
using System.Collections.Immutable;
using System.Globalization;
using ConvoSynth.Core;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Environments;

/// <summary>
/// Brings diffs into a canonical form in which equivalent diffs are equal. Money is rounded to the cent; generated ids and times are
/// renamed; lists that the pack declares unordered are sorted. Free text that only has to exist is reduced to its presence.
/// </summary>
public sealed class StateCanon
{
    private const int Rounds = 3; // The length of the longest chain of new rows, each naming the next, that is followed.

    private readonly FrozenDictionary<string, FieldPlace> _byTable;
    private readonly bool _generates;

    public StateCanon(DomainSpec domain)
    {
        _byTable = FieldPlace.ByTable(domain);
        _generates = domain.Entities.Values.Any(e => e.Fields.Values.Any(f => f.Generated is not null));
    }

    public StateDiff Canonical(StateDiff diff)
    {
        if (diff.IsEmpty)
            return diff;
        var renames = _generates ? Renames(diff) : null;
        var changes = diff.Changes.Select(c => Canonical(c, renames)).Where(c => c.Before != c.After || c.Before is null);
        return new([.. renames is null ? changes : changes.OrderBy(c => string.Join('/', c.Path), StringComparer.Ordinal)]);
    }

    private Change Canonical(Change change, Dictionary<string, string>? renames)
    {
        var place = PlaceOf(change);
        return new()
        {
            Path = renames is null ? change.Path : [.. change.Path.Select(p => renames.GetValueOrDefault(p, p))],
            Before = change.Before is null ? null : Canonical(place, change.Before, renames),
            After = change.After is null ? null : Canonical(place, change.After, renames),
        };
    }

    // The place of a change's value; null if the pack declares nothing about it or its content.
    private FieldPlace? PlaceOf(Change change)
    {
        var place = _byTable.GetValueOrDefault(change.Path[0]);
        for (var i = 2; i < change.Path.Length && place is not null; i++)
            place = place[change.Path[i]];
        return place;
    }

    private static Json Canonical(FieldPlace? place, Json value, Dictionary<string, string>? renames)
    {
        var field = place?.Field;
        switch (value)
        {
            case JsonNumber number when field?.Type == "money":
                return Math.Round((decimal)number.Value, 2, MidpointRounding.AwayFromZero);
            case JsonText text:
                if (field is { NonEmptyIsEqual: true })
                    return text.Value.Trim().Length > 0 ? "<text>" : "";
                if (field?.Generated == "now")
                    return "<now>";
                return renames is not null && renames.TryGetValue(text.Value, out var renamed) ? renamed : text;
            case JsonMap map:
                return JsonMap.Create(
                    map.Keys.Select(
                        (k, i) => KeyValuePair.Create(renames?.GetValueOrDefault(k, k) ?? k, Canonical(place?[k], map.Values[i], renames))
                    )
                );
            case JsonList list:
                var items = list.Items.Select(i => Canonical(place?.Items, i, renames));
                return Json.List(field is { Unordered: true } ? items.OrderBy(i => i.ToCanonicalString(), StringComparer.Ordinal) : items);
            default:
                return value;
        }
    }

    // Generated ids are numbered by content, so that the order of creation does not matter: by the rest of their own row and by the
    // rows that name them. That content may hold generated ids too, so the labels are refined in rounds, each based on the previous one
    // (colour refinement). Rows that stay indistinguishable are interchangeable in all but contrived cases.
    private Dictionary<string, string> Renames(StateDiff diff)
    {
        var found = new List<(string Id, Json Content, string Kind)>();
        foreach (var change in diff.Changes)
        {
            if (change.After is null)
                continue;
            Collect(
                change.Path[0],
                string.Join('.', change.Path.AsSpan()[2..].ToArray()),
                PlaceOf(change),
                change.After,
                change.Before,
                found
            );
        }

        var labels = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (id, _, kind) in found)
            labels.TryAdd(id, kind);
        for (var round = 0; round < Rounds && labels.Count > 1; round++)
        {
            var said = labels.Keys.ToDictionary(id => id, _ => new List<string>(), StringComparer.Ordinal);
            foreach (var (id, content, kind) in found)
                said[id].Add($"{kind} {labels[id]} {Masked(content, labels, null).ToCanonicalString()}");
            foreach (var change in diff.Changes)
                AddMentions(change, labels, said);
            var colours = said.ToDictionary(
                s => s.Key,
                s => string.Join('\n', s.Value.Order(StringComparer.Ordinal)),
                StringComparer.Ordinal
            );
            var ranks = colours
                .Values.Distinct(StringComparer.Ordinal)
                .Order(StringComparer.Ordinal)
                .Select((c, i) => (c, i))
                .ToDictionary(p => p.c, p => p.i, StringComparer.Ordinal);
            labels = colours.ToDictionary(c => c.Key, c => $"<{ranks[c.Value]:D6}>", StringComparer.Ordinal);
        }

        var renames = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var group in found.GroupBy(f => f.Kind, StringComparer.Ordinal))
        {
            var number = 0;
            foreach (var (id, _, kind) in group.OrderBy(f => labels[f.Id], StringComparer.Ordinal))
            {
                if (!renames.ContainsKey(id))
                    renames[id] = $"<{kind}:{(++number).ToString(CultureInfo.InvariantCulture)}>";
            }
        }

        return renames;
    }

    private static void AddMentions(Change change, Dictionary<string, string> labels, Dictionary<string, List<string>> said)
    {
        if (change.After is null)
            return;
        var mentioned = new HashSet<string>(StringComparer.Ordinal);
        Mentioned(change.After, labels, mentioned);
        foreach (var id in mentioned)
        {
            var path = string.Join('/', change.Path.Select(p => p == id ? "<self>" : labels.GetValueOrDefault(p, p)));
            said[id].Add($"{path} {Masked(change.After, labels, id).ToCanonicalString()}");
        }
    }

    private static void Mentioned(Json value, Dictionary<string, string> labels, HashSet<string> mentioned)
    {
        if (value is JsonText text && labels.ContainsKey(text.Value))
            mentioned.Add(text.Value);
        foreach (var item in value.Items)
            Mentioned(item, labels, mentioned);
        if (value is not JsonMap map)
            return;
        for (var i = 0; i < map.Count; i++)
        {
            if (labels.ContainsKey(map.Keys[i]))
                mentioned.Add(map.Keys[i]);
            Mentioned(map.Values[i], labels, mentioned);
        }
    }

    private static Json Masked(Json value, Dictionary<string, string> labels, string? self) =>
        value switch
        {
            JsonText text => Mask(text.Value, labels, self),
            JsonList list => Json.List(list.Items.Select(i => Masked(i, labels, self))),
            JsonMap map => JsonMap.Create(
                map.Keys.Select((k, i) => KeyValuePair.Create(Mask(k, labels, self), Masked(map.Values[i], labels, self)))
            ),
            _ => value,
        };

    private static string Mask(string text, Dictionary<string, string> labels, string? self) =>
        text == self ? "<self>" : labels.GetValueOrDefault(text, text);

    private static void Collect(
        string table,
        string path,
        FieldPlace? place,
        Json value,
        Json? before,
        List<(string Id, Json Content, string Kind)> found
    )
    {
        if (value is JsonMap map)
        {
            for (var i = 0; i < map.Count; i++)
            {
                var at = path.Length == 0 ? map.Keys[i] : $"{path}.{map.Keys[i]}";
                var inner = place?[map.Keys[i]];
                if (map.Values[i] is JsonText id && inner?.Field is { Generated: "id" } field && before?[map.Keys[i]] != id)
                    found.Add((id.Value, map.Without(map.Keys[i]), $"{table}.{field.Path}"));
                else
                    Collect(table, at, inner, map.Values[i], before?[map.Keys[i]], found);
            }
        }
        else if (value is JsonList list)
        {
            foreach (var item in list.Items)
                Collect(table, path + ".*", place?.Items, item, null, found);
        }
        else if (value is JsonText text && place?.Field is { Generated: "id" } field && before != value)
        {
            found.Add((text.Value, path, $"{table}.{field.Path}"));
        }
    }
}
