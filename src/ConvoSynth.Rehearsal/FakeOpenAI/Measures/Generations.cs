using System.Diagnostics.CodeAnalysis;

namespace ConvoSynth.Rehearsal.FakeOpenAI.Measures;

/// <summary>
/// A bounded cache of recently used entries in two generations. A used entry moves to the young one; when that is full, the old one is
/// dropped. So the most recent half of the capacity is always present, and the capacity is never exceeded. Not thread-safe.
/// </summary>
internal sealed class Generations<TKey, TValue>(int capacity)
    where TKey : notnull
{
    private readonly int _half = Math.Max(1, capacity / 2);
    private Dictionary<TKey, TValue> _young = [];
    private Dictionary<TKey, TValue> _old = [];

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
            // The tables swap, so that neither grows from zero again.
            (_young, _old) = (_old, _young);
            _young.Clear();
        }

        _old.Remove(key);
        _young[key] = value;
    }
}
