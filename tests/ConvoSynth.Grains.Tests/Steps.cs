using ConvoSynth.Core;
using ConvoSynth.Embedded.Scheduling;

namespace ConvoSynth.Grains.Tests;

/// <summary>Runs grains on the test's own thread, one turn a step, in the order of posting or in one drawn from a seed.</summary>
internal sealed class Steps(ulong? seed) : IGrainScheduler
{
    private readonly List<IGrainWorkItem> _ready = [];
    private readonly SeededRandom? _random = seed is { } s ? new SeededRandom(s) : null;

    public int TurnsPerSlice => 1;

    /// <summary>Called between two steps, with the number of steps made.</summary>
    public Action<long>? Between { get; set; }

    /// <summary>Called when nothing is left to do without the clock.</summary>
    public Action? Quiet { get; set; }

    public long Made { get; private set; }

    public void Schedule(IGrainWorkItem item, bool givesWay) => _ready.Add(item);

    /// <summary>Runs until nothing is left to do without the clock.</summary>
    public void Run()
    {
        while (_ready.Count > 0)
        {
            var next = _random?.Next(_ready.Count) ?? 0;
            var item = _ready[next];
            _ready.RemoveAt(next);
            item.Execute();
            Between?.Invoke(++Made);
        }

        Quiet?.Invoke();
    }
}
