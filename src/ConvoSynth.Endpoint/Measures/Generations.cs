using System.Diagnostics.CodeAnalysis;

namespace ConvoSynth.Endpoint;

/// <summary>
/// A bounded memory of what was used lately, in two generations: what is used goes to the younger, and when that is full the older is dropped.
/// So at least the last half of the capacity is there, and never more than the whole. Not thread-safe.
/// </summary>
internal sealed class Generations<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly int _half = Math.Max(1, capacity / 2);
    private Dictionary<TKey, TValue> _young = [];
    private Dictionary<TKey, TValue> _old = [];

    /// <summary>How many are there.</summary>
    public int Count => _young.Count + _old.Count;

    public bool TryGet(TKey key, [MaybeNullWhen(false)] out TValue value)
    {
        if (_young.TryGetValue(key, out value))
            return true;
        if (!_old.Remove(key, out value))
            return false;
        Set(key, value);
        return true;
    }

    public void Set(TKey key, TValue value)
    {
        if (_young.Count >= _half && !_young.ContainsKey(key))
        {
            // The tables change places, so that neither grows from nothing again.
            (_young, _old) = (_old, _young);
            _young.Clear();
        }

        _old.Remove(key);
        _young[key] = value;
    }
}
