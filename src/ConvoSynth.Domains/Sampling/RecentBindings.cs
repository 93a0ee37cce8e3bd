using System.Collections.Concurrent;

namespace ConvoSynth.Domains;

/// <summary>A small cache of bindings by blueprint id. It only saves recomputation, so it may drop entries at any time.</summary>
internal sealed class RecentBindings
{
    private const int Most = 1024;

    private readonly ConcurrentDictionary<string, Binding> _kept = new(StringComparer.Ordinal);

    public void Keep(string id, Binding binding)
    {
        if (_kept.Count >= Most)
            _kept.Clear();
        _kept[id] = binding;
    }

    public Binding? Take(string id) => _kept.TryRemove(id, out var binding) ? binding : null;
}
