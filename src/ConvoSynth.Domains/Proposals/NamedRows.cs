using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains.Proposals;

/// <summary>The rows that a call names by their keys.</summary>
internal static class NamedRows
{
    /// <summary>The row with a key that a model wrote as text; null if there is none.</summary>
    public static EntityRow? Find(Pack pack, Db db, EntitySpec entity, string key) =>
        pack.Rows.Find(db, entity, key) ?? (Json.TryParse(key, out var value, out _) ? pack.Rows.Find(db, entity, value) : null);

    /// <summary>
    /// The rows of calls that exist. A row inside another is looked for in the rows that the calls name and in those of the person who
    /// owns one of them, since its key is unique only there.
    /// </summary>
    public static IReadOnlyList<EntityRow> Found(Pack pack, IReadOnlyList<ReadCall> calls)
    {
        var rows = new List<EntityRow>();
        var named = calls.SelectMany(c => Of(pack, c)).ToArray();
        foreach (var (entity, key) in named.Where(n => n.Entity.Parent is null))
        {
            if (pack.Rows.Find(pack.BaseView, entity, key) is { } row)
                rows.Add(row);
        }

        var around = rows.Concat(rows.Select(r => pack.Rows.Owner(pack.BaseView, r)).OfType<EntityRow>()).ToArray();
        foreach (var (entity, key) in named.Where(n => n.Entity.Parent is not null))
        {
            if (Within(pack, entity, key, around) is { } row)
                rows.Add(row);
        }

        return rows;
    }

    /// <summary>The row with a key inside one of the given rows; null if there is none.</summary>
    public static EntityRow? Within(Pack pack, EntitySpec entity, Json key, IEnumerable<EntityRow> around) =>
        around
            .Where(r => r.Entity.Name == entity.Parent)
            .Select(r => EntityRows.Within(r, entity).FirstOrDefault(n => n.Key == key))
            .FirstOrDefault(r => r is not null)
        ?? (pack.Rows.IsOwned(entity) ? null : pack.Rows.Find(pack.BaseView, entity, key));

    public static IEnumerable<(EntitySpec Entity, Json Key)> Of(Pack pack, ReadCall call)
    {
        foreach (var parameter in call.Tool.Parameters)
        {
            if (!call.Arguments.TryGet(parameter.Name, out var value))
                continue;
            var values = value is JsonList list ? list.Items : [value];
            if (pack.Domain.EntityOfKey(parameter.Is) is { } entity)
            {
                foreach (var key in values.Where(v => !v.IsNull))
                    yield return (entity, key);
            }

            foreach (var (part, field) in parameter.Parts)
            {
                if (pack.Domain.EntityOfKey(field) is not { } inner)
                    continue;
                foreach (var record in values)
                {
                    if (record[part] is { IsNull: false } key)
                        yield return (inner, key);
                }
            }
        }
    }
}
