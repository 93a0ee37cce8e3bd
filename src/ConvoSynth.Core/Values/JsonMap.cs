using System.Diagnostics.CodeAnalysis;

namespace ConvoSynth.Core;

/// <summary>An immutable JSON object that keeps the order of its keys.</summary>
public sealed class JsonMap : Json
{
    // Most objects have few keys; up to this many a scan beats a hash table.
    private const int ScanLimit = 12;

    private readonly string[] _keys;
    private readonly Json[] _values;
    private Dictionary<string, int>? _index;
    private string? _text;

    internal JsonMap(string[] keys, Json[] values)
    {
        _keys = keys;
        _values = values;
    }

    public static JsonMap Empty { get; } = new([], []);

    public override JsonKind Kind => JsonKind.Map;

    public int Count => _keys.Length;

    public IReadOnlyList<string> Keys => _keys;

    public IReadOnlyList<Json> Values => _values;

    public override Json this[string key] => TryGet(key, out var value) ? value : Null;

    /// <summary>Builds a map; of two entries with the same key the later wins.</summary>
    public static JsonMap Create(ReadOnlySpan<(string Key, Json Value)> entries)
    {
        var keys = new string[entries.Length];
        var values = new Json[entries.Length];
        var count = 0;
        foreach (var (key, value) in entries)
        {
            var at = Array.IndexOf(keys, key, 0, count);
            if (at < 0)
                at = count++;
            keys[at] = key;
            values[at] = value;
        }

        return count == keys.Length ? new(keys, values) : new(keys[..count], values[..count]);
    }

    public static JsonMap Create(IEnumerable<KeyValuePair<string, Json>> entries)
    {
        var keys = new List<string>();
        var values = new List<Json>();
        foreach (var (key, value) in entries)
        {
            keys.Add(key);
            values.Add(value);
        }

        return new([.. keys], [.. values]);
    }

    public bool Contains(string key) => IndexOf(key) >= 0;

    public bool TryGet(string key, [MaybeNullWhen(false)] out Json value)
    {
        var at = IndexOf(key);
        value = at < 0 ? null : _values[at];
        return at >= 0;
    }

    /// <summary>A copy in which the key has this value: in its old place, or at the end if it is new.</summary>
    public JsonMap With(string key, Json value)
    {
        var at = IndexOf(key);
        if (at >= 0)
        {
            var values = (Json[])_values.Clone();
            values[at] = value;
            return new(_keys, values);
        }

        return new([.. _keys, key], [.. _values, value]);
    }

    public JsonMap Without(string key)
    {
        var at = IndexOf(key);
        return at < 0 ? this : new([.. _keys[..at], .. _keys[(at + 1)..]], [.. _values[..at], .. _values[(at + 1)..]]);
    }

    /// <summary>A copy with a new value at a path of keys; missing maps along the path are created.</summary>
    public JsonMap WithPath(ReadOnlySpan<string> path, Json value) =>
        path.Length == 1 ? With(path[0], value) : With(path[0], ((this[path[0]] as JsonMap) ?? Empty).WithPath(path[1..], value));

    public override bool Equals(Json? other)
    {
        if (ReferenceEquals(this, other))
            return true;
        if (other is not JsonMap map || map.Count != Count)
            return false;
        for (var i = 0; i < _keys.Length; i++)
        {
            // Rows of one table have their keys in one order.
            var value = map._keys[i] == _keys[i] ? map._values[i] : map[_keys[i]];
            if (!value.Equals(_values[i]) || (value.IsNull && !map.Contains(_keys[i])))
                return false;
        }

        return true;
    }

    public override int GetHashCode()
    {
        var hash = Count;
        for (var i = 0; i < _keys.Length; i++)
            hash ^= HashCode.Combine(_keys[i].GetHashCode(StringComparison.Ordinal), _values[i]);
        return hash;
    }

    // Every dialogue reads base rows, so their text is cached. A race computes it twice, with the same result.
    internal string CachedText() => _text ??= JsonWriting.CompactUncached(this);

    internal string? TextIfCached => _text;

    private int IndexOf(string key)
    {
        if (_keys.Length <= ScanLimit)
        {
            for (var i = 0; i < _keys.Length; i++)
            {
                if (string.Equals(_keys[i], key, StringComparison.Ordinal))
                    return i;
            }

            return -1;
        }

        return (_index ??= BuildIndex()).TryGetValue(key, out var at) ? at : -1;
    }

    private Dictionary<string, int> BuildIndex()
    {
        var index = new Dictionary<string, int>(_keys.Length, StringComparer.Ordinal);
        for (var i = 0; i < _keys.Length; i++)
            index[_keys[i]] = i;
        return index;
    }
}
