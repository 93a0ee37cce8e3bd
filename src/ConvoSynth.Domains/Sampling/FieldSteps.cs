using System.Globalization;
using ConvoSynth.Core;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Sampling;

/// <summary>Single-field changes of a row, for boundary rows, twins and patches.</summary>
internal static class FieldSteps
{
    private const int FewValues = 12;

    /// <summary>The smallest changes: a count by one, an amount by one, a date by a day.</summary>
    public static IEnumerable<Change> Small(Pack pack, EntityRow row) => Steps(pack, row, small: true);

    /// <summary>Changes that another state of the world would bring: other states, empty and large amounts, dates weeks away.</summary>
    public static IEnumerable<Change> Large(Pack pack, EntityRow row) => Steps(pack, row, small: false);

    private static IEnumerable<Change> Steps(Pack pack, EntityRow row, bool small)
    {
        if (row.Parent is not null)
            yield break;
        foreach (var field in row.Entity.Fields.Values.OrderBy(f => f.Path, StringComparer.Ordinal))
        {
            if (
                field.Path.Contains('[')
                || field.Path == row.Entity.Key
                || field.Path == row.Entity.Owner
                || field.Type is "ref" or "id" or "name"
            )
                continue;
            if (field.Human == Knowledge.Knows)
                continue; // What the human knows for certain must stay true.
            var value = row[field.Path];
            foreach (var other in Others(pack, row, field, value, small))
            {
                if (other != value && !(field.Range is { } range && (other.Number < range.Low || other.Number > range.High)))
                    yield return new()
                    {
                        Path = [row.Row.Table, row.Row.Key, .. field.Path.Split('.')],
                        Before = value,
                        After = other,
                    };
            }
        }
    }

    private static IEnumerable<Json> Others(Pack pack, EntityRow row, FieldSpec field, Json value, bool small)
    {
        switch (value)
        {
            case JsonBoolean flag when !small:
                return [!flag.Value];
            case JsonNumber number when field.Type == "count":
                return small
                    ? [(long)number.Value + 1, (long)number.Value - 1]
                    : [(long)number.Value + 1, (long)number.Value - 1, 0, (long)number.Value + 10];
            case JsonNumber number when field.Type == "money":
                return small ? [number.Value + 1, number.Value - 1] : [0.0, number.Value + 50.25, Math.Round(number.Value / 4, 2)];
            case JsonNumber number when field.Type == "decimal":
                return (small ? new[] { number.Value + 0.1, number.Value - 0.1 } : [0.0, number.Value * 2, number.Value / 2]).Select(n =>
                    (Json)Math.Round(n, 6)
                );
            case JsonText text when field.Type == "date" && FieldValues.TryDate(text.Value, out var date):
                return (small ? new[] { 1, -1 } : [30, -30, 3, -3]).Select(d =>
                    (Json)date.AddDays(d).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)
                );
            case JsonText when !small && field.Type is "enum" or "text":
                var values = pack.Base[row.Row.Table].Texts(field.Path, FewValues + 1);
                return values.Count <= FewValues ? values : [];
            default:
                return [];
        }
    }
}
