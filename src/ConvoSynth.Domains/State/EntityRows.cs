using System.Collections.Concurrent;
using System.Collections.Frozen;
using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains;

/// <summary>A row seen as an entity; for a nested entity <see cref="Parent"/> is the row that contains it.</summary>
public sealed record EntityRow(EntitySpec Entity, Row Row, EntityRow? Parent)
{
    public Json Key => Row[Entity.Key] is { IsNull: false } key ? key : Row.Key;

    /// <summary>A field. The key is found even if only the table holds it, not the row.</summary>
    public Json this[string field] => string.Equals(field, Entity.Key, StringComparison.Ordinal) ? Key : FieldPath.Read(Row.Values, field);

    /// <summary>Whether both are the same row, in any state: compares <see cref="Identity"/> without building its text.</summary>
    public bool IsSame(EntityRow other) =>
        string.Equals(Row.Key, other.Row.Key, StringComparison.Ordinal)
        && (
            Parent is null ? other.Parent is null && Row.Table == other.Row.Table : other.Parent is not null && Parent.IsSame(other.Parent)
        );

    /// <summary>Identifies the row in any state: table, key, and for a nested row its own key.</summary>
    public string Identity => Parent is null ? $"{Row.Table}/{Row.Key}" : $"{Parent.Identity}/{Row.Key}";
}

/// <summary>Finds the rows of entities, including nested ones, and their relations (parent, owner, reference).</summary>
public sealed class EntityRows(DomainSpec domain, Database @base)
{
    private readonly ConcurrentDictionary<string, FrozenDictionary<string, string[]>> _parents = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<(string Entity, string Target), FieldSpec[]> _references = new();
    private readonly ConcurrentDictionary<string, EntityRow[]> _all = new(StringComparer.Ordinal);

    /// <summary>All rows of an entity in their present state.</summary>
    public IEnumerable<EntityRow> All(Db db, EntitySpec entity) =>
        db.IsAsBase ? _all.GetOrAdd(entity.Name, _ => [.. Each(db, entity)]) : Each(db, entity);

    private IEnumerable<EntityRow> Each(Db db, EntitySpec entity) =>
        entity.Parent is null
            ? db[entity.Table].Rows.Select(r => new EntityRow(entity, r, null))
            : Each(db, domain.Entity(entity.Parent)).SelectMany(p => Within(p, entity));

    /// <summary>The rows of a nested entity inside a row of its parent.</summary>
    public static IEnumerable<EntityRow> Within(EntityRow parent, EntitySpec entity)
    {
        switch (FieldPath.Read(parent.Row.Values, entity.Path!))
        {
            case JsonMap map:
                for (var i = 0; i < map.Count; i++)
                {
                    if (map.Values[i] is JsonMap values)
                        yield return new(entity, new(entity.Table, map.Keys[i], values), parent);
                }

                break;
            case JsonList list:
                foreach (var item in list.Items)
                {
                    if (item is JsonMap values)
                        yield return new(entity, new(entity.Table, Text(values[entity.Key]), values), parent);
                }

                break;
        }
    }

    /// <summary>The row with this key; a nested row inside <paramref name="within"/>, or the only one with the key.</summary>
    public EntityRow? Find(Db db, EntitySpec entity, Json key, EntityRow? within = null)
    {
        if (entity.Parent is null)
            return db[entity.Table].Find(Text(key)) is { } row ? new(entity, row, null) : null;
        if (within is not null && within.Entity.Name == entity.Parent)
            return Within(within, entity).FirstOrDefault(r => r.Key == key);
        var parent = domain.Entity(entity.Parent);
        var parents = _parents.GetOrAdd(entity.Name, _ => IndexParents(entity, parent));
        if (!parents.TryGetValue(Text(key), out var keys))
            return null;
        foreach (var parentKey in keys)
        {
            if (Find(db, parent, parentKey) is { } p && Within(p, entity).FirstOrDefault(r => r.Key == key) is { } found)
                return found;
        }

        return null;
    }

    public IEnumerable<EntityRow> OwnedBy(Db db, EntitySpec entity, EntityRow owner)
    {
        if (entity.Name == owner.Entity.Name)
            return [Find(db, entity, owner.Key) ?? owner];
        if (entity.Parent is not null)
            return OwnedBy(db, domain.Entity(entity.Parent), owner).SelectMany(p => Within(p, entity));
        return entity.Owner is null ? [] : db[entity.Table].Having(entity.Owner, owner.Key).Select(r => new EntityRow(entity, r, null));
    }

    /// <summary>The row's owner: itself, its parent's owner, or the row that its owner field names; null if it has none.</summary>
    public EntityRow? Owner(Db db, EntityRow row)
    {
        if (row.Entity.Name == domain.Who)
            return row;
        if (row.Parent is not null)
            return Owner(db, row.Parent);
        return row.Entity.Owner is { } field ? Find(db, domain.Entity(domain.Who), row[field]) : null;
    }

    /// <summary>Whether rows of the entity have an owner.</summary>
    public bool IsOwned(EntitySpec entity) =>
        entity.Name == domain.Who || entity.Owner is not null || (entity.Parent is { } parent && IsOwned(domain.Entity(parent)));

    /// <summary>The row of the target entity that this row leads to: itself, a parent, its owner, or by a reference field.</summary>
    public EntityRow? Related(Db db, EntityRow row, EntitySpec target)
    {
        for (var at = row; at is not null; at = at.Parent)
        {
            if (at.Entity.Name == target.Name)
                return at;
            foreach (
                var field in _references.GetOrAdd(
                    (at.Entity.Name, target.Name),
                    static (key, d) => References(d.Entity(key.Entity), key.Target),
                    domain
                )
            )
            {
                if (at[field.Path] is { IsNull: false } key && Find(db, target, key) is { } found)
                    return found;
            }
        }

        return target.Name == domain.Who ? Owner(db, row) : null;
    }

    private static FieldSpec[] References(EntitySpec entity, string target) =>
        [.. entity.Fields.Values.Where(f => f.Ref == target && !f.Path.Contains('[', StringComparison.Ordinal))];

    public static string Text(Json key) => key.Text ?? key.ToString();

    private FrozenDictionary<string, string[]> IndexParents(EntitySpec entity, EntitySpec parent) =>
        @base[parent.Table]
            .Rows.SelectMany(r => Within(new(parent, r, null), entity).Select(n => (Key: Text(n.Key), Parent: r.Key)))
            .GroupBy(p => p.Key, p => p.Parent, StringComparer.Ordinal)
            .ToFrozenDictionary(g => g.Key, g => g.Distinct(StringComparer.Ordinal).ToArray(), StringComparer.Ordinal);
}
