using System.Collections.Immutable;
using System.Globalization;
using ConvoSynth.Core;
using ConvoSynth.Core.State;
using ConvoSynth.Domains.Packs;

namespace ConvoSynth.Domains;

/// <summary>A write as it happened, later undone or not. <c>null</c> is an absent row.</summary>
public sealed record WriteEntry(string Table, string Key, JsonMap? Before, JsonMap? After);

/// <summary>The number of writes and of generated ids at a point in time.</summary>
internal readonly record struct DbState(int Writes, int Generated);

/// <summary>A tool's view of the world: its tables, and a clock that stands still.</summary>
public sealed class Db
{
    private readonly Table[] _tables;
    private readonly List<WriteEntry> _writes = [];
    private readonly bool _isPatched;
    private int _generated;

    public Db(Database @base, DateTimeOffset now, ImmutableArray<Change> patch)
    {
        Now = now;
        _isPatched = !patch.IsEmpty;
        _tables = new Table[@base.Tables.Count];
        for (var i = 0; i < _tables.Length; i++)
            _tables[i] = new(this, @base.Tables[i]);
        foreach (var change in patch)
            Apply(change);
    }

    /// <summary>The domain's clock.</summary>
    public DateTimeOffset Now { get; }

    /// <summary>Whether tools reproduce the benchmark's quirks. See <see cref="Pack.AsBenchmark"/>.</summary>
    public bool IsBenchmark { get; init; }

    /// <summary>The policy's parameters: fees, limits, windows.</summary>
    public PackParameters Parameters { get; init; } = PackParameters.None;

    /// <summary>The domain's date.</summary>
    public DateOnly Today => DateOnly.FromDateTime(Now.DateTime);

    public Table this[string table]
    {
        get
        {
            foreach (var each in _tables)
            {
                if (string.Equals(each.Name, table, StringComparison.Ordinal))
                    return each;
            }

            throw new InvalidOperationException($"the domain has no table {table}");
        }
    }

    public IReadOnlyList<WriteEntry> Writes => _writes;

    /// <summary>Whether every row is as in the base.</summary>
    internal bool IsAsBase => !_isPatched && _writes.Count == 0;

    internal IReadOnlyList<Table> Tables => _tables;

    /// <summary>A new id, unique among all rows: the prefix and a number. The same sequence of calls gives the same ids.</summary>
    public string NewId(string prefix)
    {
        while (true)
        {
            var id = prefix + (++_generated).ToString("D4", CultureInfo.InvariantCulture);
            if (!_tables.Any(t => t.Find(id) is not null))
                return id;
        }
    }

    internal void Log(WriteEntry write) => _writes.Add(write);

    /// <summary>A savepoint for <see cref="Return"/>.</summary>
    internal DbState Keep() => new(_writes.Count, _generated);

    /// <summary>Undoes every write after the savepoint.</summary>
    internal void Return(DbState state)
    {
        for (var i = _writes.Count - 1; i >= state.Writes; i--)
            this[_writes[i].Table].Undo(_writes[i].Key, _writes[i].Before);
        _writes.RemoveRange(state.Writes, _writes.Count - state.Writes);
        _generated = state.Generated;
    }

    private void Apply(Change change)
    {
        var table = this[change.Path[0]];
        var key = change.Path[1];
        if (change.Path.Length == 2)
        {
            table.Patch(key, change.After as JsonMap);
            return;
        }

        var row = table.Find(key)?.Values ?? JsonMap.Empty;
        var path = change.Path.AsSpan()[2..];
        table.Patch(key, change.After is { } after ? row.WithPath(path, after) : Without(row, path));
    }

    private static JsonMap Without(JsonMap map, ReadOnlySpan<string> path)
    {
        if (path.Length == 1)
            return map.Without(path[0]);
        return map[path[0]] is JsonMap inner ? map.With(path[0], Without(inner, path[1..])) : map;
    }
}
