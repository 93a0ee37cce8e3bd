using ConvoSynth.Core;

namespace ConvoSynth.Domains;

/// <summary>
/// One dialogue's view of a table: the shared base, overlaid by the rows that this dialogue patched or wrote. Reading copies nothing,
/// and the cost of making a view does not grow with the table.
/// </summary>
public sealed class Table
{
    private readonly BaseTable _base;
    private readonly Db _db;
    private Dictionary<string, Row?>? _patched;
    private Dictionary<string, Row?>? _own;
    private List<string>? _added;

    internal Table(Db db, BaseTable @base)
    {
        _db = db;
        _base = @base;
    }

    public string Name => _base.Name;

    /// <summary>The row with this key.</summary>
    /// <exception cref="ToolError">There is no such row.</exception>
    public Row this[string key] => Find(key) ?? throw new ToolError($"{Name}: no row {key}");

    /// <inheritdoc cref="this[string]"/>
    public Row this[Json key] => this[key.Text ?? key.ToString()];

    /// <summary>All rows: base rows in their order, then added rows.</summary>
    public IEnumerable<Row> Rows
    {
        get
        {
            foreach (var row in _base.Rows)
            {
                if (Current(row) is { } current)
                    yield return current;
            }

            if (_added is null)
                yield break;
            foreach (var key in _added)
            {
                if (_base.Find(key) is null && Find(key) is { } row)
                    yield return row;
            }
        }
    }

    public Row? Find(string key)
    {
        if (_own is not null && _own.TryGetValue(key, out var own))
            return own;
        return _patched is not null && _patched.TryGetValue(key, out var patched) ? patched : _base.Find(key);
    }

    /// <summary>The row at the start of the dialogue.</summary>
    internal Row? Original(string key) => _patched is not null && _patched.TryGetValue(key, out var patched) ? patched : _base.Find(key);

    /// <summary>Rows whose field (a dotted path) equals the value; texts compare exactly by default. Uses an index.</summary>
    public IEnumerable<Row> Having(string field, Json value, bool ignoreCase = false)
    {
        var key = BaseTable.IndexKey(value);
        if (key is null)
            yield break;
        foreach (var row in _base.Having(field, key))
        {
            if (Current(row) is { } current && Matches(current, field, value, ignoreCase))
                yield return current;
        }

        // Rows that this dialogue changed may match although their base row did not; they are few.
        foreach (var row in Changed())
        {
            if (!Matches(row, field, value, ignoreCase))
                continue;
            if (_base.Find(row.Key) is { } before && Matches(before, field, value, ignoreCase: true))
                continue;
            yield return row;
        }
    }

    /// <summary>The only row that satisfies the condition.</summary>
    /// <exception cref="ToolError">No row satisfies it, or several do.</exception>
    public Row Only(Func<Row, bool> condition, string? orElse = null) => Single(Rows.Where(condition), orElse);

    /// <summary>The only row whose field equals the value. Uses an index, so prefer it to the overload with a condition.</summary>
    /// <exception cref="ToolError">No row matches, or several do.</exception>
    public Row Only(string field, Json value, Func<Row, bool>? and = null, string? orElse = null)
    {
        var rows = Having(field, value);
        return Single(and is null ? rows : rows.Where(and), orElse);
    }

    public IEnumerable<Row> Where(Func<Row, bool> condition) => Rows.Where(condition);

    /// <summary>Replaces a row by the function's result, and logs the write.</summary>
    public Row Change(string key, Func<Row, Row> change)
    {
        var before = this[key];
        var after = change(before);
        Put(key, before, after);
        return after;
    }

    /// <inheritdoc cref="Change(string, Func{Row, Row})"/>
    public Row Change(Json key, Func<Row, Row> change) => Change(key.Text ?? key.ToString(), change);

    /// <exception cref="ToolError">The key is taken.</exception>
    public Row Add(string key, params ReadOnlySpan<(string Field, Json Value)> values)
    {
        if (Find(key) is not null)
            throw new ToolError($"{Name}: {key} exists already");
        var row = new Row(Name, key, Json.Map(values));
        NoteAdded(key);
        Put(key, null, row);
        return row;
    }

    public void Remove(string key) => Put(key, this[key], null);

    internal IEnumerable<string> WrittenKeys => _own is null ? [] : _own.Keys.Order(StringComparer.Ordinal);

    internal bool IsWritten => _own is not null;

    internal void Patch(string key, JsonMap? values)
    {
        if (_base.Find(key) is null && values is not null)
            NoteAdded(key);
        (_patched ??= new(StringComparer.Ordinal))[key] = values is null ? null : new Row(Name, key, values);
    }

    /// <summary>Restores a row to its content before a write.</summary>
    internal void Undo(string key, JsonMap? before)
    {
        if (ReferenceEquals(Original(key)?.Values, before))
            _own!.Remove(key);
        else
            _own![key] = before is null ? null : new Row(Name, key, before);
    }

    // A row that is added, removed and added again is listed once.
    private void NoteAdded(string key)
    {
        _added ??= [];
        if (!_added.Contains(key))
            _added.Add(key);
    }

    private void Put(string key, Row? before, Row? after)
    {
        (_own ??= new(StringComparer.Ordinal))[key] = after;
        _db.Log(new(Name, key, before?.Values, after?.Values));
    }

    private Row? Current(Row baseRow)
    {
        if (_own is null && _patched is null)
            return baseRow;
        return Find(baseRow.Key);
    }

    private IEnumerable<Row> Changed()
    {
        if (_patched is null && _own is null)
            return [];
        var keys = (_patched?.Keys ?? Enumerable.Empty<string>()).Union(_own?.Keys ?? Enumerable.Empty<string>(), StringComparer.Ordinal);
        return keys.Order(StringComparer.Ordinal).Select(Find).OfType<Row>();
    }

    private static bool Matches(Row row, string field, Json value, bool ignoreCase)
    {
        var held = FieldPath.Read(row.Values, field);
        return held == value
            || (
                ignoreCase
                && held is JsonText a
                && value is JsonText b
                && string.Equals(a.Value, b.Value, StringComparison.OrdinalIgnoreCase)
            );
    }

    private Row Single(IEnumerable<Row> rows, string? orElse)
    {
        using var each = rows.GetEnumerator();
        if (!each.MoveNext())
            throw new ToolError(orElse ?? $"{Name}: nothing matches");
        var row = each.Current;
        return each.MoveNext() ? throw new ToolError(orElse ?? $"{Name}: more than one row matches") : row;
    }
}
