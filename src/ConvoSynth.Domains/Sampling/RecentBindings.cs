using System.Collections.Concurrent;

namespace ConvoSynth.Domains.Sampling;

/// <summary>
/// A small cache of bindings by blueprint id and share of combined tasks. It only saves recomputation, so it may drop entries at any time.
/// </summary>
internal sealed class RecentBindings
{
    private const int Most = 1024;

    private readonly ConcurrentDictionary<(string Id, double Combined), Binding> _kept = new();

    public void Keep((string Id, double Combined) task, Binding binding)
    {
        if (_kept.Count >= Most)
            _kept.Clear();
        _kept[task] = binding;
    }

    public Binding? Take((string Id, double Combined) task) => _kept.TryRemove(task, out var binding) ? binding : null;
}
