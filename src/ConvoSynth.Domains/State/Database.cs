using System.Collections.Concurrent;
using System.Collections.Frozen;
using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>The base tables of a domain: frozen, and shared by all dialogues on all threads.</summary>
public sealed class Database
{
    private readonly FrozenDictionary<string, BaseTable> _tables;

    public Database(IEnumerable<BaseTable> tables)
    {
        Tables = [.. tables];
        _tables = Tables.ToFrozenDictionary(t => t.Name, StringComparer.Ordinal);
    }

    public IReadOnlyList<BaseTable> Tables { get; }

    public BaseTable this[string table] =>
        _tables.TryGetValue(table, out var found) ? found : throw new InvalidOperationException($"the domain has no table {table}");

    public bool Has(string table) => _tables.ContainsKey(table);
}

/// <summary>One frozen table.</summary>
public sealed class BaseTable
{
    private readonly FrozenDictionary<string, Row> _byKey;
    private readonly ConcurrentDictionary<string, FrozenDictionary<string, Row[]>> _indexes = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<(string Field, int Most), Json[]> _texts = new();

    public BaseTable(string name, IEnumerable<KeyValuePair<string, JsonMap>> rows)
    {
        Name = name;
        Rows = [.. rows.Select(r => new Row(name, r.Key, r.Value))];
        _byKey = Rows.ToFrozenDictionary(r => r.Key, StringComparer.Ordinal);
    }

    public string Name { get; }

    public IReadOnlyList<Row> Rows { get; }

    public Row? Find(string key) => _byKey.GetValueOrDefault(key);

    /// <summary>Rows whose field (a dotted path) has this text, ignoring case; the index is built on first use.</summary>
    public IReadOnlyList<Row> Having(string field, string folded) =>
        _indexes.GetOrAdd(field, Index).TryGetValue(folded, out var rows) ? rows : [];

    /// <summary>The distinct texts of a field (a dotted path), in row order; at most <paramref name="most"/>.</summary>
    public IReadOnlyList<Json> Texts(string field, int most) =>
        _texts.GetOrAdd(
            (field, most),
            key => [.. Rows.Select(r => FieldPath.Read(r.Values, key.Field)).Where(v => v.Kind == JsonKind.Text).Distinct().Take(key.Most)]
        );

    private FrozenDictionary<string, Row[]> Index(string field) =>
        Rows.Select(r => (Row: r, Key: IndexKey(FieldPath.Read(r.Values, field))))
            .Where(p => p.Key is not null)
            .GroupBy(p => p.Key!, p => p.Row, StringComparer.OrdinalIgnoreCase)
            .ToFrozenDictionary(g => g.Key, g => g.ToArray(), StringComparer.OrdinalIgnoreCase);

    internal static string? IndexKey(Json value) =>
        value switch
        {
            JsonText text => text.Value,
            JsonNull => null,
            _ => value.ToCanonicalString(),
        };
}
