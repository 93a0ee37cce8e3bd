using System.Collections.Concurrent;
using System.Collections.Frozen;
using System.Text.RegularExpressions;
using ConvoSynth.Core;
using ConvoSynth.Domains.Environments;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains;

/// <param name="Path">Within the row: <c>payments[1].amount</c>.</param>
/// <param name="Reason">Completes the sentence: <c>which is no date such as 2031-03-04</c>.</param>
internal sealed record Misfit(string Path, Json Value, string Reason);

/// <summary>
/// Whether values fit the fields that domain.yaml declares. Made data, the tables of a folder and the writes of tools are all checked
/// here.
/// </summary>
internal sealed class FieldFit(DomainSpec domain)
{
    private readonly FrozenDictionary<string, FieldPlace> _byTable = FieldPlace.ByTable(domain);
    private readonly ConcurrentDictionary<string, Regex> _formats = new(StringComparer.Ordinal);

    /// <summary>
    /// The values of a row that do not fit, in the order of the row. Null always fits: no field type demands a value.
    /// </summary>
    /// <param name="before">The row as it was; values that it already held are not checked again.</param>
    /// <param name="isKey">Whether an entity has a row with this key.</param>
    public IReadOnlyList<Misfit> Misfits(string table, Json before, Json after, Func<EntitySpec, string, bool> isKey)
    {
        List<Misfit>? found = null;
        if (_byTable.TryGetValue(table, out var place))
            Find(place, before, after, isKey, ref found);
        return found is null ? [] : found;
    }

    // Every write of every dialogue comes here, and hardly any has a misfit: paths are put together only on the way back from one.
    private void Find(FieldPlace? place, Json before, Json after, Func<EntitySpec, string, bool> isKey, ref List<Misfit>? found)
    {
        if (place is null || after.IsNull || before == after)
            return;
        if (place.Field is { } field && Reason(field, after, isKey) is { } reason)
        {
            (found ??= []).Add(new("", after, reason));
            return;
        }

        switch (after)
        {
            case JsonMap map:
                for (var i = 0; i < map.Count; i++)
                {
                    var count = found?.Count ?? 0;
                    Find(place[map.Keys[i]], before[map.Keys[i]], map.Values[i], isKey, ref found);
                    Within(found, count, map.Keys[i]);
                }

                break;
            case JsonList list:
                for (var i = 0; i < list.Items.Count; i++)
                {
                    if (before.Items.Contains(list.Items[i]))
                        continue;
                    var count = found?.Count ?? 0;
                    Find(place.Items, Json.Null, list.Items[i], isKey, ref found);
                    Within(found, count, $"[{i}]");
                }

                break;
        }
    }

    private static void Within(List<Misfit>? found, int from, string part)
    {
        for (var i = from; i < (found?.Count ?? 0); i++)
        {
            var path = found![i].Path;
            found[i] = found[i] with { Path = path.Length == 0 || path[0] == '[' ? part + path : $"{part}.{path}" };
        }
    }

    private static Regex Whole(string format) => new($"^(?:{format})$", RegexOptions.CultureInvariant);

    private string? Reason(FieldSpec field, Json value, Func<EntitySpec, string, bool> isKey)
    {
        var misfit = field.Type switch
        {
            "money" or "decimal" or "count" when value.Number is null => $"which is no number (type {field.Type})",
            "count" when value.Number is { } number && !double.IsInteger(number) => "which is no whole number (type count)",
            "flag" when value.Flag is null => "which is not true or false (type flag)",
            "date" when !FieldValues.TryDate(value.Text ?? "", out _) => "which is no date such as 2031-03-04",
            "enum" when field.Values.Count > 0 && !field.Values.Contains(value.Text ?? "") =>
                $"which is none of {string.Join(", ", field.Values)}",
            "ref" when value.Text is not { } key || !isKey(domain.Entity(field.Ref!), key) => $"which is the key of no {field.Ref}",
            "id" or "name" when value.Text is null => $"which is no text (type {field.Type})",
            _ => null,
        };
        if (misfit is not null)
            return misfit;
        if (field.Range is { } range && value.Number is { } held && (held < range.Low || held > range.High))
            return FormattableString.Invariant($"which is not within {range.Low}..{range.High}");
        return field.Format is { } format && value.Text is { } text && !_formats.GetOrAdd(format, Whole).IsMatch(text)
            ? $"which has not the format {format}"
            : null;
    }
}
