using ConvoSynth.Core;
using ConvoSynth.Simulation.Runtime.Scheduling;
using Orleans.Runtime;

namespace ConvoSynth.Simulation;

/// <summary>
/// Runs grains on the simulation's own thread, one turn per step, in an order drawn from the seed; detects posts from other threads.
/// </summary>
internal sealed class TurnOrder(SeededRandom? random, Action<string>? note) : IGrainScheduler, IPostObserver
{
    private readonly int _home = Environment.CurrentManagedThreadId;
    private readonly List<IGrainWorkItem> _ready = [];
    private volatile string? _foreign;

    public int TurnsPerSlice => 1;

    public long Steps { get; private set; }

    /// <summary>The first grain that another thread posted to.</summary>
    public string? Foreign => _foreign;

    /// <summary>Maximum number of activations ready at once.</summary>
    public int Longest { get; private set; }

    public void Schedule(IGrainWorkItem item)
    {
        // Drops what a foreign thread schedules: the violation is recorded, and the list is not shared between threads.
        if (Environment.CurrentManagedThreadId != _home)
            return;
        _ready.Add(item);
        Longest = Math.Max(Longest, _ready.Count);
    }

    public void Posted(GrainId target, Task? continuation)
    {
        if (Environment.CurrentManagedThreadId != _home)
            _foreign ??= target.ToString();
    }

    /// <returns>Whether there was a turn to run.</returns>
    public bool Step()
    {
        if (_ready.Count == 0)
            return false;
        var at = random?.Next(_ready.Count) ?? 0;
        var item = _ready[at];
        _ready.RemoveAt(at);
        note?.Invoke($"{item.GrainId}#{item.Serial}");
        item.Execute();
        Steps++;
        return true;
    }
}
