using ConvoSynth.Core;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains;

/// <summary>The tables made so far, with the look-ups that later rows need.</summary>
internal sealed class MadeTables(DomainSpec domain)
{
    private readonly Dictionary<string, List<Row>> _tables = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Dictionary<string, int>> _places = new(StringComparer.Ordinal);
    private readonly Dictionary<string, HashSet<string>> _taken = new(StringComparer.Ordinal);
    private readonly Dictionary<(string Table, string Field), ILookup<string, Row>> _lookups = [];

    public IReadOnlyDictionary<string, List<Row>> All => _tables;

    /// <summary>The entity whose rows a table holds: the first that is not nested.</summary>
    public EntitySpec? EntityOf(string table) =>
        domain.EntityOrder.Select(domain.Entity).FirstOrDefault(e => e.Parent is null && e.Table == table);

    public IReadOnlyList<Row> Rows(string table) =>
        _tables.TryGetValue(table, out var rows) ? rows : throw new ToolError($"the table {table} is not made yet; it must stand above");

    public void Start(string table)
    {
        _tables[table] = [];
        _places[table] = new(StringComparer.Ordinal);
    }

    public void Add(Row row, IEnumerable<(string Set, string Value)> claims)
    {
        if (!_places[row.Table].TryAdd(row.Key, _tables[row.Table].Count))
            throw new ToolError($"two rows of {row.Table} have the key {row.Key}");
        _tables[row.Table].Add(row);
        foreach (var (set, value) in claims)
            Taken(set).Add(value);
    }

    /// <summary>Replaces a row's content once its late fields, which aggregate other tables, are drawn.</summary>
    public void Replace(Row row)
    {
        _tables[row.Table][_places[row.Table][row.Key]] = row;
    }

    public Row? Find(string table, string key) =>
        _places.TryGetValue(table, out var places) && places.TryGetValue(key, out var at) ? _tables[table][at] : null;

    public bool IsTaken(string set, string value) => _taken.TryGetValue(set, out var values) && values.Contains(value);

    /// <summary>The rows of a table that refer to a row of an entity by its key.</summary>
    public IEnumerable<Row> ReferringTo(string table, EntitySpec target, string key)
    {
        var field = ReferenceTo(table, target) ?? throw new ToolError($"no field of {table} refers to {target.Name}");
        if (!_lookups.TryGetValue((table, field), out var lookup))
            _lookups[(table, field)] = lookup = Rows(table)
                .ToLookup(r => FieldPath.Read(r.Values, field).Text ?? "", StringComparer.Ordinal);
        return lookup[key];
    }

    /// <summary>The field by which rows of a table refer to an entity: the owner field first.</summary>
    public string? ReferenceTo(string table, EntitySpec target)
    {
        if (EntityOf(table) is not { } entity)
            return null;
        if (entity.Owner is { } owner && target.Name == domain.Who)
            return owner;
        return entity
            .Fields.Values.Where(f => f.Ref == target.Name && !f.Path.Contains('['))
            .Select(f => f.Path)
            .Order(StringComparer.Ordinal)
            .FirstOrDefault();
    }

    public Json Follow(EntitySpec? entity, JsonMap values, string path)
    {
        if (FieldPath.Read(values, path) is { IsNull: false } direct)
            return direct;
        for (var dot = path.IndexOf('.', StringComparison.Ordinal); dot > 0 && entity is not null; dot = path.IndexOf('.', dot + 1))
        {
            if (Target(entity, path[..dot]) is not { } target || FieldPath.Read(values, path[..dot]).Text is not { } key)
                continue;
            if (Find(target.Table, key) is { } row)
                return Follow(target, row.Values, path[(dot + 1)..]);
        }

        return Json.Null;
    }

    /// <summary>Whether domain.yaml lets a path lead anywhere from rows of an entity.</summary>
    public bool CanFollow(EntitySpec entity, string path)
    {
        if (entity.Field(path) is not null || entity.Fields.Keys.Any(f => f.StartsWith(path + ".", StringComparison.Ordinal)))
            return true;
        for (var dot = path.IndexOf('.', StringComparison.Ordinal); dot > 0; dot = path.IndexOf('.', dot + 1))
        {
            if (Target(entity, path[..dot]) is { } target)
                return CanFollow(target, path[(dot + 1)..]);
        }

        return false;
    }

    private EntitySpec? Target(EntitySpec entity, string field)
    {
        if (entity.Field(field)?.Ref is { } reference)
            return domain.Entity(reference);
        return entity.Owner == field ? domain.Entity(domain.Who) : null;
    }

    private HashSet<string> Taken(string set) =>
        _taken.TryGetValue(set, out var values) ? values : _taken[set] = new(StringComparer.Ordinal);
}
